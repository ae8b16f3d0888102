"""The moves that lay a map onto itself about its own middle.

Every move of a point group leaves the centre of mass where it is, so that turns about it are all there is to try. They are tried from
coarse to fine: in the map smoothed to a fifth of its own size some thousand turns leave no gap, and the best are followed to the stated
resolution. Filaments slide along their long axis, too.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from difffit_core.align.cloud import Cloud, as_side, make_cloud
from difffit_core.conventions import Array, matrix_to_quaternion, quaternion_to_matrix
from difffit_core.errors import FitCancelled
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.search.cluster import cluster_poses
from difffit_core.fit.search.field import surrounded
from difffit_core.fit.search.optimise import Climbed, Volume, climb
from difffit_core.fit.search.subject import ModelSide
from difffit_core.fit.search.template import sharpen
from difffit_core.fit.settings import FitSettings
from difffit_core.ops.grid import Schedule
from difffit_core.ops.spectrum import low_passed
from difffit_core.ops.volumes import make_volume
from difffit_core.pose import PoseBatch
from difffit_core.target import Target

TURNS = 4000
"""Turns about the middle from which is climbed."""
SCREWS = 1500
"""Screws about the density's long axis, for filaments."""
_COARSE = 0.2
_KEPT = 400
_STEPS = 60
_ONE_TURN = 5.0
LEAST_INSIDE = 0.4
"""Of what is moved at least this share must lie in the map's box."""
_POINTS = 4000
_UNMASKED = 0.05
LEAST_SIGNAL = 0.3
SEARCHED = 0.7
"""Share of all the work that is done when the turns are found; the rest is closing and refining them."""


@dataclass(frozen=True, eq=False)
class Self:
    """A map at one resolution, as what is moved (``cloud``, ``side``) and as where it is moved to (``volume``, sharpened alike)."""

    cloud: Cloud
    side: ModelSide
    volume: Volume
    resolution: float
    box: tuple[Array, Array]
    signal: float
    """Share of the variance under the density that is no noise, by the noise beside it; 1 where the solvent is masked."""

    @classmethod
    def make(cls, target: Target, seed: int, device: str) -> "Self":
        """At the target's resolution; turns go about the centre of mass of the density above its level."""
        density_map, resolution = target.density_map, target.resolution
        cloud = make_cloud(target, _POINTS, seed)
        cloud = replace(cloud, centre=_centre_of_mass(cloud))
        side = as_side(cloud, resolution, FitSettings(), seed)
        weight = side.template.laplacian_weight
        whole = low_passed(cloud.density.values, cloud.density.voxel_size, resolution)
        values = sharpen(whole, cloud.density.voxel_size, resolution, weight)
        volume = make_volume(*surrounded(values, cloud.density.voxel_size, cloud.density.origin, 0.0), device)
        box = density_map.origin, density_map.origin + (density_map.shape_xyz - 1) * density_map.voxel_size
        return cls(cloud, side, volume, resolution, box, _signal(values, cloud))

    @property
    def centre(self) -> Array:
        """(3,) in Å, the centre of mass."""
        return self.cloud.centre

    @property
    def radius(self) -> float:
        """Of gyration, Å."""
        return float(np.sqrt(((self.cloud.points - self.centre) ** 2).sum(axis=1).mean()))

    def correlation(self, moves: PoseBatch) -> Array:
        """How alike the map is to itself (P,) under moves of space: of the sharpened map, about the mean, where there is density.

        What a move takes out of the map's box, or slides beyond the ends of a filament, does not count; 0 where less than `LEAST_INSIDE` is
        left.
        """
        quaternions, centres = matrix_to_quaternion(moves.rotations), moves.apply(self.centre[None])[:, 0]
        points, weight = self.side.full
        seen = self.volume.samples(points, quaternions, centres).astype(np.float64)
        there = np.einsum("pij,nj->pni", moves.rotations, np.stack(points.columns, axis=1).astype(np.float64)) + centres[:, None]
        inside = (((there >= self.box[0]) & (there <= self.box[1])).all(axis=2) & self._among_ends(moves, there)).astype(np.float64)
        count = np.maximum(inside.sum(axis=1, keepdims=True), 1)
        own = np.broadcast_to(weight.astype(np.float64), seen.shape)
        a, b = ((x - (x * inside).sum(axis=1, keepdims=True) / count) * inside for x in (seen, own))
        heights = (a * b).sum(axis=1) / np.maximum(np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1), 1e-12)
        return np.where(inside.mean(axis=1) >= LEAST_INSIDE, heights, 0.0)

    def _among_ends(self, moves: PoseBatch, there: Array) -> NDArray[np.bool_]:
        """Which moved points (P, N) do not lie beyond the ends of the density, where a move is a screw along its long axis."""
        axis, far = self.long_axis
        vectors = Rotation.from_matrix(moves.rotations).as_rotvec()
        slides = (moves.apply(self.centre[None])[:, 0] - self.centre) @ axis
        about = np.linalg.norm(vectors - np.outer(vectors @ axis, axis), axis=1) < 0.2 * np.maximum(np.linalg.norm(vectors, axis=1), 0.3)
        screw = about & (np.abs(slides) > self.resolution / 4)
        return np.asarray(~screw[:, None] | (np.abs((there - self.centre) @ axis) <= far - self.resolution / 2), bool)

    @cached_property
    def long_axis(self) -> tuple[Array, float]:
        """The direction (3,) in which the density reaches farthest, and how far, Å."""
        points = self.cloud.points - self.centre
        _, axes = np.linalg.eigh(points.T @ points)
        return axes[:, -1], float(np.quantile(np.abs(points @ axes[:, -1]), 0.98))

    def climbed(self, moves: PoseBatch, step: float, reporter: Reporter, stage: str) -> PoseBatch:
        """Moves that have climbed to where the map is most like itself nearby; ``step`` in Å. What is told of it is ``stage``.

        Raises
        ------
        FitCancelled
            If it was cancelled on the way.
        """
        schedule = Schedule(step / self.radius / 4, step / 2, 1.0, _STEPS)
        quaternions, centres = matrix_to_quaternion(moves.rotations), moves.apply(self.centre[None])[:, 0]

        def after_block(_: int, block: Climbed) -> bool:
            go_on(reporter, stage, work_of(len(block.values)))
            return True

        found = climb(self.volume, *self.side.quick, quaternions, centres, schedule, after_block)
        rotations = quaternion_to_matrix(found.quaternions)
        return PoseBatch(rotations, found.translations - rotations @ self.centre)


@dataclass(frozen=True, eq=False)
class SelfMatches:
    """Turns of a map about its middle that are local optima, (P,), best first, and how alike the map is to itself under each."""

    moves: PoseBatch
    correlation: Array


def work_of(moves: int) -> float:
    """What climbing so many moves costs, in the unit of a `Reporter`."""
    return float(moves) * _STEPS


def go_on(reporter: Reporter, stage: str, work: float = 0.0) -> None:
    """Book work as done; `FitCancelled` where the search is to stop: of a symmetry nothing is known before its end."""
    if not reporter.advance(stage, work):
        raise FitCancelled("cancelled before the symmetry was known")


def match_turns(target: Target, seed: int, device: str, reporter: Reporter) -> tuple[Self, SelfMatches]:
    """The map at the stated resolution, and its turns onto itself, the best first, that which turns nothing not among them."""
    go_on(reporter, "making the map ready")
    resolution = target.resolution
    finest = Self.make(target, seed, device)
    coarsest = max(resolution, _COARSE * 2 * finest.radius)
    levels = [resolution]
    while levels[0] * 1.6 < coarsest:
        levels.insert(0, levels[0] * 1.6)
    reporter.plan((work_of(TURNS + SCREWS) + work_of(_KEPT) * (len(levels) - 1)) / SEARCHED, "")
    rng = np.random.default_rng([seed, 30])
    turns = np.concatenate([Rotation.random(TURNS, rng=rng).as_matrix(), _about(finest, rng)])
    slides = np.concatenate([np.zeros((TURNS, 3)), rng.uniform(-1, 1, (SCREWS, 1)) * _reach(finest)])
    moves = PoseBatch(turns, finest.centre - turns @ finest.centre + slides)
    for number, one in enumerate(levels):
        here = finest if one == resolution else Self.make(replace(target, resolution=one), seed, device)
        if number == 0:
            moves = PoseBatch(moves.rotations, here.centre - moves.rotations @ here.centre + slides)
        moves = here.climbed(moves, one / 2 if number == 0 else one / 4, reporter, f"laying the map onto itself at {one:.3g} Å")
        moves = _distinct(here, moves, _KEPT)
    heights = finest.correlation(moves)
    order = np.argsort(-heights)
    moves, heights = moves.take(order), heights[order]
    keep = np.flatnonzero(~stays_put(finest, moves))
    return finest, SelfMatches(moves.take(keep), heights[keep])


def stays_put(here: Self, moves: PoseBatch) -> NDArray[np.bool_]:
    """Which (P,) of the moves move next to nothing."""
    shifts = np.linalg.norm(moves.apply(here.centre[None])[:, 0] - here.centre, axis=1)
    angles = np.degrees(Rotation.from_matrix(moves.rotations).magnitude())
    return np.asarray((angles < turn_of(here)) & (shifts < here.resolution), bool)


def _about(here: Self, rng: np.random.Generator) -> Array:
    axis, _ = here.long_axis
    return np.asarray(Rotation.from_rotvec(rng.uniform(-np.pi, np.pi, (SCREWS, 1)) * axis).as_matrix())


def _reach(here: Self) -> Array:
    """The farthest slide along the long axis that leaves enough in common, (3,) in Å."""
    axis, far = here.long_axis
    return np.asarray(2 * far * (1 - LEAST_INSIDE) * axis)


def turn_of(here: Self) -> float:
    """Degrees by which two turns differ at least: those that move the density by a good part of the resolution."""
    return max(_ONE_TURN, float(np.degrees(0.7 * here.resolution / here.radius)))


def _distinct(here: Self, moves: PoseBatch, most: int) -> PoseBatch:
    quaternions, centres = matrix_to_quaternion(moves.rotations), moves.apply(here.centre[None])[:, 0]
    heights = here.volume.correlation(*here.side.quick, quaternions, centres)
    clusters = cluster_poses(quaternions, centres, heights, 2 * here.resolution, turn_of(here), most)
    return moves.take(clusters.leaders)


def _signal(values: NDArray[np.float32], cloud: Cloud) -> float:
    outside = values[~cloud.near]
    outside = outside[outside != 0]
    if len(outside) < 1000 or len(outside) < _UNMASKED * values.size:
        return 1.0
    noise = float(1.4826 * np.median(np.abs(outside - np.median(outside)))) ** 2
    return float(np.clip(1 - noise / max(float(values[cloud.covered].var()), 1e-12), LEAST_SIGNAL, 1))


def _centre_of_mass(cloud: Cloud) -> Array:
    weight = np.maximum(cloud.density.values[cloud.density.inside].astype(np.float64), 0)
    points = cloud.positions(cloud.density.inside)
    return np.asarray(weight @ points / weight.sum() if weight.sum() > 0 else points.mean(axis=0))
