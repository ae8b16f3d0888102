"""Selecting, and doing something with it."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPoint

from difffit_app.actions import Conditions
from difffit_app.desk import Desk
from difffit_app.features.selecting.asking import Asking
from difffit_app.features.selecting.bar import SequenceBar
from difffit_app.features.selecting.controller import SelectingController
from difffit_app.features.selecting.strip import SequenceStrip
from difffit_app.features.selecting.taking import TakingController
from difffit_app.offered import FitSetUp, OpenFiles
from difffit_app.scene.stage import Ray, join_bounds
from difffit_app.state.judging import JudgingState
from difffit_app.state.selection import Selection
from difffit_app.state.subjects import ChainSubject, ResidueSubject
from difffit_app.window.main_window import MainWindow

_BUTTONS = {
    "hide_selection": "Hide",
    "colour_selection": "Colour",
    "fit_selection": "Fit …",
    "zero_out_selection": "Zero Out …",
    "export_selection": "Export …",
    "select_nothing": "Clear",
}


def wire(
    desk: Desk, window: MainWindow, files: OpenFiles, fits: FitSetUp, judging: JudgingState, watch: Callable[[bool], None]
) -> SelectingController:
    """``watch`` is told whether anybody looks at how well residues fit."""
    session, view_state, viewer = desk.session, desk.view_state, window.viewer
    controller = SelectingController(desk)
    asking = Asking(desk, window, fits, controller, TakingController(desk, files.open_paths))
    bar = SequenceBar(session, view_state, judging, window.theme)
    bar.offer(*((window.actions_by_id[name], text) for name, text in _BUTTONS.items()))
    bar.hide()
    window.add_bar(bar)

    def pick(ray: Ray, shift: bool) -> None:
        found = viewer.fit.under(ray)
        controller.pick(None if found is None else found.subject, add=shift)

    def look() -> None:
        boxes = [viewer.bounds_of_residues(model, view_state.selection.of_model(model)) for model in view_state.selection.residues]
        box = join_bounds([one for one in boxes if one is not None])
        if box is not None:
            viewer.look_at_box(box, alone=True)

    def show(shown: bool) -> None:
        bar.follow(shown)
        watch(shown)
        window.mark("sequence", shown)

    closed: list[bool] = []

    def close() -> None:
        closed.append(True)
        show(False)

    def follow(selection: Selection) -> None:
        """The first selection brings the sequences, unless they were closed before."""
        if selection and bar.isHidden() and not closed:
            show(True)
        window.refresh()

    def conditions(now: Conditions) -> Conditions:
        return replace(now, selected=bool(view_state.selection))

    window.extend_conditions(conditions)
    viewer.fit.ctrl_clicked.connect(pick)
    bar.close_asked.connect(close)
    _wire_strip(bar.strip, desk, window, controller)
    view_state.selection_changed.connect(follow)
    window.closing.connect(bar.shut)
    window.escape.add("selection", lambda: bool(view_state.selection), controller.clear)
    window.handlers |= {
        "select_model": controller.choose_model,
        "select_wider": controller.widen,
        "select_invert": controller.invert,
        "select_nothing": controller.clear,
        "look_at_selection": look,
        "hide_selection": controller.hide,
        "hide_unselected": controller.hide_others,
        "show_residues_again": controller.show_all,
        "colour_selection": asking.colour,
        "uncolour_residues": controller.uncolour,
        "fit_selection": asking.fit,
        "zero_out_selection": asking.zero_out,
        "export_selection": asking.export,
        "sequence": lambda: close() if not bar.isHidden() else show(True),
    }
    return controller


def _wire_strip(strip: SequenceStrip, desk: Desk, window: MainWindow, controller: SelectingController) -> None:
    """What is chosen in the sequences is of the model that is shown."""
    session = desk.session

    def choose(residues: list[int], add: bool, toggle: bool) -> None:
        if session.model is not None and toggle:
            controller.toggle(session.model.id, residues)
        elif session.model is not None:
            controller.choose(session.model.id, residues, add=add)

    def choose_chain(chain: str, add: bool) -> None:
        if session.model is not None:
            controller.pick(ChainSubject(session.model.id, chain), add=add)

    def toggle_chain(chain: str) -> None:
        if session.model is not None:
            controller.toggle_chain(session.model.id, chain)

    def ask_for_menu(what: int | str, place: QPoint) -> None:
        if session.model is not None:
            model = session.model.id
            window.menu_asked.emit(ChainSubject(model, what) if isinstance(what, str) else ResidueSubject(model, what), place)

    def look_at_residue(residue: int) -> None:
        if session.model is not None:
            window.look_asked.emit(ResidueSubject(session.model.id, residue))

    strip.chosen.connect(choose)
    strip.chain_chosen.connect(choose_chain)
    strip.chain_toggled.connect(toggle_chain)
    strip.menu_asked.connect(ask_for_menu)
    strip.looked_at.connect(look_at_residue)
    window.theme_changed.connect(strip.set_theme)
