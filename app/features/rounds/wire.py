"""Accepting, zeroing out, and the session manager of rounds."""

from PySide6.QtCore import QPoint, Qt

from difffit_app.desk import Desk
from difffit_app.features.rounds import verbs
from difffit_app.features.rounds.accepting import AcceptingController
from difffit_app.features.rounds.controller import CompositesController
from difffit_app.features.rounds.on_rounds import ROUNDS, OnRounds
from difffit_app.features.rounds.panel import RoundsPanel
from difffit_app.features.rounds.working import WorkingController
from difffit_app.features.rounds.zero_out_panel import ZeroOutPanel
from difffit_app.features.rounds.zeroing import ZeroingController
from difffit_app.offered import ChosenRows, FitSetUp
from difffit_app.state.items import OpenFit
from difffit_app.state.searched import searched_now
from difffit_app.window.main_window import MainWindow

ZERO_OUT = "Zero Out"
_BUTTONS = {
    "zero_out": "Zero Out",
    "next_round": "Fit Next",
    "working_map": "Working Map",
    "go_round": "Go There",
    "branch_round": "Branch",
    "compare_rounds": "Compare",
    "delete_round": "Delete",
}
_BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea


def wire(desk: Desk, window: MainWindow, fit_panel: FitSetUp, table: ChosenRows) -> CompositesController:
    session, view_state = desk.session, desk.view_state
    rounds, zero_out = RoundsPanel(session, view_state), ZeroOutPanel()
    rounds_dock = window.add_panel(ROUNDS, rounds, _BOTTOM, "Placements", shown=False)
    zero_dock = window.add_panel(ZERO_OUT, zero_out, _BOTTOM, "Placements", shown=False)
    accepting = AcceptingController(desk)
    composites = CompositesController(desk, rounds)
    working = WorkingController(desk)
    zeroing = ZeroingController(desk, zero_out, composites.resolution_of)
    selected = OnRounds(desk, window, rounds, composites, fit_panel)
    verbs.add(desk, accepting, zeroing, composites)
    known: set[str] = set()

    def show_zeroing(shown: bool) -> None:
        window.mark("zero_out", shown)
        if shown and not zero_dock.isVisible():
            if view_state.layout == "gallery":
                view_state.set_layout("views")
            window.raise_panel(ZERO_OUT)
        elif not shown and zero_dock.isVisible():
            zero_dock.hide()
            window.raise_panel(ROUNDS)

    def open_menu(place: QPoint) -> None:
        window.menus["&Compose"].popup(place)

    def show_marks(*_: object) -> None:
        window.mark("working_map", session.working is not None and not session.raw)
        window.mark("show_accepted", view_state.accepted_shown)
        map_id = fit_panel.map_id()
        searched = searched_now(session, map_id) if map_id is not None and map_id in session.maps else None
        fit_panel.show_searched(f"in what {searched.name} has left of it" if searched is not None and searched.round else "")
        window.refresh()

    def open_rounds(_: object) -> None:
        """A new composite brings the panel, behind the placements, or the ranking of a screen."""
        if not known.issuperset(session.composites) and not rounds_dock.isVisible():
            window.show_behind(ROUNDS)
        known.clear()
        known.update(session.composites)

    def toggle_working() -> None:
        working.toggle_raw()
        show_marks()

    for signal in (
        session.events.composite_selected, session.events.working_changed, view_state.accepted_shown_changed, session.events.map_added,
    ):  # fmt: skip
        signal.connect(show_marks)

    def show_placements(fit: OpenFit) -> None:
        """What was found is looked at next; of a screen one looks at the ranking, and goes on there."""
        if rounds_dock.isVisible() and fit.record.screen is None:
            window.bring_forward("Placements")

    session.events.fit_added.connect(show_placements)
    session.events.composite_selected.connect(open_rounds)
    view_state.zeroing_changed.connect(window.refresh)
    fit_panel.set_up_changed.connect(show_marks)
    rounds.offer([(window.actions_by_id[name], text) for name, text in _BUTTONS.items()])
    rounds.share_chosen.connect(view_state.set_most_overlap)
    rounds.tree.asked_for.connect(lambda row: composites.go_to(row.place))
    rounds.tree.removal_asked.connect(selected.remove)
    rounds.tree.renaming_asked.connect(selected.at_place(selected.rename))
    rounds.tree.menu_asked.connect(open_menu)
    zero_out.zeroing.connect(show_zeroing)
    zero_out.chosen.connect(zeroing.choose)
    zero_out.apply_asked.connect(zeroing.apply)
    zero_out.close_asked.connect(zeroing.close)
    zero_dock.setToolTip("What zeroing out would take from the map")
    table.offer(window.actions_by_id["accept"])
    window.handlers |= {
        "accept": lambda: accepting.accept(table.chosen_ranks() or [session.placement.rank] if session.placement else []),
        "zero_out": zeroing.toggle,
        "next_round": selected.fit_next,
        "working_map": toggle_working,
        "save_working": lambda: selected.save_working(working),
        "show_accepted": lambda: view_state.set_accepted_shown(not view_state.accepted_shown),
        "show_rounds": lambda: window.raise_panel(ROUNDS),
        "go_round": selected.at_place(composites.go_to),
        "branch_round": selected.at_place(composites.branch),
        "compare_rounds": selected.compare,
        "rename_round": selected.at_place(selected.rename),
        "delete_round": selected.remove,
        "new_composite": composites.begin_new,
    }
    window.escape.add("zero_out", lambda: zeroing.is_open, zeroing.close)
    return composites
