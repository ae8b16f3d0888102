"""Screening a library, and looking at what it found."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt

from difffit_app.actions import Conditions
from difffit_app.commands.subjects import number_of_fit
from difffit_app.desk import Desk
from difffit_app.features.screen import verbs
from difffit_app.features.screen.asking import AskingForScreens
from difffit_app.features.screen.controller import ScreensController
from difffit_app.features.screen.hits import ScreenHitsController
from difffit_app.features.screen.panel import STORE_SUFFIX, ScreenPanel
from difffit_app.features.screen.ranking_panel import RankingPanel
from difffit_app.features.screen.thumbnails import HEIGHT, WIDTH
from difffit_app.offered import OpenFiles
from difffit_app.scene.pictures.thumbnail import Thumbnailer
from difffit_app.state.levels import level_for
from difffit_app.state.screening import OpenScreen, ScreeningState
from difffit_app.window.main_window import MainWindow
from difffit_core.screen.recipe import ScreenRecipe

SET_UP, FOUND = "Screen", "Ranking"


def wire(desk: Desk, window: MainWindow, files: OpenFiles) -> ScreensController:
    session = desk.session
    screening = ScreeningState()
    panel, found = ScreenPanel(session, desk.view_state, screening), RankingPanel(session, screening)
    window.add_panel(SET_UP, panel, Qt.DockWidgetArea.LeftDockWidgetArea, beside="Fit")
    dock = window.add_panel(FOUND, found, Qt.DockWidgetArea.BottomDockWidgetArea, beside="Placements")
    thumbnailer = Thumbnailer(WIDTH, HEIGHT, window.devicePixelRatioF())
    controller = ScreensController(desk, screening, panel)
    hits = ScreenHitsController(desk, screening, thumbnailer)
    controller.map_wanted = lambda path: files.open_paths([path])  # type: ignore[method-assign]

    def start(recipe: ScreenRecipe, store: Path, jobs: int | None) -> None:
        window.raise_panel(FOUND)
        recipe = recipe.changed(level=level_for(desk.view_state, recipe.map, recipe.level))
        with desk.commands.doing("screen", recipe, out=str(store), jobs=jobs):
            controller.start(desk.preferred(recipe), store, jobs)

    def show(path: Path) -> None:
        window.raise_panel(SET_UP)
        window.raise_panel(FOUND)
        controller.open(path)

    asking = AskingForScreens(desk, panel, controller, show)
    files.also_opens[STORE_SUFFIX] = show

    def reload() -> None:
        if screening.screen is not None:
            controller.open(screening.screen.path)

    def remember(screen: OpenScreen | None) -> None:
        if screen is not None:
            files.opened.emit(screen.path)

    def show_placement(rank: int) -> None:
        fit = session.fit
        if fit is not None and fit.index_of_rank(rank) is not None:
            with desk.commands.doing("placement", {"rank": str(rank), "fit": number_of_fit(fit.id)}):
                session.select_placement(rank)

    def choose_library() -> None:
        if asking.choose_library():
            window.raise_panel(SET_UP)

    def copy_command() -> None:
        if asking.copy_command():
            window.show_notice("Copied the command line that repeats this screen.", "info")

    def find() -> None:
        window.raise_panel(FOUND)
        found.ask_for_filter()

    def set_up() -> None:
        window.raise_panel(SET_UP)
        panel.library.text.setFocus()

    def set_theme(theme: Any) -> None:
        found.set_theme(theme)
        thumbnailer.set_theme(theme)
        hits.draw_again()

    def conditions(now: Conditions) -> Conditions:
        return replace(now, can_screen=panel.can_start, screening=screening.running, screened=screening.screen is not None)

    verbs.add(desk, panel, hits, start)
    window.extend_conditions(conditions)
    for signal in (screening.running_changed, screening.screen_changed):
        signal.connect(window.refresh)
    screening.screen_changed.connect(remember)
    for changed in (panel.library.changed, panel.store.changed):
        changed.connect(window.refresh)
    panel.start_asked.connect(start)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.stop_asked.connect(controller.stop)
    panel.resume_asked.connect(lambda jobs: controller.resume(jobs, asking.device))
    panel.add_asked.connect(asking.add)
    panel.library_asked.connect(choose_library)
    panel.store_asked.connect(asking.choose_store)
    panel.screen_dropped.connect(show)
    found.chosen.connect(hits.look_at)
    found.stepped.connect(hits.step)
    found.placement_chosen.connect(show_placement)
    dock.visibilityChanged.connect(hits.watch)
    session.events.map_added.connect(lambda _: hits.watch(dock.isVisible()))
    window.theme_changed.connect(set_theme)
    set_theme(window.theme)
    found.offer((window.actions_by_id["screen_keep"], "Keep Open"), (window.actions_by_id["screen_export"], "Export …"))
    dock.setToolTip("What a screen found")
    window.handlers |= {
        "screen_set_up": set_up,
        "screen_library": choose_library,
        "screen_reload": reload,
        "screen_start": panel.ask,
        "screen_stop": controller.stop,
        "screen_resume": lambda: controller.resume(panel.jobs(), asking.device),
        "screen_add": asking.add,
        "screen_open": asking.open,
        "screen_next": lambda: hits.step(1),
        "screen_previous": lambda: hits.step(-1),
        "screen_keep": hits.keep,
        "screen_find": find,
        "screen_export": asking.export,
        "screen_command": copy_command,
    }
    return controller
