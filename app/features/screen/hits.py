"""Looking at the models of a screen: in the views as after a fit, and the best as small pictures."""

import logging
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.commands.words import meant
from difffit_app.desk import Desk
from difffit_app.features.screen.views import ThumbnailsView
from difffit_app.features.screen.work import Hit, command_of, map_of, read_best, read_hit
from difffit_app.state.changes.of_session import AddFit, AddModel, Change, Together
from difffit_app.state.figure import DRAWS_IN_THREADS
from difffit_app.state.screening import OpenScreen, ScreeningState, Thumbnail
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_core.errors import UserError
from difffit_core.number_words import whole_number

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

    from difffit_app.state.items import OpenMap, OpenModel
    from difffit_core.pose import Pose
    from difffit_core.screen.rows import ScreenRow

logger = logging.getLogger(__name__)

MOST_PROPOSED = 1000
PICTURED = 6
"""How many of the best get a picture."""


class ScreenHitsController:
    """The model that is looked at takes the place of the one before, unless that was kept or something else was done since."""

    def __init__(self, desk: Desk, screening: ScreeningState, view: ThumbnailsView) -> None:
        self._session, self._screening, self._jobs = desk.session, screening, desk.jobs
        self._messages, self._history, self._view, self._commands = desk.messages, desk.history, view, desk.commands
        self._reading: Job | None = None
        self._drawing: Job | None = None
        self._fits: dict[tuple[Path, int, float], str] = {}
        self._step: object | None = None
        self._watched = False
        self._undrawable: set[int] = set()
        screening.table_changed.connect(lambda _: self._draw_next())
        screening.screen_changed.connect(lambda _: self._on_screen())
        desk.session.events.cleared.connect(self._on_cleared)

    def look_at(self, identifier: int | None) -> None:
        """Show a model of the screen in its placements, by the id of its row; one that has none is only chosen."""
        screen, table = self._screening.screen, self._screening.table
        if screen is None or table is None or identifier not in table.positions:
            return
        self._screening.choose(identifier)
        if self._reading is not None:
            self._reading.cancel.set()
            self._reading = None
        row = None if identifier is None else table.rows[table.positions[identifier]]
        if row is None or row.correlation is None:
            return
        known = self._fits.get((screen.path, row.id, row.correlation))
        if known is not None and self._session.fit is not None and self._session.fit.id == known:
            return
        with self._commands.doing("hit", {"model": row.name}):
            self._look(screen, row, known)

    def names(self) -> list[str]:
        """Of the models that can be looked at, the best first."""
        table = self._screening.table
        return [] if table is None else [row.name for row in table.rows[: table.ranked]]

    def look_for(self, text: str) -> None:
        """Show the model of that name, or else of that rank.

        Raises
        ------
        UserError
            If none is meant.
        """
        table, names = self._screening.table, self.names()
        if table is None or self._screening.screen is None:
            raise UserError("no screen is open; open FILE.sqlite opens one, and screen begins one")
        rank = whole_number(text)
        if text in names:
            self.look_at(table.rows[names.index(text)].id)
        elif rank is not None and 1 <= rank <= len(names):
            self.look_at(table.rows[rank - 1].id)
        else:
            maybe = meant(text, names[:MOST_PROPOSED])
            raise UserError(f"the screen has {len(names)} models with placements, none of name or rank {text}{maybe}")

    def _look(self, screen: OpenScreen, row: "ScreenRow", known: str | None) -> None:
        if known in self._session.fits:
            self._session.select_fit(known)
            return
        item = map_of(screen, self._session.maps.values())
        if item is None:
            self._messages.show_notice(f"Open the map of this screen to see the model in it: {screen.details['map']}", "warning")
            return
        models = [one for one in self._session.models.values() if one.model.path is not None]
        open_models = {(one.model.path.absolute(), one.model.models): one.id for one in models if one.model.path is not None}
        opening = self._session.opening

        def work(_: Context) -> Hit | None:
            return None if job.cancel.is_set() else read_hit(screen, row, item.id, open_models, command_of(screen, None, "auto"))

        job = self._reading = Job(f"reading {row.name}", work, lambda hit: self._show(job, opening, row, hit), lambda _: self._failed(job))
        self._jobs.read(job)

    def step(self, by: int) -> None:
        """Look at the next or the previous of the ranking."""
        table = self._screening.table
        if table is not None and table.ranked:
            now = table.positions.get(self._screening.chosen or -1)
            place = (0 if by > 0 else table.ranked - 1) if now is None else max(0, min(table.ranked - 1, now + by))
            self.look_at(table.rows[place].id)

    def keep(self) -> None:
        """Leave the model that is looked at open when another is."""
        if self._step is not None and self._history.last is self._step and self._session.fit is not None:
            name = self._session.models[self._session.fit.record.model].name
            self._messages.show_notice(f"{name} stays open.", "info")
        self._step = None

    def watch(self, watched: bool) -> None:
        """Draw small pictures only while someone may see them."""
        self._watched = watched
        self._draw_next()

    def draw_again(self) -> None:
        """The pictures are to look otherwise."""
        self._screening.show_thumbnails({})
        self._draw_next()

    def _show(self, job: Job, opening: int, row: "ScreenRow", hit: Hit | None) -> None:
        screen = self._screening.screen
        if job is not self._reading or hit is None or screen is None:
            return
        self._reading = None
        record, session = hit.fit.record, self._session
        if opening != session.opening or record.map not in session.maps:
            return
        changes: list[Change] = []
        if self._step is not None and self._history.last is self._step:
            self._history.undo()
        model_id = record.model
        if hit.model is not None:
            model_id = session.new_id("model")
            changes.append(AddModel(replace(hit.model, id=model_id)))
        elif model_id not in session.models:
            self.look_at(row.id)  # its model has been closed meanwhile
            return
        fit = replace(hit.fit, record=record.changed(id=session.new_id("fit"), model=model_id))
        changes.append(AddFit(fit))
        self._history.do(Together(tuple(changes), f"Look at {row.name}"))
        self._step = self._history.last
        self._fits[screen.path, row.id, row.correlation or 0.0] = fit.id

    def _failed(self, job: Job) -> None:
        if job is self._reading:
            self._reading = None

    def _on_cleared(self) -> None:
        self._fits.clear()  # ids are given anew

    def _on_screen(self) -> None:
        self._undrawable.clear()
        if self._screening.screen is None and self._reading is not None:
            self._reading.cancel.set()
            self._reading = None

    def _draw_next(self) -> None:
        """One picture at a time, the best first; the worker for files has time for others in between."""
        screen, table = self._screening.screen, self._screening.table
        item = map_of(screen, self._session.maps.values())
        if not self._watched or screen is None or table is None or item is None or self._drawing is not None:
            return
        best = [row for row in islice(table.rows, min(PICTURED, table.ranked)) if row.id not in self._undrawable]
        known = {row.id: self._screening.thumbnails[row.id] for row in best if row.id in self._screening.thumbnails}
        if list(known) != list(self._screening.thumbnails):
            self._screening.show_thumbnails(known)
        row = next((row for row in best if row.id not in known or known[row.id].correlation != row.correlation), None)
        if row is not None:
            self._draw(row, item)

    def _draw(self, row: "ScreenRow", item: "OpenMap") -> None:
        screen = self._screening.screen
        if screen is None:
            return
        level = screen.record["level"]

        def work(_: Context) -> "NDArray[uint8] | tuple[OpenModel, Pose]":
            model, pose = read_best(screen, row)
            return self._view.draw_thumbnail_later(item, level, model, pose)() if DRAWS_IN_THREADS else (model, pose)

        def done(drawn: "NDArray[uint8] | tuple[OpenModel, Pose]") -> None:
            self._drawing = None
            if self._screening.screen is not None and self._screening.screen.path == screen.path:
                pixels = self._view.draw_thumbnail_later(item, level, *drawn)() if isinstance(drawn, tuple) else drawn
                self._screening.show_thumbnails({**self._screening.thumbnails, row.id: Thumbnail(pixels, row.correlation or 0.0)})
            if not self._screening.running:  # else the ranking may be another soon, and the next is drawn then
                self._draw_next()

        def failed(error: BaseException) -> object:
            self._drawing = None
            self._undrawable.add(row.id)
            logger.warning("no picture of %s: %s", row.name, str(error))  # told in the window when the row is clicked
            self._draw_next()
            return SETTLED

        self._drawing = Job(f"drawing {row.name}", work, done, failed)
        self._jobs.read(self._drawing)
