"""How well a placed model fits its map, residue by residue and as a whole. Start reading at `score.score_residues`."""

from difffit_core.callable_package import make_callable

make_callable(__name__)
