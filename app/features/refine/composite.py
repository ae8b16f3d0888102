"""A composite as one model that can be bent: written to a file, opened, and set up in the panel."""

from dataclasses import replace
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.features.refine.panel import RefinePanel
from difffit_app.offered import ResolutionOf
from difffit_app.state.changes.of_session import AddModel
from difffit_app.state.items import OpenModel
from difffit_app.workers.lane import Context, Job
from difffit_core.compose.edit.edits import accepted_copies
from difffit_core.io.models import MMCIF_SUFFIXES
from difffit_core.project.composites import CompositeRecord
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.refine.settings import RefineSettings


class CompositeToBend:
    """Bending takes a file, as a project and a command line name it."""

    def __init__(self, desk: Desk, panel: RefinePanel, resolution_of: ResolutionOf) -> None:
        self._session, self._jobs, self._messages, self._history = desk.session, desk.jobs, desk.messages, desk.history
        self._exports, self._panel, self._resolution_of = desk.exports, panel, resolution_of

    def set_up(self, path: Path) -> None:
        """Write what is accepted where one stands in the composite, open that, and set the panel up to bend it."""
        composite = self._session.composite
        if composite is None:
            return
        accepted = accepted_copies(composite, composite.current or (composite.rounds[-1].id if composite.rounds else None))
        if not accepted:
            self._messages.show_notice(f"Nothing is accepted in {composite.name} there, so that there is nothing to bend.", "warning")
            return
        place = self._exports.claim(path, MMCIF_SUFFIXES, "model")
        if place is None:
            return
        models = {identifier: item.model for identifier, item in self._session.models.items()}
        opening = self._session.opening

        def work(_: Context) -> OpenModel:
            from difffit_app.state.project.reading import read_open_model
            from difffit_core.compose.assembly import composite_structure, placed_copies
            from difffit_core.io.models import write_structure

            placed = [models[one.model].select_chains(tuple(one.chains)) for one in accepted]
            structure = composite_structure(placed, placed_copies(accepted), composite.name)
            return read_open_model(place.write(lambda to: write_structure(to, structure)), "")

        def done(found: OpenModel) -> None:
            if opening == self._session.opening and composite.map in self._session.maps:
                self._opened(composite, found, tuple("+".join(one.chains.values()) for one in accepted))

        self._jobs.read(Job(f"writing {place.path.name}", work, done))

    def _opened(self, composite: CompositeRecord, found: OpenModel, copies: tuple[str, ...]) -> None:
        identifier = self._session.new_id("model")
        self._history.do(AddModel(replace(found, id=identifier)))
        resolution = self._resolution_of(composite) or self._panel.resolution.value()
        self._panel.show_recipe(
            RefineRecipe(
                map=composite.map, model=identifier, resolution=resolution, settings=RefineSettings(start="here"),
                apart=copies if len(copies) > 1 else (),
            )
        )  # fmt: skip
        self._messages.show_notice(
            f"{composite.name} is open as {found.name} and set up in the panel Refine: its copies keep apart; Alike bends those "
            "of one chain alike.",
            "info",
        )
