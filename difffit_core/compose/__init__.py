"""Composites: several models, or several copies of one, placed together in one map. Start reading at `run` and `rounds`."""
