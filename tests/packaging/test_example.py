import hashlib
import importlib.util
from pathlib import Path
from types import ModuleType

import gemmi
import mrcfile
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

LIMIT = 3_000_000  # bytes, all files of the example together


@pytest.fixture(scope="module")
def example(repository: Path) -> Path:
    return repository / "resources" / "example"


@pytest.fixture(scope="module")
def recipe(repository: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_example", repository / "packaging" / "make_example.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def density(example: Path) -> tuple[NDArray[np.float32], NDArray[np.float64], float]:
    with mrcfile.open(example / "1bd2_4A.mrc.gz") as file:
        assert int(file.header.mode) == 12
        origin = np.array([float(file.header.origin[axis]) for axis in "xyz"])
        return file.data.astype(np.float32), origin, float(file.voxel_size.x)


def coordinates(path: Path, chains: str) -> NDArray[np.float64]:
    model = gemmi.read_structure(str(path))[0]
    return np.array([atom.pos.tolist() for chain in model if chain.name in chains for residue in chain for atom in residue])


def correlation(density: tuple[NDArray[np.float32], NDArray[np.float64], float], recipe: ModuleType, points: NDArray[np.float64]) -> float:
    """Pearson's r between the map and the density of the points' own atoms, over the voxels near them."""
    values, origin, voxel = density
    simulated, own_origin = recipe.simulate(points, np.ones(len(points)))
    index = np.argwhere(simulated > 0.1 * simulated.max())
    at = (own_origin[::-1] + index * voxel - origin[::-1]) / voxel
    sampled = map_coordinates(values, at.T, order=1, mode="constant")
    return float(np.corrcoef(sampled, simulated[tuple(index.T)])[0, 1])


def test_all_together_is_small(example: Path) -> None:
    assert 0 < sum(path.stat().st_size for path in example.iterdir()) < LIMIT


def test_the_coordinates_are_the_deposited_ones(example: Path, recipe: ModuleType) -> None:
    content = (example / "1bd2.pdb.gz").read_bytes()
    assert hashlib.sha256(content).hexdigest() == recipe.SOURCE_SHA256
    assert [chain.name for chain in gemmi.read_structure(str(example / "1bd2.pdb.gz"))[0]] == ["A", "B", "C", "D", "E"]


def test_the_map_says_where_it_is(
    density: tuple[NDArray[np.float32], NDArray[np.float64], float], example: Path, recipe: ModuleType
) -> None:
    values, origin, voxel = density
    assert voxel == pytest.approx(recipe.VOXEL)
    assert np.abs(origin).min() > 1
    index = (coordinates(example / "1bd2.pdb.gz", "ABCDE") - origin) / voxel
    assert index.min() > 5
    assert (index.max(axis=0) < np.array(values.shape[::-1]) - 5).all()


def test_only_the_true_pose_agrees_with_the_map(
    density: tuple[NDArray[np.float32], NDArray[np.float64], float], example: Path, recipe: ModuleType
) -> None:
    true = coordinates(example / "1bd2.pdb.gz", "DE")
    moved = coordinates(example / "1bd2_moved.pdb.gz", "DE")
    assert correlation(density, recipe, true) > 0.8
    assert correlation(density, recipe, true + np.array([3.0, 0.0, 0.0])) < 0.4
    assert correlation(density, recipe, moved) < 0.2


def test_the_way_back_is_as_the_readme_says(example: Path) -> None:
    rows = [line.replace("|", " ").split() for line in (example / "README.md").read_text().splitlines() if line.startswith("    ")]
    matrix = np.array(rows, dtype=float)
    rotation, translation = matrix[:, :3], matrix[:, 3]
    assert np.linalg.det(rotation) == pytest.approx(1.0, abs=1e-5)
    back = coordinates(example / "1bd2_moved.pdb.gz", "ABCDE") @ rotation.T + translation
    np.testing.assert_allclose(back, coordinates(example / "1bd2.pdb.gz", "ABCDE"), atol=2e-3)


def test_a_fit_has_something_to_find(example: Path) -> None:
    shift = coordinates(example / "1bd2_moved.pdb.gz", "DE").mean(axis=0) - coordinates(example / "1bd2.pdb.gz", "DE").mean(axis=0)
    assert np.linalg.norm(shift) > 20
