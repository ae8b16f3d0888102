"""Undoing and redoing, and what was done."""
