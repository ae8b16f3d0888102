"""Comparing two placements: the button that is on while it is wanted, what is cut away, and what is said of it."""

from difffit_app.commands.things import CutAway
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.residues.controller import JudgingController
from difffit_app.offered import ChosenRows
from difffit_app.state.judging import JudgingState
from difffit_app.window.main_window import MainWindow


class Comparing:
    """Compares what is selected in ``table``, in the panel that is called ``title``."""

    def __init__(
        self, desk: Desk, window: MainWindow, judging: JudgingState, controller: JudgingController, table: ChosenRows, title: str
    ) -> None:
        self._desk, self._window, self._judging, self._controller = desk, window, judging, controller
        self._table, self._title = table, title
        for signal in (judging.changed, judging.other_changed, judging.cut_away_changed):
            signal.connect(self._tell)
        judging.cut_away_changed.connect(self._tell_if_all_is_cut_away)
        words = "Leave out of a placement that is compared what the selected one covers: cut-away 3"
        desk.commands.add(Verb("cut-away", CutAway, lambda recipe: judging.set_cut_away(recipe.within), words))

    def toggle(self) -> None:
        """Compare the selected rows, or stop comparing."""
        if self._judging.other is not None:
            self._controller.stop_comparing()
        elif self._controller.compare(self._table.chosen_ranks()):
            if self._desk.view_state.layout == "gallery":
                self._desk.view_state.set_layout("views")
            self._window.raise_panel(self._title)
        else:
            self._desk.commands.call_off()
        self._tell()

    def cut_away(self, within: float) -> None:
        """Leave out of the other placement what lies within so many Å of the selected one."""
        with self._desk.commands.doing("cut-away", {"within": within}, kind=("cut-away",)):
            self._judging.set_cut_away(within)

    def _tell(self, *_: object) -> None:
        judging, judgement = self._judging, self._judging.judgement
        comparison = None if judgement is None else judgement.comparison
        comparison = comparison if comparison is not None and comparison.other is judging.other else None
        self._window.mark("compare", judging.other is not None)
        off = f", beyond {judging.cut_away:g} Å" if judging.cut_away else ""
        self._window.viewer.tell_compared(
            "" if comparison is None else f"{comparison.other.rank} in magenta{off}: {comparison.difference.sentence}"
        )

    def _tell_if_all_is_cut_away(self, within: float) -> None:
        drawn, judgement = self._window.viewer.fit.compared, self._judging.judgement
        if drawn is None or drawn.actor is None or not drawn.actor.is_empty or judgement is None or judgement.comparison is None:
            return
        other = judgement.comparison.other.rank
        self._window.show_notice(
            f"Nothing is left of placement {other}: all of it lies within {within:g} Å of {judgement.placement.rank}.", "info"
        )
