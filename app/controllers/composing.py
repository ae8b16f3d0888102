"""Placing models together, in the compute worker."""

import logging
from collections.abc import Sequence
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
from difffit_core.compose.settings import ComposeSettings
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.project.composites import CompositeRecord

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


@dataclass(frozen=True, eq=False)
class Composed:
    """What came of it, as it is added to what is open."""

    record: CompositeRecord
    fits: tuple[OpenFit, ...]
    result: "ComposeResult"


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
            settings, fit_settings = ComposeSettings.checked(order.changes), FitSettings.preset(order.preset, **order.fit_changes)
        except UserError as error:
            tell(self._messages, "starting the composite", error)
            return
        density, level = self._session.maps[order.map_id].density, self._view_state.maps[order.map_id].level
        models = {name: self._session.models[name].model for name, _ in order.wanted}
        self._view.show_running(True)
        opening, identifier = self._session.opening, self._session.new_id("composite")
        first_fit = self._reserve_fits(len(order.wanted) * (settings.rounds + 1 if settings.method == "rounds" else 1))
        evidence = self._session.maps[order.map_id].suggestion.lines()
        files = [str(density.path or "MAP"), *(_file(self._session, *wanted) for wanted in order.wanted)]

        def work(context: Context) -> Composed:
            from difffit_core.compose.record import record_composite
            from difffit_core.compose.request import ComposeRequest, Wanted
            from difffit_core.compose.run import run_compose
            from difffit_core.io.models import check_writable

            for name, _ in order.wanted:
                check_writable(models[name])
            request = ComposeRequest(
                density, tuple(Wanted(models[name], copies) for name, copies in order.wanted), order.resolution, level, settings,
                fit_settings, order.seed, order.device, order.threads,
            )  # fmt: skip
            result = run_compose(request, context.report, context.cancel)
            command = _command(order, request, result, files)
            record, fits = record_composite(
                identifier, order.map_id, list(models), request, result, command=command, evidence=evidence, first_fit=first_fit
            )
            record = record.model_copy(update={"name": f"Composite {identifier.rpartition('-')[2]}"})
            return Composed(record, tuple(OpenFit.of(*pair) for pair in fits.values()), result)

        self._jobs.fit(Job("composing", work, lambda found: self._done(order, opening, found), self._failed, self._view.show_progress))

    def _reserve_fits(self, count: int) -> int:
        """Number of the first of so many fits, whose ids are given to no other."""
        first = last = self._next_fit()
        while last - first + 1 < count:
            before, last = last, self._next_fit()
            first = first if last == before + 1 else last
        return first

    def _next_fit(self) -> int:
        return int(self._session.new_id("fit").rpartition("-")[2])

    def _done(self, order: ComposeOrder, opening: int, found: Composed) -> None:
        session, result = self._session, found.result
        self._view.show_running(False)
        if opening != session.opening or order.map_id not in session.maps or any(name not in session.models for name, _ in order.wanted):
            self._messages.show_notice("The composite is dropped, because its map or a model was closed meanwhile.", "warning")
            return
        if not result.copies:
            self._view.show_outcome("Nothing could be placed.")
            self._messages.show_notice("Nothing could be placed: no placement is significant. See Accept in the panel.", "warning")
            return
        logger.info("compose: %s", found.record.solve.command if found.record.solve else "")
        steps: list[Change] = [AddComposite(found.record), *(AddFit(fit) for fit in found.fits)]
        count = len(result.copies)
        self._history.do(Together(tuple(steps), f"Compose {count} {'Copy' if count == 1 else 'Copies'}"))
        told = f"{'Cancelled; put together' if result.cancelled else 'Placed'} {count} {'copy' if count == 1 else 'copies'}"
        self._view.show_outcome(f"{told}: {result.explained:.0%} of the density explained")

    def _failed(self, error: BaseException) -> None:
        self._view.show_running(False)
        self._view.show_outcome("")
        tell(self._messages, "composing", error)


def _file(session: Session, name: str, copies: int | None) -> str:
    """A model as the command line takes it."""
    path = str(session.models[name].model.path or "MODEL")
    return path if copies is None else f"{path}:{copies}"


def _command(order: ComposeOrder, request: "ComposeRequest", result: "ComposeResult", files: Sequence[str]) -> str:
    from difffit_core.compose.command import compose_command
    from difffit_core.fit.setting_words import assignments

    changes = assignments(order.fit_changes)
    return compose_command(request, files, device=result.device, preset=order.preset, changes=changes, out="difffit-composite")
