"""Screening a library: starting, stopping, going on, opening what was found before, and taking the results elsewhere."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.features.screen.views import ScreenPanelView
from difffit_app.features.screen.work import Ended, ScreenRun, command_of, export, map_of, read_screen, run
from difffit_app.messages import tell
from difffit_app.state.items import OpenMap
from difffit_app.state.levels import level_for
from difffit_app.state.screening import OpenScreen, ScreeningState, ScreenNews, ScreenTable
from difffit_app.workers.lane import Context, Job
from difffit_core.errors import UserError

if TYPE_CHECKING:
    from difffit_core.screen.recipe import ScreenRecipe

logger = logging.getLogger(__name__)

SAVED = 5
"""How many of the best models are written as mmCIF."""


class ScreensController:
    """One screen at a time, in processes of its own; what is found is kept in the screen's file as it comes."""

    def __init__(self, desk: Desk, screening: ScreeningState, view: ScreenPanelView) -> None:
        self._session, self._view_state, self._screening, self._jobs = desk.session, desk.view_state, screening, desk.jobs
        self._messages, self._exports, self._view = desk.messages, desk.exports, view
        self._awaits_map = False
        desk.session.events.cleared.connect(self._on_cleared)
        desk.session.events.map_added.connect(self._on_map)

    def start(self, asked: "ScreenRecipe", store: Path, jobs: int | None = None) -> None:
        """Begin a new screen, kept in a file ``store``; ``jobs`` are processes, None for one a core or GPU."""
        if self._is_busy():
            return
        item = self._session.maps[asked.map]
        if item.made is not None:
            self._messages.show_notice(
                f"A screen goes on for days, and needs its map as a file: save {item.name} (Map > Save a Copy), open that, and screen it.",
                "error",
            )
            return
        recipe = asked.changed(level=level_for(self._view_state, item.id, asked.level), half_maps=item.density.half_maps)
        self._run(ScreenRun(recipe, store.absolute(), item.density, (Path(recipe.library),), jobs, False))

    def resume(self, jobs: int | None = None, device: str = "auto", libraries: Sequence[Path] = ()) -> None:
        """Go on with the screen that is open, as it was set up, with the models of more libraries added."""
        screen = self._screening.screen
        if screen is None:
            self._messages.show_notice("There is no screen to go on with: start one, or open one.", "info")
            return
        if self._is_busy():
            return
        item = self.map()
        if item is None:
            self._messages.show_notice(
                f"Open the map of this screen to go on with it: {screen.details['map'] or 'it has no file'}", "warning"
            )
            return
        try:
            self._run(ScreenRun.going_on(screen, item.density, libraries, jobs, device))
        except UserError as error:
            tell(self._messages, "going on with the screen", error)

    def add(self, libraries: Sequence[Path], jobs: int | None = None, device: str = "auto") -> None:
        """Have more models tried."""
        if libraries:
            self.resume(jobs, device, libraries)

    def stop(self) -> None:
        """Stop the running screen; what it found is kept, and it can go on."""
        self._jobs.cancel_screen()

    def open(self, path: Path) -> None:
        """Show a screen as it stands, and open its map, at the level of the screen, if it is not open."""
        if self._is_busy():
            return

        def done(found: tuple[OpenScreen, ScreenTable]) -> None:
            self._messages.show_activity("")
            screen, table = found
            self._show(screen, table)
            if self.map() is None and screen.details["map"] is not None:
                self._awaits_map = True
                self.map_wanted(Path(screen.details["map"]))

        self._messages.show_activity(f"Reading {path.name} …")
        self._jobs.read(Job(f"reading {path.name}", lambda _: read_screen(path), done, lambda _: self._messages.show_activity("")))

    def map_wanted(self, path: Path) -> None:
        """What is done where a screen's map is not open; replaced by whoever opens files."""
        self._messages.show_notice(f"The map of this screen is not open: {path}", "info")

    def map(self) -> OpenMap | None:
        """The map of the screen that is open, if it is open, too."""
        return map_of(self._screening.screen, self._session.maps.values())

    def export(self, folder: Path) -> None:
        """Write the ranking as JSON and CSV, the report as HTML and the best models as mmCIF into a folder."""
        screen = self._screening.screen
        if screen is None:
            return
        from difffit_core.screen.export import NAMES

        place = self._exports.claim_folder(folder, "screen", NAMES, more=[screen.path])
        if place is None:
            return

        def done(written: list[Path]) -> None:
            self._messages.show_activity("")
            self._messages.show_notice(
                f"Wrote {len(written)} files into {written[0].parent}: report.html is the one to read first.", "info"
            )

        self._messages.show_activity("Writing the results of the screen …")
        self._jobs.read(
            Job("writing the results", lambda _: export(screen, place, SAVED), done, lambda _: self._messages.show_activity(""))
        )

    def command_line(self, jobs: int | None = None, device: str = "auto") -> str:
        """What repeats the screen that is open without the window; empty if there is none."""
        screen = self._screening.screen
        try:
            return "" if screen is None else command_of(screen, jobs, device)
        except UserError as error:
            tell(self._messages, "writing the command line", error)
            return ""

    def _is_busy(self) -> bool:
        if self._screening.running:
            self._messages.show_notice("A screen is running; stop it first.", "error")
        return self._screening.running

    def _run(self, order: ScreenRun) -> None:
        self._screening.set_running(True)
        self._screening.tell(ScreenNews(words="Starting …"))
        logger.info("screen: %s in %s", order.store, order.density.path or order.density.name)

        def work(context: Context) -> Ended:
            return run(order, context)

        self._jobs.screen(Job("screening", work, self._done, self._run_failed, lambda told: self._on_news(*told)))

    def _on_news(self, screen: OpenScreen, news: ScreenNews) -> None:
        if self._screening.screen is not screen:
            self._show(screen, news.table)
        elif news.table is not None:
            self._screening.show(news.table)
        self._screening.tell(news)

    def _done(self, ended: Ended) -> None:
        self._screening.set_running(False)
        self._show(ended.screen, ended.table)
        self._screening.tell(ScreenNews(words="" if ended.finished else "Stopped; Resume goes on"))
        table = ended.table
        if ended.finished:
            count = table.significant
            self._messages.show_notice(
                f"The screen is done: {count or 'none'} of {table.ranked} models {'is' if count == 1 else 'are'} significant.", "info"
            )

    def _run_failed(self, _: BaseException) -> None:
        self._screening.set_running(False)
        self._screening.tell(ScreenNews(words=""))

    def _show(self, screen: OpenScreen, table: ScreenTable | None) -> None:
        self._screening.open(screen)
        if table is not None:
            self._screening.show(table)
        item = self.map()
        self._view.show_set_up(item.id if item else None, screen.record, screen.details.get("libraries", ()), screen.path)

    def _on_map(self, item: OpenMap) -> None:
        screen = self._screening.screen
        if self._awaits_map and screen is not None and self.map() is item:
            self._awaits_map = False
            self._view_state.set_map_style(item.id, level=screen.record["level"])
            self._view.show_set_up(item.id, screen.record, screen.details.get("libraries", ()), screen.path)

    def _on_cleared(self) -> None:
        if not self._screening.running:
            self._screening.open(None)
