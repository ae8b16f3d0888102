"""The command line, scripts, and what can be typed."""
