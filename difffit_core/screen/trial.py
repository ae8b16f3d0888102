"""One model against the density: a cheap first pass, or the full search."""

import threading
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.device import resolve_device
from difffit_core.errors import FitCancelled
from difffit_core.fit.judge.ranking import rank
from difffit_core.fit.judge.significance import RIVALS
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import CancelFlag, FitRequest
from difffit_core.fit.run import search, use_threads
from difffit_core.fit.search.field import Density
from difffit_core.fit.search.optimise import Volume
from difffit_core.fit.search.run import Search
from difffit_core.fit.search.subject import MapSide, prepare_map, prepare_model
from difffit_core.fit.settings import FitSettings
from difffit_core.ops.grid import Grid
from difffit_core.ops.together import Together
from difffit_core.placement import Placement
from difffit_core.screen.content import Content
from difffit_core.screen.cutting import piece_of
from difffit_core.screen.listing import parts_of, read_entry, seed_of, told_of
from difffit_core.screen.outcome import LeftOut, Outcome, Pass, Task, Trial
from difffit_core.screen.request import ScreenRequest

if TYPE_CHECKING:
    from difffit_core.ops.torch_grid import TorchGrid

KEPT = {Pass.FIRST: 10, Pass.FULL: 40}
"""Placements of a model that are kept: of the full search as many as an assembly may need for the copies of a model."""
_FIRST_STARTS = 800
_DENSITY_A_START = 62.5
_MOST_FIRST_STARTS = 6 * _FIRST_STARTS
_FIRST_TURN, _FIRST_SHIFT_A = 0.2, 3.5


def first_pass(settings: FitSettings, density: Density) -> FitSettings:
    """The settings of the first pass: a twentieth of the balanced search or less, the same for every model of a screen.

    Starts grow with the extent of the density. They take large steps, since a start then ends in the right place three to four times as
    often (measured on six maps; the plateau lies at 3 to 5 Å and 0.15 to 0.25).
    """
    extent = float(density.inside.sum()) * float(np.prod(density.voxel_size))
    return settings.model_copy(
        update={
            "fields": ("paper", "mixed"),
            "starts": int(np.clip(extent / _DENSITY_A_START, _FIRST_STARTS, _MOST_FIRST_STARTS)),
            "steps": 40,
            "search_atoms": 200,
            "turn_rate": _FIRST_TURN,
            "shift_rate": _FIRST_SHIFT_A / float(density.voxel_size.mean()),
            "decay": 1.0,
            "candidates": 24,
            "refine_atoms": 1000,
            "refine_steps": 20,
            "polished": 24,
            "polish_steps": 30,
            "rank_by": "local_correlation",
        }
    )


class Screener:
    """Everything about a screen that does not depend on the model, made once in each process.

    ``together`` where several threads are to ask it, whose climbs then go to the device together.
    """

    def __init__(self, request: ScreenRequest, threads: int | None = None, *, together: bool = False) -> None:
        self._together = together
        self._request = request
        self._threads = threads
        self._device = resolve_device(request.device)
        self._full = self._map_side(request.settings)
        first = first_pass(request.settings, self._full.density)
        self._sides = {Pass.FIRST: (first, self._map_side(first)), Pass.FULL: (request.settings, self._full)}

    def run(self, task: Task, cancel: CancelFlag | None = None) -> Outcome:
        """Carry out a task; a model that cannot be read or fitted is an outcome, no error.

        Raises
        ------
        FitCancelled
            If it was cancelled.
        """
        content = Content.of(task.path)
        return replace(self._run(task, cancel), content=content)

    def _run(self, task: Task, cancel: CancelFlag | None) -> Outcome:
        try:
            if task.work is Pass.FIRST and not task.part and task.piece is None:
                parts = parts_of(task.path, self._request.filters)
                if parts:
                    return Outcome(task, parts=parts)
            model = read_entry(task.path, task.part, self._request.filters, self._request.resolution)
            if task.piece is not None:
                model = piece_of(model, task.piece, seed_of(model, self._request.seed))
            return Outcome(task, self.search(model, task.work, cancel), note=told_of(model))
        except FitCancelled:
            raise
        except LeftOut as reason:
            return Outcome(task, note=str(reason))
        except Exception as error:  # noqa: BLE001 - whatever a file makes happen, the others go on
            return Outcome(task, note=" ".join(str(error).split()) or type(error).__name__, failed=True)

    def search(self, model: AtomicModel, work: Pass, cancel: CancelFlag | None = None) -> Trial:
        """Search the density for a model, with draws of its own."""
        settings, side = self._sides[work]
        if self._device == "cpu":
            use_threads(self._threads)
        common = self._request
        seed = seed_of(model, common.seed)
        request = FitRequest(common.target, model, settings, seed, self._device, self._threads)
        subject = prepare_model(request)
        reporter = Reporter(1, None, cancel or threading.Event())
        if work is Pass.FIRST:
            found = Search(subject, side, settings, seed, reporter, aside="comparing with the rest of the map").run()
        else:
            found = search(request, subject, side, self._device, reporter)
        if reporter.cancelled:
            raise FitCancelled("cancelled while a model was tried")
        placements, _ = rank(request, subject, side, found)
        return _trial(model.residue_count, max(subject.template.volume / common.resolution**3, 4.0), placements, KEPT[work])

    def _map_side(self, settings: FitSettings) -> MapSide:
        common = self._request
        side = prepare_map(common.target, settings, self._device)
        fields = list(side.fields())
        if not self._together:
            return replace(side, fields=lambda: iter(fields))
        shared = [(name, _shared(volume)) for name, volume in fields]
        sharpened = lru_cache(maxsize=2)(lambda weight: _shared(side.sharpened(weight)))
        return replace(side, fields=lambda: iter(shared), raw=_shared(side.raw), sharpened=sharpened)


def _shared(volume: Volume) -> Volume:
    """The volume for several threads; what the processor climbs needs no gathering."""
    return volume if isinstance(volume, Grid) else Together(cast("TorchGrid", volume))


def _trial(residues: int, elements: float, placements: tuple[Placement, ...], kept: int) -> Trial:
    best = max(placements, key=lambda one: one.metrics.local_correlation)
    wrong = [one.metrics.local_correlation for one in placements if one is not best and one.copy_of is None]
    heights = np.sort(np.arctanh(np.clip(wrong, -0.999999, 0.999999)))[-RIVALS:]
    middle, spread, next_best = (float(np.median(heights)), float(heights.std()), float(heights[-1])) if len(heights) else (0.0, 0.0, 0.0)
    lead = float(np.arctanh(min(best.metrics.local_correlation, 0.999999))) - next_best
    gap = lead / spread if spread > 0 else 0.0
    return Trial(residues, elements, best.metrics.local_correlation, middle, gap, best.metrics.inside, placements[:kept], best)
