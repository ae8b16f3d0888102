"""The accepted copies of a composite as placed models: what they overlap, and how two sets of them differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.body import Body
from difffit_core.compose.candidates.overlap import clashes, overlaps
from difffit_core.conventions import Array
from difffit_core.pose import Pose, PoseBatch
from difffit_core.project.composites import AcceptedRecord

SAME = 0.1
"""Å RMSD up to which a copy counts as unmoved."""

Placed = list[tuple[int, Pose]]


def placed_models(copies: Sequence[AcceptedRecord], models: Mapping[str, AtomicModel]) -> tuple[list[Body], Placed]:
    """The chains of each copy made ready, each with its pose; ``models`` by id, as they were read from their files.

    Raises
    ------
    UserError
        If a model has not the recorded chains.
    """
    made: dict[tuple[str, tuple[str, ...]], int] = {}
    bodies: list[Body] = []
    placed: Placed = []
    for copy in copies:
        kind = (copy.model, tuple(copy.chains))
        if kind not in made:
            made[kind] = len(bodies)
            bodies.append(Body(models[copy.model].select_chains(tuple(copy.chains))))
        placed.append((made[kind], copy.pose.pose()))
    return bodies, placed


def overlap_with(copies: Sequence[AcceptedRecord], models: Mapping[str, AtomicModel], model: AtomicModel, poses: Sequence[Pose]) -> Array:
    """The largest share (P,) of the smaller model that each of P poses of a model has in common with an accepted copy."""
    bodies, placed = placed_models(copies, models)
    own = [(len(bodies), pose) for pose in poses]
    if not placed or not own:
        return np.zeros(len(own))
    share = overlaps([*bodies, Body(model)], [*placed, *own])
    most: Array = share[len(placed) :, : len(placed)].toarray().max(axis=1)
    return most


def clash_with(copies: Sequence[AcceptedRecord], models: Mapping[str, AtomicModel], model: AtomicModel, poses: Sequence[Pose]) -> Array:
    """Share (P,) of the atoms of a model at each of P poses that clash with an accepted copy or with the model at another of the poses."""
    bodies, placed = placed_models(copies, models)
    own = Body(model)
    atoms = [*(pose.apply(bodies[index].coordinates) for index, pose in placed), *(pose.apply(own.coordinates) for pose in poses)]
    return clashes(atoms)[len(placed) :]


@dataclass(frozen=True)
class Differences:
    """From one set of copies to another, copies of one model paired by nearness.

    Attributes
    ----------
    same : how many stand where they stood
    moved : pairs, each with its RMSD in Å
    lost, gained : those of the first, and of the second, that have no partner
    """

    same: int
    moved: tuple[tuple[AcceptedRecord, AcceptedRecord, float], ...]
    lost: tuple[AcceptedRecord, ...]
    gained: tuple[AcceptedRecord, ...]


def differences(first: Sequence[AcceptedRecord], second: Sequence[AcceptedRecord], models: Mapping[str, AtomicModel]) -> Differences:
    """How ``second`` differs from ``first``. Copies farther apart than the model's own radius are no pair.

    Raises
    ------
    UserError
        If a model has not the recorded chains.
    """
    same = 0
    moved: list[tuple[AcceptedRecord, AcceptedRecord, float]] = []
    lost: list[AcceptedRecord] = []
    gained: list[AcceptedRecord] = []
    for kind in dict.fromkeys((copy.model, tuple(copy.chains)) for copy in (*first, *second)):
        mine = [copy for copy in first if (copy.model, tuple(copy.chains)) == kind]
        others = [copy for copy in second if (copy.model, tuple(copy.chains)) == kind]
        pairs: list[tuple[int, int, float]] = []
        if mine and others:
            body = Body(models[kind[0]].select_chains(kind[1]))
            apart = body.rmsd(PoseBatch.of([one.pose.pose() for one in mine]), PoseBatch.of([one.pose.pose() for one in others]))
            rows, columns = linear_sum_assignment(apart)
            pairs = [(i, j, float(apart[i, j])) for i, j in zip(rows.tolist(), columns.tolist(), strict=True) if apart[i, j] < body.radius]
        same += sum(rmsd <= SAME for _, _, rmsd in pairs)
        moved += [(mine[i], others[j], rmsd) for i, j, rmsd in pairs if rmsd > SAME]
        lost += [copy for i, copy in enumerate(mine) if i not in {pair[0] for pair in pairs}]
        gained += [copy for j, copy in enumerate(others) if j not in {pair[1] for pair in pairs}]
    return Differences(same, tuple(moved), tuple(lost), tuple(gained))
