"""Reading half maps off the GUI thread, and having fits go by them."""

import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.features.halves.views import HalvesSetUpView, HalvesView
from difffit_app.state.changes.of_halves import SetDensity
from difffit_app.state.items import OpenMap
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_core.errors import FitCancelled

if TYPE_CHECKING:
    from difffit_core.halves.recipe import HalvesRecipe
    from difffit_core.halves.run import HalvesResult

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Read:
    """What two half maps say; ``item`` is the map that they are halves of, going by them, where there is one."""

    recipe: "HalvesRecipe"
    result: "HalvesResult"
    item: OpenMap | None


class HalvesController:
    """One pair at a time, beside fits."""

    def __init__(self, desk: Desk, set_up: HalvesSetUpView, view: HalvesView) -> None:
        self._session, self._view_state, self._jobs, self._history = desk.session, desk.view_state, desk.jobs, desk.history
        self._messages, self._set_up, self._view = desk.messages, set_up, view
        self._job: Job | None = None
        self.read: Read | None = None
        self.on_read: Callable[[], object] = lambda: None
        desk.session.events.map_removed.connect(self._forget)
        desk.session.events.cleared.connect(lambda: self._show(None))

    @property
    def can_use(self) -> bool:
        """Whether what was read is of a map that does not go by it yet."""
        item = None if self.read is None else self.read.item
        now = None if item is None else self._session.maps.get(item.id)
        return item is not None and now is not None and now.density.evidence is not item.density.evidence

    def propose(self, identifier: str | None) -> None:
        """Name the half maps that a map's entry names, where they lie beside it."""
        item = self._session.maps.get(identifier or "")
        path, entry = (None, None) if item is None else (item.density.path, item.density.entry)
        names = () if path is None or entry is None else tuple(path.parent / name for name in entry.half_maps)
        if len(names) == 2 and all(os.path.isfile(one) for one in names):
            self._set_up.show_files(*names)

    def start(self, asked: "HalvesRecipe", identifier: str | None) -> None:
        """Read two half maps, of a map that is open or by themselves."""
        if self._job is not None:
            self._messages.show_notice("Half maps are being read; cancel that first.", "error")
            return
        item = self._session.maps.get(identifier or "")
        logger.info("halves: %s", asked.command())

        def work(context: Context) -> Read:
            return _read(asked, item, context)

        opening = self._session.opening
        job = Job(
            "reading half maps", work, lambda read: self._done(job, opening, read), lambda error: self._failed(job, error), self._tell
        )
        self._job = job
        self._set_up.show_running(True)
        self._jobs.draw(job)

    def cancel(self) -> None:
        """Stop."""
        if self._job is not None:
            self._job.cancel.set()

    def use(self) -> None:
        """Have fits in the map go by its half maps, in one step that can be undone."""
        read = self.read
        if read is None or read.item is None or not self.can_use:
            return
        item, now = read.item, self._session.maps[read.item.id]
        density = replace(now.density, evidence=item.density.evidence, notes=item.density.notes)
        self._history.do(SetDensity(now.id, density, item.suggestion, f"Use Half Maps of {now.name}"))
        self._messages.show_notice(f"Fits in {now.name} go by its half maps from now on; commands and projects name them.", "info")

    def leave(self) -> None:
        """Have fits in the map go without its half maps again."""
        item = self._session.map
        if item is None or item.density.evidence is None:
            return
        from difffit_core.contour import suggest_level

        facts = item.density.evidence.facts
        notes = tuple(note for note in item.density.notes if note not in facts)
        density = replace(item.density, evidence=None, notes=notes)
        self._history.do(SetDensity(item.id, density, suggest_level(density), f"Leave Half Maps of {item.name}"))

    def export(self, folder: Path) -> None:
        """Write what `difffit halves` does into a new folder in ``folder``."""
        read = self.read
        if read is None:
            return

        def done(written: list[Path]) -> None:
            self._messages.show_activity("")
            self._messages.show_notice(f"Wrote {', '.join(path.name for path in written)} to {written[-1].parent}", "info")

        self._messages.show_activity("Writing what the half maps say …")
        self._jobs.read(
            Job("writing what the half maps say", lambda _: _write(folder, read), done, lambda _: self._messages.show_activity(""))
        )

    def _tell(self, told: tuple[str, float]) -> None:
        self._set_up.show_progress(told)

    def _done(self, job: Job, opening: int, read: Read) -> None:
        if job is not self._job:
            return
        self._job = None
        self._set_up.show_running(False)
        if read.item is not None and (opening != self._session.opening or read.item.id not in self._session.maps):
            read = replace(read, item=None)
        self._show(read)
        self._set_up.show_outcome(read.result.lines()[0].partition(" (")[0])
        for warning in read.result.warnings:
            self._messages.show_notice(warning, "warning", where="Half Map FSC")

    def _failed(self, job: Job, error: BaseException) -> object:
        if job is self._job:
            self._job = None
            self._set_up.show_running(False)
            self._set_up.show_outcome("Stopped." if isinstance(error, FitCancelled) else "")
        return SETTLED if isinstance(error, FitCancelled) else None

    def _forget(self, identifier: str) -> None:
        if self.read is not None and self.read.item is not None and self.read.item.id == identifier:
            self._show(replace(self.read, item=None))

    def _show(self, read: Read | None) -> None:
        self.read = read
        self._view.show_result(None if read is None else read.result)
        self.on_read()


def _read(asked: "HalvesRecipe", item: OpenMap | None, context: Context) -> Read:
    from difffit_core.contour import suggest_level
    from difffit_core.halves.attach import with_pair
    from difffit_core.halves.pair import HalfMaps, check_two
    from difffit_core.halves.run import run_halves
    from difffit_core.io.maps import read_map

    check_two(Path(asked.first), Path(asked.second))
    first, second = read_map(Path(asked.first)), read_map(Path(asked.second))
    whole = None if item is None else item.density
    pair = HalfMaps.of(first, second, whole)
    mask = read_map(Path(asked.mask)) if asked.mask else None

    def go_on(stage: str, share: float) -> bool:
        context.report((stage, share))
        return not context.cancel.is_set()

    result = run_halves(pair, asked.resolution, mask, asked.level, asked.seed, go_on, asked.local)
    if item is None or asked.resolution is None:
        return Read(asked, result, None)
    density = with_pair(replace(item.density, evidence=None), first, second, asked.resolution)
    return Read(asked, result, replace(item, density=density, suggestion=suggest_level(density)))


def _write(folder: Path, read: Read) -> list[Path]:
    from functools import partial

    import numpy as np

    from difffit_core.density_map import DensityMap
    from difffit_core.io.maps import write_map
    from difffit_core.io.tables import write_json_atomic
    from difffit_core.output import write_together

    result, recipe = read.result, read.recipe
    number, place = 1, folder / "half_maps"
    while place.exists():
        number += 1
        place = folder / f"half_maps_{number}"
    grid = result.halves.mean
    drawn = DensityMap(result.mask.astype(np.float32), grid.voxel_size, grid.origin, f"mask of {grid.name}")
    writers = {"mask.mrc": partial(write_map, density_map=drawn), "noise.mrc": partial(write_map, density_map=result.noise.map())}
    if result.local is not None:
        writers["local_resolution.mrc"] = partial(write_map, density_map=result.local)
    document = {"schema": 1, "half_maps": [recipe.first, recipe.second], **result.to_dict(), "command": recipe.command()}
    return write_together(place, {**writers, "halves.json": partial(write_json_atomic, data=document)}, command="halves")
