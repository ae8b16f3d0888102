"""What menu and keys do with the rounds that are selected."""

from collections.abc import Callable
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.features.rounds.controller import CompositesController, Place
from difffit_app.features.rounds.panel import RoundsPanel
from difffit_app.features.rounds.working import WorkingController
from difffit_app.offered import FitSetUp
from difffit_app.state.searched import working_file_name
from difffit_app.window.main_window import MainWindow

ROUNDS = "Rounds"


class OnRounds:
    """Each does nothing where nothing is selected that it could be done with, or says what to select."""

    def __init__(self, desk: Desk, window: MainWindow, rounds: RoundsPanel, composites: CompositesController, fits: FitSetUp) -> None:
        self._desk, self._window, self._rounds, self._composites, self._fits = desk, window, rounds, composites, fits

    def at_place(self, act: Callable[[Place], None]) -> Callable[[], None]:
        """To act on the round that is selected first."""

        def run() -> None:
            chosen = self._rounds.chosen()
            if chosen:
                act(chosen[0].place)

        return run

    def rename(self, place: Place) -> None:
        """Give a round, or its composite, another name."""
        composite = self._desk.session.composites[place[0]]
        name = next((one.name for one in composite.rounds if one.id == place[1]), composite.name)
        self._composites.rename(place, self._rounds.ask_for_name(name))

    def remove(self) -> None:
        """Take a copy out of its round, or delete a round or a composite."""
        row = next(iter(self._rounds.chosen()), None)
        if row is not None and row.copy is not None:
            self._composites.remove_copy(row.place, row.copy)
        elif row is not None:
            self._composites.delete(row.place)

    def compare(self) -> None:
        """The two selected places, or the selected one with where one stands."""
        composite = self._desk.session.composite
        places = list(dict.fromkeys(row.place for row in self._rounds.tree.rows()))
        if len(places) == 1 and composite is not None:
            places.append((composite.id, composite.current))
        if len(places) < 2 or places[0] == places[1]:
            self._window.show_notice("Select two rounds, with Ctrl, to compare them.", "info")
            return
        self._window.raise_panel(ROUNDS)
        self._composites.compare(places[0], places[1])

    def fit_next(self) -> None:
        """Have the Fit panel ask for the next round."""
        session = self._desk.session
        if session.composite is not None:
            session.set_raw(False)
            self._fits.choose_map(session.composite.map)
            self._fits.ask()

    def save_working(self, working: WorkingController) -> None:
        """Ask where to, and write what is left of the map."""
        shown = self._desk.session.working
        if shown is None:
            return
        suggestion = working_file_name(shown.density.path or Path("map"), self._composites.round_name(shown))
        path = self._desk.prompts.ask_where_to_save("Save working map", suggestion, "Maps (*.mrc *.mrc.gz)")
        if path is not None:
            working.save(path)
