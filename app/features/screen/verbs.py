"""What a screen is in words."""

from collections.abc import Callable
from pathlib import Path

from difffit_app.commands.elsewhere import OF_MAP
from difffit_app.commands.things import HitOf
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.screen.hits import MOST_PROPOSED, ScreenHitsController
from difffit_app.features.screen.panel import ScreenPanel
from difffit_core.errors import UserError
from difffit_core.recipes.words import Parameter
from difffit_core.screen.recipe import ScreenRecipe


def add(desk: Desk, panel: ScreenPanel, hits: ScreenHitsController, start: Callable[[ScreenRecipe, Path, int | None], None]) -> None:
    """``start`` begins a screen that is kept in a file, in so many processes."""

    def screen(recipe: ScreenRecipe, out: str, jobs: int | None) -> None:
        """A library and a place that are typed go by the panel, which proposes where to keep it."""
        library = desk.commands.path(recipe.library)
        panel.choose_library(library)
        if out:
            panel.choose_store(desk.commands.path(out))
        store = panel.store.path()
        if not panel.can_start or store is None:
            raise UserError("another screen is running; screen-stop stops it")
        start(recipe.changed(library=str(library)), store, jobs)

    desk.commands.add(
        Verb(
            "screen",
            ScreenRecipe,
            screen,
            "Try a library of models in a map: screen #1 FOLDER",
            (
                Parameter("out", "--out", str, "", "File that keeps the screen; beside the library if not given.", "FILE"),
                Parameter("jobs", "--jobs", int | None, None, "Processes; one a core or GPU if not given."),
            ),
            maps=("map",),
            elsewhere=OF_MAP,
        ),
        Verb(
            "hit",
            HitOf,
            lambda recipe: hits.look_for(recipe.model),
            "Look at a model of the open screen: hit 1, hit 1BD2_D",
            complete=lambda _: hits.names()[:MOST_PROPOSED],
        ),
    )
