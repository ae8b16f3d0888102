"""Keeping unsaved work where it outlives the program."""
