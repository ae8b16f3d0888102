"""What the command line of the window knows: verbs, how they are read and written, and what is echoed. Start reading at `registry`."""
