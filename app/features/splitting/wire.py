"""Parts of models that are open."""

from PySide6.QtCore import Qt

from difffit_app.desk import Desk
from difffit_app.features.splitting.controller import SplitController
from difffit_app.features.splitting.panel import SplitPanel
from difffit_app.offered import OpenFiles, Splits
from difffit_app.window.main_window import MainWindow
from difffit_core.split.recipe import SplitRecipe

TITLE = "Split"


def wire(desk: Desk, window: MainWindow, files: OpenFiles) -> Splits:
    panel = SplitPanel(desk.session)
    window.add_panel(TITLE, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    controller = SplitController(desk, panel, files.open_paths)

    def split(recipe: SplitRecipe) -> None:
        folder = desk.prompts.ask_for_folder("A folder for the parts")
        if folder is not None:
            controller.start(recipe, folder)

    def choose_errors() -> None:
        path = desk.prompts.ask_for_file("Predicted aligned errors", "Predicted errors (*.json *.npz *.npy)")
        if path is not None:
            panel.pae.set_path(path)

    panel.asked.connect(split)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.errors_asked.connect(choose_errors)
    window.handlers["model_split"] = lambda: window.raise_panel(TITLE)
    return controller
