"""Every question about how well one model fits one map: scores of any pose, and its polish."""

from collections.abc import Sequence

from difffit_core.compose.body import Body
from difffit_core.compose.candidates.pool import Background, Candidate, judged
from difffit_core.conventions import quaternion_to_matrix
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.search.optimise import climb
from difffit_core.fit.search.stages import stages_of
from difffit_core.fit.search.subject import MapSide, prepare_model
from difffit_core.pose import Pose, PoseBatch


class Judge:
    """One model in one map, as a fit of them sees the two.

    Parameters
    ----------
    index, body : which model
    request : its fit
    density : the map side of that fit

    Attributes
    ----------
    learned : whether it knows what wrong poses of the model reach, without which its p-values say nothing
    """

    def __init__(self, index: int, body: Body, request: FitRequest, density: MapSide) -> None:
        self.body = body
        self.side = prepare_model(request)
        self._index = index
        self._density = density
        self._resolution = request.resolution
        self._polish = stages_of(self.side, density, request.settings).polish
        self._background = Background(0.0, self._background_of(None).elements)
        self.learned = False

    @property
    def elements(self) -> float:
        """Independent resolution elements that the model covers."""
        return self._background.elements

    def learn(self, result: FitResult) -> None:
        """Take from a fit what wrong poses of this model reach in this map."""
        self._background = self._background_of(result)
        self.learned = True

    def _background_of(self, result: FitResult | None) -> Background:
        return Background.of_fit(result, self.side.template.volume, self._resolution)

    def judge(self, poses: Sequence[Pose], source: str) -> list[Candidate]:
        """Candidates from poses."""
        if not poses:
            return []
        volume = self._density.sharpened(self.side.template.laplacian_weight)
        correlation = volume.correlation(*self.side.full, *self.body.centred(PoseBatch.of(poses)))
        return [judged(self._index, pose, float(c), self._background, source) for pose, c in zip(poses, correlation, strict=True)]

    def polish(self, poses: Sequence[Pose]) -> list[Pose]:
        """Poses moved to the best local correlation beside them, where the fit's settings ask for a polish."""
        if not poses or self._polish is None:
            return list(poses)
        volume = self._density.sharpened(self.side.template.laplacian_weight)
        stage = self._polish
        found = climb(volume, stage.points, stage.weight, *self.body.centred(PoseBatch.of(poses)), stage.schedule)
        better = self.body.uncentred(quaternion_to_matrix(found.quaternions), found.translations)
        return [better[i] for i in range(len(better))]
