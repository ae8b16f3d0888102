"""Placing models together, in the compute worker."""

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from difffit_app.controllers.problems import tell
from difffit_app.state.changes import AddComposite, AddFit, Change, Together
from difffit_app.state.items import OpenFit
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.undo import History
from difffit_app.views.base import ComposePanelView, MessagesView
from difffit_app.workers.jobs import Jobs
from difffit_app.workers.lane import Context, Job
from difffit_core.errors import UserError

if TYPE_CHECKING:  # they bring scipy, which the window does not need to come up
    from difffit_core.compose.request import ComposeRequest
    from difffit_core.compose.result import ComposeResult

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class ComposeOrder:
    """What the user asks for: models by id with their copies (None: as many as there are), and settings that differ from the usual."""

    map_id: str
    wanted: tuple[tuple[str, int | None], ...]
    resolution: float
    changes: dict[str, Any] = field(default_factory=dict)
    preset: str = "balanced"
    fit_changes: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    device: str = "auto"
    threads: int | None = None


class ComposeController:
    """One at a time, as fits; what comes of it is one step that can be undone."""

    def __init__(
        self, session: Session, view_state: ViewState, jobs: Jobs, messages: MessagesView, view: ComposePanelView, history: History
    ) -> None:
        self._session, self._view_state, self._jobs = session, view_state, jobs
        self._messages, self._view, self._history = messages, view, history

    def start(self, order: ComposeOrder) -> None:
        """Freeze the request and run it; nothing happens to what is open until it is done."""
        if self._jobs.fitting:
            self._messages.show_notice("A fit is running; cancel it first.", "warning")
            return
        try:
            request = self._request(order)
        except UserError as error:
            tell(self._messages, "starting the composite", error)
            return
        self._view.show_running(True)

        def work(context: Context) -> "ComposeResult":
            from difffit_core.compose.run import run_compose

            return run_compose(request, context.report, context.cancel)

        self._jobs.fit(Job("composing", work, lambda result: self._done(order, request, result), self._failed, self._view.show_progress))

    def _request(self, order: ComposeOrder) -> "ComposeRequest":
        from difffit_core.compose.request import ComposeRequest, Wanted
        from difffit_core.compose.settings import ComposeSettings
        from difffit_core.fit.settings import FitSettings

        session = self._session
        wanted = tuple(Wanted(session.models[name].model, copies) for name, copies in order.wanted)
        level = self._view_state.maps[order.map_id].level
        settings, fit_settings = ComposeSettings.checked(order.changes), FitSettings.preset(order.preset, **order.fit_changes)
        density = session.maps[order.map_id].density
        return ComposeRequest(density, wanted, order.resolution, level, settings, fit_settings, order.seed, order.device, order.threads)

    def _done(self, order: ComposeOrder, request: "ComposeRequest", result: "ComposeResult") -> None:
        from difffit_core.compose.record import record_composite

        session = self._session
        self._view.show_running(False)
        if order.map_id not in session.maps or any(name not in session.models for name, _ in order.wanted):
            self._messages.show_notice("The composite is dropped, because its map or a model was closed meanwhile.", "warning")
            return
        if not result.copies:
            self._view.show_outcome("Nothing could be placed.")
            self._messages.show_notice("Nothing could be placed: no placement is significant. See Accept in the panel.", "warning")
            return
        identifier, command = session.new_id("composite"), _command(order, request, result, session)
        logger.info("compose: %s", command)
        record, fits = record_composite(
            identifier, order.map_id, [name for name, _ in order.wanted], request, result, command=command,
            evidence=session.maps[order.map_id].suggestion.lines(), first_fit=self._first_free_fit(),
        )  # fmt: skip
        record = record.model_copy(update={"name": f"Composite {identifier.rpartition('-')[2]}"})
        opened = [OpenFit.of(*pair) for pair in fits.values()]
        steps: list[Change] = [AddComposite(record), *(AddFit(fit) for fit in opened)]
        count = len(result.copies)
        self._history.do(Together(tuple(steps), f"Compose {count} {'Copy' if count == 1 else 'Copies'}"))
        told = f"{'Cancelled; put together' if result.cancelled else 'Placed'} {count} {'copy' if count == 1 else 'copies'}"
        self._view.show_outcome(f"{told}: {result.explained:.0%} of the density explained")

    def _first_free_fit(self) -> int:
        """The number after that of every fit there is or was."""
        return int(self._session.new_id("fit").rpartition("-")[2])

    def _failed(self, error: BaseException) -> None:
        self._view.show_running(False)
        self._view.show_outcome("")
        tell(self._messages, "composing", error)


def _command(order: ComposeOrder, request: "ComposeRequest", result: "ComposeResult", session: Session) -> str:
    from difffit_core.compose.command import assignments, compose_command

    files = [str(request.density_map.path or "MAP")]
    for name, copies in order.wanted:
        path = str(session.models[name].model.path or "MODEL")
        files.append(path if copies is None else f"{path}:{copies}")
    changes = assignments(order.fit_changes)
    return compose_command(request, files, device=result.device, preset=order.preset, changes=changes, out="difffit-composite")
