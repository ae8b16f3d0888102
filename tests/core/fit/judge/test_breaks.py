"""Where a placed model breaks: parts turned away, parts without density, several chains, and models that fit as a whole."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.breaks import Breaks, find_breaks
from difffit_core.fit.judge.notices import notice
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.placement import Verdict
from difffit_core.pose import Pose
from difffit_core.target import Target

LEVEL = 0.4


@pytest.fixture(scope="module")
def density(example_folder: Path) -> DensityMap:
    return read_map(example_folder / "1bd2_4A.mrc.gz")


@pytest.fixture(scope="module")
def receptor(example_folder: Path) -> AtomicModel:
    """Both chains of the T-cell receptor, where they belong in the map."""
    return read_model(example_folder / "1bd2.pdb.gz").select_chains(["D", "E"])


def hinged(model: AtomicModel, chain: str, first: int, last: int, degrees: float) -> AtomicModel:
    """Residues of a chain turned as one body about the first one's CA."""
    part = (model.chain_names == chain) & (model.residue_numbers >= first) & (model.residue_numbers <= last)
    pivot = model.coordinates[part & (model.residue_numbers == first) & (model.atom_names == "CA")][0]
    axis = np.array([1.0, 0.5, -0.3])
    turn = Rotation.from_rotvec(np.radians(degrees) * axis / np.linalg.norm(axis))
    coordinates = model.coordinates.copy()
    coordinates[part] = turn.apply(coordinates[part] - pivot) + pivot
    return replace(model, coordinates=coordinates)


def last_of(model: AtomicModel, chain: str) -> int:
    """Number of the last residue of a chain that takes part in a fit."""
    return int(model.residue_numbers[(model.chain_names == chain) & model.in_fit].max())


def look(density: DensityMap, model: AtomicModel, resolution: float = 4.0, seed: int = 0) -> Breaks:
    return find_breaks(Target(density, resolution, LEVEL), model, Pose.identity(), seed)


def spans(breaks: Breaks) -> list[tuple[str, int, int]]:
    return [(one.chain, one.first, one.last) for one in breaks.stretches]


def test_a_model_that_fits_has_none(density: DensityMap, example_folder: Path) -> None:
    whole = read_model(example_folder / "1bd2.pdb.gz")
    for model in (whole, *(whole.select_chains([name]) for name in whole.chains)):
        for seed in range(3):
            breaks = look(density, model, seed=seed)
            assert breaks.stretches == ()
            assert breaks.sentence() == ""
            assert breaks.share == 1


def test_a_turned_domain_is_named_by_its_chain_and_residues(density: DensityMap, receptor: AtomicModel) -> None:
    end = last_of(receptor, "E")
    for degrees in (20.0, 40.0):
        breaks = look(density, hinged(receptor, "E", 118, end, degrees))
        found = spans(breaks)
        assert {chain for chain, _, _ in found} == {"E"}
        assert abs(found[0][1] - 118) <= 10
        assert found[-1][2] == end
        assert f"E {found[0][1]}–{found[0][2]}" in breaks.sentence()
        assert ("do not fit" if len(found) > 1 else "does not fit") in breaks.sentence()
        assert "D " in breaks.sentence()
        assert 0.5 < breaks.share < 0.9
        assert breaks.stretches[0].local_correlation < 0.3 < breaks.levels.fitting


def test_two_turned_domains_are_two(density: DensityMap, receptor: AtomicModel) -> None:
    ends = {name: last_of(receptor, name) for name in "DE"}
    both = hinged(hinged(receptor, "E", 118, ends["E"], 35), "D", 116, ends["D"], -35)
    assert {one.chain for one in look(density, both).stretches} == {"D", "E"}


def test_a_part_without_density_is_named(density: DensityMap, receptor: AtomicModel) -> None:
    lost = (receptor.chain_names == "D") & (receptor.residue_numbers < 70)
    points = receptor.coordinates[lost]
    index = np.round((points - density.origin) / density.voxel_size).astype(int)[:, ::-1]
    near = np.zeros(density.values.shape, np.float32)
    near[tuple(index[((index >= 0) & (index < near.shape)).all(axis=1)].T)] = 1
    near = gaussian_filter(near, 1.0 / density.voxel_size[0])
    cut = density.with_values(np.where(near > 0.05 * near.max(), 0, density.values).astype(np.float32))
    named = [one for one in look(cut, receptor).stretches if one.chain == "D"]
    assert named[0].first <= 5
    assert abs(named[-1].last - 70) <= 10
    assert len(named) == 1


def test_at_low_resolution_a_model_that_fits_has_none_either(receptor: AtomicModel, make_map: Callable[..., DensityMap]) -> None:
    for resolution in (8.0, 12.0):
        low = make_map(receptor.fit_coordinates, receptor.fit_atomic_numbers.astype(float), resolution, np.full(3, 2.5), margin=20.0)
        assert look(low, receptor, resolution).stretches == ()


def test_thin_voxels_change_nothing(density: DensityMap, receptor: AtomicModel) -> None:
    end = last_of(receptor, "E")
    broken = hinged(receptor, "E", 118, end, 40)
    fine = replace(
        density, values=np.repeat(np.repeat(np.repeat(density.values, 3, 0), 3, 1), 3, 2), voxel_size=density.voxel_size / 3,
        origin=density.origin - density.voxel_size / 3,
    )  # fmt: skip
    coarse, thin = spans(look(density, broken)), spans(look(fine, broken))
    assert abs(coarse[0][1] - thin[0][1]) <= 6
    assert coarse[-1][2] == thin[-1][2]


def test_the_fit_says_so(example: Any) -> None:
    """Of the shipped example with a domain turned, fitted from anywhere; and nothing where nothing is significant."""
    end = last_of(example.model, "E")
    model = hinged(example.model, "E", 118, end, 40)
    request = FitRequest(Target(example.density_map, 4.0, LEVEL), model, FitSettings.preset("fast"), 1, "cpu")
    result = run_fit(request)
    assert (result.broken[-1].chain, result.broken[-1].last) == ("E", end)
    ((kind, message),) = [(one.kind, one.message) for one in result.warnings]
    assert kind == "broken"
    assert str(result.broken[0]) in message
    assert run_fit(replace(request, settings=FitSettings.preset("fast", starts=50)), thorough=False).broken == ()
    chance = replace(result.placements[0], verdict=Verdict.NOT_SIGNIFICANT)
    doubted = notice(request, [chance])
    assert doubted.broken == result.broken
    assert doubted.warnings[0].message.startswith("The best placement is not significant as a whole, but a part of it clearly fits.")
    elsewhere = replace(chance, pose=Pose(chance.pose.rotation, chance.pose.translation + np.array([15.0, -12, 9])))
    assert notice(request, [elsewhere]).broken == ()
