"""A Python console on what is open."""
