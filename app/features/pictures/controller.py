"""How the views are laid out, and pictures of them."""

from collections.abc import Callable
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.messages import tell
from difffit_app.state.figure import DRAWS_IN_THREADS, Figure, PicturesView
from difffit_app.state.metrics import METRICS
from difffit_app.state.view_state import GALLERY_SIZES
from difffit_app.styles import Layout
from difffit_app.workers.lane import Job


class PicturesController:
    """``view`` draws; what takes long is drawn in the worker for files."""

    def __init__(self, desk: Desk, view: PicturesView) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._exports, self._view = desk.messages, desk.exports, view
        self._commands = desk.commands
        desk.session.events.fit_selected.connect(self._leave_empty_gallery)
        desk.session.events.cleared.connect(lambda: self.choose_layout("views"))

    def choose_layout(self, layout: Layout) -> None:
        """Two views, one scene or the gallery; without placements there is no gallery."""
        if layout == "gallery" and self._session.fit is None:
            self._messages.show_notice("There are no placements yet for a gallery; run a fit first.", "info")
            layout = "views"
        self._view_state.set_layout(layout)

    def step_gallery_size(self, by: int) -> None:
        """Show more placements at once, or fewer."""
        place = GALLERY_SIZES.index(self._view_state.gallery_size) + by
        self._view_state.set_gallery_size(GALLERY_SIZES[max(0, min(len(GALLERY_SIZES) - 1, place))])

    def next_metric(self) -> None:
        """Colour the spheres by the metric that follows the one of now."""
        names = list(METRICS)
        self._view_state.set_metric(names[(names.index(self._view_state.metric) + 1) % len(names)])

    def save(self, path: Path, figure: Figure) -> None:
        """Draw a figure into a PNG file; ``.png`` is added to a name without it."""
        place = self._exports.claim(path, (".png",), "picture")
        if place is None:
            return
        path = place.path
        with self._commands.doing("save", {"file": str(path)}):
            self._draw(path, figure)

    def _draw(self, path: Path, figure: Figure) -> None:
        draw = self._view.draw_later(path, figure)
        self._messages.show_activity(f"Drawing {path.name} …")
        if DRAWS_IN_THREADS:
            self._jobs.read(Job(f"drawing {path.name}", lambda _: draw(), lambda _: self._done(path), self._failed))
            return
        self._draw_here(path, draw)

    def _draw_here(self, path: Path, draw: Callable[[], None]) -> None:
        try:
            draw()
        except Exception as error:  # noqa: BLE001 - as in the worker, every failure is shown
            self._failed(error)
            tell(self._messages, f"drawing {path.name}", error)
        else:
            self._done(path)

    def _done(self, path: Path) -> None:
        self._messages.show_activity("")
        self._messages.show_notice(f"Wrote {path}", "info")

    def _failed(self, _: BaseException) -> None:
        self._messages.show_activity("")

    def _leave_empty_gallery(self, fit: object) -> None:
        if fit is None and self._view_state.layout == "gallery":
            self._view_state.set_layout("views")
