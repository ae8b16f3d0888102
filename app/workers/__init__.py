"""Running the core off the GUI thread. Start reading at `jobs.Jobs`."""
