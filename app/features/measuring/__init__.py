"""Distances and angles between atoms."""
