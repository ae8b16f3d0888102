"""Scores of one pose at a time, quick enough to follow a hand."""

import numpy as np

from difffit_core.fit.judge.metrics import atom_metrics
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.subject import prepare_map, prepare_model
from difffit_core.ops.grid import Grid
from difffit_core.placement import FitMetrics
from difffit_core.pose import Pose


class PoseScorer:
    """Gives the metrics that a fit of the same request would give of a pose, on the CPU and on the thread that calls.

    Making one takes as long as a fit takes to prepare; `score` then takes milliseconds. Neither wakes other threads, so that both may run
    beside a fit.
    """

    def __init__(self, request: FitRequest) -> None:
        """Make the map and the model of ``request`` ready.

        Raises
        ------
        UserError
            If the settings do not fit the data.
        """
        self._model = prepare_model(request)
        density = prepare_map(request.target, request.settings, "cpu")
        raw, sharpened = density.raw, density.sharpened(self._model.template.laplacian_weight)
        if not isinstance(raw, Grid) or not isinstance(sharpened, Grid):
            raise TypeError("the CPU's volumes are grids")
        self._raw, self._sharpened = raw, sharpened
        self._unit, self._level = density.density.unit, density.density.level
        self._simulated = self._model.template.at_atoms.astype(np.float64)
        self.score(request.start or Pose.identity())  # compiles what is not compiled yet

    def score(self, pose: Pose) -> FitMetrics:
        """The metrics of a pose of the coordinates as the model's file has them."""
        centre = pose.apply(self._model.centre)
        correlation, _ = self._sharpened.correlation_and_gradient(*self._model.full, pose.rotation, centre)
        at_atoms = self._raw.samples_at(self._model.atoms, pose.rotation, centre).astype(np.float64) * self._unit
        return atom_metrics(at_atoms[None], self._simulated, self._level, np.array([correlation]))[0]
