"""The stages of a search: explore each field, refine in it, polish the pool."""

import logging
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, quaternion_to_matrix
from difffit_core.fit.cluster import cluster_poses
from difffit_core.fit.optimise import Climbed, Volume, climb
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import BestSoFar
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.starts import random_starts
from difffit_core.fit.subject import MapSide, ModelSide
from difffit_core.ops.grid import Array32, PointSet, Schedule

_logger = logging.getLogger(__name__)

POLISHED = 150
"""Most candidates that are polished."""
REFINE_RATES = (0.25, 1 / 3)
"""Step sizes of the refinement, of the quaternion and the translation, as shares of the search's."""
POLISH_RATES = (1 / 16, 1 / 12)
"""The same of the polish."""
SAME_POSE = (1.0, 2.0)
"""Å and degrees within which two candidates are one pose, before the polish."""


@dataclass(frozen=True, eq=False)
class Candidates:
    """Poses (C) with their local correlation, how many starts they stand for, and where the best of those started."""

    quaternions: Array
    translations: Array
    correlation: NDArray[np.float32]
    hits: NDArray[np.int64]
    start_quaternions: Array
    start_translations: Array

    def __len__(self) -> int:
        return len(self.hits)

    def take(self, index: NDArray[np.int64]) -> "Candidates":
        return Candidates(**{name: column[index] for name, column in self._columns().items()})

    def _columns(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def join(cls, parts: "list[Candidates]") -> "Candidates":
        return cls(**{field.name: np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(cls)})

    def moved_to(self, poses: Climbed) -> "Candidates":
        """The first of these, as many as there are ``poses``, at those poses; their correlation is left to be `scored`."""
        done = self.take(np.arange(len(poses.values)))
        return replace(done, quaternions=poses.quaternions, translations=poses.translations)

    def scored(self, correlation: NDArray[np.float32]) -> "Candidates":
        return replace(self, correlation=correlation)

    def merged(self, scores: NDArray[np.floating], shift: float, angle: float) -> "tuple[Candidates, NDArray[np.int64]]":
        """One a cluster, its best by ``scores``, with the cluster's hits; and the index of each in this."""
        clusters = cluster_poses(self.quaternions, self.translations, scores, shift, angle)
        return replace(self.take(clusters.leaders), hits=clusters.hits(self.hits)), clusters.leaders


class Search:
    """One search of a model in a map."""

    def __init__(self, model: ModelSide, density: MapSide, settings: FitSettings, seed: int, reporter: Reporter) -> None:
        self._model = model
        self._map = density
        self._settings = settings
        self._seed = seed
        self._reporter = reporter
        voxel = float(density.density.voxel_size.mean())
        self._shift_rate = settings.shift_rate * voxel if settings.shift_rate else 0.01 * density.mean_side

    def run(self) -> Candidates:
        """Every candidate, polished, in no particular order."""
        parts = []
        for stream, (name, field) in enumerate(self._map.fields(), start=1):
            found = self._explore(name, field, np.random.default_rng([self._seed, stream]))
            parts.append(self._refine(name, field, found))
            if self._reporter.cancelled:
                break
        return self._polish(Candidates.join(parts))

    def _schedule(self, rates: tuple[float, float], decay: float, steps: int) -> Schedule:
        return Schedule(self._settings.turn_rate * rates[0], self._shift_rate * rates[1], decay, steps)

    def _climb(
        self,
        stage: str,
        volume: Volume,
        points: PointSet,
        poses: tuple[Array, Array],
        schedule: Schedule,
        weight: Array32 | None = None,
        watch: bool = False,
    ) -> Climbed:
        done = 0

        def after_block(count: int, block: Climbed) -> bool:
            nonlocal done
            if watch:
                self._offer_best(block)
            work, done = (count - done) * len(points) * schedule.steps, count
            return self._reporter.advance(stage, work)

        return climb(volume, points, weight, *poses, schedule, after_block)

    def _quick_correlation(self, poses: Climbed) -> NDArray[np.float32]:
        return self._map.sharpened.correlation(*self._model.quick, poses.quaternions, poses.translations)

    def _offer_best(self, block: Climbed) -> None:
        few = block.take(np.argsort(-block.values, kind="stable")[:20])
        correlation = self._quick_correlation(few)
        best = int(np.argmax(correlation))
        rotation = quaternion_to_matrix(few.quaternions[best])
        translation = few.translations[best] - rotation @ self._model.centre
        self._reporter.offer(BestSoFar(tuple(map(tuple, rotation.tolist())), tuple(translation.tolist()), float(correlation[best])))

    def _explore(self, name: str, field: Volume, rng: np.random.Generator) -> Candidates:
        settings, density = self._settings, self._map.density
        starts = random_starts(density.inside, density.voxel_size, density.origin, settings.starts, rng)
        schedule = self._schedule((1.0, 1.0), settings.decay, settings.steps)
        poses = self._climb(f"searching the {name} field", field, self._model.search_atoms, starts, schedule, watch=True)
        clusters = cluster_poses(poses.quaternions, poses.translations, poses.values, settings.cluster_shift, settings.cluster_angle)
        leaders = clusters.leaders
        best = poses.take(leaders)
        everything = Candidates(
            best.quaternions, best.translations, self._quick_correlation(best),
            clusters.hits(np.ones(len(poses.values), np.int64)), starts[0][leaders], starts[1][leaders],
        )  # fmt: skip
        _logger.info("%s field: %d starts end in %d places", name, len(poses.values), len(everything))
        if settings.candidates == 0:
            return everything
        by_correlation = np.argsort(-everything.correlation, kind="stable")[: settings.candidates]
        return everything.take(np.union1d(np.arange(min(settings.candidates, len(everything))), by_correlation))

    def _refine(self, name: str, field: Volume, found: Candidates) -> Candidates:
        steps = self._settings.refine_steps
        if steps == 0 or self._reporter.cancelled or len(found) == 0:
            return found
        schedule = self._schedule(REFINE_RATES, 1.0, steps)
        poses = self._climb(
            f"refining in the {name} field", field, self._model.refine_atoms, (found.quaternions, found.translations), schedule
        )
        return found.moved_to(poses).scored(self._quick_correlation(poses))

    def _polish(self, found: Candidates) -> Candidates:
        if self._settings.polish_steps == 0 or self._reporter.cancelled or len(found) == 0:
            return self._scored(found)
        found, _ = found.merged(found.correlation, *SAME_POSE)
        found = found.take(np.arange(min(POLISHED, len(found))))
        _logger.info("polishing %d candidates", len(found))
        schedule = self._schedule(POLISH_RATES, 1.0, self._settings.polish_steps)
        start = found.quaternions, found.translations
        poses = self._climb("polishing", self._map.sharpened, self._model.halo[0], start, schedule, weight=self._model.halo[1])
        return self._scored(found.moved_to(poses))

    def _scored(self, found: Candidates) -> Candidates:
        return found.scored(self._map.sharpened.correlation(*self._model.full, found.quaternions, found.translations))
