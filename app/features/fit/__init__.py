"""Setting up, running and following a fit."""
