"""Maps onto maps: found from anywhere, of either hand, small in large and large onto small, exact, and chance called chance."""

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from difffit_core.align.recipe import AlignRecipe
from difffit_core.align.request import AlignResult
from difffit_core.align.run import prepare_fixed, run_align
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.map_edit.onto_grid import resampled
from difffit_core.placement import Verdict
from difffit_core.pose import Pose

from .conftest import Moved, cut_out

Move = Callable[..., Moved]


def recipe(**changes: Any) -> AlignRecipe:
    fast = FitSettings.preset("fast")
    return AlignRecipe.checked({"fixed": "f", "moving": ("m",), "resolution": 4.0, "settings": fast, "device": "cpu", **changes})


def kinds(result: AlignResult) -> list[str]:
    return [one.kind for one in result.warnings]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_a_map_is_found_in_itself_to_a_hundredth_of_a_voxel(example_map: DensityMap, moved: Move, seed: int) -> None:
    one = moved(example_map, seed)
    result = run_align(recipe(seed=seed).bind(example_map, one.density_map))
    angle, shift = one.error(result.best.pose)
    assert angle < 0.1
    assert shift < 0.05
    assert (result.hand, result.hand_known, result.best.verdict) == ("same", True, Verdict.UNIQUE)
    assert kinds(result) == []
    assert result.best.p_value < 1e-10
    assert result.comparison.correlation > 0.98
    assert result.comparison.masked.resolution(0.5) is None
    assert result.precision[0] is not None
    assert result.precision[0].shift_error < 0.1
    assert [one.rank for one in result.placements] == list(range(1, len(result.placements) + 1))


@pytest.mark.slow
def test_the_other_hand_is_named_and_the_moved_map_is_mirrored_first(example_map: DensityMap, moved: Move) -> None:
    one = moved(example_map, 3)
    wrong = one.density_map.mirrored()
    result = run_align(recipe(seed=3).bind(example_map, wrong))
    assert (result.hand, result.hand_known) == ("mirrored", True)
    assert kinds(result) == ["hand"]
    assert max(one.error(result.best.pose)) < 0.1  # mirrored again it is the moved map
    assert result.comparison.correlation > 0.98
    forced = run_align(recipe(seed=3, hand="same").bind(example_map, wrong))
    assert forced.best.verdict is Verdict.NOT_SIGNIFICANT
    assert kinds(forced) == ["chance"]


@pytest.mark.slow
def test_another_voxel_size_box_resolution_and_contrast(example_map: DensityMap, moved: Move) -> None:
    """Smoothed to about 7 Å, on voxels of 2 Å, in other units upon an offset."""
    coarse = example_map.with_values(gaussian_filter(example_map.values, 1.4) * 17 - 3)
    one = moved(coarse, 4, 2.0)
    result = run_align(recipe(resolution=7.0, seed=4).bind(example_map, one.density_map))
    angle, shift = one.error(result.best.pose)
    assert angle < 0.3
    assert shift < 0.2
    assert (result.hand, result.hand_known, result.best.verdict) == ("same", True, Verdict.UNIQUE)


@pytest.mark.slow
@pytest.mark.parametrize("swap", [False, True])
def test_a_piece_in_the_whole_and_the_whole_onto_a_piece(example_map: DensityMap, moved: Move, swap: bool) -> None:
    centre = example_map.origin + 0.5 * example_map.box + [0, 0, 25]
    piece = cut_out(example_map, centre, 26)
    one = moved(example_map, 5) if swap else moved(piece, 5)
    fixed = piece if swap else example_map
    result = run_align(recipe(seed=5).bind(fixed, one.density_map))
    angle, shift = one.error(result.best.pose)
    assert angle < 0.5
    assert shift < 0.5
    assert result.swapped is swap
    assert ("swapped" in kinds(result)) is swap
    assert not result.best.verdict.is_chance
    assert result.comparison.aligned.values.shape == fixed.values.shape


@pytest.mark.slow
def test_maps_that_have_nothing_in_common_are_called_so(example_map: DensityMap) -> None:
    rng = np.random.default_rng(6)
    shape = (60, 60, 60)
    blob = gaussian_filter(rng.normal(size=shape), 1.2)
    distance = np.linalg.norm(np.indices(shape).transpose(1, 2, 3, 0) - 29.5, axis=-1)
    other = DensityMap(np.where(distance < 15, blob, 0), np.full(3, 1.4), np.zeros(3), "noise")
    result = run_align(recipe(seed=6, moving_level=0.5 * float(blob.std())).bind(example_map, other))
    assert result.best.verdict.is_chance
    assert kinds(result) == ["chance"]
    assert not result.hand_known


@pytest.mark.slow
def test_where_they_differ_is_told_with_its_sign(example_map: DensityMap) -> None:
    """A sphere of density is taken out of one map."""
    level = recipe().bind(example_map, example_map).onto.level
    crowded = gaussian_filter((example_map.values > level).astype(float), 4)
    hole = example_map.positions(np.array([np.unravel_index(np.argmax(crowded), crowded.shape)]))[0]
    away = np.linalg.norm(example_map.positions(np.argwhere(np.ones(example_map.values.shape))) - hole, axis=1)
    without = example_map.with_values(np.where(away.reshape(example_map.values.shape) < 9, 0, example_map.values))
    for fixed, moving, only_in in ((example_map, without, "fixed"), (without, example_map, "moving")):
        result = run_align(recipe(hand="same").bind(fixed, moving))
        first = result.comparison.regions[0]
        assert first.only_in == only_in
        assert np.linalg.norm(np.array(first.centre) - hole) < 5
        assert np.abs(result.best.pose.rotation - np.eye(3)).max() < 0.01


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bits_with_a_prepared_map_or_not(example_map: DensityMap, moved: Move) -> None:
    request = recipe(seed=7).bind(example_map, moved(example_map, 7).density_map)
    first, second = run_align(request), run_align(request, ready=prepare_fixed(request, "cpu"))
    assert [one.to_dict() for one in first.placements] == [one.to_dict() for one in second.placements]


def test_it_is_cancelled_and_tells_how_far_it_is(example_map: DensityMap) -> None:
    request = recipe().bind(example_map, example_map)
    flag, told = threading.Event(), []
    run_align(request, told.append)
    assert told[-1].stage == "done"
    assert all(0 <= one.fraction <= 1 for one in told)
    flag.set()
    with pytest.raises(FitCancelled):
        run_align(request, cancel=flag)


def test_a_map_stays_where_it_is_on_its_own_grid(example_map: DensityMap) -> None:
    same, there = resampled(example_map, Pose.identity(), example_map)
    np.testing.assert_allclose(same.values, example_map.values, atol=2e-5 * example_map.values.max())
    assert there.all()
    shifted, there = resampled(example_map, Pose(np.eye(3), np.array([14.0, 0, 0])), example_map)
    np.testing.assert_allclose(shifted.values[:, :, 10:], example_map.values[:, :, :-10], atol=1e-4)
    assert there[:, :, 10:].all()
    assert not there[:, :, :10].any()


@pytest.mark.parametrize("level", [1e6, float("nan")])
def test_a_level_above_the_map_is_refused_by_name(example_map: DensityMap, level: float) -> None:
    with pytest.raises(UserError, match="level must lie below the map's maximum"):
        recipe(moving_level=level).bind(example_map, example_map)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hand": "left"}, "hand: .* got 'left'"),
        ({"resolution": 0}, "resolution must lie between 0.5 and 100 Å, got 0"),
        ({"colour": 1}, "colour is not a field"),
        ({"moving": ()}, "moving: "),
    ],
)
def test_what_is_not_allowed_is_said(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        recipe(**changes)
