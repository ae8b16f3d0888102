"""Fitting inside a sphere."""
