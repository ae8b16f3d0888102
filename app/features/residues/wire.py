"""How well the residues of the selected placement fit: the panel, the colours, the mark in the views."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.things import CutAway
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.residues.controller import JudgingController
from difffit_app.features.residues.panel import ResiduesPanel
from difffit_app.offered import ChosenRows
from difffit_app.state.judging import JudgingState
from difffit_app.window.main_window import MainWindow

_CLOSE = 15.0
"""Å around a residue that a double click has in view."""
_SMALLEST_BALL, _LARGEST_BALL = 3.0, 15.0
"""Radii in Å of what marks unexplained density."""
TITLE = "Residues"


def wire(desk: Desk, window: MainWindow, table: ChosenRows) -> JudgingController:
    session, view_state, viewer = desk.session, desk.view_state, window.viewer
    judging = JudgingState()
    controller = JudgingController(desk, judging)
    panel = ResiduesPanel(judging)
    dock = window.add_panel(TITLE, panel, Qt.DockWidgetArea.BottomDockWidgetArea, beside="Placements")
    panel.offer(*(window.actions_by_id[name] for name in ("compare", "fit_colours", "show_unexplained")))
    viewer.fit.follow(judging)

    def centre(within: float | None = None) -> None:
        where = viewer.fit.residue_mark.where() if viewer.fit.residue_mark is not None else None
        if where is not None:
            viewer.centre_on(where.tolist(), within)

    def go_to(position: int, within: float | None = None) -> None:
        judging.mark(position)
        centre(within)

    def step(by: int) -> None:
        controller.step(by)
        centre()

    def next_poor() -> None:
        controller.next_poor()
        centre()

    def unmark() -> None:
        judging.mark(None)
        viewer.fit.mark.hide()

    def other_metric() -> None:
        judging.set_metric("local_correlation" if judging.metric == "q_score" else "q_score")

    def compare() -> None:
        if judging.other is not None:
            controller.stop_comparing()
        elif controller.compare(table.chosen_ranks()):
            if view_state.layout == "gallery":
                view_state.set_layout("views")
            window.raise_panel(TITLE)
        else:
            desk.commands.call_off()
        show_marks()

    def cut_away(within: float) -> None:
        with desk.commands.doing("cut-away", {"within": within}, kind=("cut-away",)):
            judging.set_cut_away(within)

    def tell_if_all_is_cut_away(within: float) -> None:
        drawn, judgement = viewer.fit.compared, judging.judgement
        if (
            drawn is not None
            and drawn.actor is not None
            and drawn.actor.is_empty
            and judgement is not None
            and judgement.comparison is not None
        ):
            other = judgement.comparison.other.rank
            window.show_notice(
                f"Nothing is left of placement {other}: all of it lies within {within:g} Å of {judgement.placement.rank}.", "info"
            )

    def show_unexplained() -> None:
        judgement = controller.shown()
        blob = None if judgement is None or judgement.explained is None else judgement.explained.blob
        if blob is not None:
            judging.mark(None)
            radius = min(max((3 * blob.volume / (4 * math.pi)) ** (1 / 3), _SMALLEST_BALL), _LARGEST_BALL)
            viewer.fit.mark.show_place(blob.centre, radius, f"unexplained: {blob.volume:,.0f} Å³")
            viewer.centre_on(blob.centre)
        elif judgement is not None:
            window.show_notice("Nothing above the level is left unexplained.", "info")

    def export() -> None:
        if controller.shown() is not None:
            path = desk.prompts.ask_where_to_save("Export residues", "residues.csv", "Tables (*.csv)")
            if path is not None:
                controller.export(path)

    def copy() -> None:
        text = controller.as_text()
        if text:
            QGuiApplication.clipboard().setText(text)
            window.show_notice(f"Copied {text.count(chr(10)) - 1} residues.", "info")

    def show_marks(*_: object) -> None:
        fit, judgement = session.fit, judging.judgement
        style = None if fit is None else view_state.models.get(fit.record.model)
        window.mark("fit_colours", style is not None and style.colour_by == "local_fit")
        comparison = None if judgement is None else judgement.comparison
        comparison = comparison if comparison is not None and comparison.other is judging.other else None
        window.mark("compare", judging.other is not None)
        off = f", beyond {judging.cut_away:g} Å" if judging.cut_away else ""
        viewer.tell_compared("" if comparison is None else f"{comparison.other.rank} in magenta{off}: {comparison.difference.sentence}")

    def toggle_colours() -> None:
        controller.toggle_colours()
        show_marks()

    for signal in (
        judging.changed,
        judging.other_changed,
        judging.cut_away_changed,
        view_state.model_style_changed,
        session.events.fit_selected,
    ):
        signal.connect(show_marks)
    dock.visibilityChanged.connect(controller.watch)
    panel.metric_chosen.connect(judging.set_metric)
    panel.residue_chosen.connect(go_to)
    panel.residue_activated.connect(lambda position: go_to(position, _CLOSE))
    panel.stepped.connect(step)
    panel.cut_away_chosen.connect(cut_away)
    judging.cut_away_changed.connect(tell_if_all_is_cut_away)
    words = "Leave out of a placement that is compared what the selected one covers: cut-away 3"
    desk.commands.add(Verb("cut-away", CutAway, lambda recipe: judging.set_cut_away(recipe.within), words))
    viewer.fit.residue_picked.connect(controller.mark)
    window.theme_changed.connect(panel.set_theme)
    panel.set_theme(window.theme)
    dock.setToolTip("How well each residue of the selected placement fits")
    window.handlers |= {
        "show_residues": lambda: window.raise_panel(TITLE),
        "fit_colours": toggle_colours,
        "residue_metric": other_metric,
        "next_residue": lambda: step(1),
        "previous_residue": lambda: step(-1),
        "poor_residue": next_poor,
        "unmark_residue": unmark,
        "compare": compare,
        "show_unexplained": show_unexplained,
        "export_residues": export,
        "copy_residues": copy,
    }
    return controller
