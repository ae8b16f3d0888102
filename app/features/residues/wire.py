"""How well the residues of the selected placement fit: the panel, the colours, the mark in the views."""

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.desk import Desk
from difffit_app.features.residues.comparing import Comparing
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
    comparing = Comparing(desk, window, judging, controller, table, TITLE)

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

    def mark_colours(*_: object) -> None:
        fit = session.fit
        style = None if fit is None else view_state.models.get(fit.record.model)
        window.mark("fit_colours", style is not None and style.colour_by == "local_fit")

    def toggle_colours() -> None:
        controller.toggle_colours()
        mark_colours()

    for signal in (judging.changed, view_state.model_style_changed, session.events.fit_selected):
        signal.connect(mark_colours)
    dock.visibilityChanged.connect(controller.watch)
    panel.metric_chosen.connect(judging.set_metric)
    panel.residue_chosen.connect(go_to)
    panel.residue_activated.connect(lambda position: go_to(position, _CLOSE))
    panel.stepped.connect(step)
    panel.cut_away_chosen.connect(comparing.cut_away)
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
        "compare": comparing.toggle,
        "show_unexplained": show_unexplained,
        "export_residues": export,
        "copy_residues": copy,
    }
    return controller
