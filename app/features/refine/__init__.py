"""Bending a model into a map, and what came of it."""
