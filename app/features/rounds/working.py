"""Keeping up with what composites leave of their maps."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from difffit_app.desk import Desk
from difffit_app.state.items import OpenFit, WorkingMap
from difffit_app.state.searched import Searched, searched_by, searched_now
from difffit_app.state.session import Session
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_core.compose.edit.edits import working_round
from difffit_core.errors import UserError
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.project.composites import CompositeRecord, RoundRecord


class WorkingController:
    """Computes the working map of the round where one stands whenever that changes, and which placements of fits lie in what was accepted.

    The map of before is shown until then.
    """

    def __init__(self, desk: Desk) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._exports = desk.messages, desk.exports
        self._wanted: list[RoundRecord] | None = None
        self._job: Job | None = None
        desk.session.events.composite_selected.connect(self.follow)
        desk.session.events.model_added.connect(self.follow)
        desk.session.events.fit_added.connect(self._weigh)
        desk.session.events.fit_removed.connect(lambda fit: desk.view_state.overlaps.pop(fit, None))

    @property
    def busy(self) -> bool:
        return self._job is not None

    def follow(self, *_: object) -> None:
        """Another round is looked at, or it changed."""
        composite = self._session.composite
        path = self._path(composite)
        if path == self._wanted:
            return
        self._wanted, self._job = path, None
        if composite is None or not path or composite.map not in self._session.maps:
            self._session.set_working(None)
            return
        searched = Searched(
            self._session.maps[composite.map].density,
            composite,
            path[-1].id,
            {identifier: item.model for identifier, item in self._session.models.items()},
        )
        job = Job(
            "computing the working map",
            lambda _: _computed(searched, composite),
            lambda found: self._done(job, found),
            lambda _: self._failed(job),
        )
        self._job = job
        self._jobs.draw(job)

    def toggle_raw(self) -> None:
        """Show maps themselves, or what composites have left of them."""
        self._session.set_raw(not self._session.raw)

    def save(self, path: Path) -> None:
        """Write what is left of the map of the chosen composite as MRC."""
        working = self._session.working
        if working is None:
            self._messages.show_notice("There is no working map to save: accept a placement, and zero it out.", "info")
            return

        def write(place: Path) -> None:
            from difffit_core.io.maps import write_map

            write_map(place, working.density)

        self._exports.write(path, MAP_SUFFIXES, "map", write)

    def _path(self, composite: CompositeRecord | None) -> list[RoundRecord]:
        """The rounds that make the working map; names are of no matter to it."""
        if composite is None or composite.map not in self._session.maps or not self._session.models.keys() >= set(composite.models()):
            return []
        path = composite.path(working_round(composite, composite.current))
        return [one.model_copy(update={"name": "", "fits": ()}) for one in path]

    def _done(self, job: Job, found: WorkingMap) -> None:
        if job is self._job:
            self._job = None
            self._session.set_working(found)

    def _failed(self, job: Job) -> object:
        if job is not self._job:
            return SETTLED
        self._job = None
        self._session.set_working(None)
        return None

    def _weigh(self, fit: OpenFit) -> None:
        """Find out which placements of a fit of a later round lie in what was accepted before; those of a fit made here are known."""
        if fit.record.round is None or fit.id in self._view_state.overlaps or not fit.placements:
            return
        try:
            searched = searched_by(self._session, fit.record)
        except UserError:
            return
        model, chains = self._session.models[fit.record.model].model, fit.record.chains

        def work(_: Context) -> NDArray[np.float64]:
            from difffit_core.compose.edit.accepted import overlap_with

            return overlap_with(searched.accepted, searched.models, model.select_chains(chains), [one.pose for one in fit.placements])

        self._jobs.draw(
            Job(
                "weighing overlaps",
                work,
                lambda shares: self._weighed(fit, shares),
            )
        )

    def _weighed(self, fit: OpenFit, shares: NDArray[np.float64]) -> None:
        if self._session.fits.get(fit.id) is fit:  # and no other of another project, or of another clustering
            self._view_state.set_overlaps(fit.id, shares)


def work_out(session: Session) -> None:
    """Compute the working map of the chosen composite at once, for pictures of a session without a window."""
    composite = session.composite
    if composite is not None:
        searched = searched_now(session, composite.map)
        if searched.round is not None:
            session.set_working(_computed(searched, composite))


def _computed(searched: Searched, composite: CompositeRecord) -> WorkingMap:
    from difffit_app.geometry.overview import Overview

    density = searched.read()
    return WorkingMap(composite.map, composite.id, searched.round or "", density, Overview.of(density))
