"""What no model explains: the map that is left, and a name for every piece of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree

from difffit_core.chain_words import chain_in_words
from difffit_core.compose.body import Body
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.contour import VOLUME_PER_DALTON, mass
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.pose import Pose
from difffit_core.quality.explained import EXPLAINED
from difffit_core.target import Target

NAMED = 12
"""How many pieces are named."""
_BESIDE = 8.0
_LEAST_VOLUME, _MOST_VOLUME = 0.2, 4.0
"""Of the volume of protein of their mass: what placed models must hold above the level to be a measure of what is left."""


@dataclass(frozen=True)
class Island:
    """A connected piece of unexplained density above the contour level.

    Attributes
    ----------
    volume, dalton : in Å³, and the mass that would fill it
    measured : whether that mass was measured by the density of what is placed; else it is that of protein with this volume
    share : of all density above the level, 0 to 1
    centre, peak : (x, y, z) in Å of its middle, and its highest value
    beside : chain and residue of the nearest atom of each placed chain within 8 Å, nearest first
    """

    volume: float
    dalton: float
    measured: bool
    share: float
    centre: tuple[float, float, float]
    peak: float
    beside: tuple[tuple[str, str], ...]

    def __str__(self) -> str:
        where = ", ".join(f"{x:.0f}" for x in self.centre)
        near = " and ".join(f"{residue} of {chain_in_words(chain)}" for chain, residue in self.beside[:3])
        place = f"beside {near}" if near else "apart from every model"
        how = "by the density of what is placed" if self.measured else "of protein"
        return f"{self.volume:.0f} Å³ ({self.dalton / 1000:.1f} kDa {how}) at {where}, {place}"


@dataclass(frozen=True, eq=False)
class Residual:
    """What is left of a map.

    Attributes
    ----------
    density_map : the map with every voxel zeroed where the models are
    explained : share of the density above the level that lies where the models are, 0 to 1
    subtracted : the same share that the models account for in amount, by their simulated density scaled to the map
    volume : Å³ above the level that are left in pieces of at least two resolution elements
    islands : the largest of those pieces, largest first
    """

    density_map: DensityMap
    explained: float
    subtracted: float
    volume: float
    islands: tuple[Island, ...]

    def sentence(self) -> str:
        """What is left, in one sentence."""
        if not self.islands:
            return f"{self.explained:.0%} of the density is explained, and no piece of any size is left"
        return f"{self.explained:.0%} of the density is explained; the largest piece left: {self.islands[0]}"


def residual(
    target: Target,
    bodies: Sequence[Body],
    placed: Sequence[tuple[int, Pose]],
    names: Sequence[Mapping[str, str]] = (),
) -> Residual:
    """What placed models, given by index and pose, leave unexplained; ``names`` are new names of each one's chains, by old name.

    Pieces smaller than two resolution elements do not count: noise and the models' own rims make many.
    """
    density_map, resolution, level = target.density_map, target.resolution, target.level
    if placed:
        cut = zero_out(target, bodies, placed, ZeroOutMethod.THRESHOLD, EXPLAINED * max(level, 0.0))
        left, explained = cut.density_map, cut.removed
        subtracted = zero_out(target, bodies, placed, ZeroOutMethod.SOFT).removed
    else:
        left, explained, subtracted = density_map, 0.0, 0.0
    above = left.values > level
    labels, sizes = pieces(above, int(np.ceil(2 * resolution**3 / left.voxel_volume)))
    named = np.argsort(-sizes, kind="stable")[:NAMED] + 1
    total = float(density_map.values[density_map.values > level].sum(dtype=np.float64))
    held = _density_of_a_dalton(density_map, left, level, bodies, placed)
    islands = _islands(left, labels, named, total, held, _Atoms.of(bodies, placed, names))
    return Residual(left, explained, subtracted, float(sizes.sum() * left.voxel_volume), islands)


def pieces(above: NDArray[np.bool_], smallest: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    """Connected pieces of ``above`` [z, y, x] with at least ``smallest`` voxels: numbered from 1 in an array of its shape, and sizes."""
    labels, count = ndimage.label(above, structure=np.ones((3, 3, 3), bool))
    sizes = np.bincount(labels.ravel(), minlength=count + 1)
    sizes[0] = 0
    kept = sizes >= smallest
    number = np.where(kept, np.cumsum(kept), 0)
    return number[labels].astype(np.int32), sizes[kept]


@dataclass(frozen=True, eq=False)
class _Atoms:
    """Every placed atom: its place, chain and residue."""

    tree: cKDTree | None
    chain: NDArray[np.str_]
    residue: NDArray[np.str_]

    @classmethod
    def of(cls, bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]], names: Sequence[Mapping[str, str]]) -> "_Atoms":
        points, chain, residue = [], [], []
        for number, (index, pose) in enumerate(placed):
            model = bodies[index].model
            renamed = names[number] if names else {}
            points.append(pose.apply(bodies[index].coordinates))
            chain += [renamed.get(name, name) for name in model.chain_names[model.in_fit].tolist()]
            labels = zip(model.residue_names[model.in_fit].tolist(), model.residue_numbers[model.in_fit].tolist(), strict=True)
            residue += [f"{name} {value}" for name, value in labels]
        return cls(cKDTree(np.concatenate(points)) if points else None, np.array(chain, np.str_), np.array(residue, np.str_))

    def beside(self, places: Array) -> tuple[tuple[str, str], ...]:
        """Chain and residue of the nearest atom of each chain within reach of any of ``places`` (n, 3)."""
        if self.tree is None:
            return ()
        near = cKDTree(places).sparse_distance_matrix(self.tree, _BESIDE, output_type="ndarray")
        found: dict[str, str] = {}
        for atom in near["j"][np.argsort(near["v"], kind="stable")].tolist():
            found.setdefault(str(self.chain[atom]), str(self.residue[atom]))
        return tuple(found.items())


def _density_of_a_dalton(
    density_map: DensityMap, left: DensityMap, level: float, bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]]
) -> float | None:
    """Density above the level, summed over voxels, that the placed models hold for each dalton; None where they are no measure of it.

    How much of a molecule lies above the level is up to the level. Placed maps have no mass, and models that hold far less or more volume
    for their mass than molecules do are not those of this density, or only part of it is theirs.
    """
    if not placed or any(bodies[index].model.body is not None for index, _ in placed):
        return None
    theirs = (density_map.values > level) & ~(left.values > level)
    dalton = sum(mass(bodies[index].model) for index, _ in placed)
    volume = float(np.count_nonzero(theirs)) * density_map.voxel_volume
    if not _LEAST_VOLUME < volume / (dalton * VOLUME_PER_DALTON) < _MOST_VOLUME:
        return None
    return float(density_map.values[theirs].sum(dtype=np.float64)) / dalton


def _islands(
    left: DensityMap, labels: NDArray[np.int32], named: NDArray[np.int64], total: float, held: float | None, atoms: _Atoms
) -> tuple[Island, ...]:
    boxes = ndimage.find_objects(labels)
    islands = []
    for number in named.tolist():
        box = boxes[number - 1]
        inside = np.argwhere(labels[box] == number) + [part.start for part in box]
        values = left.values[tuple(inside.T)]
        places = left.positions(inside)
        volume = len(inside) * left.voxel_volume
        x, y, z = (float(value) for value in places.mean(axis=0))
        share = float(values.sum(dtype=np.float64)) / total
        dalton = volume / VOLUME_PER_DALTON if held is None else float(values.sum(dtype=np.float64)) / held
        islands.append(Island(volume, dalton, held is not None, share, (x, y, z), float(values.max()), atoms.beside(places)))
    return tuple(islands)
