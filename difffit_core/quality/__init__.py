"""How well a placed model fits its map, residue by residue and as a whole. Start reading at `score.score_residues`."""
