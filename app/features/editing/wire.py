"""Working maps of what is open."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.desk import Desk
from difffit_app.features.editing.controller import EditController
from difffit_app.features.editing.panel import EditPanel
from difffit_app.state.made_maps import file_of, making_of
from difffit_app.window.main_window import MainWindow

TITLE = "Edit Map"


def wire(desk: Desk, window: MainWindow) -> None:
    session, panel = desk.session, EditPanel(desk.session, desk.view_state)
    window.add_panel(TITLE, panel, Qt.DockWidgetArea.LeftDockWidgetArea, "Fit", shown=False)
    controller = EditController(desk, panel)

    def save() -> None:
        if session.map is not None:
            suggested = file_of(session.map, session).name
            path = desk.prompts.ask_where_to_save("Save map", suggested, "Maps (*.mrc *.map *.ccp4 *.mrc.gz)")
            if path is not None:
                controller.save(path)

    def copy_command() -> None:
        if session.map is not None and session.map.made is not None:
            QGuiApplication.clipboard().setText(making_of(session.map, session))
            window.show_notice("Copied the command line that makes this map.", "info")

    panel.asked.connect(controller.start)
    panel.refused.connect(lambda text: window.show_notice(text, "error"))
    panel.plot_wanted.connect(controller.plot)
    window.theme_changed.connect(panel.set_theme)
    panel.set_theme(window.theme)
    panel.offer((window.actions_by_id["map_save"], "Save …"), (window.actions_by_id["map_command"], "Command"))
    window.handlers |= {
        "map_edit": lambda: window.raise_panel(TITLE),
        "map_save": save,
        "map_command": copy_command,
    }
