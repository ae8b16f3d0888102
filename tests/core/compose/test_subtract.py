"""Zeroing out, and what is left."""

import numpy as np
import pytest

from difffit_core.compose.edit.subtract import Loss, removed_share, zero_out
from difffit_core.compose.residual import residual
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.compose.solve.together import put_together
from difffit_core.errors import UserError
from difffit_core.target import Target

from .conftest import RESOLUTION, Known


def simulated(known: Known, count: int) -> np.ndarray:
    together = put_together(known.density_map, RESOLUTION, known.bodies, known.truth[:count])
    return together.scale * together.total


def test_the_scale_is_that_of_least_squares(tetramer: Known) -> None:
    together = put_together(tetramer.density_map, RESOLUTION, tetramer.bodies, tetramer.truth)
    off = [np.square(tetramer.density_map.values - f * together.scale * together.total).sum() for f in (0.99, 1, 1.01)]
    assert off[1] < min(off[0], off[2])


def test_threshold_zeroes_all_that_is_above_it(tetramer: Known) -> None:
    model, before = simulated(tetramer, 1), tetramer.density_map.values
    for threshold in (0.0, 0.1):
        found = zero_out(Target(tetramer.density_map, RESOLUTION, tetramer.level), tetramer.bodies, tetramer.truth[:1], threshold=threshold)
        after, inside = found.density_map.values, model > threshold
        assert (after[inside] <= 0).all()
        assert (after[~inside] == before[~inside]).all()
        assert found.voxels == np.count_nonzero(inside & (before > 0))
        above = before > tetramer.level
        assert found.removed == pytest.approx(before[above & inside].sum() / before[above].sum(), rel=1e-4)


def test_covered_spares_the_rim(tetramer: Known) -> None:
    model, before = simulated(tetramer, 1), tetramer.density_map.values
    found = zero_out(Target(tetramer.density_map, RESOLUTION, tetramer.level), tetramer.bodies, tetramer.truth[:1], ZeroOutMethod.COVERED)
    changed = found.density_map.values != before
    assert np.count_nonzero(changed) > 200
    assert (model[changed] >= np.minimum(before[changed], tetramer.level)).all()
    shared = (before > 1.5 * model) & (model > 0) & (model < tetramer.level)
    assert np.count_nonzero(shared) > 200
    assert not changed[shared].any()
    assert found.removed > 0.15


def test_soft_never_goes_below_zero_and_leaves_little(tetramer: Known) -> None:
    before = tetramer.density_map.values
    found = zero_out(Target(tetramer.density_map, RESOLUTION, tetramer.level), tetramer.bodies, tetramer.truth, ZeroOutMethod.SOFT)
    after = found.density_map.values
    assert (after[before >= 0] >= 0).all()
    assert (after[before < 0] == before[before < 0]).all()
    assert (after <= before).all()
    assert found.removed > 0.9


def test_gentler_ways_take_less_from_neighbours(tetramer: Known) -> None:
    lost = {}
    for method in ZeroOutMethod:
        found = zero_out(
            Target(tetramer.density_map, RESOLUTION, tetramer.level),
            tetramer.bodies,
            tetramer.truth[:1],
            method,
            neighbours=tetramer.truth[1:],
        )
        assert len(found.losses) == 3
        assert all(loss.after <= loss.before for loss in found.losses)
        lost[method] = max(loss.share for loss in found.losses)
    assert lost[ZeroOutMethod.THRESHOLD] > 2 * lost[ZeroOutMethod.SOFT]
    assert lost[ZeroOutMethod.THRESHOLD] > 2 * lost[ZeroOutMethod.COVERED]


def test_what_is_taken_out_has_lost_all(tetramer: Known) -> None:
    found = zero_out(
        Target(tetramer.density_map, RESOLUTION, tetramer.level), tetramer.bodies, tetramer.truth[:1], neighbours=tetramer.truth[:1]
    )
    assert found.losses[0].share == pytest.approx(1, abs=0.01)
    assert found.losses[0].atoms > 0.99
    assert Loss(0.0, 0.0, 0.0).share == 0


def test_bad_requests_end_in_a_sentence(tetramer: Known) -> None:
    with pytest.raises(UserError, match="threshold must be 0 or more"):
        zero_out(Target(tetramer.density_map, RESOLUTION, 0.2), tetramer.bodies, tetramer.truth[:1], threshold=-1)
    with pytest.raises(UserError, match="at least one model must lie in the map"):
        zero_out(Target(tetramer.density_map, RESOLUTION, 0.2), tetramer.bodies, [])


def test_nothing_held_is_nothing_removed() -> None:
    zeros = np.zeros((3, 3, 3), np.float32)
    assert removed_share(zeros, zeros, 0.5) == 0


def test_the_missing_copy_is_the_piece_that_is_left(tetramer: Known) -> None:
    names = [{"B": name} for name in "XYZ"]
    left = residual(Target(tetramer.density_map, RESOLUTION, tetramer.level), tetramer.bodies, tetramer.truth[:3], names)
    assert left.explained == pytest.approx(0.75, abs=0.05)
    assert left.subtracted < left.explained
    largest = left.islands[0]
    centre = tetramer.truth[3][1].apply(tetramer.bodies[0].centre)
    assert np.linalg.norm(np.array(largest.centre) - centre) < 4
    assert largest.share == pytest.approx(0.25, abs=0.05)
    assert {chain for chain, _ in largest.beside} <= set("XYZ")
    assert largest.beside
    assert "of chain" in left.sentence()
    assert largest.beside[0][1].split()[0] in set(tetramer.models[0].residue_names)


def test_of_a_whole_assembly_nothing_is_left(tetramer: Known) -> None:
    left = residual(Target(tetramer.density_map, RESOLUTION, tetramer.level), tetramer.bodies, tetramer.truth)
    assert left.explained > 0.97
    assert left.islands == ()
    assert left.volume == 0
    assert "no piece of any size is left" in left.sentence()
    empty = residual(Target(tetramer.density_map, RESOLUTION, tetramer.level), tetramer.bodies, [])
    assert empty.explained == 0
    assert "apart from every model" in empty.sentence()
