"""Placed models of an assembly, bent together."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from difffit_core.assemble.entry import Entry
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.result import ComposeResult
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.request import CancelFlag
from difffit_core.pose import Pose
from difffit_core.refine.leftover import left_of
from difffit_core.refine.output import refined_structure, unsupported
from difffit_core.refine.predicted import errors_for
from difffit_core.refine.request import RefineResult
from difffit_core.refine.settings import RefineSettings
from difffit_core.refine.together import Placed, bend_together

OnBending = Callable[[str, float], None]
"""Told in words what is being bent, and which share of all is done."""


@dataclass(frozen=True, eq=False)
class Bent:
    """What bending made of one placed copy, by its number ``place`` in the composite, from 0."""

    place: int
    result: RefineResult


def bend_placed(
    asked: ComposeRequest, composite: ComposeResult, entries: Sequence[Entry], tell: OnBending, cancel: CancelFlag, *, alike: bool = False
) -> tuple[tuple[Bent, ...], tuple[str, ...]]:
    """Bend all placed copies together where they stand, so that none is in another's way.

    Fixed chains and maps in the place of models stay as they are.

    Parameters
    ----------
    asked, composite, entries : the assembly
    tell, cancel : cancelling keeps what is bent
    alike : whether copies of one chain are bent alike

    Returns
    -------
    The bent copies by place, and what is to be said, one sentence each.
    """
    models = [wanted.model for wanted in asked.wanted]
    density, notes, places, placed = asked.density_map, list[str](), list[int](), list[Placed]()
    taken: set[str] = set()  # parts of one chain share its name, and are bent each on its own
    for place, copy in enumerate(composite.copies):
        model = models[copy.body]
        if model.body is not None:
            notes.append(f"{model.name} is a map and was not bent")
            points, weights = copy.pose.apply(model.fit_coordinates), model.fit_atomic_numbers.astype(np.float64)
            density = left_of(density, points, weights, asked.resolution)
            continue
        stands = entries[copy.body].stands
        is_part = stands or bool(entries[copy.body].part)  # whose file's errors are those of more than it
        pae, told = (None, ()) if is_part else errors_for(model, "")
        notes += [f"{model.name}: {one}" for one in told]
        places.append(place)
        chains = {own: name if name not in taken else f"{name}/{place + 1}" for own, name in copy.chains.items()}
        taken |= set(chains.values())
        placed.append(Placed(model, copy.pose, chains, stands, pae))
    if all(one.still for one in placed):
        return (), tuple(dict.fromkeys(notes))
    try:
        whole, parts = bend_together(
            asked.target.of(density), placed, RefineSettings(alike=alike), seed=asked.seed, threads=asked.threads,
            on_progress=lambda progress: tell(f"bending: {progress.stage}", progress.fraction), cancel=cancel,
        )  # fmt: skip
    except FitCancelled:
        return (), tuple(dict.fromkeys(notes))
    except UserError as error:
        return (), (*dict.fromkeys(notes), f"nothing was bent: {error}")
    notes += [one.message for one in whole.warnings]
    bent = (Bent(place, part) for place, one, part in zip(places, placed, parts, strict=True) if not one.still)
    return tuple(bent), tuple(dict.fromkeys(notes))


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
