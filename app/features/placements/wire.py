"""Choosing placements and taking them elsewhere."""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.desk import Desk
from difffit_app.features.placements import remedies_wire, verbs
from difffit_app.features.placements.clustering import ClusteringController
from difffit_app.features.placements.controller import PlacementsController
from difffit_app.features.placements.panel import PlacementsTable
from difffit_app.offered import OpenFiles, Splits
from difffit_app.state.filters import PlacementFilter
from difffit_app.state.subjects import PlacementSubject
from difffit_app.window.main_window import MainWindow

TITLE = "Placements"


def wire(desk: Desk, window: MainWindow, files: OpenFiles, splits: Splits) -> tuple[PlacementsController, PlacementsTable]:
    session, view_state, table = desk.session, desk.view_state, PlacementsTable(desk.session, desk.view_state)
    window.add_panel(TITLE, table, Qt.DockWidgetArea.BottomDockWidgetArea)
    window.landmarks["placements"] = table
    window.remembered.append(table.columns)
    controller = PlacementsController(desk)
    clustering = ClusteringController(desk)

    def save_model() -> None:
        placement = session.placement
        if placement is not None:
            suggestion = f"placement_{placement.rank:03d}.cif"
            path = desk.prompts.ask_where_to_save("Save placed model", suggestion, "mmCIF (*.cif);;PDB (*.pdb)")
            if path is not None:
                controller.save_model(path)

    def export(title: str, suggestion: str, ranks: Sequence[int] | None) -> None:
        path = desk.prompts.ask_where_to_save(title, suggestion, "Tables (*.csv)")
        if path is not None:
            controller.export_table(path, ranks)

    def remove_fit() -> None:
        if session.fit is not None:
            controller.remove_fit(session.fit.id)

    def cluster_again(shift: float, angle: float, rank_by: str) -> None:
        clustering.cluster_again(shift, angle, rank_by)  # a method alone would not keep its controller alive

    def show_filter(chosen: PlacementFilter) -> None:
        window.mark("significant", chosen.significant_only)

    def ask_for_menu(rank: int, place: QPoint) -> None:
        if session.fit is not None:
            window.menu_asked.emit(PlacementSubject(session.fit.id, rank), place)

    def ask_to_look(rank: int) -> None:
        if session.fit is not None:
            window.look_asked.emit(PlacementSubject(session.fit.id, rank))

    table.menu_asked.connect(ask_for_menu)
    table.look_asked.connect(ask_to_look)
    table.placement_chosen.connect(controller.select)
    table.rows_chosen.connect(view_state.choose)
    table.filter_chosen.connect(lambda chosen: verbs.show_filter(desk, chosen))
    table.overlap_chosen.connect(view_state.set_most_overlap)
    verbs.add(desk, controller, table)
    table.rows_taken.connect(lambda ranks: desk.commands.do("rows", {"ranks": tuple(map(str, ranks))}, lambda: None))
    table.fit_chosen.connect(controller.choose_fit)
    table.removal_asked.connect(controller.remove_fit)
    table.clusters_asked.connect(cluster_again)
    view_state.filter_changed.connect(show_filter)
    desk.jobs.compute.changed.connect(lambda: table.wait(desk.jobs.fitting))
    window.theme_changed.connect(table.set_theme)
    table.set_theme(window.theme)
    window.viewer.placement_picked.connect(controller.select)
    window.viewer.metric_chosen.connect(lambda name: desk.commands.do("metric", {"name": name}, lambda: view_state.set_metric(name)))
    window.handlers |= {
        "save_model": save_model,
        "export_table": lambda: export("Export placements", "placements.csv", None),
        "export_shown": lambda: export("Export the placements shown", "shown_placements.csv", table.shown_ranks()),
        "next": lambda: controller.step(1, table.shown_ranks()),
        "previous": lambda: controller.step(-1, table.shown_ranks()),
        "first": lambda: controller.select(next(iter(table.shown_ranks()), None)),
        "copy": lambda: QGuiApplication.clipboard().setText(controller.as_text(table.chosen_ranks())),
        "filter": table.ask_for_filter,
        "significant": lambda: view_state.set_filter(replace(view_state.filter, significant_only=not view_state.filter.significant_only)),
        "show_all": lambda: view_state.set_filter(PlacementFilter()),
        "cluster": table.ask_for_clusters,
        "remove_fit": remove_fit,
        "columns": table.columns.show_menu,
    }
    remedies_wire.wire(desk, table, files, splits)
    return controller, table
