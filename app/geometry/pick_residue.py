"""Which residue of a model a line of sight meets, in the way the model is drawn."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.pick import on_atoms
from difffit_core.atomic_model import AtomicModel
from difffit_core.pose import Pose

_BACKBONE = ("N", "CA", "C", "O", "P", "O5'", "C5'", "C4'", "C3'", "O3'")
_REACH = {"cartoon": 1.7, "trace": 1.7, "sticks": 0.7, "spheres": 1.7}
"""How near in Å a line of sight must come to an atom."""


class ResiduePicker:
    """Of a cartoon or a trace only backbones count, and what has none; of sticks and spheres every atom."""

    def __init__(self, model: AtomicModel) -> None:
        self._model = model
        self._among: tuple[tuple[object, ...], NDArray[np.int64], NDArray[np.float64]] | None = None

    @cached_property
    def _on_backbone(self) -> NDArray[np.bool_]:
        model = self._model
        traced = np.unique(model.residue_index[np.isin(model.atom_names, ("CA", "C4'")) & model.in_fit])
        return np.isin(model.atom_names, _BACKBONE) | ~np.isin(model.residue_index, traced)

    def residue(
        self,
        chains: Sequence[str],
        representation: str,
        pose: Pose,
        start: NDArray[np.float64],
        direction: NDArray[np.float64],
        hidden: tuple[tuple[int, int], ...] = (),
    ) -> tuple[int, float] | None:
        """The `AtomicModel.residue_index` and the distance in Å to what a ray meets first of the model in a pose; None if it passes by.

        ``hidden`` are runs of residues, by their first and last index, that are not drawn.
        """
        atoms, coordinates = self._atoms(tuple(chains), representation in ("cartoon", "trace"), hidden)
        back = pose.invert()
        found = on_atoms(coordinates, _REACH[representation], back.apply(start), back.rotation @ direction)
        return None if found is None else (int(self._model.residue_index[atoms[found[0]]]), found[1])

    def _atoms(
        self, chains: tuple[str, ...], only_backbone: bool, hidden: tuple[tuple[int, int], ...]
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Numbers (n,) and coordinates (n, 3) of the atoms that count, kept until others do."""
        if self._among is None or self._among[0] != (chains, only_backbone, hidden):
            model = self._model
            drawn = model.in_fit & np.isin(model.chain_names, chains)
            if only_backbone:
                drawn &= self._on_backbone
            for first, last in hidden:
                drawn &= (model.residue_index < first) | (model.residue_index > last)
            atoms = np.flatnonzero(drawn)
            self._among = (chains, only_backbone, hidden), atoms, model.coordinates[atoms]
        return self._among[1:]
