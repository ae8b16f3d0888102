"""How much of the density is explained, where it is known."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.compose.body import Body
from difffit_core.compose.residual import residual
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.pose import Pose
from difffit_core.quality.explained import explain
from difffit_core.target import Target

LEVEL = 4.0


def test_a_map_of_the_model_is_explained_and_scaled_back(placed: Any, map_at_4: DensityMap) -> None:
    once = explain(Target(map_at_4, 4.0, LEVEL), [(placed.model, placed.pose)])
    assert once.density > 0.97
    assert once.amount > 0.97
    assert once.voxels > 0.97
    assert once.atoms_inside == 1.0
    assert once.blob is None or once.blob.volume < 20
    thrice = explain(Target(map_at_4.with_values(3 * map_at_4.values), 4.0, 3 * LEVEL), [(placed.model, placed.pose)])
    assert thrice.scale == pytest.approx(3 * once.scale, rel=1e-5)
    assert thrice.density == pytest.approx(once.density, abs=1e-5)


def test_shares_agree_with_plain_numpy(placed: Any, map_at_4: DensityMap, make_map: Callable[..., DensityMap]) -> None:
    """The model stands 2 Å beside its density; its own density is summed exactly on the map's grid."""
    beside = placed.shifted(*(np.round(2 / map_at_4.voxel_size) * map_at_4.voxel_size))
    steps = np.round(2 / map_at_4.voxel_size).astype(int)
    own = np.zeros_like(map_at_4.values)
    own[steps[2] :, steps[1] :, steps[0] :] = map_at_4.values[: -steps[2], : -steps[1], : -steps[0]]
    found = explain(Target(map_at_4, 4.0, LEVEL), [(placed.model, beside)])
    above, covered = map_at_4.values > LEVEL, own > 0.05 * own.max()
    scale = (own * map_at_4.values)[covered].sum() / (own**2)[covered].sum()
    held = map_at_4.values[above].sum()
    there = above & (scale * own > 0.25 * LEVEL)
    assert found.density == pytest.approx(float(map_at_4.values[there].sum() / held), abs=0.02)
    assert found.amount == pytest.approx(float(np.minimum(scale * own, map_at_4.values)[above].sum() / held), abs=0.02)
    assert found.voxels == pytest.approx(float(there.sum() / above.sum()), abs=0.02)
    assert 0.1 < found.amount < found.density < 0.95


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "chains"), [("example", "D"), ("example", "ABCDE"), ("example", "DE")])
@pytest.mark.parametrize("level", [0.2, 0.4, -0.1])
def test_a_composite_and_a_placement_have_one_number(repository: Path, folder: str, chains: str, level: float) -> None:
    """What the report of a composite says of the same models in the same places."""
    density_map = read_map(repository / "resources" / folder / "1bd2_4A.mrc.gz")
    models = [read_model(repository / "resources" / folder / "1bd2.pdb.gz").select_chains([name]) for name in chains]
    found = explain(Target(density_map, 4.0, level), [(model, Pose.identity()) for model in models])
    left = residual(Target(density_map, 4.0, level), [Body(model) for model in models], [(i, Pose.identity()) for i in range(len(models))])
    assert found.density == pytest.approx(left.explained, abs=2e-4)
    assert found.amount == pytest.approx(left.subtracted, abs=2e-4)
    assert found.density > 0.1


def test_halves_add_up_and_the_other_half_is_what_is_left(placed: Any, map_at_4: DensityMap) -> None:
    middle = np.median(placed.model.residue_index)
    halves = []
    for side in (placed.model.residue_index < middle, placed.model.residue_index >= middle):
        halves.append(replace(placed.model, **{name: array[side] for name, array in placed.model._arrays().items()}))
    each = [explain(Target(map_at_4, 4.0, LEVEL), [(half, placed.pose)]) for half in halves]
    both = explain(Target(map_at_4, 4.0, LEVEL), [(half, placed.pose) for half in halves])
    assert both.density == pytest.approx(explain(Target(map_at_4, 4.0, LEVEL), [(placed.model, placed.pose)]).density, abs=1e-4)
    assert all(one.density < 0.7 for one in each)
    assert each[0].blob is not None
    others = placed.pose.apply(halves[1].fit_coordinates)
    first = placed.pose.apply(halves[0].fit_coordinates)
    where = np.array(each[0].blob.centre)
    assert np.linalg.norm(others - where, axis=1).min() < 2.5
    assert np.linalg.norm(first - where, axis=1).min() > 1.5


def test_the_largest_piece_is_found_with_its_place_and_volume(placed: Any, map_at_4: DensityMap) -> None:
    values = np.pad(map_at_4.values, ((0, 0), (0, 0), (0, 30)))
    values[5:9, 5:9, -10:-6] = 20
    values[5:7, 5:7, -20:-18] = 20
    density = DensityMap(values, map_at_4.voxel_size, map_at_4.origin)
    blob = explain(Target(density, 4.0, LEVEL), [(placed.model, placed.pose)]).blob
    assert blob is not None
    assert blob.volume == pytest.approx(64 * density.voxel_volume)
    middle = density.origin + np.array([values.shape[2] - 8.5, 6.5, 6.5]) * density.voxel_size
    assert np.linalg.norm(np.array(blob.centre) - middle) < np.linalg.norm(density.voxel_size)


def test_a_model_outside_explains_nothing(placed: Any, map_at_4: DensityMap) -> None:
    away = placed.shifted(400, 0, 0)
    found = explain(Target(map_at_4, 4.0, LEVEL), [(placed.model, away)])
    assert (found.density, found.voxels, found.atoms_inside, found.scale) == (0, 0, 0, 0)
    assert found.blob is not None


def test_nothing_above_the_level_is_refused(placed: Any, map_at_4: DensityMap) -> None:
    with pytest.raises(UserError, match=r"level must lie below the map's maximum of .*, got 1e"):
        explain(Target(map_at_4, 4.0, 1e6), [(placed.model, placed.pose)])
