"""The guide, and the tour."""
