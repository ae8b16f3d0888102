"""The user guide: chapters in Markdown from ``resources/help``, with what the program knows of itself filled in."""
