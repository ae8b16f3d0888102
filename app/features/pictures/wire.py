"""Looking round, and taking pictures."""

from functools import partial
from pathlib import Path

from PIL.ImageQt import ImageQt
from PySide6.QtGui import QGuiApplication

from difffit_app.desk import Desk
from difffit_app.features.pictures.controller import PicturesController
from difffit_app.features.pictures.movies import MoviesController, handlers
from difffit_app.scene.camera.keys import TURN_DEGREES, ZOOM
from difffit_app.scene.pictures.movie_file import ffmpeg
from difffit_app.state.view_state import LAYOUTS
from difffit_app.window.main_window import MainWindow
from difffit_core.errors import UserError


def wire(desk: Desk, window: MainWindow) -> PicturesController:
    session, viewer = desk.session, window.viewer
    controller = PicturesController(desk, viewer)

    def suggestion() -> str:
        return f"{session.path.stem if session.path else 'difffit'}.png"

    def save_picture() -> None:
        path = desk.prompts.ask_where_to_save("Save picture", suggestion(), "Pictures (*.png)")
        if path is not None:
            controller.save(path, viewer.figure_of_now())

    def export_figure() -> None:
        figure = desk.prompts.ask_for_figure(viewer.figure_of_now(), session.fit is not None)
        if figure is not None:
            path = desk.prompts.ask_where_to_save("Export figure", suggestion(), "Pictures (*.png)")
            if path is not None:
                controller.save(path, figure)

    def choose(layout: str) -> None:
        controller.choose_layout(layout)  # type: ignore[arg-type]
        mark(desk.view_state.layout)

    def mark(layout: str) -> None:
        for name in LAYOUTS:
            window.mark(name, name == layout)

    def save_to(path: Path, what: str | None) -> None:
        if what is not None:
            raise UserError("a picture is of all that is shown: only #1 hides all else")
        controller.save(path, viewer.figure_of_now())

    desk.commands.writers[".png"] = save_to
    desk.view_state.layout_changed.connect(mark)
    mark(desk.view_state.layout)
    viewer.layout_chosen.connect(choose)
    viewer.gallery_size_chosen.connect(desk.view_state.set_gallery_size)
    window.handlers |= {
        "look": viewer.look_at_everything,
        "zoom_in": lambda: viewer.zoom(ZOOM),
        "zoom_out": lambda: viewer.zoom(1 / ZOOM),
        "turn_left": lambda: viewer.turn(-TURN_DEGREES, 0),
        "turn_right": lambda: viewer.turn(TURN_DEGREES, 0),
        "turn_up": lambda: viewer.turn(0, TURN_DEGREES),
        "turn_down": lambda: viewer.turn(0, -TURN_DEGREES),
        "screenshot": save_picture,
        "figure": export_figure,
        "more_tiles": lambda: controller.step_gallery_size(1),
        "fewer_tiles": lambda: controller.step_gallery_size(-1),
        "next_metric": controller.next_metric,
    }
    window.handlers |= {name: partial(choose, name) for name in LAYOUTS}
    clipboard = QGuiApplication.clipboard()
    movies = MoviesController(desk, viewer, lambda picture: clipboard.setImage(ImageQt(picture)))
    window.handlers |= handlers(movies, desk, viewer.figure_of_now, movie_filters)
    return controller


def movie_filters() -> str:
    """Kinds of movies that can be made here, the best first, as Qt writes them."""
    kinds = ["MP4 movies (*.mp4)"] if ffmpeg() is not None else []
    return ";;".join([*kinds, "GIF movies (*.gif)", "Folders of pictures (*)"])
