"""The stages of a search: explore each field, refine in it, polish the pool."""

import logging
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, matrix_to_quaternion, quaternion_to_matrix
from difffit_core.fit.candidates import Candidates
from difffit_core.fit.cluster import merge
from difffit_core.fit.optimise import Climbed, Volume, climb
from difffit_core.fit.region import Sphere
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import BestSoFar
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.stages import Stage, stages_of
from difffit_core.fit.starts import random_starts
from difffit_core.fit.subject import MapSide, ModelSide
from difffit_core.pose import Pose

_logger = logging.getLogger(__name__)

SAME_PLACE = (3.0, 6.0)
"""Å and degrees within which starts that climbed one field have ended in one place."""
SAME_POSE = (1.0, 2.0)
"""Å and degrees within which two candidates are one pose, before the polish."""


class Search:
    """One search of a model in a map; ``aside`` if what it finds is to be told to nobody, ``region`` if it must lie there."""

    def __init__(
        self,
        model: ModelSide,
        density: MapSide,
        settings: FitSettings,
        seed: int,
        reporter: Reporter,
        *,
        region: Sphere | None = None,
        aside: bool = False,
    ) -> None:
        self._model = model
        self._map = density
        self._settings = settings
        self._seed = seed
        self._reporter = reporter
        self._region = region
        self._aside = aside
        self._stages = stages_of(model, density, settings)
        self._sharpened = density.sharpened(model.template.laplacian_weight)

    def run(self) -> Candidates:
        """Every candidate, polished, in no particular order."""
        parts = []
        for number, (name, field) in enumerate(self._map.fields()):
            found = self._explore(number, name, field)
            parts.append(self._refine(name, field, found))
            if self._reporter.cancelled:
                break
        return self._confined(self._polish(self._confined(Candidates.join(parts))))

    def climb_from(self, start: Pose) -> Candidates:
        """The one candidate, the best by local correlation, to which refining in each field and polishing lead from a pose."""
        quaternion, centre = matrix_to_quaternion(start.rotation)[None], start.apply(self._model.centre)[None]
        parts = []
        for number, (name, field) in enumerate(self._map.fields()):
            begun = Candidates(
                quaternion, centre, np.zeros(1, np.float32), np.ones(1, np.int64), quaternion, centre, np.full(1, number, np.int64)
            )
            parts.append(self._refine(name, field, begun))
            if self._stages.refine is None:
                break
        ended = self._polish(Candidates.join(parts))
        best = ended.take(np.array([np.argmax(ended.correlation)]))
        return replace(best, hits=np.ones(1, np.int64))

    def _confined(self, found: Candidates) -> Candidates:
        return found if self._region is None else found.take(np.flatnonzero(self._region.holds(found.translations)))

    def _climb(self, label: str, stage: Stage, volume: Volume, poses: tuple[Array, Array], watch: bool = False) -> Climbed:
        done = 0
        label = "comparing with the rest of the map" if self._aside else label

        def after_block(count: int, block: Climbed) -> bool:
            nonlocal done
            if watch and not self._aside:
                self._offer_best(block)
            work, done = (count - done) * stage.work, count
            return self._reporter.advance(label, work)

        return climb(volume, stage.points, stage.weight, *poses, stage.schedule, after_block)

    def _quick_correlation(self, poses: Climbed) -> NDArray[np.float32]:
        return self._sharpened.correlation(*self._model.quick, poses.quaternions, poses.translations)

    def _offer_best(self, block: Climbed) -> None:
        if self._region is not None:
            block = block.take(np.flatnonzero(self._region.holds(block.translations)))
        few = block.take(np.argsort(-block.values, kind="stable")[:20])
        if len(few.values) == 0:
            return
        correlation = self._quick_correlation(few)
        best = int(np.argmax(correlation))
        rotation = quaternion_to_matrix(few.quaternions[best])
        translation = few.translations[best] - rotation @ self._model.centre
        self._reporter.offer(BestSoFar(tuple(map(tuple, rotation.tolist())), tuple(translation.tolist()), float(correlation[best])))

    def _explore(self, number: int, name: str, field: Volume) -> Candidates:
        settings, density = self._settings, self._map.density
        rng = np.random.default_rng([self._seed, number + 1])
        starts = random_starts(self._map.starts, density.voxel_size, density.origin, settings.starts, settings.positions, rng)
        poses = self._climb(f"searching the {name} field", self._stages.explore, field, starts, watch=True)
        count = len(poses.values)
        ended = Candidates(
            poses.quaternions, poses.translations, poses.values, np.ones(count, np.int64),
            starts[0][:count], starts[1][:count], np.full(count, number, np.int64),
        )  # fmt: skip
        if settings.candidates == 0 and self._stages.refine is None:
            return ended.scored(self._quick_correlation(poses))
        places, leaders = merge(ended, poses.values, *SAME_PLACE)
        places = places.scored(self._quick_correlation(poses.take(leaders)))
        _logger.info("%s field: %d starts end in %d places", name, count, len(places))
        if settings.candidates == 0:
            return places
        by_correlation = np.argsort(-places.correlation, kind="stable")[: settings.candidates]
        return places.take(np.union1d(np.arange(min(settings.candidates, len(places))), by_correlation))

    def _refine(self, name: str, field: Volume, found: Candidates) -> Candidates:
        stage = self._stages.refine
        if stage is None or self._reporter.cancelled or len(found) == 0:
            return found
        poses = self._climb(f"refining in the {name} field", stage, field, (found.quaternions, found.translations))
        return found.moved_to(poses.quaternions, poses.translations).scored(self._quick_correlation(poses))

    def _polish(self, found: Candidates) -> Candidates:
        stage = self._stages.polish
        if stage is None or self._reporter.cancelled or len(found) == 0:
            return self._scored(found)
        found, _ = merge(found, found.correlation, *SAME_POSE)
        found = found.take(np.arange(min(self._settings.polished, len(found))))
        _logger.info("polishing %d candidates", len(found))
        poses = self._climb("polishing", stage, self._sharpened, (found.quaternions, found.translations))
        return self._scored(found.moved_to(poses.quaternions, poses.translations))

    def _scored(self, found: Candidates) -> Candidates:
        return found.scored(self._sharpened.correlation(*self._model.full, found.quaternions, found.translations))
