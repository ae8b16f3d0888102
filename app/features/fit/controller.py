"""Running a fit."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from difffit_app.desk import Desk
from difffit_app.features.fit.views import FitPanelView, PreviewView
from difffit_app.messages import settle_resolution, tell
from difffit_app.state.changes.of_session import AddFit
from difffit_app.state.items import OpenFit, OpenMap
from difffit_app.state.levels import level_for
from difffit_app.state.made_maps import after_making, file_of
from difffit_app.state.searched import Searched, searched_by, searched_now, working_file_name
from difffit_app.workers.lane import Context, Job
from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import BestSoFar, FitProgress, FitRequest, FitResult
from difffit_core.fit.search.candidates import Candidates
from difffit_core.pose import Pose
from difffit_core.project.arrays import FitArrays
from difffit_core.project.build import record_fit
from difffit_core.project.schema import FitRecord

logger = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Found:
    """A fit that is done, where it searched, and ``overlaps`` (P,) with what was accepted before, if anything was."""

    fit: OpenFit
    result: FitResult
    searched: Searched
    overlaps: NDArray[np.float64] | None


class FitsController:
    """One fit at a time, in the compute worker."""

    def __init__(self, desk: Desk, view: FitPanelView, preview: PreviewView) -> None:
        self._session, self._view_state, self._jobs, self._history = desk.session, desk.view_state, desk.jobs, desk.history
        self._messages, self._view, self._preview = desk.messages, view, preview
        self._shown: BestSoFar | None = None

    def start(self, asked: FitRecipe) -> None:
        """Freeze the request and run it; nothing happens to what is open until it is done."""
        if self._jobs.fitting:
            self._messages.show_notice("A fit is running; cancel it first.", "error")
            return
        map_id, model_id = asked.map, asked.model
        item, model = self._session.maps[map_id], self._session.models[model_id].model
        level = level_for(self._view_state, map_id, asked.level)
        recipe = asked.changed(level=level, models=model.models, half_maps=item.density.half_maps)
        try:
            request = recipe.bind(item.density, model)
        except UserError as error:
            tell(self._messages, "starting the fit", error)
            return
        evidence = _evidence(item, request.level)
        opened = self._session.copy()
        file = file_of(item, opened)
        logger.info("fit: %s", command_line(recipe, request, file=file))
        self._shown = None
        settle_resolution(self._session, self._messages, asked.map, asked.resolution)
        self._view.show_running(True)
        searched = searched_now(self._session, map_id)
        opening = self._session.opening
        subject = (map_id, model_id, searched.round)
        earlier = [fit for fit in self._session.fits.values() if (fit.record.map, fit.record.model, fit.record.round) == subject]

        def work(context: Context) -> Found:
            from difffit_core.align.of_map import in_symmetry
            from difffit_core.fit.run import run_fit
            from difffit_core.io.models import check_writable

            check_writable(request.model)
            whole = request.in_map(searched.read()) if searched.round else request
            whole = in_symmetry(whole, context.report, context.cancel)
            told = evidence if whole.of_map is None else (*evidence, whole.of_map.say)
            rivals = _known_rivals(whole, model, earlier)
            result = run_fit(whole, context.report, context.cancel, rivals=rivals)
            command = command_line(recipe.changed(device=result.device), request, searched.name, file)
            command = command if searched.round else after_making(item, opened, command)
            record = record_fit("fit", map_id, model_id, whole, result, command=command, evidence=told, round_id=searched.round)
            return Found(OpenFit.of(record, FitArrays.of_result(result)), result, searched, _overlaps(searched, request.model, result))

        self._jobs.fit(
            Job(
                "fitting",
                work,
                lambda found: self._done(recipe, opening, found),
                self._failed,
                lambda progress: self._progress(recipe, opening, progress),
            )
        )

    def cancel(self) -> None:
        """Stop the running fit; what it found is kept."""
        self._jobs.cancel_fit()

    def _are_open(self, asked: FitRecipe, opening: int) -> bool:
        """Whether the map and the model are; after everything was closed, others may go by their ids."""
        session = self._session
        return opening == session.opening and asked.map in session.maps and asked.model in session.models

    def _progress(self, asked: FitRecipe, opening: int, progress: FitProgress) -> None:
        self._view.show_progress(progress)
        if progress.best is not None and progress.best != self._shown and self._are_open(asked, opening):
            self._shown = progress.best
            self._preview.show_preview(
                asked.model, asked.chains, Pose(np.array(progress.best.rotation), np.array(progress.best.translation))
            )

    def _done(self, asked: FitRecipe, opening: int, found: "Found") -> None:
        fit = found.fit
        self._view.show_running(False)
        if not self._are_open(asked, opening):
            self._preview.clear_preview()
            self._messages.show_notice("The fit is dropped, because its map or model was closed while it ran.", "warning")
            return
        if not self._is_still(found.searched, fit.record):
            self._preview.clear_preview()
            self._messages.show_notice("The fit is dropped, because the round in whose working map it searched was changed.", "warning")
            return
        record = fit.record.model_copy(update={"id": self._session.new_id("fit")})
        if found.overlaps is not None:
            self._view_state.overlaps[record.id] = found.overlaps
        self._history.do(AddFit(replace(fit, record=record), f"{_verb(asked)} {self._session.models[asked.model].name}"))
        self._show_first_free()
        self._preview.clear_preview()
        self._view.show_outcome(_outcome(found.result))
        for warning in record.warnings:
            self._messages.show_notice(warning.message, "warning", about=(record.id,), where="Placements")
        self._tell_if_nothing_is_left(found.searched)

    def _is_still(self, searched: Searched, record: FitRecord) -> bool:
        """Whether the map in which a fit searched is still what that round leaves."""
        try:
            return searched_by(self._session, record).steps == searched.steps
        except UserError:
            return False

    def _tell_if_nothing_is_left(self, searched: Searched) -> None:
        fit = self._session.fit
        if fit is None or searched.round is None:
            return
        found = [fit.placements[i].verdict for i in self._view_state.shown(fit)]
        if all(verdict.is_chance for verdict in found):
            name = self._session.models[fit.record.model].name
            text = f"No significant placement of {name} is found in what {searched.name} has left."
            self._messages.show_notice(text, "info", about=(fit.id,))

    def _show_first_free(self) -> None:
        """Of the new fit, the best placement where nothing was accepted before."""
        fit = self._session.fit
        shown = [] if fit is None else self._view_state.shown(fit).tolist()
        if fit is not None and shown and shown[0] > 0:
            self._session.select_placement(fit.placements[shown[0]].rank)

    def _failed(self, _: BaseException) -> None:
        self._preview.clear_preview()
        self._view.show_running(False)
        self._view.show_outcome("")


def _known_rivals(request: FitRequest, model: AtomicModel, fits: Sequence[OpenFit]) -> Candidates | None:
    """Wrong poses that an earlier fit from a pose or in a sphere has found, if they are those that this one would find again."""
    from difffit_core.fit.judge.rivals import parted, share_rivals

    for fit in fits:
        candidates = fit.arrays.candidates
        if candidates is None or request.device not in ("auto", fit.record.recipe.device) or fit.record.cancelled:
            continue
        try:
            before = fit.record.repeatable().bind(request.density_map, model)
        except UserError:
            continue  # of another version of the program
        if share_rivals(before, request):
            return parted(candidates)[1]
    return None


def _overlaps(searched: Searched, model: AtomicModel, result: FitResult) -> NDArray[np.float64] | None:
    if not searched.accepted:
        return None
    from difffit_core.compose.edit.accepted import overlap_with

    return overlap_with(searched.accepted, searched.models, model, [one.pose for one in result.placements])


def _evidence(item: OpenMap, level: float) -> tuple[str, ...]:
    if abs(level - item.suggestion.level) <= 1e-6 * max(abs(level), 1e-12):
        return item.suggestion.lines()
    return (f"level {level:.4g} was set by hand; {item.suggestion.level:.4g} was suggested", *item.suggestion.lines())


def _verb(recipe: FitRecipe) -> str:
    if recipe.start is None:
        return "Fit"
    return "Refine" if recipe.settings.refine_steps or recipe.settings.polish_steps else "Keep"


def _outcome(result: FitResult) -> str:
    count = len(result.placements)
    seconds = result.timing.get("search_s")
    time = f" in {seconds:.1f} s" if seconds is not None else ""
    found = f"{count} placement{'' if count == 1 else 's'}{time}"
    return f"Cancelled; kept {found}" if result.cancelled else f"Found {found}"


def command_line(recipe: FitRecipe, request: FitRequest, round_name: str = "", file: Path | None = None) -> str:
    """The command that repeats a fit; one of a later round takes the working map from the file as which it is saved.

    ``file`` is that of a map which was not read from one.
    """
    path = request.density_map.path or file or Path("MAP")
    map_file = path.with_name(working_file_name(path, round_name)) if round_name else path
    return recipe.changed(map=str(map_file), model=str(request.model.path or "MODEL")).command()
