"""How poses are found: the stages of a search, and what they climb in."""
