"""The symmetry of a map: every kind of point group in any position, helices, near misses, and none."""

import threading
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter
from scipy.spatial.transform import Rotation

from difffit_core.align.impose import imposed
from difffit_core.align.symmetry import MapSymmetry, find_symmetry
from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.request import FitProgress
from difffit_core.groups.group import parse_group
from difffit_core.io.maps import read_map
from difffit_core.low_pass import low_passed
from difffit_core.ops.simulate import spread
from difffit_core.target import Target

VOXEL, RESOLUTION = 3.0, 9.0
CENTRE = np.array([12.0, -7.0, 31.0])
GROUPS = ["C5", "D3", "T", "O", "I"]


def elements_of(name: str) -> np.ndarray:
    return parse_group(name).elements().rotations


def unit(radius: float, seed: int = 1) -> np.ndarray:
    """Atoms (N, 3) of a lump without symmetry, at a distance from the origin."""
    rng = np.random.default_rng(seed)
    walk = np.cumsum(rng.normal(0, 2.2, (160, 3)), axis=0)
    walk = (walk - walk.mean(axis=0)) * 11 / walk.std()
    return walk + radius * np.array([0.8, 0.35, 0.48])


def density(atoms: np.ndarray, size: int = 64, noise: float = 0.0) -> DensityMap:
    origin = CENTRE - (size - 1) / 2 * VOXEL + [1.3, -2.2, 0.4]
    values = spread((atoms - origin) / VOXEL, np.ones(len(atoms)), (size,) * 3)
    values = gaussian_filter(values, 0.225 * RESOLUTION / VOXEL * 1.4)
    values /= values.max()
    return DensityMap(values + np.random.default_rng(2).normal(0, noise, values.shape).astype(np.float32), np.full(3, VOXEL), origin)


def found(density_map: DensityMap, resolution: float = RESOLUTION) -> MapSymmetry:
    return find_symmetry(Target(density_map, resolution, suggest_level(density_map).level), device="cpu")


@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.slow) if one in "IO" else one for one in GROUPS])
def test_every_point_group_is_named_where_it_stands(name: str) -> None:
    turn = Rotation.from_rotvec([0.4, -1.1, 0.7]).as_matrix()
    radius = {"I": 62, "O": 48}.get(name, 34)
    atoms = np.concatenate([unit(radius) @ (turn @ one).T for one in elements_of(name)]) + CENTRE
    symmetry = found(density(atoms, 72 if name == "I" else 64, noise=0.02))
    assert symmetry.name == name
    assert symmetry.weakest > 0.85
    assert symmetry.p_value < 1e-3
    truth = turn @ elements_of(name) @ turn.T
    for move in symmetry.group.moves.rotations:  # each is one of the truth's
        assert np.abs(truth - move).max(axis=(1, 2)).min() < 0.02
    assert np.linalg.norm(symmetry.group.moves.apply(CENTRE[None])[:, 0] - CENTRE, axis=1).max() < 0.5
    folds = {"T": (3, 7), "O": (4, 13), "I": (5, 31)}
    if name in folds:
        assert (symmetry.group.axes[0].fold, len(symmetry.group.axes)) == folds[name]


@pytest.mark.slow
def test_no_symmetry_is_c1_and_one_subunit_away_from_a_ring_is_told() -> None:
    assert found(density(unit(20) + CENTRE)).name == "C1"
    ring = [unit(34) @ one.T for one in elements_of("C4")]
    whole = found(density(np.concatenate(ring) + CENTRE))
    broken = found(density(np.concatenate(ring[:3]) + CENTRE))
    assert (whole.name, broken.name) == ("C4", "C1")
    assert whole.warnings == ()
    assert "no symmetry" in broken.lines()[0]


def test_it_tells_how_far_it_is_and_can_be_stopped() -> None:
    told: list[FitProgress] = []
    cancel = threading.Event()

    def tell(progress: FitProgress) -> None:
        told.append(progress)
        if progress.fraction > 0.3:
            cancel.set()

    ring = density(np.concatenate([unit(34) @ one.T for one in elements_of("C4")]) + CENTRE)
    with pytest.raises(FitCancelled):
        find_symmetry(Target(ring, RESOLUTION, suggest_level(ring).level), device="cpu", on_progress=tell, cancel=cancel)
    assert told[0].fraction == 0
    assert 0.3 < told[-1].fraction < 0.9
    assert any("laying the map onto itself" in one.stage for one in told)


@pytest.mark.slow
@pytest.mark.parametrize(("rise", "twist"), [(27.6, -166.6), (9.5, 31.0)])
def test_rise_and_twist_of_a_helix(rise: float, twist: float) -> None:
    axis = np.array([0.3, -0.5, 0.81])
    axis /= np.linalg.norm(axis)
    frame = Rotation.align_vectors([axis], [[0, 0, 1.0]])[0].as_matrix()
    base = unit(24) - [0, 0, 12]
    atoms = []
    for k in range(-12, 13):
        turned = base @ Rotation.from_euler("z", twist * k, degrees=True).as_matrix().T + [0, 0, rise * k]
        atoms.append(turned[np.abs(turned[:, 2]) < 75])
    symmetry = found(density(np.concatenate(atoms) @ frame.T + CENTRE))
    assert symmetry.name == "helix"
    assert symmetry.helix is not None
    assert symmetry.helix.rise == pytest.approx(rise, abs=0.3)
    assert symmetry.helix.twist == pytest.approx(twist, abs=0.5)
    assert abs(symmetry.helix.axis @ axis) > np.cos(np.radians(0.5))
    assert "rise" in symmetry.lines()[0]


@pytest.mark.slow
def test_a_symmetry_is_imposed_and_takes_the_noise_down() -> None:
    atoms = np.concatenate([unit(34) @ one.T for one in elements_of("C5")]) + CENTRE
    clean, noisy = density(atoms), density(atoms, noise=0.1)
    symmetry = found(noisy)
    assert symmetry.name == "C5"
    better = imposed(noisy, symmetry)
    inner = (slice(12, -12),) * 3
    before, after = ((one.values - clean.values)[inner].std() for one in (noisy, better))
    assert after < 0.6 * before
    assert imposed(better, symmetry).values[inner] == pytest.approx(better.values[inner], abs=0.08)
    with pytest.raises(UserError, match="must be more than C1"):
        imposed(clean, found(density(unit(20) + CENTRE)))


@pytest.mark.slow
@pytest.mark.parametrize("smoothed", [False, True])
def test_groel_is_d7_and_actin_a_helix(shared_data: Path, smoothed: bool) -> None:
    actin = read_map(shared_data / "actin_emd5168" / "emd_5168.map")
    if smoothed:
        actin = actin.with_values(low_passed(actin.values, actin.voxel_size, 12.0))
    else:
        groel = found(read_map(shared_data / "groel" / "groel-11.5A.mrc.gz"), 11.5)
        assert (groel.name, groel.helix) == ("D7", None)
        assert abs(groel.group.axes[0].direction[2]) > 0.9999
    helix = found(actin, 12.0 if smoothed else 6.6).helix
    assert helix is not None
    assert helix.rise == pytest.approx(27.6, abs=0.3)
    assert helix.twist == pytest.approx(-166.6, abs=0.5)
