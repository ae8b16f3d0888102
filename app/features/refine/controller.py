"""Running a refinement, and writing what came of it."""

import logging
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.features.refine.views import RefineView
from difffit_app.messages import settle_resolution, tell
from difffit_app.state.changes.of_session import AddRefinement, RemoveRefinement
from difffit_app.state.items import OpenRefinement
from difffit_app.state.levels import level_for
from difffit_app.state.made_maps import after_making, file_of
from difffit_app.workers.lane import Context, Job
from difffit_core.errors import UserError
from difffit_core.io.models import MMCIF_SUFFIXES, PDB_SUFFIXES
from difffit_core.refine.recipe import RefineRecipe

logger = logging.getLogger(__name__)


class RefineController:
    """One refinement at a time, in the compute worker."""

    def __init__(self, desk: Desk, view: RefineView) -> None:
        self._session, self._view_state, self._jobs, self._history = desk.session, desk.view_state, desk.jobs, desk.history
        self._messages, self._exports, self._view = desk.messages, desk.exports, view

    def start(self, asked: RefineRecipe) -> None:
        """Freeze what is asked for, by the ids of map and model, and run it; nothing happens to what is open until it is done."""
        if self._jobs.fitting:
            self._messages.show_notice("A fit or a refinement is running; cancel it first.", "error")
            return
        item, model = self._session.maps[asked.map], self._session.models[asked.model].model
        level = level_for(self._view_state, asked.map, asked.level)
        drawn = level == self._view_state.maps[asked.map].level
        recipe = asked.changed(level=level, models=model.models, half_maps=item.density.half_maps)
        try:
            subject = model.select_chains(recipe.chains) if recipe.chains else model
            recipe.bind(item.density, model)  # what is out of bounds is told now
        except UserError as error:
            tell(self._messages, "starting the refinement", error)
            return
        if self._session.shown_working(asked.map) is not None:
            self._messages.show_notice(f"Bent into {item.name} as it is, not into what is left of it.", "info")
        files = {"map": str(file_of(item, self._session)), "model": str(model.path or "MODEL")}
        command = after_making(item, self._session, recipe.changed(**files).command())
        logger.info("refine: %s", command)
        opening = self._session.opening
        settle_resolution(self._session, self._messages, asked.map, asked.resolution)
        self._view.show_running(True)

        def work(context: Context) -> OpenRefinement:
            from difffit_core.io.models import check_writable
            from difffit_core.refine.predicted import errors_for
            from difffit_core.refine.record import arrays_of, record_refinement
            from difffit_core.refine.run import run_refine

            check_writable(model)
            pae, told = errors_for(subject, recipe.pae)
            request = recipe.bind(item.density, model, pae)
            result = run_refine(request, context.report, context.cancel)
            whose = "that at which the map is drawn" if drawn else "as it was asked for"
            evidence = (f"level {request.level:.4g} is {whose}", *told)
            record = record_refinement("refinement", recipe, request, result, command=command, evidence=evidence)
            return OpenRefinement(record, arrays_of(result))

        self._jobs.fit(
            Job(
                "refining",
                work,
                lambda found: self._done(recipe, opening, found),
                lambda _: self._failed(),
                self._view.show_progress,
            )
        )

    def cancel(self) -> None:
        """Stop the running refinement; what it reached is kept."""
        self._jobs.cancel_fit()

    def remove(self) -> None:
        """Remove the bent model that is shown."""
        if self._session.refinement is not None:
            self._history.do(RemoveRefinement(self._session.refinement.id))

    def save(self, path: Path) -> None:
        """Write the bent model that is shown, with all that was read of it, as mmCIF or PDB by the name's suffix."""
        chosen = self._session.refinement
        if chosen is None:
            return
        model = self._session.models[chosen.record.model].model

        def write(place: Path) -> None:
            from difffit_core.io.models import write_structure
            from difffit_core.refine.output import bent_structure

            write_structure(place, bent_structure(model, chosen.record, chosen.arrays))

        self._exports.write(path, MMCIF_SUFFIXES + PDB_SUFFIXES, "model", write)

    def _done(self, asked: RefineRecipe, opening: int, found: OpenRefinement) -> None:
        self._view.show_running(False)
        session = self._session
        if opening != session.opening or asked.map not in session.maps or asked.model not in session.models:
            self._messages.show_notice("The refinement is dropped, because its map or model was closed while it ran.", "warning")
            return
        record = found.record.model_copy(update={"id": session.new_id("refinement")})
        self._view_state.set_morph(1.0)
        self._history.do(AddRefinement(OpenRefinement(record, found.arrays), f"Refine {session.models[asked.model].name}"))
        seconds = record.timing.get("refine_s", 0.0)
        self._view.show_outcome(f"{'Stopped early' if record.cancelled else 'Refined'} in {seconds:.1f} s")
        for warning in record.warnings:
            self._messages.show_notice(warning.message, "warning", about=(record.id,), where="Bent")

    def _failed(self) -> None:
        self._view.show_running(False)
