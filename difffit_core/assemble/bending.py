"""Placed models of an assembly bent, each into what the others leave of the map."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from difffit_core.assemble.entry import Entry
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.result import ComposeResult
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.request import CancelFlag, FitProgress
from difffit_core.pose import Pose
from difffit_core.refine.leftover import left_of
from difffit_core.refine.output import refined_structure, unsupported
from difffit_core.refine.predicted import errors_for
from difffit_core.refine.request import RefineRequest, RefineResult
from difffit_core.refine.run import run_refine
from difffit_core.refine.settings import RefineSettings

OnBending = Callable[[str, float], None]
"""Told in words what is being bent, and which share of all is done."""


@dataclass(frozen=True, eq=False)
class Bent:
    """What bending made of one placed copy, by its number ``place`` in the composite, from 0."""

    place: int
    result: RefineResult


def bend_placed(
    asked: ComposeRequest, composite: ComposeResult, entries: Sequence[Entry], tell: OnBending, cancel: CancelFlag
) -> tuple[tuple[Bent, ...], tuple[str, ...]]:
    """Bend each placed copy where it stands, the best-supported first; those already bent count as bent for the next.

    Fixed chains and maps in the place of models stay as they are.

    Parameters
    ----------
    asked, composite, entries : the assembly
    tell, cancel : cancelling keeps what is bent

    Returns
    -------
    The bent copies by place, and what is to be said of others, one sentence each.
    """
    models = [wanted.model for wanted in asked.wanted]
    points = [copy.pose.apply(models[copy.body].fit_coordinates) for copy in composite.copies]
    weights = [models[copy.body].fit_atomic_numbers.astype(np.float64) for copy in composite.copies]
    order = sorted(range(len(points)), key=lambda place: (-composite.copies[place].z_score, place))
    order = [place for place in order if not entries[composite.copies[place].body].stands]
    bent: list[Bent] = []
    notes: list[str] = []
    for number, place in enumerate(order):
        copy = composite.copies[place]
        model = models[copy.body]
        if model.body is not None:
            notes.append(f"{model.name} is a map and was not bent")
            continue
        others = [i for i in range(len(points)) if i != place]
        density = asked.density_map
        if others:
            density = left_of(
                density, np.concatenate([points[i] for i in others]), np.concatenate([weights[i] for i in others]), asked.resolution
            )
        pae, told = errors_for(model, "")
        notes += [f"{model.name}: {one}" for one in told]

        def say(progress: FitProgress, name: str = model.name, done: int = number) -> None:
            tell(f"bending {name}: {progress.stage}", (done + progress.fraction) / len(order))

        try:
            settings = RefineSettings(start="here")
            request = RefineRequest(asked.target.of(density), model, settings, asked.seed, asked.threads, pae=pae, pose=copy.pose)
            result = run_refine(request, say, cancel)
        except FitCancelled:
            break
        except UserError as error:
            notes.append(f"{model.name} was not bent: {error}")
            continue
        bent.append(Bent(place, result))
        points[place] = result.coordinates[model.in_fit]
        if cancel.is_set():
            break
    return tuple(sorted(bent, key=lambda one: one.place)), tuple(notes)


def as_bent(asked: ComposeRequest, composite: ComposeResult, bent: Sequence[Bent]) -> tuple[ComposeRequest, ComposeResult]:
    """The assembly with each copy as a model of its own, the bent ones as they are bent and where they stand."""
    results = {one.place: one.result for one in bent}
    wanted, copies = [], []
    for place, copy in enumerate(composite.copies):
        model, pose = asked.wanted[copy.body].model, copy.pose
        if place in results:
            structure = refined_structure(model, results[place])
            model, pose = replace(model, coordinates=results[place].coordinates, structure=structure), Pose.identity()
        wanted.append(Wanted(model, 1))
        copies.append(replace(copy, body=place, pose=pose))
    return replace(asked, wanted=tuple(wanted), links=()), replace(composite, copies=tuple(copies))


def bent_document(result: RefineResult) -> dict[str, Any]:
    """What is told of a bent copy: how far it moved, its residues' correlation before and after, and what was done."""
    return {
        "rmsd_moved": round(result.rmsd_moved, 4),
        "local_correlation": {
            name: round(float(np.mean(values)), 4) for name, values in (("before", result.before), ("after", result.after))
        },
        "steps": [asdict(one) for one in result.steps],
        "geometry": result.geometry.to_dict(),
        "unsupported": unsupported(result),
        "warnings": [one.message for one in result.warnings],
    }
