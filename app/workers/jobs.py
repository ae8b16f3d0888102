"""Everything that runs off the GUI thread: one computation at a time, and files and geometry beside it."""

import logging

from PySide6.QtCore import QObject, Signal

from difffit_app.workers.collecting import Collector
from difffit_app.workers.lane import Job, Lane

logger = logging.getLogger(__name__)

_PATIENCE_MS = 10_000


class Jobs(QObject):
    """Lanes: ``files`` for reading and writing, ``compute`` for fits, ``geometry`` for what takes long to draw, ``screens``, ``downloads``.

    A screen computes in processes of its own; its lane only hands out the work, so that fits go on beside it. ``begun`` gives every job
    that is not quiet, as it is handed over, ``failed`` every job that failed in any of the lanes, and the exception, and ``lost`` the
    same, also where that is not to be told.
    """

    failed = Signal(object, object)
    begun = Signal(object)
    lost = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.files = Lane("difffit-files", self)
        self.compute = Lane("difffit-compute", self, yielding=True)
        self.geometry = Lane("difffit-geometry", self)
        self.screens = Lane("difffit-screens", self, yielding=True)
        self.downloads = Lane("difffit-downloads", self)
        lanes = (self.files, self.compute, self.geometry, self.screens, self.downloads)
        self._collector = Collector(lambda: any(lane.running is not None for lane in lanes), self)
        for lane in lanes:
            lane.failed.connect(self.failed)
            lane.lost.connect(self.lost)
            lane.changed.connect(self.give_back_later)

    def read(self, job: Job) -> None:
        """Queue a job that reads or writes files."""
        self._begin(self.files, job)

    def fit(self, job: Job) -> None:
        """Queue a computation."""
        self._begin(self.compute, job)

    def draw(self, job: Job) -> None:
        """Queue the making of geometry."""
        self._begin(self.geometry, job)

    def screen(self, job: Job) -> None:
        """Queue the screen of a library."""
        self._begin(self.screens, job)

    def fetch(self, job: Job) -> None:
        """Queue a download."""
        self._begin(self.downloads, job)

    def _begin(self, lane: Lane, job: Job) -> None:
        if not job.quiet:
            self.begun.emit(job)
        lane.submit(job)

    def cancel_screen(self) -> None:
        """Ask the running screen to stop; what it found is kept."""
        if self.screens.running is not None:
            self.screens.running.cancel.set()

    def cancel_fit(self) -> None:
        """Ask the running computation to stop; it still ends with what it found."""
        if self.compute.running is not None:
            self.compute.running.cancel.set()

    @property
    def fitting(self) -> bool:
        return self.compute.busy

    @property
    def screening(self) -> bool:
        return self.screens.busy

    @property
    def reading(self) -> bool:
        return self.files.busy

    @property
    def stuck(self) -> bool:
        """Whether a thread has not ended though it was asked to: no part of the program may be taken down around it."""
        return any(lane.is_alive for lane in (self.screens, self.downloads, self.compute, self.files, self.geometry))

    def give_back_later(self, *_: object) -> None:
        """Have the system get the memory that is free, as after something was closed, once nothing works or moves."""
        self._collector.give_back_later()

    def shutdown(self) -> bool:
        """Stop all threads and wait for them; False if one would not end."""
        ended = [lane.stop(_PATIENCE_MS) for lane in (self.screens, self.downloads, self.compute, self.files, self.geometry)]
        if not all(ended):
            logger.error("a worker thread did not stop within %d s", _PATIENCE_MS // 1000)
        else:
            self._collector.end()
        return all(ended)
