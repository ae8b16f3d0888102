"""Looking along an axis, and from where one looked before."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QMenu

from difffit_app.commands.actions import Do
from difffit_app.commands.verb import Verb
from difffit_app.desk import Desk
from difffit_app.styles import Camera
from difffit_app.window.main_window import MainWindow

Triple = tuple[float, float, float]
STANDARD: dict[str, tuple[Triple, Triple]] = {
    "&Front, against Z": ((0, 0, 1), (0, 1, 0)),
    "&Back, along Z": ((0, 0, -1), (0, 1, 0)),
    "&Right, against X": ((1, 0, 0), (0, 1, 0)),
    "&Left, along X": ((-1, 0, 0), (0, 1, 0)),
    "&Top, against Y": ((0, 1, 0), (0, 0, -1)),
    "Botto&m, along Y": ((0, -1, 0), (0, 0, 1)),
}
"""Where the eye is, as seen from the middle, and what is up."""


def wire(desk: Desk, window: MainWindow) -> Callable[[str], Callable[[], None] | None]:
    """Put the menu into the View menu; gives what looks from where a name says, or None for a name that says nothing."""
    session, view_state, viewer = desk.session, desk.view_state, window.viewer
    menu = QMenu("Standard and Saved &Views", window)
    menu.menuAction().setStatusTip("Look along an axis, or from where you looked before")

    def now() -> Camera:
        position, focal_point, view_up, angle = viewer.current_camera()
        return Camera.model_validate({"position": position, "focal_point": focal_point, "view_up": view_up, "view_angle": angle})

    def look(side: Triple, up: Triple) -> None:
        """From there, as near as now."""
        camera = now()
        pairs = list(zip(camera.position, camera.focal_point, strict=True))
        distance = sum((one - other) ** 2 for one, other in pairs) ** 0.5
        x, y, z = (middle + distance * part for middle, part in zip(camera.focal_point, side, strict=True))
        view_state.ask_camera(camera.model_copy(update={"position": (x, y, z), "view_up": up}))

    def go(name: str, act: Callable[[], object], *_: bool) -> None:
        desk.commands.do("view", {"what": (name,)}, act)

    def named(name: str) -> Callable[[], None] | None:
        side = {_word(text): sides for text, sides in STANDARD.items()}.get(name.lower())
        if side is not None:
            return partial(look, *side)
        camera = next((one for known, one in view_state.saved_views.items() if known.lower() == name.lower()), None)
        return None if camera is None else partial(view_state.ask_camera, camera)

    def save() -> None:
        number = next(i for i in range(1, len(view_state.saved_views) + 2) if f"View {i}" not in view_state.saved_views)
        view_state.saved_views[f"View {number}"] = now()
        session.mark_changed()
        desk.commands.echo("save-view")
        desk.messages.show_notice(f"View {number} is kept in View > Standard and Saved Views, and with the project.", "info")

    def forget() -> None:
        view_state.saved_views.clear()
        session.mark_changed()
        desk.commands.echo("forget-views")

    def fill() -> None:
        menu.clear()
        for name, (side, up) in STANDARD.items():
            menu.addAction(name).triggered.connect(partial(go, _word(name), partial(look, side, up)))
        menu.addSeparator()
        for name, camera in view_state.saved_views.items():
            menu.addAction(name).triggered.connect(partial(go, name, partial(view_state.ask_camera, camera)))
        menu.addAction("&Save This View").triggered.connect(save)
        menu.addAction("F&orget Saved Views").triggered.connect(forget)
        for action in menu.actions():
            action.setEnabled(not session.is_empty)
        menu.actions()[-1].setEnabled(bool(view_state.saved_views))

    def drop() -> None:
        view_state.saved_views.clear()

    session.events.cleared.connect(drop)
    menu.aboutToShow.connect(fill)
    window.menus["&View"].insertMenu(window.actions_by_id["zoom_in"], menu)
    fill()
    desk.commands.add(
        Verb("save-view", Do, lambda _: save(), "Keep from where one looks, as View 1, View 2 …"),
        Verb("forget-views", Do, lambda _: forget(), "Forget the saved views"),
    )
    return named


def _word(text: str) -> str:
    """``front`` of ``&Front, against Z``."""
    return text.replace("&", "").partition(",")[0].lower()
