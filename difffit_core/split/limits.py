"""What counts as a part where nothing else is asked for."""

SMALLEST = 30
"""Residues; smaller parts cannot be placed with any certainty."""
PAE_CUTOFF = 8.0
"""Å: parts whose mean predicted aligned error is below this do not move against one another."""
PLDDT_CUTOFF = 70.0
"""Residues predicted with less confidence belong to no part (AlphaFold calls them low)."""
LOOSE = 0.07
"""Two pieces come apart where this share of the contacts of the smaller, or less, is between them."""
