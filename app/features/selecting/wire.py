"""Selecting, and doing something with it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QPoint

from difffit_app.actions import Conditions
from difffit_app.desk import Desk
from difffit_app.features.selecting.bar import SequenceBar
from difffit_app.features.selecting.controller import SelectingController
from difffit_app.features.selecting.taking import Part, TakingController
from difffit_app.offered import FitSetUp, OpenFiles
from difffit_app.scene.stage import Ray, join_bounds
from difffit_app.state.judging import JudgingState
from difffit_app.state.selection import Selection
from difffit_app.state.subjects import ChainSubject, ResidueSubject
from difffit_app.window.main_window import MainWindow

_MODELS, _MAPS = "mmCIF (*.cif);;PDB (*.pdb)", "Maps (*.mrc *.map *.ccp4 *.mrc.gz)"
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
    controller, taking = SelectingController(desk), TakingController(desk, files.open_paths)
    bar = SequenceBar(session, view_state, judging, window.theme)
    bar.offer(*((window.actions_by_id[name], text) for name, text in _BUTTONS.items()))
    bar.hide()
    window.add_bar(bar)

    def pick(ray: Ray, shift: bool) -> None:
        found = viewer.fit.under(ray)
        controller.pick(None if found is None else found.subject, add=shift)

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

    def look() -> None:
        boxes = [viewer.bounds_of_residues(model, view_state.selection.of_model(model)) for model in view_state.selection.residues]
        box = join_bounds([one for one in boxes if one is not None])
        if box is not None:
            viewer.look_at_box(box, alone=True)

    def show(shown: bool) -> None:
        bar.follow(shown)
        watch(shown)
        window.mark("sequence", shown)

    def colour() -> None:
        chosen = desk.prompts.ask_for_colour("Colour of what is selected", "#f2a33a")
        if chosen is not None:
            controller.colour(chosen)

    def ask_where(title: str, part: Part) -> Path | None:
        words = "".join(letter if letter.isalnum() or letter in "-–" else "_" for letter in part.words)
        return desk.prompts.ask_where_to_save(title, f"{Path(part.name).stem}_{words.replace('–', '-')}.cif", _MODELS)

    def fit() -> None:
        part = taking.only_part("A fit")
        if part is None:
            return
        chains = taking.whole(part)
        if chains is not None:
            fits.choose_model(part.id, chains)
            window.raise_panel("Fit")
            return
        path = ask_where("Save the part that is to be fitted", part)
        if path is not None:
            taking.fit(path, part)
            window.raise_panel("Fit")

    def export() -> None:
        parts = taking.parts()
        path = ask_where("Save what is selected", parts[0]) if parts else None
        if path is not None:
            taking.export(path)

    def zero_out() -> None:
        item, subject = session.map, fits.subject()
        made = session.fit.record.resolution if session.fit is not None and item is not None and session.fit.record.map == item.id else None
        resolution = made if made is not None else subject[3] if subject is not None else None
        if item is None or resolution is None:
            window.show_notice("Choose a map, and set its resolution in the Fit panel, to zero out what is selected.", "info")
            return
        path = desk.prompts.ask_where_to_save("Save the map that is left", f"{item.name.partition('.')[0]}_left.mrc", _MAPS)
        if path is not None:
            taking.zero_out(path, item.id, resolution)

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
    bar.strip.chosen.connect(choose)
    bar.strip.chain_chosen.connect(choose_chain)
    bar.strip.chain_toggled.connect(toggle_chain)
    bar.strip.menu_asked.connect(ask_for_menu)
    bar.strip.looked_at.connect(look_at_residue)
    view_state.selection_changed.connect(follow)
    window.theme_changed.connect(bar.strip.set_theme)
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
        "colour_selection": colour,
        "uncolour_residues": controller.uncolour,
        "fit_selection": fit,
        "zero_out_selection": zero_out,
        "export_selection": export,
        "sequence": lambda: close() if not bar.isHidden() else show(True),
    }
    return controller
