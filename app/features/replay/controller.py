"""Replaying how the placements of a fit converged."""

from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.features.replay.views import ReplayView
from difffit_app.state.frames import Frame
from difffit_app.state.items import OpenFit
from difffit_app.state.repeating import request_again
from difffit_app.state.searched import searched_by
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.request import FitProgress
from difffit_core.pose import PoseBatch

if TYPE_CHECKING:
    from difffit_core.fit.replay import Replay

FAR = 0.5
"""Å beyond which a replayed pose that ends elsewhere than its placement is told."""


class ReplaysController:
    """Computes the steps of the selected fit when they are first asked for, and keeps those of one fit."""

    def __init__(self, desk: Desk, view: ReplayView) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._view = desk.messages, view
        self._open = False
        self._known: tuple[OpenFit, Replay] | None = None
        self._running: Job | None = None
        self._wanted: int | None = None

    @property
    def is_open(self) -> bool:
        return self._open

    def toggle(self) -> None:
        """Show the steps, or stop showing them."""
        if self._open:
            self.close()
        else:
            self._open = True
            self._view.show_replay(True)
            self.follow()

    def go_to(self, step: int | None) -> None:
        """Replay the selected fit, and stop at a step as soon as it is known; None for no replay."""
        if step is None:
            if self._open:
                self.close()
            return
        self._wanted = step
        if not self._open:
            self.toggle()

    def close(self) -> None:
        """Show the placements where they ended."""
        self._open, self._wanted = False, None
        self._stop()
        self._view_state.set_frame(None)
        self._view.show_replay(False)

    def follow(self) -> None:
        """Another fit is selected, or none."""
        fit = self._session.fit
        if not self._open or (self._view_state.frame is not None and self._view_state.frame.fit is fit):
            return
        self._stop()
        self._view_state.set_frame(None)
        if fit is None:
            self._known = None
            self._view.show_nothing("There is no fit to replay.")
        elif self._known is not None and self._known[0] is fit:
            self._show(self._known[1])
        elif fit.record.screen is not None:
            self._view.show_nothing("A screen found these placements, and keeps no steps: fit the model on its own to follow it.")
        elif fit.arrays.start_fields is None:
            self._view.show_nothing("This fit was made by an older version, which kept too little to replay it: fit again.")
        elif not fit.placements:
            self._view.show_nothing("This fit found no placement to replay.")
        else:
            self._compute(fit)

    def show_step(self, step: int) -> None:
        """Show a step of the way; beyond the last one the placements themselves are shown."""
        fit = self._session.fit
        if self._open and self._known is not None and fit is self._known[0]:
            way = self._known[1]
            self._view_state.set_frame(Frame(fit, way, step) if 0 <= step < len(way) else None)

    def _compute(self, fit: OpenFit) -> None:
        try:
            searched, model = searched_by(self._session, fit.record), self._session.models[fit.record.model]
        except UserError as error:
            self._view.show_nothing(str(error))
            return
        arrays, fields = fit.arrays, fit.arrays.start_fields
        if fields is None:
            return

        def work(context: Context) -> "Replay":
            from difffit_core.fit.replay import replay

            starts, placed = (arrays.start_quaternions, arrays.start_translations), PoseBatch(arrays.rotations, arrays.translations)
            request = request_again(fit, searched, model)
            return replay(request, starts, fields, placed, fit.record.cancelled, context.report, context.cancel)

        def done(way: "Replay") -> None:
            self._running = None
            if self._session.fits.get(fit.id) is fit:
                self._known = (fit, way)
                self.follow()

        self._running = Job("replaying the fit", work, done, lambda error: self._failed(job, error), self._progress)
        job = self._running
        self._view.show_progress(0.0)
        self._jobs.fit(job)

    def _stop(self) -> None:
        if self._running is not None:
            self._running.cancel.set()
            self._running = None

    def _progress(self, progress: FitProgress) -> None:
        self._view.show_progress(progress.fraction)

    def _show(self, way: "Replay") -> None:
        astray = int((way.missed > FAR).sum())
        note = f"{astray} of {len(way.missed)} end elsewhere on this machine" if astray else ""
        self._view.show_steps(len(way), way.stages, note)
        if self._wanted is not None and self._wanted < len(way):
            self._view.show_step(self._wanted)
        self._wanted = None

    def _failed(self, job: Job, error: BaseException) -> object:
        if job is not self._running and isinstance(error, FitCancelled):
            return SETTLED
        self._running = None
        self._view.show_nothing("The steps could not be computed.")
        return None
