"""Accepting, zeroing out, and rounds of a composite."""
