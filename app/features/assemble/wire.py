"""Assembling a folder of models, looking at what came of it, and accepting it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.commands.elsewhere import OF_MAP
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.assemble.assembly_panel import AssemblyPanel
from difffit_app.features.assemble.controller import AssembleController
from difffit_app.features.assemble.panel import AssemblePanel
from difffit_app.state.assembling import Assembled
from difffit_app.state.levels import level_for
from difffit_app.window.main_window import MainWindow
from difffit_core.assemble.recipe import AssembleRecipe
from difffit_core.errors import UserError
from difffit_core.recipes.words import Parameter

SET_UP, FOUND = "Assemble", "Assembly"
_TABLES = "Tables of cross-links (*.csv *.tsv *.txt)"
_MODELS = "Models (*.pdb *.cif *.mmcif *.ent *.gz)"


def wire(desk: Desk, window: MainWindow) -> AssembleController:
    panel, found = AssemblePanel(desk.session), AssemblyPanel()
    window.add_panel(SET_UP, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    window.add_panel(FOUND, found, Qt.DockWidgetArea.BottomDockWidgetArea, "Placements", shown=False)
    controller = AssembleController(desk, panel, found)

    def start(recipe: AssembleRecipe, folder: Path, jobs: int | None) -> None:
        window.raise_panel(FOUND)
        recipe = recipe.changed(level=level_for(desk.view_state, recipe.map, recipe.level))
        with desk.commands.doing("assemble", recipe, out=str(folder), jobs=jobs):
            controller.start(desk.preferred(recipe), folder, jobs)
        window.refresh()

    def assemble(recipe: AssembleRecipe, out: str, jobs: int | None) -> None:
        """A library and a place that are typed go by the panel, which proposes where to keep it."""
        library = desk.commands.path(recipe.library)
        panel.library.set_path(library)
        if out:
            panel.choose_store(desk.commands.path(out))
        store = panel.store.path()
        if store is None:
            raise UserError(f"{library}: no such folder")
        start(recipe.changed(library=str(library)), store, jobs)

    def ask_into(title: str, choose: Callable[[Path], object], filters: str = "") -> Callable[[], None]:
        def ask() -> None:
            path = desk.prompts.ask_for_file(title, filters) if filters else desk.prompts.ask_for_folder(title)
            if path is not None:
                choose(path)

        return ask

    def copy_command() -> None:
        recipe, store = panel.recipe(), panel.store.path()
        if recipe is None or store is None:
            return
        item = desk.session.maps[recipe.map]
        named = recipe.changed(map=str(item.density.path or "MAP"), level=desk.view_state.maps[item.id].level)
        QGuiApplication.clipboard().setText(named.command("--out", str(store)))
        window.show_notice("Copied the command line that assembles the same.", "info")

    def save_bent() -> None:
        path = desk.prompts.ask_where_to_save("Save the bent assembly", "bent.cif", "mmCIF (*.cif);;PDB (*.pdb)")
        if path is not None:
            controller.save_bent(path)

    def look_at(number: int | None) -> None:
        controller.look_at(number)
        if number is not None and controller.assembled is not None:
            held = controller.assembled.places[number - 1].held
            window.viewer.centre_on(held.pose.apply(held.model.coordinates).mean(axis=0).astype(np.float64).tolist())
        window.refresh()

    def change(assembled: Assembled) -> None:
        controller.change(assembled)
        window.refresh()

    desk.commands.add(
        Verb(
            "assemble",
            AssembleRecipe,
            assemble,
            "Find which of a folder of models belong in a map: assemble #1 FOLDER",
            (
                Parameter("out", "--out", str, "", "Folder that keeps it; beside the library if not given.", "FOLDER"),
                Parameter("jobs", "--jobs", int | None, None, "Processes; one a core or GPU if not given."),
            ),
            maps=("map",),
            elsewhere=OF_MAP,
        ),
    )
    window.extend_conditions(
        lambda now: replace(
            now,
            fitting=now.fitting or panel.running,
            can_assemble=panel.can_assemble,
            can_accept_assembly=found.can_accept and not controller.is_accepted,
            can_swap=found.can_swap,
            assembly_bent=controller.is_bent,
        )
    )
    panel.asked.connect(start)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.cancel_asked.connect(desk.jobs.cancel_fit)
    panel.library.asked.connect(ask_into("Folder of models", panel.library.set_path))
    panel.store.asked.connect(ask_into("Folder of the assembly", panel.choose_store))
    panel.fixed.asked.connect(ask_into("Chains that stand already", panel.fixed.set_path, _MODELS))
    panel.links.asked.connect(ask_into("Cross-links", panel.links.set_path, _TABLES))
    panel.store.changed.connect(window.refresh)
    found.looked_at.connect(look_at)
    found.changed.connect(change)
    panel.offer((window.actions_by_id["copy_assemble"], "Command"))
    found.offer(
        (window.actions_by_id["save_bent_assembly"], "Save Bent …"),
        (window.actions_by_id["swap_assembled"], "Use Instead"),
        (window.actions_by_id["accept_assembly"], "Accept"),
    )

    def show() -> None:
        window.raise_panel(SET_UP)
        panel.library.text.setFocus()

    window.handlers |= {
        "show_assemble": show,
        "copy_assemble": copy_command,
        "accept_assembly": controller.accept,
        "swap_assembled": found.swap,
        "save_bent_assembly": save_bent,
    }
    return controller
