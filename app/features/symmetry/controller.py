"""Looking for the symmetry of a map off the GUI thread, and imposing it."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from difffit_app.desk import Desk
from difffit_app.features.symmetry.views import SymmetryView
from difffit_app.state.composing import Axis
from difffit_app.state.levels import level_for
from difffit_app.state.made_maps import file_of
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_app.working import Words, show_working
from difffit_core.errors import FitCancelled

if TYPE_CHECKING:
    from difffit_core.align.symmetry import MapSymmetry
    from difffit_core.align.symmetry_recipe import SymmetryRecipe

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Found:
    """The symmetry of a map, by its id, and the command line that finds it again."""

    map: str
    symmetry: "MapSymmetry"
    command: str

    @property
    def is_any(self) -> bool:
        """Whether there is one to impose."""
        return self.symmetry.helix is not None or self.symmetry.group.size > 1


class SymmetryController:
    """One search at a time, beside fits; axes are drawn as long as the map is open."""

    def __init__(self, desk: Desk, view: SymmetryView) -> None:
        self._desk, self._session, self._view_state, self._jobs = desk, desk.session, desk.view_state, desk.jobs
        self._messages, self._view = desk.messages, view
        self._job: Job | None = None
        self.found: Found | None = None
        desk.session.events.map_removed.connect(self._forget)
        desk.session.events.cleared.connect(lambda: self._show(None))

    def start(self, asked: "SymmetryRecipe") -> None:
        """Look for the symmetry of a map, by its id."""
        if self._job is not None:
            self._messages.show_notice("A symmetry is being looked for; cancel that first.", "error")
            return
        item = self._session.maps[asked.map]
        recipe = asked.changed(map=str(file_of(item, self._session)), level=level_for(self._view_state, item.id, asked.level))
        logger.info("symmetry: %s", recipe.command())

        def work(context: Context) -> Found:
            from difffit_core.align.symmetry import find_symmetry
            from difffit_core.target import Target

            found = find_symmetry(
                Target(item.density, recipe.resolution, float(recipe.level or 0.0)), recipe.seed, recipe.device,
                recipe.threads, context.report, context.cancel,
            )  # fmt: skip
            return Found(item.id, found, recipe.command())

        def failed(error: BaseException) -> object:
            return self._failed(job, error)

        opening = self._session.opening
        job = Job("looking for the symmetry", work, lambda found: self._done(job, opening, found), failed, self._view.show_progress)
        self._job = job
        self._view.show_running(True)
        self._jobs.draw(job)

    def cancel(self) -> None:
        """Stop."""
        if self._job is not None:
            self._job.cancel.set()

    def impose(self) -> None:
        """Make a working map that is averaged over the symmetry, in one step that can be undone."""
        found, session = self.found, self._session
        if found is None or not found.is_any or found.map not in session.maps:
            return
        from difffit_core.align.impose import imposing

        item, symmetry = session.maps[found.map], found.symmetry
        alike = f"{symmetry.correlation:.3f} like itself (p = {symmetry.p_value:.1g})"
        words = Words(
            name=f"{item.name}, {symmetry.name}",
            said=f"averaged over {symmetry.name}, under which the map is {alike}",
            undo=f"Impose {symmetry.name} on {item.name}",
            job="averaging the map",
            activity="Averaging the map …",
            dropped="The symmetrised map is dropped, because what it is made of was closed meanwhile.",
            shown=lambda name: f"{name} is averaged over {symmetry.name}; {item.name} is hidden, and as it was.",
        )
        show_working(self._desk, item, (imposing(item.density, symmetry),), words)

    def _done(self, job: Job, opening: int, found: Found) -> None:
        if job is not self._job:
            return
        self._job = None
        self._view.show_running(False)
        if opening != self._session.opening or found.map not in self._session.maps:
            self._messages.show_notice("What was found of a map that was closed meanwhile is dropped.", "warning")
            return
        self._show(found)
        for warning in found.symmetry.warnings:
            self._messages.show_notice(warning, "warning", about=(found.map,), where="Symmetry")

    def _failed(self, job: Job, error: BaseException) -> object:
        if job is self._job:
            self._job = None
            self._view.show_running(False)
            self._view.show_outcome("Stopped." if isinstance(error, FitCancelled) else "")
        return SETTLED if isinstance(error, FitCancelled) else None

    def _forget(self, identifier: str) -> None:
        if self.found is not None and self.found.map == identifier:
            self._show(None)

    def _show(self, found: Found | None) -> None:
        self.found = found
        item = None if found is None else self._session.maps.get(found.map)
        if found is None or item is None:
            self._view.show_found("", ())
            self._view_state.set_map_axes(())
            return
        title = str(found.symmetry.helix or found.symmetry.group.name)
        self._view.show_found(f"{item.name}: {title}", (*found.symmetry.lines(), *found.symmetry.warnings))
        self.show_axes(True)

    def show_axes(self, shown: bool) -> None:
        """Draw the axes that were found, or leave them out."""
        found = self.found
        item = None if found is None else self._session.maps.get(found.map)
        if not shown or found is None or item is None:
            self._view_state.set_map_axes(())
        else:
            self._view_state.set_map_axes(axes_of(found.symmetry, float(np.linalg.norm(item.density.box)) / 2))


def axes_of(symmetry: "MapSymmetry", reach: float) -> tuple[Axis, ...]:
    """The axes as they are drawn, half of each ``reach`` Å long; those of lower fold are shorter."""

    def axis(point: np.ndarray, direction: np.ndarray, length: float, name: str) -> Axis:
        (x, y, z), (u, v, w) = point.tolist(), direction.tolist()
        return Axis((x, y, z), (u, v, w), length, name)

    if symmetry.helix is not None:
        return (axis(symmetry.helix.point, symmetry.helix.axis, reach, "helix"),)
    if symmetry.group.size < 2:
        return ()
    highest = max(one.fold for one in symmetry.group.axes)
    return tuple(
        axis(symmetry.group.centre, one.direction, reach * (1.0 if one.fold == highest else 0.7), f"{one.fold}-fold")
        for one in symmetry.group.axes
    )
