"""Laying maps onto a map in the compute worker, looking at what was found, and keeping it."""

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.features.aligning.views import AlignmentView, SetUpView
from difffit_app.features.aligning.work import Moving, align, write
from difffit_app.state.aligning import Aligned, Difference, MapMove
from difffit_app.state.levels import level_for
from difffit_app.state.made_maps import file_of
from difffit_app.workers.lane import Context, Job
from difffit_app.working import Words, show_working

if TYPE_CHECKING:
    from difffit_core.align.recipe import AlignRecipe

logger = logging.getLogger(__name__)

STANDS_OUT = 4.0
"""Standard deviations of the difference beyond which it is drawn."""


class AlignController:
    """One alignment at a time, as fits. The moving map is drawn where it was found; it stays as it was until that is kept."""

    def __init__(self, desk: Desk, set_up: SetUpView, view: AlignmentView) -> None:
        self._desk, self._session, self._view_state, self._jobs = desk, desk.session, desk.view_state, desk.jobs
        self._messages, self._set_up, self._view = desk.messages, set_up, view
        self.found: tuple[Aligned, ...] = ()
        self.chosen: tuple[int, int] | None = None
        desk.session.events.map_removed.connect(self._forget)
        desk.session.events.cleared.connect(lambda: self._show(()))

    @property
    def shown(self) -> Aligned | None:
        """The alignment that is looked at."""
        return None if self.chosen is None or self.chosen[0] >= len(self.found) else self.found[self.chosen[0]]

    @property
    def is_different(self) -> bool:
        """Whether the difference is drawn."""
        return self._view_state.difference is not None

    def start(self, asked: "AlignRecipe") -> None:
        """Lay maps onto a map, all by their ids."""
        if self._jobs.fitting:
            self._messages.show_notice("A fit is running; cancel it first.", "error")
            return
        fixed, *moving = (self._moving(asked.fixed, asked.level), *(self._moving(name, asked.moving_level) for name in asked.moving))
        opening = self._session.opening
        logger.info("align: %s", asked.changed(fixed=fixed.file, moving=tuple(one.file for one in moving)).command())
        self._set_up.show_running(True)
        self._show(())

        def work(context: Context) -> tuple[Aligned, ...]:
            return align(asked, fixed, moving, context)

        self._jobs.fit(Job("aligning", work, partial(self._done, opening), lambda _: self._failed(), self._set_up.show_progress))

    def look_at(self, number: int, rank: int) -> None:
        """Draw the map of an alignment in one of its placements."""
        self.chosen = (number, rank)
        aligned = self.shown
        placement = None if aligned is None else next((one for one in aligned.result.placements if one.rank == rank), None)
        if aligned is None or placement is None or aligned.moving not in self._session.maps:
            self._view_state.set_map_move(None)
        else:
            self._view_state.set_map_move(MapMove(aligned.moving, aligned.matrix(placement)))
        if self.is_different:
            self.show_difference(True)

    def look_away(self) -> None:
        """Draw the map where it stands, and no difference."""
        self._view_state.set_map_move(None)
        self._view_state.set_difference(None)

    def show_difference(self, shown: bool) -> None:
        """Draw where the maps differ at the best placement: what only the fixed one has, and what only the moving one."""
        aligned = self.shown
        if not shown or aligned is None:
            self._view_state.set_difference(None)
            return
        alike = aligned.result.comparison
        self._view_state.set_difference(Difference(alike.difference, max(STANDS_OUT * alike.sigma, 1e-9)))
        if self.chosen is not None and self.chosen[1] != 1:
            self._messages.show_notice("The difference is that at the best placement.", "info")

    def keep(self) -> None:
        """Make a working map of the moving one, on the fixed one's grid, in one step that can be undone."""
        aligned, session = self.shown, self._session
        if aligned is None or self.chosen is None or aligned.moving not in session.maps or aligned.fixed not in session.maps:
            return
        from difffit_core.map_edit.steps import Mirror, Place
        from difffit_core.map_edit.steps.moves import grid_of

        item, fixed, rank = session.maps[aligned.moving], session.maps[aligned.fixed], self.chosen[1]
        placement = next(one for one in aligned.result.placements if one.rank == rank)
        mirror = (Mirror(),) if aligned.result.hand == "mirrored" else ()
        place = Place.checked({"pose": placement.pose, "grid": grid_of(fixed.density)})
        words = Words(
            name=f"{item.name} on {fixed.name}",
            said=f"laid onto {fixed.name}: {placement.verdict}, p = {placement.p_value:.1g}, hand {aligned.result.hand}",
            undo=f"Align {item.name} to {fixed.name}",
            job="moving the map",
            activity="Moving the map …",
            dropped="The aligned map is dropped, because what it is made of was closed meanwhile.",
            shown=lambda name: f"{name} is on the voxels of {fixed.name}; {item.name} is hidden, and as it was.",
        )
        show_working(self._desk, item, (*mirror, place), words, self.look_away)

    def export(self, folder: Path) -> None:
        """Write the aligned map, the difference, the report and the numbers into a folder of their own in ``folder``."""
        aligned = self.shown
        if aligned is None:
            return

        def done(written: list[Path]) -> None:
            self._messages.show_activity("")
            names = ", ".join(path.name for path in written)
            self._messages.show_notice(f"Wrote {names} to {written[-1].parent}", "info")

        self._messages.show_activity("Writing the alignment …")
        self._jobs.read(Job("writing the alignment", lambda _: write(folder, aligned), done, lambda _: self._messages.show_activity("")))

    def _moving(self, identifier: str, asked: float | None) -> Moving:
        item = self._session.maps[identifier]
        level = level_for(self._view_state, identifier, asked)
        return Moving(item.id, item.name, str(file_of(item, self._session)), replace(item.density, name=item.name), level)

    def _done(self, opening: int, found: tuple[Aligned, ...]) -> None:
        self._set_up.show_running(False)
        maps = self._session.maps
        there = tuple(one for one in found if opening == self._session.opening and one.fixed in maps and one.moving in maps)
        if len(there) < len(found):
            self._messages.show_notice("What was found of a map that was closed meanwhile is dropped.", "warning")
        self._show(there)
        if there:
            self._set_up.show_outcome("\n".join(one.lines[0] for one in there))
        warnings = {warning.message: (one.fixed, one.moving) for one in there for warning in one.result.warnings}
        for warning, about in warnings.items():
            self._messages.show_notice(warning, "warning", about=about, where="Alignment")

    def _failed(self) -> None:
        self._set_up.show_running(False)
        self._set_up.show_outcome("")

    def _forget(self, identifier: str) -> None:
        if any(identifier in (one.fixed, one.moving) for one in self.found):
            self._show(tuple(one for one in self.found if identifier not in (one.fixed, one.moving)))

    def _show(self, found: tuple[Aligned, ...]) -> None:
        self.found, self.chosen = found, None
        self.look_away()
        self._view.show_alignments(found)
