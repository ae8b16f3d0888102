"""Splitting a model that is open into parts, each a file and a model of its own."""
