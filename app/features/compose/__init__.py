"""Placing several models together, and telling what a composite is like."""
