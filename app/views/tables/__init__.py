"""Tables of placements."""
