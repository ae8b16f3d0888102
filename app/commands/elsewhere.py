"""What the window takes from elsewhere than a command, in the words that say where."""

OF_FILE = {"models": "which of the models of a file is meant is chosen once it is open: models #2 3"}
"""Of a recipe of a model."""
OF_MAP = {"half_maps": "half maps of a map are read by halves HALF1 HALF2 of #1, and used by use-halves"}
"""Of a recipe of a map."""
