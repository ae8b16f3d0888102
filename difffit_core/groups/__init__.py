"""Point groups and helices: their moves, how they stand, and which one a set of moves is. Copies of a model and maps alike are read by it.

Start at `group.Group`; `point_group` and `helix` tell a group from moves that were found.
"""
