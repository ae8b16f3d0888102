"""Parts of models that are open."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt

from difffit_app.commands.elsewhere import OF_FILE
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.features.splitting.controller import SplitController
from difffit_app.features.splitting.panel import SplitPanel
from difffit_app.offered import OpenFiles, Splits
from difffit_app.window.main_window import MainWindow
from difffit_core.recipes.words import REQUIRED, Parameter
from difffit_core.split.recipe import SplitRecipe

TITLE = "Split"


def wire(desk: Desk, window: MainWindow, files: OpenFiles) -> Splits:
    panel = SplitPanel(desk.session)
    window.add_panel(TITLE, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)

    def open_parts(paths: Sequence[Path]) -> None:
        with desk.commands.quietly():
            files.open_paths(paths)

    controller = SplitController(desk, panel, open_parts)

    def split_into(recipe: SplitRecipe, folder: Path) -> None:
        with desk.commands.doing("split", recipe, out=str(folder)):
            controller.start(recipe, folder)

    def split(recipe: SplitRecipe) -> None:
        folder = desk.prompts.ask_for_folder("A folder for the parts")
        if folder is not None:
            split_into(recipe, folder)

    def choose_errors() -> None:
        path = desk.prompts.ask_for_file("Predicted aligned errors", "Predicted errors (*.json *.npz *.npy)")
        if path is not None:
            panel.pae.set_path(path)

    out = Parameter("out", "--out", str, REQUIRED, "Folder for the parts, which are opened.", "FOLDER")
    desk.commands.add(
        Verb(
            "split",
            SplitRecipe,
            lambda recipe, out: split_into(recipe, desk.commands.path(out)),
            "Split a model: split #2 by chain out parts",
            (out,),
            models=("model",),
            elsewhere=OF_FILE,
        )
    )
    panel.asked.connect(split)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.errors_asked.connect(choose_errors)
    window.handlers["model_split"] = lambda: window.raise_panel(TITLE)
    return controller
