"""The project file ``name.difffit``: what was opened, what was fitted and how, what was found. Start reading at `store`."""
