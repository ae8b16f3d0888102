"""Clustering and ranking a fit again, without fitting again."""

from dataclasses import replace

from difffit_app.desk import Desk
from difffit_app.messages import tell
from difffit_app.state.changes.of_session import ReplaceFit
from difffit_app.state.items import OpenFit
from difffit_app.state.repeating import request_again
from difffit_app.state.searched import searched_by
from difffit_app.workers.lane import Context, Job
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.project.arrays import FitArrays
from difffit_core.project.build import record_again


class ClusteringController:
    """Works in the compute worker; the result takes the fit's place, which can be undone."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._jobs, self._messages, self._history = desk.session, desk.jobs, desk.messages, desk.history

    def cluster_again(self, shift: float, angle: float, rank_by: str) -> None:
        """Cluster the selected fit within ``shift`` Å and ``angle`` degrees, and rank it by a metric."""
        fit = self._session.fit
        if fit is None:
            return
        candidates = fit.arrays.candidates
        if candidates is None:
            self._messages.show_notice("This fit kept no candidates, so it cannot be clustered again: fit again.", "warning")
            return
        changes = {"cluster_shift": shift, "cluster_angle": angle, "rank_by": rank_by}
        try:
            searched, model = searched_by(self._session, fit.record), self._session.models[fit.record.model]
        except UserError as error:
            tell(self._messages, "clustering again", error)
            return

        def work(_: Context) -> OpenFit:
            from difffit_core.fit.recluster import recluster

            request = request_again(fit, searched, model)
            request = replace(request, settings=FitSettings.checked({**request.settings.model_dump(), **changes}))
            result = recluster(request, candidates, fit.record.timing, fit.record.cancelled)
            return OpenFit.of(record_again(fit.record, request, result), FitArrays.of_result(result))

        self._messages.show_activity("Clustering again …")
        self._jobs.fit(Job("clustering again", work, lambda again: self._done(fit, again), lambda _: self._messages.show_activity("")))

    def _done(self, before: OpenFit, after: OpenFit) -> None:
        self._messages.show_activity("")
        if self._session.fits.get(before.id) is not before:
            self._messages.show_notice("The fit was changed or closed while it was clustered again; the result is dropped.", "warning")
            return
        self._history.do(ReplaceFit(after, "Cluster Again"))
        count, was = len(after.placements), len(before.placements)
        self._messages.show_notice(f"Clustered again: {count} placement{'' if count == 1 else 's'}, {was} before.", "info")
