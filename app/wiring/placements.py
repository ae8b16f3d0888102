"""Choosing placements and taking them elsewhere."""

from PySide6.QtGui import QGuiApplication

from difffit_app.controllers.placements import PlacementsController
from difffit_app.wiring.parts import Handlers, Parts


def wire(parts: Parts, handlers: Handlers) -> PlacementsController:
    session, view_state, window, table = parts.session, parts.view_state, parts.window, parts.window.table
    controller = PlacementsController(session, parts.jobs, window)

    def save_model() -> None:
        placement = session.placement
        if placement is not None:
            suggestion = f"placement_{placement.rank:03d}.cif"
            path = parts.dialogs.ask_where_to_save("Save placed model", suggestion, "mmCIF (*.cif);;PDB (*.pdb)")
            if path is not None:
                controller.save_model(path)

    def export_table() -> None:
        path = parts.dialogs.ask_where_to_save("Export placements", "placements.csv", "Tables (*.csv)")
        if path is not None:
            controller.export_table(path)

    table.placement_chosen.connect(controller.select)
    table.significant_only_chosen.connect(view_state.set_significant_only)
    table.fit_chosen.connect(session.select_fit)
    window.viewer.placement_picked.connect(controller.select)
    window.viewer.metric_chosen.connect(view_state.set_metric)
    handlers |= {
        "save_model": save_model,
        "export_table": export_table,
        "next": lambda: controller.step(1, table.shown_ranks()),
        "previous": lambda: controller.step(-1, table.shown_ranks()),
        "copy": lambda: QGuiApplication.clipboard().setText(controller.as_text(table.chosen_ranks())),
    }
    return controller
