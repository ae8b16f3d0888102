"""The symmetry of a map, from the map alone: its point group or its helix, and how sure."""

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from difffit_core.align.refine import Splines, refine
from difffit_core.align.self_match import LEAST_SIGNAL, SCREWS, SEARCHED, TURNS, Self, go_on, match_turns, stays_put, turn_of, work_of
from difffit_core.conventions import Array, rotation_angle
from difffit_core.device import resolve_device
from difffit_core.fit.judge.significance import ENOUGH, SIGNIFICANT, p_value
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import CancelFlag, OnProgress
from difffit_core.fit.run import use_threads
from difffit_core.groups.group import Group
from difffit_core.groups.helix import Helix, find_helix
from difffit_core.groups.point_group import PointGroup, name_group, stand
from difffit_core.groups.standing import Standing
from difffit_core.pose import Pose, PoseBatch
from difffit_core.target import Target

ALIKE = 0.78
"""A move is a symmetry of the map where the map is at least so like itself under it.

Measured on sharpened maps over what is covered, at 1.75 to 14 Å and smoothed to 12 Å: symmetries of real maps 0.98 to 1 (GroEL, actin), the
best other move of nine maps without symmetry at most 0.71. It is that share of what the noise in the map's solvent leaves possible.
"""
NEAR = 0.7
"""What is as like itself as this, but not as a symmetry, is told: it may be one that is broken, or not imposed."""
_ALL_ALIKE = 0.9
"""What of that the moves of the group as it is named must reach, without having climbed."""
_MOST = 130
_CLEARLY_TURNED = 3.0
_VOXELS = 8000
_TAIL, _REST = 0.2, 50


@dataclass(frozen=True, eq=False)
class MapSymmetry:
    """What symmetry a map has.

    Attributes
    ----------
    group : the point group; C1 where there is none, and for a helix the turns about its axis
    helix : or None
    correlation : of the map with itself, sharpened, over all moves of the group but the one that moves nothing; 1 for C1
    weakest : the lowest of them
    next_best : the highest of a move that is none of them
    p_value : chance that a map without this symmetry has a move as good as the weakest of these
    warnings : what a user should know
    device, timing : as of a fit
    """

    group: PointGroup
    helix: Helix | None
    correlation: float
    weakest: float
    next_best: float
    p_value: float
    warnings: tuple[str, ...]
    device: str
    timing: Mapping[str, float]

    def __repr__(self) -> str:
        alike = f"{self.weakest:.2f} like itself under its weakest move, p {self.p_value:.1g}"
        return f"<MapSymmetry {self.name}{'' if self.name == 'C1' else f': {alike}'}>"

    @property
    def name(self) -> str:
        """Cn, Dn, T, O, I or helix."""
        return "helix" if self.helix else self.group.name

    @property
    def standing(self) -> Standing | None:
        """The symmetry in its place; None for C1."""
        if self.helix is not None:
            return Standing(self.helix.group, self.helix.frame, self.helix.starts)
        return Standing(self.group.group, self.group.frame) if self.group.size > 1 else None

    def lines(self) -> tuple[str, ...]:
        """What there is to say, one sentence each."""
        x, y, z = (f"{value + 0:.2f}" for value in self.group.centre)
        if self.helix is not None:
            axis = ", ".join(f"{value + 0:.3f}" for value in self.helix.axis.round(3))
            px, py, pz = (f"{value + 0:.2f}" for value in self.helix.point)
            told = [
                f"rise {self.helix.rise:.2f} ± {self.helix.rise_error:.2g} Å, twist {self.helix.twist:.2f} ± "
                f"{self.helix.twist_error:.2g}°, axis {axis} through {px}, {py}, {pz} Å"
            ]
        elif self.group.size > 1:
            few = self.group.axes[:6]
            told = [f"{one.fold}-fold axis {', '.join(f'{value + 0:.3f}' for value in one.direction.round(3))}" for one in few]
            if len(self.group.axes) > len(few):
                told.append(f"and {len(self.group.axes) - len(few)} more axes")
            told.append(f"centre {x}, {y}, {z} Å")
        else:
            return (f"no symmetry: no turn or slide leaves the map more than {self.next_best:.2f} like itself ({ALIKE:g} is asked for)",)
        told.append(
            f"the map is {self.correlation:.3f} like itself under it (the weakest move {self.weakest:.3f}), {self.next_best:.2f} at best "
            f"under any other; p = {self.p_value:.1g}"
        )
        return tuple(told)

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, as `symmetry.json` holds them."""
        helix = self.helix
        return {
            "symmetry": self.name,
            "group": self.group.name,
            "centre": self.group.centre.tolist(),
            "axes": [{"fold": one.fold, "direction": one.direction.tolist()} for one in self.group.axes] if self.group.size > 1 else [],
            "rotation": self.group.rotation.tolist(),
            "helix": None
            if helix is None
            else {
                "rise": helix.rise, "twist": helix.twist, "axis": helix.axis.tolist(), "point": helix.point.tolist(),
                "starts": helix.starts, "rise_error": helix.rise_error, "twist_error": helix.twist_error,
            },
            "correlation": self.correlation,
            "weakest": self.weakest,
            "next_best": self.next_best,
            "p_value": self.p_value,
            "warnings": list(self.warnings),
            "device": self.device,
            "timing": {name: round(seconds, 4) for name, seconds in self.timing.items()},
        }  # fmt: skip


def find_symmetry(
    target: Target,
    seed: int = 0,
    device: str = "auto",
    threads: int | None = None,
    on_progress: OnProgress | None = None,
    cancel: CancelFlag | None = None,
) -> MapSymmetry:
    """Find the symmetry of a map by laying it onto itself.

    Parameters
    ----------
    target : the map and how it is read
    seed : of every random draw
    device, threads : where to compute
    on_progress : called from this thread, at most ten times a second
    cancel : looked at between blocks of work of about a tenth of a second

    Raises
    ------
    UserError
        If the level is not below the map's maximum, or the resolution is out of bounds.
    FitCancelled
        If it was cancelled: half of a symmetry is none.

    Turns about the centre of mass, and screws about the long axis, climb to where the map is like itself. Those that are alike enough are
    multiplied until their products are among them, refined by voxels, and named.
    """
    start = time.perf_counter()
    target.check()
    chosen = resolve_device(device)
    if chosen == "cpu":
        use_threads(threads)
    reporter = Reporter(1.0, on_progress, cancel or threading.Event())
    with threadpool_limits(limits=1, user_api="blas"):
        here, found = match_turns(target, seed, chosen, reporter)
        searched = time.perf_counter()
        good = found.correlation >= ALIKE * here.signal
        moves = _closed(here, found.moves.take(np.flatnonzero(good)), reporter)
        moves = _exact(here, moves, reporter)
        slides = _slides(moves, here.centre)
        least = max(0.7, 0.12 * target.resolution)
        helix = find_helix(moves, here.centre, least) if (slides > least).any() else None
        turns = moves.take(np.flatnonzero(slides <= least))
        if helix is not None:
            about = np.abs(_directions(turns) @ helix.axis) > np.cos(np.radians(8)) if len(turns) else np.zeros(0, bool)
            turns = turns.take(np.flatnonzero(about))
        group = stand(name_group(turns.rotations), turns, here.centre)
        ideal = helix.moves([-1, 1]) if helix else group.moves.take(np.arange(1, group.size))
        heights = here.correlation(ideal) if len(ideal) else np.ones(1)
    strange = _none_of(here, found.moves, moves)
    others = found.correlation[strange]
    turned = rotation_angle(np.eye(3), found.moves.rotations[strange]) > _CLEARLY_TURNED * turn_of(here)
    weakest = float(heights.min())
    p = _chance(weakest, others, here) if len(ideal) else 1.0
    if len(ideal) and (weakest < _ALL_ALIKE * ALIKE * here.signal or p >= SIGNIFICANT):
        group, helix, heights, weakest, p = stand(Group("C", 1), moves.take(np.empty(0, np.int64)), here.centre), None, np.ones(1), 1.0, 1.0
    reporter.finish(stopped=False)
    end = time.perf_counter()
    said = _warnings(len(moves), float(others[turned].max(initial=0.0)), here)
    timing = {"search_s": searched - start, "total_s": end - start}
    return MapSymmetry(group, helix, float(heights.mean()), weakest, float(others.max(initial=0.0)), p, said, chosen, timing)


def _closed(here: Self, moves: PoseBatch, reporter: Reporter) -> PoseBatch:
    """The moves with their products and inverses, as far as they are symmetries of the map too."""
    kept = [moves[i] for i in range(len(moves))]
    tried = list(kept)
    position = 0
    while position < len(kept) and len(kept) < _MOST:
        one = kept[position]
        position += 1
        products = [one.invert(), *(one.compose(other) for other in kept), *(other.compose(one) for other in kept)]
        fresh = [product for product in products if not _among(here, product, tried) and not stays_put(here, PoseBatch.of([product]))[0]]
        new: list[Pose] = []
        for product in fresh:
            if not _among(here, product, new):
                new.append(product)
        if not new:
            continue
        tried += new
        climbed = here.climbed(PoseBatch.of(new), here.resolution / 4, reporter, "multiplying the moves that were found")
        heights = here.correlation(climbed)
        stays = stays_put(here, climbed)
        for i in np.argsort(-heights):
            if heights[i] >= ALIKE * here.signal and not stays[i] and not _among(here, climbed[int(i)], kept):
                kept.append(climbed[int(i)])
    return PoseBatch.of(kept)


def _among(here: Self, move: Pose, others: list[Pose]) -> bool:
    if not others:
        return False
    batch = PoseBatch.of(others)
    angles = rotation_angle(batch.rotations, move.rotation)
    shifts = np.linalg.norm(batch.apply(here.centre[None])[:, 0] - move.apply(here.centre), axis=1)
    return bool(((angles < turn_of(here)) & (shifts < here.resolution)).any())


def _none_of(here: Self, moves: PoseBatch, members: PoseBatch) -> Array:
    known = [members[i] for i in range(len(members))]
    return np.array([i for i in range(len(moves)) if not _among(here, moves[i], known)], np.int64)


def _exact(here: Self, moves: PoseBatch, reporter: Reporter) -> PoseBatch:
    """The same refined by voxels."""
    if len(moves) == 0:
        return moves
    density = here.cloud.density
    splines = Splines.of(np.asarray(density.values, np.float64), density.voxel_size, density.origin)
    voxels = here.cloud.covered
    points, values = here.cloud.positions(voxels), density.values[voxels].astype(np.float64)
    elements = max(here.cloud.volume / here.resolution**3, 4.0)
    refined: list[Pose] = []
    share = (1 - SEARCHED) / SEARCHED * work_of(TURNS + SCREWS) / len(moves)
    for i in range(len(moves)):
        go_on(reporter, f"refining move {i + 1} of {len(moves)}", share)
        end = refine(splines, points, values, moves[i], elements, _VOXELS)
        refined.append(end.pose if _among(here, end.pose, [moves[i]]) else moves[i])
    return PoseBatch.of(refined)


def _directions(moves: PoseBatch) -> Array:
    from scipy.spatial.transform import Rotation

    vectors = Rotation.from_matrix(moves.rotations).as_rotvec()
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12))


def _slides(moves: PoseBatch, centre: Array) -> Array:
    """How far (P,) each move slides along its axis, Å; all of it where it turns nothing."""
    if len(moves) == 0:
        return np.zeros(0)
    shifts = moves.apply(centre[None])[:, 0] - centre
    turns = rotation_angle(np.eye(3), moves.rotations)
    slides = np.where(turns > 1, np.abs((shifts * _directions(moves)).sum(axis=1)), np.linalg.norm(shifts, axis=1))
    return np.asarray(slides, np.float64)


def _chance(weakest: float, others: Array, here: Self) -> float:
    """As for a placement, `judge.rank_places`: the tail of the moves that are no symmetry tells how many elements are independent."""
    heights = np.arctanh(np.clip([weakest], -0.999999, 0.999999))
    rest = np.sort(np.arctanh(np.clip(others, -0.999999, 0.999999)))[-_REST:]
    elements = max(here.cloud.volume / here.resolution**3, ENOUGH + 1)
    if len(rest) < 2:
        return float(p_value(heights * np.sqrt(elements - 3))[0])
    tail = float(np.median(rest) - rest[0]) / np.log(2)
    width = min(np.sqrt(elements - 3), _TAIL / max(tail, 1e-9))
    return float(p_value((heights - np.median(rest)) * width)[0])


def _warnings(count: int, best: float, here: Self) -> tuple[str, ...]:
    said = []
    if count >= _MOST:
        said.append(
            f"More than {_MOST} turns leave the map as it is: at {here.resolution:g} Å it is round about an axis or a point, and the order "
            "of its symmetry cannot be told."
        )
    if here.signal <= LEAST_SIGNAL:
        said.append(f"At {here.resolution:g} Å the map is mostly noise, so that a symmetry may go unseen: a coarser one looks at less.")
    elif NEAR * here.signal <= best and here.cloud.volume / here.resolution**3 > 5 * ENOUGH:
        said.append(
            f"A move that is no symmetry leaves the map {best:.2f} like itself: it may have a symmetry that is broken, or more of one than "
            "was imposed."
        )
    if here.cloud.volume / here.resolution**3 < ENOUGH:
        said.append(f"At {here.resolution:g} Å the map holds too little detail to tell a symmetry.")
    return tuple(said)
