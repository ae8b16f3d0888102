"""Controllers with mocked views, and workers that work at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import Mock, create_autospec

import pytest
import shiboken6

from difffit_app.commands.registry import Commands
from difffit_app.exports import Exports
from difffit_app.features.fit.views import FitPanelView, PreviewView
from difffit_app.messages import MessagesView, tell
from difffit_app.prompts import PromptsView, Unsaved
from difffit_app.state.project.view import CameraView
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.undo import History
from difffit_app.workers.lane import SETTLED, Context, Job


@dataclass
class ImmediateJobs:
    """Does a job as soon as it is given, or holds it until `run_held`."""

    hold: bool = False
    fitting: bool = False
    held: list[Job] = field(default_factory=list)
    tell: Callable[[Job, BaseException], None] = field(init=False)

    def read(self, job: Job) -> None:
        if self.hold:
            self.held.append(job)
        else:
            self._run(job)

    fit = draw = screen = fetch = read

    def run_held(self) -> None:
        while self.held:
            self.run_next()

    def run_next(self) -> None:
        """The one that was given first."""
        self._run(self.held.pop(0))

    def cancel_fit(self) -> None:
        for job in self.held:
            job.cancel.set()

    cancel_screen = cancel_fit

    def _run(self, job: Job) -> None:
        try:
            result = job.work(Context(job.on_progress or (lambda _: None), job.cancel))
        except BaseException as error:  # noqa: BLE001
            if job.on_failed is None or job.on_failed(error) != SETTLED:
                self.tell(job, error)
        else:
            job.on_done(result)


@dataclass
class Desk:
    """What stands for the desk of the program, and views that a controller may be given."""

    session: Session = field(default_factory=Session)
    view_state: ViewState = field(init=False)
    history: History = field(init=False)
    jobs: Any = field(default_factory=ImmediateJobs)
    messages: Mock = field(default_factory=lambda: create_autospec(MessagesView, instance=True))
    prompts: Mock = field(default_factory=lambda: create_autospec(PromptsView, instance=True))
    fit_view: Mock = field(default_factory=lambda: create_autospec(FitPanelView, instance=True))
    preview: Mock = field(default_factory=lambda: create_autospec(PreviewView, instance=True))
    camera: Mock = field(default_factory=lambda: create_autospec(CameraView, instance=True))
    preferences: Any = None
    commands: Commands = field(init=False)

    def __post_init__(self) -> None:
        self.view_state = ViewState(self.session)
        self.history = History(self.session, self.view_state)
        self.commands = Commands(self.session)
        self.jobs.tell = lambda job, error: tell(self.messages, job.name, error)

    @property
    def exports(self) -> Exports:
        return Exports(self.session, self.jobs, self.messages)

    def notices(self, severity: str | None = None) -> list[str]:
        """Also notes, which warn of a map or a model by its id."""
        told = []
        for call in self.messages.method_calls:
            name, (text, more, *_) = call[0], (*call.args, "")[:2]
            if name == "show_note":
                text, more = f"{(self.session.maps.get(text) or self.session.models[text]).name}: {more}", "warning"
            if name in ("show_notice", "show_note") and severity in (None, more):
                told.append(text)
        return told


@pytest.fixture
def desk() -> Iterator[Desk]:
    desk = Desk()
    desk.camera.current_camera.return_value = ((0.0, 0.0, 50.0), (1.0, 2.0, 3.0), (0.0, 1.0, 0.0), 30.0)
    desk.prompts.ask_for_input.return_value = None
    desk.prompts.confirm.return_value = True
    desk.prompts.ask_to_save.return_value = Unsaved.DISCARD
    yield desk
    shiboken6.delete(desk.history)  # now, rather than whenever the collector comes to it in a later test with a window
