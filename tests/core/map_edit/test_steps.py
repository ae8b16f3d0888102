"""Working maps, each step against what it must do by another route, and what it refuses."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, map_coordinates
from scipy.spatial import cKDTree

from difffit_core.conventions import position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.half_evidence import HalfEvidence
from difffit_core.io.models import read_model
from difffit_core.lattice import Lattice
from difffit_core.low_pass import Spectrum
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.map_edit.sharpening import Amplitudes
from difffit_core.map_edit.steps import Crop, LowPass, Mirror, Resample, Sharpen, Step, VoxelSize, Zone
from difffit_core.map_entry import MapEntry
from difffit_core.map_resolution import MapResolution
from difffit_core.periodic import reaching
from difffit_core.pose import Pose

MODEL = ("two.pdb", "")
ATOM = "ATOM  {:5d}  CA  ALA {}{:4d}    {:8.3f}{:8.3f}{:8.3f}  1.00  0.00           C  "
PLACES = {"A": [(8.0, 9.0, 10.0), (11.5, 9.0, 10.0), (14.0, 11.0, 12.0)], "B": [(24.0, 22.0, 20.0), (27.0, 23.0, 21.0)]}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("model") / "two.pdb"
    atoms = [(chain, number, place) for chain, places in PLACES.items() for number, place in enumerate(places, 1)]
    path.write_text("\n".join(ATOM.format(i, chain, number, *place) for i, (chain, number, place) in enumerate(atoms, 1)) + "\nEND\n")
    return read_model(path)


@pytest.fixture(scope="module")
def noise() -> DensityMap:
    """Smooth noise on voxels that are not cubic, away from the origin."""
    values = gaussian_filter(np.random.default_rng(1).normal(size=(26, 30, 34)), 1.5).astype(np.float32)
    return DensityMap(
        values, np.array([1.2, 1.0, 1.1]), np.array([-2.0, 1.5, 3.0]), "noise", entry=MapEntry("EMD-1", resolution=4.0, level=0.1)
    )


def done(density_map: DensityMap, *steps: Step, models: Any = None, **asked: Any) -> Any:
    return MapRecipe.checked({"map": "m.mrc", "steps": steps, **asked}).make(density_map, models)


def centres(density_map: DensityMap) -> np.ndarray:
    z, y, x = np.indices(density_map.values.shape)
    return density_map.origin + np.stack([x, y, z], -1) * density_map.voxel_size


def near(*chains: str, **more: Any) -> list[dict[str, Any]]:
    return [{"model": MODEL[0], "chains": chains, **more}]


@pytest.mark.parametrize("outside", [False, True])
def test_a_zone_keeps_what_is_near_or_far(noise: DensityMap, model: Any, outside: bool) -> None:
    pose = Pose(np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]), np.array([31.0, 0, 0]))
    step = Zone.checked({"around": near("A", pose=pose), "within": 4.0, "outside": outside})
    made = done(noise, step, models={MODEL: model}).density_map
    away = cKDTree(pose.apply(np.array(PLACES["A"]))).query(centres(noise))[0]
    kept = (away > 4) if outside else (away <= 4)
    assert 0 < kept.sum() < kept.size
    np.testing.assert_array_equal(made.values, np.where(kept, noise.values, 0))


def test_a_soft_edge_falls_and_a_zone_of_residues_is_of_those(noise: DensityMap, model: Any) -> None:
    step = Zone.checked({"around": near(residues=("A:2-3", "B:2")), "within": 3.0, "soft_edge": 2.0})
    made = done(noise, step, models={MODEL: model}).density_map
    away = cKDTree(np.array([*PLACES["A"][1:], PLACES["B"][1]])).query(centres(noise))[0]
    share = 0.5 * (1 + np.cos(np.pi * np.clip((away - 3) / 2, 0, 1)))
    np.testing.assert_allclose(made.values, share * noise.values, atol=1e-5)


def test_a_zone_of_a_map_that_stands_on_a_pedestal_leaves_the_pedestal(noise: DensityMap, model: Any) -> None:
    raised = noise.with_values(noise.values + 7)
    found = done(raised, Zone.checked({"around": near()}), models={MODEL: model})
    assert found.density_map.values.min() > 6
    assert any("where there is nothing" in one for one in found.said)


def test_atoms_repeat_with_a_map_that_repeats(noise: DensityMap, model: Any) -> None:
    lattice = Lattice(np.diag(noise.box), noise.origin)
    step = Zone.checked({"around": near("A"), "within": 4.0})
    moved = Pose(np.eye(3), noise.box * [1, -2, 3])
    here = done(replace(noise, lattice=lattice), step, models={MODEL: model}).density_map
    far = done(
        replace(noise, lattice=lattice),
        step.model_copy(update={"around": Zone.checked({"around": near("A", pose=moved)}).around}),
        models={MODEL: model},
    )
    np.testing.assert_array_equal(far.density_map.values, here.values)


def test_a_crop_leaves_every_voxel_where_it_was(noise: DensityMap, model: Any) -> None:
    for step in (
        Crop.checked({"around": near("B"), "margin": 3.0}),
        Crop.checked({"to_level": True, "level": float(noise.values.max()) * 0.9, "margin": 4.0}),
        Crop.checked({"box": (2.0, 4, 6, 20, 18, 16)}),
    ):
        made = done(noise, step, models={MODEL: model}).density_map
        assert made.values.size < noise.values.size
        index = np.round(position_to_index(made.origin, noise.voxel_size, noise.origin)).astype(int)
        x, y, z = (slice(i, i + n) for i, n in zip(index, made.shape_xyz, strict=True))
        np.testing.assert_array_equal(made.values, noise.values[z, y, x])
        np.testing.assert_allclose(made.origin, noise.origin + index * noise.voxel_size)
        assert made.entry == noise.entry
    low, high = np.array([2.0, 4, 6]), np.array([20.0, 18, 16])
    end = made.origin + (made.shape_xyz - 1) * made.voxel_size
    assert (made.origin <= low).all()
    assert (end >= high).all()
    assert (made.origin + made.voxel_size > low).all()
    assert (end - made.voxel_size < high).all()


def test_a_crop_beyond_the_map_ends_there_unless_the_map_repeats(noise: DensityMap) -> None:
    step = Crop.checked({"box": (-30.0, 4, 6, 20, 18, 16)})
    found = done(noise, step)
    assert found.density_map.origin[0] == noise.origin[0]
    assert any("ends where the map does" in one for one in found.said)
    cell = replace(noise, lattice=Lattice(np.diag(noise.box), noise.origin))
    found = done(cell, step)
    assert found.said == ()
    assert found.density_map.origin[0] <= -30


def test_a_resampled_map_has_the_density_where_it_was(noise: DensityMap) -> None:
    made = done(noise, Resample.checked({"voxel_size": 0.7})).density_map
    np.testing.assert_allclose(made.origin, noise.origin)
    inner = centres(made)[4:-4, 4:-4, 4:-4].reshape(-1, 3)
    there = map_coordinates(noise.values, position_to_index(inner, noise.voxel_size, noise.origin).T[::-1], order=3, mode="nearest")
    np.testing.assert_allclose(made.values[4:-4, 4:-4, 4:-4].ravel(), there, atol=1e-4)
    assert made.resolution == noise.resolution
    coarse = done(noise, Resample.checked({"voxel_size": 3.0}))
    assert coarse.density_map.resolution == MapResolution(6.0, "its voxel size")
    assert any("finer than 6 Å" in one for one in coarse.said)
    end = noise.origin + (noise.shape_xyz - 1) * noise.voxel_size
    assert (coarse.density_map.origin + (coarse.density_map.shape_xyz - 1) * 3 <= end + 1e-6).all()


def test_sharpening_lifts_by_the_factor_and_auto_takes_off_what_was_put_on() -> None:
    rng = np.random.default_rng(2)
    inner = np.pad(rng.normal(size=(32, 32, 32)), 8)
    flat = DensityMap(inner.astype(np.float32), np.full(3, 1.2), np.zeros(3), "flat")
    blurred = done(flat, Sharpen.checked({"b_factor": 90.0})).density_map
    before, after = (Spectrum.of(one.values, one.voxel_size) for one in (flat, blurred))
    band = (before.frequency > 0.1) & (before.frequency < 0.25)
    ratio = np.abs(after.coefficients[band]).mean() / np.abs(before.coefficients[band]).mean()
    expected = (np.abs(before.coefficients[band]) * np.exp(-90 / 4 * before.frequency[band] ** 2)).mean() / np.abs(
        before.coefficients[band]
    ).mean()
    assert ratio == pytest.approx(expected, rel=0.1)
    assert Amplitudes.of(blurred).b_factor(3.0) == pytest.approx(90, abs=6)
    found = done(blurred, Sharpen(), resolution=3.0)
    (step,) = found.recipe.steps
    assert step.b_factor == pytest.approx(-90, abs=6)
    curve = Amplitudes.of(blurred)
    plotted, made = curve.sharpened(step.b_factor), Amplitudes.of(found.density_map)
    inside = (curve.squared_frequency > 0.01) & (curve.squared_frequency < 0.1)
    np.testing.assert_allclose(plotted.logarithm[inside], made.logarithm[inside], atol=0.15)
    assert done(found.density_map, Sharpen.checked({"b_factor": -900.0})).said


def test_the_hand_and_the_voxel_size(noise: DensityMap) -> None:
    twice = done(noise, Mirror(), Mirror()).density_map
    np.testing.assert_array_equal(twice.values, noise.values)
    larger = done(noise, VoxelSize.checked({"scale": 1.1})).density_map
    np.testing.assert_allclose(larger.voxel_size, 1.1 * noise.voxel_size)
    np.testing.assert_allclose(larger.middle, noise.middle)
    assert larger.resolution.value == pytest.approx(4.4)
    cubic = replace(noise, voxel_size=np.full(3, 1.1))
    np.testing.assert_allclose(done(cubic, VoxelSize.checked({"size": 1.07})).density_map.voxel_size, 1.07)


@pytest.mark.parametrize("angle", [90.0, 70.0])
def test_a_map_that_repeats_goes_on_so_after_its_hand_and_size_changed(angle: float) -> None:
    turn = np.radians(angle)
    vectors = np.array([[20.0, 0, 0], [24 * np.cos(turn), 24 * np.sin(turn), 0], [0, 0, 16.0]])
    shape = np.ceil([20 + abs(vectors[1, 0]), vectors[1, 1], 16]).astype(int) + 1
    whole = DensityMap(np.zeros(shape[::-1], np.float32), np.ones(3), np.array([3.0, -4, 5]))
    waves = sum(
        np.cos(2 * np.pi * (centres(whole) - whole.origin) @ np.linalg.inv(vectors) @ k + 1) for k in ([1, 0, 0], [0, 1, 1], [2, 1, 0])
    )
    cell = replace(whole, values=waves.astype(np.float32), lattice=Lattice(vectors, whole.origin))
    for made in (cell, done(cell, Mirror()).density_map, done(cell, VoxelSize.checked({"scale": 1.25}), Mirror()).density_map):
        far = reaching(made, made.origin - 8, made.origin + made.box + 8)
        inside = position_to_index(made.origin, far.voxel_size, far.origin).round().astype(int)
        x, y, z = (slice(i, i + n) for i, n in zip(inside, made.shape_xyz, strict=True))
        np.testing.assert_array_equal(far.values[z, y, x], made.values)
        away = far.origin + np.argwhere(np.ones(far.values.shape))[::97, ::-1] * far.voxel_size
        back = made.lattice.home(away)
        read = map_coordinates(far.values, position_to_index(back, far.voxel_size, far.origin).T[::-1], order=3, mode="nearest")
        np.testing.assert_allclose(
            far.values.transpose(2, 1, 0)[tuple(position_to_index(away, far.voxel_size, far.origin).round().astype(int).T)], read, atol=0.15
        )


def test_steps_are_done_in_order_and_told(noise: DensityMap) -> None:
    found = done(noise, LowPass.checked({"finest": 6.0}), Crop.checked({"to_level": True, "level": 0.2}))
    assert found.density_map.resolution == MapResolution(6.0, "its low-pass")
    assert found.density_map.entry is None
    assert found.density_map.name == "noise, low-pass 6 Å, cropped"
    assert found.recipe.history() == "low-passed to 6 Å, then cropped to the box of what is above 0.2"
    again = MapRecipe.of_json(found.recipe.to_json()).make(noise)
    np.testing.assert_array_equal(again.density_map.values, found.density_map.values)
    auto = done(noise, Crop.checked({"to_level": True}))
    assert auto.recipe.steps[0].level is not None


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (lambda: LowPass.checked({"finest": 2.0}), "above 2.4 Å"),
        (lambda: Resample.checked({"voxel_size": 60.0}), "voxels must be at most"),
        (lambda: VoxelSize.checked({"size": 1.0}), "cubic voxels"),
        (lambda: VoxelSize.checked({}), "as a size in Å or as a factor"),
        (lambda: Crop.checked({}), "one of these"),
        (lambda: Crop.checked({"box": (1.0, 2, 3, 0, 3, 4)}), "lowest corner"),
        (lambda: Crop.checked({"box": (500.0, 500, 500, 510, 510, 510)}), "at least 2 voxels"),
        (lambda: Crop.checked({"to_level": True, "level": 1e3}), "level must be one that density reaches"),
        (lambda: Zone.checked({"around": near("C")}), "chain must be one of A, B"),
        (lambda: Zone.checked({"around": near(residues=("A:77",))}), "residues of chain A"),
        (lambda: Zone.checked({"around": near(residues=("A:x",))}), "CHAIN:FIRST-LAST"),
        (lambda: Zone.checked({"around": near("A", pose=Pose(np.eye(3), np.full(3, 900.0)))}), "place it first"),
        (lambda: Zone.checked({"around": near(), "within": 900.0, "outside": True}), "must leave density"),
        (lambda: Zone.checked({"around": []}), "around"),
        (Sharpen, "from 10 Å to finer than 7 Å"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(noise: DensityMap, model: Any, step: Any, said: str) -> None:
    with pytest.raises(UserError, match=said) as caught:
        done(replace(noise, entry=None, resolution=MapResolution(9.0, "it")), step(), models={MODEL: model})
    assert "\n" not in str(caught.value)


def test_half_maps_are_of_the_map_as_it_was(noise: DensityMap) -> None:
    flat = np.ones(3)
    evidence = HalfEvidence(("a.mrc", "b.mrc"), flat, flat, flat, flat, 0.5, 1.0, 4.0)
    for step in (Mirror(), VoxelSize.checked({"scale": 1.1}), LowPass.checked({"finest": 8.0})):
        found = done(replace(noise, evidence=evidence), step)
        assert found.density_map.evidence is None
        assert any("half maps" in one for one in found.said)
