"""The one entry to a composite: `run_compose`."""

import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from difffit_core.compose.assembly import PlacedCopy, name_chains
from difffit_core.compose.candidates.dropped import Dropped, missing_copies
from difffit_core.compose.candidates.evidence import p_of_assembly
from difffit_core.compose.candidates.overlap import clashes
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.edit.rounds import Rounds
from difffit_core.compose.molecules import Part, molecules
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.residual import residual
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.solve.at_once import Solving
from difffit_core.compose.symmetry.find import Symmetry, find_symmetry, obeying
from difffit_core.compose.workshop import Placed, Workshop, near_enough
from difffit_core.device import resolve_device
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.fit.request import CancelFlag, OnProgress


def run_compose(request: ComposeRequest, on_progress: OnProgress | None = None, cancel: CancelFlag | None = None) -> ComposeResult:
    """Place several models, or several copies.

    Together: each model is fitted alone; its placements are candidates, of which an integer programme chooses those that together explain
    most and do not overlap. The chosen ones are refined together, symmetry among the copies is looked for and completed, and models of
    which copies may be missing are fitted again into what is left of the map, until nothing more is found.

    Round by round: models are fitted, the best placements accepted as they are, their density is zeroed out, and what is left is fitted.

    Parameters
    ----------
    request : the map, the models and the settings
    on_progress : called from this thread, at most ten times a second
    cancel : looked at between blocks of work

    Raises
    ------
    DeviceError, UserError
        As `run_fit`.
    FitCancelled
        If it was cancelled before anything was found; later, what was found is put together and returned, with ``cancelled`` set.
    """
    start = time.perf_counter()
    if not request.wanted:
        return _nothing(request, start, cancelled=cancel is not None and cancel.is_set())
    shop = Workshop(request, on_progress, cancel or threading.Event())
    rounds = request.settings.method == "rounds"
    way: Rounds | Solving = Rounds(shop) if rounds else Solving(shop)
    way.run()
    symmetries, order, placed = _symmetries(shop, way.placed)
    copies = _copies(shop, [way.chosen[i] for i in order], [placed[i] for i in order])
    left = shop.rest([(copy.body, copy.pose) for copy in copies], [dict(copy.chains) for copy in copies])
    solution = way.solution if isinstance(way, Solving) else None
    alternative = way.alternative() if isinstance(way, Solving) else None
    dropped = [*(way.dropped if isinstance(way, Solving) else ()), *missing_copies(shop, way.pool, way.chosen, way.placed)]
    cancelled = shop.cancelled
    shop.steps.finish(cancelled)
    return ComposeResult(
        copies=tuple(copies),
        p_value=p_of_assembly([(copy.body, copy.p_value) for copy in copies], len(shop.bodies)),
        score=solution.score if solution else sum(one.evidence for one in way.chosen),
        proven=solution.proven if solution else False,
        symmetries=symmetries,
        residual=left,
        alternative=alternative,
        fits=tuple(shop.fits),
        rounds=tuple(way.rounds) if isinstance(way, Rounds) else (),
        dropped=tuple(dropped),
        notes=tuple(_notes(shop, dropped, symmetries, [(copy.body, copy.pose) for copy in copies])),
        device=shop.device,
        timing={**shop.timing, "total_s": time.perf_counter() - start},
        cancelled=cancelled,
    )


def _nothing(request: ComposeRequest, start: float, *, cancelled: bool) -> ComposeResult:
    """Of no models: all of the map is left."""
    left = residual(request.target, (), ())
    return ComposeResult(
        copies=(), p_value=1.0, score=0.0, proven=False, symmetries={}, residual=left, alternative=None, fits=(), rounds=(), dropped=(),
        notes=request.density_map.notes, device=resolve_device(request.device),
        timing={"total_s": time.perf_counter() - start}, cancelled=cancelled,
    )  # fmt: skip


def _symmetries(shop: Workshop, placed: Placed) -> tuple[dict[int, Symmetry], list[int], Placed]:
    """The symmetry of each model's copies, their order along it, and where they stand, exactly if it is to be imposed."""
    settings = shop.request.settings
    found: dict[int, Symmetry] = {}
    order: list[int] = []
    placed = list(placed)
    for index, body in enumerate(shop.bodies):
        mine = [i for i, (which, _) in enumerate(placed) if which == index]
        symmetry = None
        if settings.symmetry != "none":
            poses, near = [placed[i][1] for i in mine], near_enough(shop.request.resolution)
            by_map = shop.look_at_map() if settings.symmetry == "map" and len(mine) > 1 else None
            symmetry = obeying(body, poses, near, by_map) if by_map else None
            symmetry = symmetry or find_symmetry(body, poses, near, settings.group)
        if symmetry is not None:
            members = symmetry.members
            ranked = sorted(range(len(mine)), key=lambda i: (members[i][0] < 0, members[i]))
            if settings.impose or settings.group is not None:
                for i, pose in zip(mine, symmetry.imposed([placed[i][1] for i in mine]), strict=True):
                    placed[i] = index, pose
            found[index] = replace(symmetry, members=tuple(members[i] for i in ranked))
            mine = [mine[i] for i in ranked]
        order += mine
    return found, order, placed


def _copies(shop: Workshop, chosen: Sequence[Candidate], placed: Placed) -> list[PlacedCopy]:
    scored = [shop.judge_again(one, pose) for one, (_, pose) in zip(chosen, placed, strict=True)]
    clash = clashes([pose.apply(shop.bodies[index].coordinates) for index, pose in placed])
    models = [shop.bodies[index].model for index, _ in placed]
    linked = shop.request.settings.linked
    names = [{name: name for name in model.chains} for model in models] if linked else name_chains(models, _molecules(shop, placed)[0])
    number: Counter[int] = Counter()
    copies = []
    for one, share, chains in zip(scored, clash, names, strict=True):
        number[one.body] += 1
        copies.append(
            PlacedCopy(one.body, number[one.body], one.pose, chains, one.correlation, one.z_score, one.judged_p, float(share), _source(one))
        )
    return copies


def _molecules(shop: Workshop, placed: Placed) -> tuple[list[int], list[str]]:
    """The molecule of each placed copy, and what is to be said of parts that are in none together."""
    parts = [Part(shop.request.wanted[index].part_of, index, shop.bodies[index].model, pose) for index, pose in placed]
    return molecules(parts, near_enough(shop.request.resolution))


def _source(one: Candidate) -> str:
    if one.p_beside is None or one.p_value < SIGNIFICANT:
        return one.source
    alone = f" (alone p = {one.p_value:.1g})" if one.p_value < 1 else ""
    return f"stands out beside the others{alone}; {one.source}"


def _without(shop: Workshop, one: Dropped, placed: Placed) -> str:
    """What is left out, in a sentence: a further copy where one of the model stands."""
    name = shop.bodies[one.body].model.name
    further = shop.request.wanted[one.body].copies is None and any(body == one.body for body, _ in placed)
    return f"{name}: a further copy {one.why}" if further else f"{name}: {one.why}"


def _notes(shop: Workshop, dropped: Sequence[Dropped], symmetries: dict[int, Symmetry], placed: Placed) -> list[str]:
    of_models = [f"{body.model.name}: {note}" for body in shop.bodies for note in body.model.notes]
    evidence = shop.request.density_map.evidence
    notes = [
        *shop.request.density_map.notes,
        *(evidence.warnings if evidence else ()),
        *of_models,
        *(_without(shop, one, placed) for one in dropped),
    ]
    notes += shop.linkers.torn(placed)
    notes += _molecules(shop, placed)[1]
    if shop.request.density_map.lattice is not None:
        notes.append("The map is periodic. Each model was searched across its faces, but they are weighed together inside the box alone.")
    if shop.of_map is not None:
        notes.append(shop.of_map.sentence)
        notes += [] if shop.of_map.standing else ["Copies are found one by one, not by a symmetry of the map."]
    group = shop.request.settings.group
    if group is not None:
        missing = [body.model.name for index, body in enumerate(shop.bodies) if index not in symmetries]
        notes += [f"{name}: its copies do not obey {group}, which was asked for" for name in missing]
    return notes
