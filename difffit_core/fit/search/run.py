"""The stages of a search: explore each field, refine in it, polish the pool."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, matrix_to_quaternion, quaternion_to_matrix
from difffit_core.fit.judge import kin
from difffit_core.fit.periodic import at_home
from difffit_core.fit.reporter import Reporter
from difffit_core.fit.request import BestSoFar
from difffit_core.fit.search.candidates import Candidates
from difffit_core.fit.search.cluster import merge
from difffit_core.fit.search.completion import implied_copies
from difffit_core.fit.search.optimise import Climbed, Volume, climb
from difffit_core.fit.search.stages import Stage, stages_of
from difffit_core.fit.search.starts import random_starts
from difffit_core.fit.search.subject import MapSide, ModelSide
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.sphere import Sphere
from difffit_core.pose import Pose

_logger = logging.getLogger(__name__)

SAME_PLACE = (3.0, 6.0)
"""Å and degrees within which starts that climbed one field have ended in one place."""
SAME_POSE = (1.0, 2.0)
"""Å and degrees within which two candidates are one pose, before the polish."""


FIRST_ROUND = 5
"""Of how many starts one is climbed before it is asked whether the answer is certain."""
_FEWEST_CANDIDATES = 20
_LIKELY_COPY = 0.6

IsCertain = Callable[[Candidates], bool]


class Search:
    """One search of a model in a map; ``aside`` is what to call it if what it finds is told to nobody, ``region`` where it must lie.

    With ``is_certain``, every fifth start is climbed first, and the others only if what that finds is not certain. ``number`` counts the
    searches of one fit: each draws starts of its own, and its candidates say which it was (`Candidates.fields`).
    """

    def __init__(
        self,
        model: ModelSide,
        density: MapSide,
        settings: FitSettings,
        seed: int,
        reporter: Reporter,
        *,
        region: Sphere | None = None,
        aside: str = "",
        is_certain: IsCertain | None = None,
        number: int = 0,
    ) -> None:
        self._model = model
        self._map = density
        self._settings = settings
        self._seed = seed
        self._reporter = reporter
        self._region = region
        self._aside = aside
        self._is_certain = is_certain
        self._number = number
        self._stages = stages_of(model, density, settings)
        self._sharpened = density.sharpened(model.template.laplacian_weight)

    def run(self) -> Candidates:
        """Every candidate, polished, in no particular order."""
        parts: list[Candidates] = []
        for chosen in self._rounds():
            for number, (name, field) in enumerate(self._map.fields()):
                found = self._explore(number, name, field, self._starts(number, chosen))
                parts.append(self._refine(name, field, found))
                if self._reporter.cancelled:
                    break
            polished = self._at_home(self._polish(self._confined(Candidates.join(parts))))
            if self._reporter.cancelled or (self._is_certain is not None and self._is_certain(polished)):
                break
        if self._region is None and not self._aside:
            polished = self._with_implied_copies(polished)
        return self._confined(self._at_home(polished))

    def _with_implied_copies(self, found: Candidates) -> Candidates:
        """What was found, and what starts from where the moves among the best placement's symmetric copies put further ones end in."""
        settings = self._settings
        while self._stages.polish is not None and not self._reporter.cancelled and len(found):
            placements, _ = merge(found, found.correlation, settings.cluster_shift, settings.cluster_angle)
            copy_of = kin.copies(placements, self._map, self._model)
            copies = np.flatnonzero(copy_of == 0)
            ordered = placements.take(np.concatenate([[0], copies, np.flatnonzero(copy_of[1:] != 0) + 1]))
            starts = implied_copies(
                ordered.quaternions, ordered.translations, 1 + len(copies), settings.cluster_shift, settings.cluster_angle
            )
            likely = self._sharpened.correlation(*self._model.quick, *starts) > _LIKELY_COPY * placements.correlation[0]
            if not likely.any():
                break
            name, field = next(iter(self._map.fields()))
            ended = self._climb_starts(0, name, field, (starts[0][likely], starts[1][likely]))
            more = self._at_home(self._polish(self._refine(name, field, ended)))
            before, found = len(placements), Candidates.join([found, more])
            if len(merge(found, found.correlation, settings.cluster_shift, settings.cluster_angle)[0]) == before:
                break
        return found

    def _rounds(self) -> Iterator[NDArray[np.bool_]]:
        """Which starts are climbed in each round, (starts,)."""
        every = np.arange(self._settings.starts)
        if self._is_certain is None:
            yield every >= 0
        else:
            yield every % FIRST_ROUND == 0
            yield every % FIRST_ROUND > 0

    def _starts(self, number: int, chosen: NDArray[np.bool_]) -> tuple[Array, Array]:
        settings, density = self._settings, self._map.density
        rng = np.random.default_rng([self._seed, number + 1, self._number] if self._number else [self._seed, number + 1])
        turns, anchors = random_starts(self._map.starts, density.voxel_size, density.origin, settings.starts, settings.positions, rng)
        if self._model.anchor.any():
            anchors = anchors - quaternion_to_matrix(turns) @ self._model.anchor
        return turns[chosen], anchors[chosen]

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

    def polish_places(self, quaternions: Array, centres: Array) -> Candidates:
        """Where poses (P) that another kind of search found end, polished; they count as found by search ``number``."""
        count = len(quaternions)
        begun = Candidates(
            quaternions, centres, np.zeros(count, np.float32), np.ones(count, np.int64), quaternions, centres,
            np.full(count, self._number * len(self._settings.fields), np.int64),
        )  # fmt: skip
        begun, _ = merge(begun.scored(self._quick_correlation(begun)), self._quick_correlation(begun), *SAME_POSE)
        stage = self._stages.polish
        if stage is None or len(begun) == 0:
            return self._scored(begun)
        poses = self._climb("polishing", stage, self._sharpened, (begun.quaternions, begun.translations))
        return self._at_home(self._scored(begun.moved_to(poses.quaternions, poses.translations)))

    def _at_home(self, found: Candidates) -> Candidates:
        return found if self._region is not None else at_home(found, self._map.lattice)

    def _confined(self, found: Candidates) -> Candidates:
        return found if self._region is None else found.take(np.flatnonzero(self._region.holds(found.translations)))

    def _climb(self, label: str, stage: Stage, volume: Volume, poses: tuple[Array, Array], watch: bool = False) -> Climbed:
        done = 0
        label = self._aside or label

        def after_block(count: int, block: Climbed) -> bool:
            nonlocal done
            if watch and not self._aside:
                self._offer_best(block)
            work, done = (count - done) * stage.work, count
            return self._reporter.advance(label, work)

        return climb(volume, stage.points, stage.weight, *poses, stage.schedule, after_block)

    def _quick_correlation(self, poses: Climbed | Candidates) -> NDArray[np.float32]:
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

    def _climb_starts(self, number: int, name: str, field: Volume, starts: tuple[Array, Array]) -> Candidates:
        """Where each start ends in a search field; their correlation is the field's mean, left to be `scored`."""
        poses = self._climb(f"searching the {name} field", self._stages.explore, field, starts, watch=True)
        count = len(poses.values)
        return Candidates(
            poses.quaternions, poses.translations, poses.values, np.ones(count, np.int64),
            starts[0][:count], starts[1][:count], np.full(count, number + self._number * len(self._settings.fields), np.int64),
        )  # fmt: skip

    def _explore(self, number: int, name: str, field: Volume, starts: tuple[Array, Array]) -> Candidates:
        ended = self._climb_starts(number, name, field, starts)
        most = self._settings.candidates
        if most == 0 and self._stages.refine is None:
            return ended.scored(self._quick_correlation(ended))
        places, _ = merge(ended, ended.correlation, *SAME_PLACE)
        places = places.scored(self._quick_correlation(places))
        _logger.info("%s field: %d starts end in %d places", name, len(ended), len(places))
        if most == 0:
            return places
        most = max(_FEWEST_CANDIDATES, round(most * len(starts[0]) / self._settings.starts))
        by_correlation = np.argsort(-places.correlation, kind="stable")[:most]
        return places.take(np.union1d(np.arange(min(most, len(places))), by_correlation))

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
