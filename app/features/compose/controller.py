"""Placing models together, in the compute worker."""

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.features.compose.views import ComposePanelView
from difffit_app.messages import settle_resolution
from difffit_app.state.changes.of_session import AddComposite, AddFit, Change, Together
from difffit_app.state.items import OpenFit
from difffit_app.state.levels import level_for
from difffit_app.state.made_maps import after_making, file_of
from difffit_app.state.numbering import reserve
from difffit_app.workers.lane import Context, Job
from difffit_core.project.composites import CompositeRecord

if TYPE_CHECKING:  # they bring scipy, which the window does not need to come up
    from difffit_core.compose.recipe import ComposeRecipe
    from difffit_core.compose.result import ComposeResult

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Composed:
    """What came of it, as it is added to what is open."""

    record: CompositeRecord
    fits: tuple[OpenFit, ...]
    result: "ComposeResult"


class ComposeController:
    """One at a time, as fits; what comes of it is one step that can be undone."""

    def __init__(self, desk: Desk, view: ComposePanelView) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._view, self._history = desk.messages, view, desk.history

    def start(self, asked: "ComposeRecipe") -> None:
        """Freeze the request and run it; nothing happens to what is open until it is done."""
        if self._jobs.fitting:
            self._messages.show_notice("A fit is running; cancel it first.", "error")
            return
        item = self._session.maps[asked.map]
        names = [one.model for one in asked.wanted]
        models = [self._session.models[name].model for name in names]
        chosen = {model.models for model in models} - {""}
        recipe = asked.changed(
            level=level_for(self._view_state, asked.map, asked.level),
            models=chosen.pop() if len(chosen) == 1 else "",
            half_maps=item.density.half_maps,
        )
        settings = recipe.settings
        settle_resolution(self._session, self._messages, asked.map, asked.resolution)
        self._view.show_running(True)
        opening, identifier = self._session.opening, self._session.new_id("composite")
        first_fit = reserve(self._session, "fit", len(names) * (settings.rounds + 1 if settings.method == "rounds" else 1))
        evidence = item.suggestion.lines()
        files = {name: str(model.path or "MODEL") for name, model in zip(names, models, strict=True)}
        named = recipe.changed(
            map=str(file_of(item, self._session)), wanted=[one.model_copy(update={"model": files[one.model]}) for one in recipe.wanted]
        )

        opened = self._session.copy()

        def work(context: Context) -> Composed:
            from difffit_core.compose.record import record_composite
            from difffit_core.compose.run import run_compose
            from difffit_core.io.models import check_writable

            for model in models:
                check_writable(model)
            request = recipe.bind(item.density, models)
            result = run_compose(request, context.report, context.cancel)
            command = after_making(item, opened, named.changed(device=result.device).command("--out", "difffit-composite"))
            record, fits = record_composite(
                identifier, recipe.map, names, request, result, command=command, evidence=evidence, first_fit=first_fit
            )
            record = record.model_copy(update={"name": f"Composite {identifier.rpartition('-')[2]}"})
            return Composed(record, tuple(OpenFit.of(*pair) for pair in fits.values()), result)

        self._jobs.fit(Job("composing", work, lambda found: self._done(recipe, opening, found), self._failed, self._view.show_progress))

    def _done(self, recipe: "ComposeRecipe", opening: int, found: Composed) -> None:
        session, result = self._session, found.result
        self._view.show_running(False)
        if opening != session.opening or recipe.map not in session.maps or any(one.model not in session.models for one in recipe.wanted):
            self._messages.show_notice("The composite is dropped, because its map or a model was closed meanwhile.", "warning")
            return
        if not result.copies:
            nothing = "Nothing could be placed: no placement is significant. See Accept in the panel."
            self._view.show_outcome(nothing)
            self._messages.show_notice(nothing, "warning", where="Compose")
            return
        logger.info("compose: %s", found.record.solve.command if found.record.solve else "")
        steps: list[Change] = [AddComposite(found.record), *(AddFit(fit) for fit in found.fits)]
        count = len(result.copies)
        self._history.do(Together(tuple(steps), f"Compose {count} {'Copy' if count == 1 else 'Copies'}"))
        self._show_placed(found.record)
        told = f"{'Cancelled; put together' if result.cancelled else 'Placed'} {count} {'copy' if count == 1 else 'copies'}"
        self._view.show_outcome(f"{told}: {result.explained:.0%} of the density explained")

    def _show_placed(self, record: CompositeRecord) -> None:
        """Have the first copy selected, rather than what the last search found of a model that has perhaps no place."""
        for copy in (one for step in record.rounds for one in step.accepted):
            fit = self._session.fits.get(copy.fit or "")
            if fit is not None and copy.rank is not None and fit.index_of_rank(copy.rank) is not None:
                self._session.select_fit(fit.id)
                self._session.select_placement(copy.rank)
                return

    def _failed(self, _: BaseException) -> None:
        self._view.show_running(False)
        self._view.show_outcome("")
