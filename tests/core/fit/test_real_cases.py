"""Real maps, each with a trap in its header, through the whole fit: the model turned and shifted at random first."""

from dataclasses import replace
from pathlib import Path

import mrcfile
import numpy as np
import pytest
from scipy.ndimage import map_coordinates
from scipy.spatial import cKDTree
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import rotation_angle
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.placement import Placement
from difffit_core.pose import Pose
from difffit_core.target import Target


def landmarks(model: AtomicModel, chain: str) -> dict[tuple[int, str], np.ndarray]:
    """CA and P atoms of a chain by residue."""
    chosen = (model.chain_names == chain) & np.isin(model.atom_names, ("CA", "P"))
    keys = zip(model.residue_numbers[chosen].tolist(), model.residue_names[chosen].tolist(), strict=True)
    return dict(zip(keys, model.coordinates[chosen], strict=True))


def superposed(model: AtomicModel, other: AtomicModel, chain: str, onto: str) -> Pose:
    """The move that takes one chain onto a copy of it (Kabsch)."""
    a, b = landmarks(model, chain), landmarks(other, onto)
    common = sorted(set(a) & set(b))
    here, there = (np.array([points[key] for key in common]) for points in (a, b))
    turn, _ = Rotation.align_vectors(there - there.mean(axis=0), here - here.mean(axis=0))
    return Pose(turn.as_matrix(), there.mean(axis=0) - turn.apply(here.mean(axis=0)))


def best_of_a_fit(
    map_path: Path, model: AtomicModel, resolution: float, level: float, truths: list[Pose], preset: str = "balanced"
) -> tuple[Placement, float, float]:
    """The best placement of the model moved away at random, with its RMSD in Å and its angle to the nearest truth."""
    rng = np.random.default_rng(len(model))
    away = Pose(Rotation.random(random_state=rng).as_matrix(), rng.uniform(-200, 200, 3))
    moved = replace(model, coordinates=away.apply(model.coordinates))
    request = FitRequest(Target(read_map(map_path), resolution, level), moved, FitSettings.preset(preset), seed=1, device="cpu")
    best = run_fit(request).placements[0]
    points, found = moved.fit_coordinates, best.pose
    errors = []
    for truth in truths:
        right = truth.compose(away.invert())
        squared = ((found.apply(points) - right.apply(points)) ** 2).sum(axis=1)
        errors.append((float(np.sqrt(squared.mean())), float(rotation_angle(found.rotation, right.rotation))))
    return best, *min(errors)


def test_axes_3_2_1(shared_data: Path) -> None:
    """The γ-secretase map, in which a small chain scores higher by density alone inside its larger neighbours."""
    model = read_model(shared_data / "secretase_5fn5/5fn5_box_complete.pdb").select_chains(["D"])
    _, rmsd, _ = best_of_a_fit(shared_data / "secretase_5fn5/5fn5_box.ccp4", model, 4.3, 0.024, [Pose.identity()])
    assert rmsd < 0.4


@pytest.mark.slow
def test_position_in_nstart_only(shared_data: Path) -> None:
    """EMD-5168, an actin filament: any neighbour along the helix is right, so long as it is one."""
    model = read_model(shared_data / "actin_emd5168/3MFP.pdb")
    truths = [Pose.identity()]
    rise, turn = 27.6, -166.6
    for step in (-3, -2, -1, 1, 2, 3, 4):
        truths.append(Pose(Rotation.from_euler("z", step * turn, degrees=True).as_matrix(), np.array([0.0, 0.0, step * rise])))
    best, rmsd, angle = best_of_a_fit(shared_data / "actin_emd5168/emd_5168.map", model, 6.6, 1.1, truths)
    assert rmsd < 2.0
    assert angle < 4
    assert best.metrics.inside > 0.8


@pytest.mark.slow
def test_sampling_other_than_columns_in_a_gzipped_map(shared_data: Path) -> None:
    """GroEL at 11.5 Å: mx is not nx, the position lies in nstart; any of fourteen subunits is right."""
    rings = [read_model(shared_data / f"groel/1oel_fit_{ring}.pdb") for ring in ("top", "bottom")]
    model = rings[0].select_chains(["A"])
    truths = [superposed(model, ring, "A", chain) for ring in rings for chain in "ABCDEFG"]
    _, rmsd, _ = best_of_a_fit(shared_data / "groel/groel-11.5A.mrc.gz", model, 11.5, 1.02, truths)
    assert rmsd < 2.0


def test_a_large_origin(shared_data: Path) -> None:
    """The demo density: two searches that share no start agree on where, and the raw file has its density there."""
    model, path = read_model(shared_data / "difffit_demo/I7MLV6_D3.pdb"), shared_data / "difffit_demo/density2.mrc"
    density_map, points = read_map(path), model.fit_coordinates
    requests = (
        FitRequest(Target(density_map, 4.0, 0.886), model, FitSettings.preset(name), seed, "cpu")
        for name, seed in (("fast", 3), ("paper", 4))
    )
    first, second = (run_fit(request).placements[0] for request in requests)
    placed = first.pose.apply(points)
    assert np.sqrt(((placed - second.pose.apply(points)) ** 2).sum(axis=1).mean()) < 1.0
    with mrcfile.open(path) as raw:
        origin = raw.header.origin.view((np.float32, 3)).astype(float)
        index = (placed - origin) / raw.voxel_size.view((np.float32, 3)).astype(float)
        at_atoms = map_coordinates(raw.data.astype(float), index[:, ::-1].T, order=1, mode="grid-constant")
    assert origin.min() > 100
    assert first.metrics.density == pytest.approx(at_atoms.mean(), rel=1e-3)
    assert at_atoms.mean() > 1.2


@pytest.mark.parametrize(
    ("map_name", "model_name", "resolution", "level", "bound"),
    [
        ("mitoribosome_emd2566/2566_3J6B_9.mrc", "mitoribosome_emd2566/3J6B_9.pdb", 3.2, 0.136, 0.2),
        ("apoferritin_emd20026/emd20026_prot.mrc", "apoferritin_emd20026/3ajo_fitted_refined.pdb", 1.75, 0.028, 0.1),
        ("emd30342_7cec/390_emd_30342_A_z4.mrc", "emd30342_7cec/390_7cec_A.cif", 3.9, 0.041, 0.15),
    ],
)
def test_a_deposited_model_is_found_where_it_was_deposited(
    shared_data: Path, map_name: str, model_name: str, resolution: float, level: float, bound: float
) -> None:
    model = read_model(shared_data / model_name)
    best, rmsd, _ = best_of_a_fit(shared_data / map_name, model, resolution, level, [Pose.identity()], "fast")
    assert rmsd < bound
    assert best.p_value < 0.01


@pytest.mark.slow
def test_half_of_the_density_gone(shared_data: Path) -> None:
    """Chain B of γ-secretase without density for one half: the first search ends among the larger neighbours, a further one finds it."""
    density_map = read_map(shared_data / "secretase_5fn5/5fn5_box.ccp4")
    model = read_model(shared_data / "secretase_5fn5/5fn5_box_complete.pdb").select_chains(["B"])
    points = model.fit_coordinates - model.fit_coordinates.mean(axis=0)
    lost = model.fit_coordinates[points @ np.linalg.svd(points, full_matrices=False)[2][0] > 0]
    centres = density_map.positions(np.argwhere(np.ones(density_map.values.shape, bool)))
    near = (cKDTree(lost).query(centres, distance_upper_bound=4.0)[0] < np.inf).reshape(density_map.values.shape)
    cut = density_map.with_values(np.where(near, 0, density_map.values).astype(np.float32))
    away = Pose(Rotation.random(random_state=4).as_matrix(), np.array([30.0, -20, 90]))
    moved = replace(model, coordinates=away.apply(model.coordinates))
    settings = FitSettings.preset("balanced", starts=3000)  # as many as this box needs
    result = run_fit(FitRequest(Target(cut, 4.3, 0.024), moved, settings, seed=1, device="cpu"))
    back = result.placements[0].pose.apply(moved.fit_coordinates) - model.fit_coordinates
    assert np.sqrt((back**2).sum(axis=1).mean()) < 1.5
    assert result.placements[0].p_value < 0.01
    assert [one.kind for one in result.warnings if one.kind in ("search", "hand")] == ["search"]
