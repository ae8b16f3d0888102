"""Replaying how placements converged."""
