"""How well the residues of a placement fit."""
