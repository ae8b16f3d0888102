"""Pictures on the clipboard, and movies."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Protocol

from PIL import Image

from difffit_app.desk import Desk
from difffit_app.messages import tell
from difffit_app.state.figure import DRAWS_IN_THREADS, Figure
from difffit_app.state.movies import Moment, MovieKind, morph, replay, turn
from difffit_app.workers.lane import Context, Job
from difffit_core.errors import UserError


class MoviesView(Protocol):
    """Draws what it shows."""

    def image_later(self, figure: Figure) -> Callable[[], Image.Image]: ...

    def movie_later(self, path: Path, moments: Sequence[Moment]) -> Callable[[Context], None]:
        """What draws and writes a movie of the fit view as it is now; it may be called in any thread."""


class MoviesController:
    """``put`` takes a picture to the clipboard."""

    def __init__(self, desk: Desk, view: MoviesView, put: Callable[[Image.Image], None]) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._view, self._put, self._exports = desk.messages, view, put, desk.exports

    def copy(self, figure: Figure) -> None:
        """Put a figure on the clipboard as soon as it is drawn."""
        draw = self._view.image_later(figure)
        self._do("copying the picture", lambda _: draw(), self._copied)

    def save(self, path: Path, kind: MovieKind) -> None:
        """Write a movie; what is missing for it is told."""
        try:
            self._exports.inputs(self._session.path).check(path)
            moments = self.moments(kind)
            work = self._view.movie_later(path, moments)
        except UserError as error:
            self._messages.show_notice(str(error), "warning")
            return
        self._messages.show_activity(f"Drawing {path.name} …")
        self._do(f"making {path.name}", work, lambda _: self._written(path))

    def moments(self, kind: MovieKind) -> list[Moment]:
        """What a movie of now shows.

        Raises
        ------
        UserError
            If what it is about is not there: no replay is open, or no second placement selected.
        """
        if kind == "turn":
            return list(turn())
        fit, placement, frame = self._session.fit, self._session.placement, self._view_state.frame
        if kind == "replay":
            if frame is None or frame.fit is not fit:
                raise UserError("For a movie of the replay, open the replay and go to one of its steps first.")
            return list(replay(len(frame.way)))
        others = [rank for rank in self._view_state.chosen if placement is not None and rank != placement.rank]
        index = None if fit is None or not others else fit.index_of_rank(others[0])
        if fit is None or placement is None or index is None:
            raise UserError("For a movie of a morph, select a second placement in the table with Ctrl and a click first.")
        return list(morph(placement.pose, fit.placements[index].pose, fit.arrays.centre))

    def _do(self, name: str, work: Callable[[Context], object], done: Callable[..., None]) -> None:
        job = Job(name, work, done, lambda _: self._messages.show_activity(""), self._tell)
        if DRAWS_IN_THREADS:
            self._jobs.read(job)
            return
        try:
            result = work(Context(lambda _: None, job.cancel))
        except Exception as error:  # noqa: BLE001 - as in the worker, every failure is shown
            self._messages.show_activity("")
            tell(self._messages, name, error)
        else:
            done(result)

    def _tell(self, progress: tuple[int, int]) -> None:
        self._messages.show_activity("Drawing frame {} of {} …".format(*progress))

    def _copied(self, picture: Image.Image) -> None:
        self._put(picture)
        self._messages.show_notice("The picture is on the clipboard.", "info")

    def _written(self, path: Path) -> None:
        self._messages.show_activity("")
        self._messages.show_notice(f"Wrote {path}", "info")


def handlers(
    controller: MoviesController, desk: Desk, figure: Callable[[], Figure], filters: Callable[[], str]
) -> dict[str, Callable[[], None]]:
    """What the actions do."""

    def save(kind: MovieKind) -> None:
        offered = filters()
        suffix = offered.partition("(*")[2].partition(")")[0]
        stem = desk.session.path.stem if desk.session.path else "difffit"
        path = desk.prompts.ask_where_to_save("Save movie", f"{stem}_{kind}{suffix}", offered)
        if path is not None:
            controller.save(path, kind)

    return {
        "copy_picture": lambda: controller.copy(figure()),
        "movie_turn": partial(save, "turn"),
        "movie_replay": partial(save, "replay"),
        "movie_morph": partial(save, "morph"),
    }
