"""What the Map and Model menus do to what is selected; rows of the list open them too."""

from collections.abc import Callable

from PySide6.QtCore import QPoint

from difffit_app.desk import Desk
from difffit_app.features.contents.controller import StylesController
from difffit_app.features.contents.map_panel import MapPanel
from difffit_app.features.contents.panel import ContentsPanel
from difffit_app.geometry.colours import COLOURINGS
from difffit_app.geometry.mesh import REPRESENTATIONS
from difffit_app.offered import OpenFiles
from difffit_app.state.subjects import MapSubject, ModelSubject
from difffit_app.window.main_window import MainWindow

MODES = ("surface", "mesh", "slice")


def wire(desk: Desk, window: MainWindow, contents: ContentsPanel, map_panel: MapPanel, styles: StylesController, files: OpenFiles) -> None:
    session, view_state = desk.session, desk.view_state

    def on_map(act: Callable[[str], object]) -> Callable[[], None]:
        def run() -> None:
            if session.map is not None:
                act(session.map.id)
                mark()

        return run

    def on_model(act: Callable[[str], object]) -> Callable[[], None]:
        def run() -> None:
            if session.model is not None:
                act(session.model.id)
                mark()

        return run

    def style_map(**changes: object) -> Callable[[], None]:
        return on_map(lambda i: styles.change_map(i, **changes))

    def style_model(**changes: object) -> Callable[[], None]:
        return on_model(lambda i: styles.change_model(i, **changes))

    def switch_map(field: str) -> Callable[[], None]:
        return on_map(lambda i: styles.change_map(i, **{field: not getattr(view_state.maps[i], field)}))

    def colour_map(identifier: str) -> None:
        colour = desk.prompts.ask_for_colour("Colour of the map", view_state.maps[identifier].colour)
        if colour is not None:
            styles.change_map(identifier, colour=colour)

    def colour_model(identifier: str) -> None:
        colour = desk.prompts.ask_for_colour("Colour of the model", view_state.models[identifier].colour)
        if colour is not None:
            styles.change_model(identifier, colour=colour, colour_by="plain")

    def set_islands(identifier: str) -> None:
        if view_state.maps[identifier].mode == "slice":
            styles.change_map(identifier, mode="surface")
        window.raise_panel("Map")
        map_panel.look.islands.setFocus()
        map_panel.look.islands.selectAll()

    def rename(identifier: str) -> None:
        window.raise_panel("Open")
        contents.rename(identifier)

    def mark(*_: object) -> None:
        """Set the marks to what is selected; also after each choice, since Qt takes away a mark that is chosen again."""
        if session.map is not None and session.map.id in view_state.maps:
            style = view_state.maps[session.map.id]
            for mode in MODES:
                window.mark(f"map_{mode}", style.mode == mode)
            for action, on in (("map_show", style.visible), ("map_box", style.box), ("slice_all", style.all_slices)):
                window.mark(action, on)
        if session.model is not None and session.model.id in view_state.models:
            of_model = view_state.models[session.model.id]
            window.mark("model_show", of_model.visible)
            for representation in REPRESENTATIONS:
                window.mark(f"model_{representation}", of_model.representation == representation)
            for colouring in COLOURINGS:
                window.mark(f"colour_{colouring}", of_model.colour_by == colouring)

    def choose(identifier: str) -> None:
        if identifier in session.maps:
            session.select_map(identifier)
        elif identifier in session.models:
            session.select_model(identifier)

    def open_menu(identifier: str, place: QPoint) -> None:
        choose(identifier)
        window.menus["&Map" if identifier in session.maps else "M&odel"].popup(place)

    def choose_row(identifier: str) -> None:
        desk.commands.do("choose", {"what": identifier}, lambda: choose(identifier))

    contents.chosen.connect(choose_row)

    def open_context(identifier: str, place: QPoint) -> None:
        choose(identifier)
        window.menu_asked.emit(MapSubject(identifier) if identifier in session.maps else ModelSubject(identifier), place)

    contents.menu_asked.connect(open_menu)
    contents.context_asked.connect(open_context)
    contents.renamed.connect(files.rename)
    map_panel.look.colour_asked.connect(on_map(colour_map))
    for signal in (
        session.events.map_selected,
        session.events.model_selected,
        view_state.map_style_changed,
        view_state.model_style_changed,
    ):
        signal.connect(mark)
    window.handlers |= {f"map_{mode}": style_map(mode=mode) for mode in MODES}
    window.handlers |= {f"model_{representation}": style_model(representation=representation) for representation in REPRESENTATIONS}
    window.handlers |= {f"colour_{colouring}": style_model(colour_by=colouring) for colouring in COLOURINGS}
    window.handlers |= {
        "map_show": switch_map("visible"),
        "map_box": switch_map("box"),
        "slice_all": switch_map("all_slices"),
        "level_up": lambda: styles.step_level(1),
        "level_down": lambda: styles.step_level(-1),
        "level_auto": on_map(styles.suggest_level),
        "slice_up": lambda: styles.step_slice(1),
        "slice_down": lambda: styles.step_slice(-1),
        "slice_axis": on_map(styles.next_slice_axis),
        "map_finer": on_map(lambda i: styles.change_fineness(i, -1)),
        "map_coarser": on_map(lambda i: styles.change_fineness(i, 1)),
        "map_islands": on_map(set_islands),
        "map_colour": on_map(colour_map),
        "map_clearer": on_map(lambda i: styles.change_opacity(i, -0.1)),
        "map_denser": on_map(lambda i: styles.change_opacity(i, 0.1)),
        "map_rename": on_map(rename),
        "map_remove": on_map(files.remove),
        "model_show": on_model(lambda i: styles.change_model(i, visible=not view_state.models[i].visible)),
        "model_colour": on_model(colour_model),
        "model_clearer": on_model(lambda i: styles.change_opacity(i, -0.1)),
        "model_denser": on_model(lambda i: styles.change_opacity(i, 0.1)),
        "model_rename": on_model(rename),
        "model_others": on_model(files.choose_models),
        "model_remove": on_model(files.remove),
    }
