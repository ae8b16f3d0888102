"""Maps in the place of models: copies of a subunit's map put together in the map of the whole."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.align.body import map_body
from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.output.export import _moved_maps
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.run import run_compose
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.groups.group import Group
from difffit_core.pose import Pose
from difffit_core.target import Target

from .conftest import RESOLUTION, Known, make_map

QUICK = FitSettings.preset("fast", starts=1500)
AWAY = Pose(Rotation.from_rotvec([0.4, -1.3, 2.0]).as_matrix(), np.array([70.0, -20.0, 5.0]))


@pytest.fixture(scope="module")
def subunit(beta2: AtomicModel) -> DensityMap:
    """One copy, elsewhere, in a map of its own."""
    return make_map([beta2], ((0, AWAY),))


def test_copies_of_a_map_are_put_together(tetramer: Known, subunit: DensityMap) -> None:
    body = map_body(subunit, RESOLUTION)
    assert "a map as a model" in body.notes[-1]
    wanted = (Wanted(body, 4),)
    request = ComposeRequest(Target(tetramer.density_map, RESOLUTION, tetramer.level), wanted, fit_settings=QUICK, device="cpu")
    result = run_compose(request)
    assert len(result.copies) == 4
    poses = [copy.pose.compose(AWAY) for copy in result.copies]  # from the model's own file by way of the subunit's map
    assert tetramer.errors(0, poses).max() < 1.0
    assert result.symmetries[0].group == Group("D", 2)
    moved = _moved_maps(request, result)
    assert sorted(moved) == ["composite.mrc", *(f"copy_{n:03d}.mrc" for n in range(1, 5))]
    whole, inside = moved["composite.mrc"].values, tetramer.density_map.values > tetramer.level
    assert np.corrcoef(whole[inside], tetramer.density_map.values[inside])[0, 1] > 0.9
    alone = body.body.alone(result.copies[0].pose)
    assert alone.values.sum() * alone.voxel_volume == pytest.approx(
        moved["copy_001.mrc"].values.sum() * tetramer.density_map.voxel_volume, rel=0.05
    )


def test_a_fit_of_a_map_names_no_residues(tetramer: Known, subunit: DensityMap) -> None:
    body = map_body(subunit, RESOLUTION)
    result = run_fit(FitRequest(Target(tetramer.density_map, RESOLUTION, tetramer.level), body, QUICK, device="cpu"))
    assert tetramer.errors(0, [result.placements[0].pose.compose(AWAY)]).max() < 1.0
    assert result.broken == ()
    assert not result.placements[0].verdict.is_chance


def test_a_map_without_density_is_refused(subunit: DensityMap) -> None:
    with pytest.raises(UserError, match="no density is left"):
        map_body(subunit, RESOLUTION, level=1e9)
