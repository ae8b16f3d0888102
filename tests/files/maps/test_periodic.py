"""Maps of whole crystallographic cells: told from others by their density, and searched across their faces."""

from pathlib import Path

import gemmi
import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from difffit_core.density_map import DensityMap
from difffit_core.doctor import examine
from difffit_core.errors import UserError
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.lattice import Lattice
from difffit_core.periodic import reaching
from difffit_core.pose import Pose
from difffit_core.quality.score import score_residues
from difffit_core.screen.request import ScreenRequest
from difffit_core.target import Target

from .conftest import Example, Make

SHIFTS = {
    "across x": (0, 0, 47),
    "across y": (0, 31, 0),
    "across z": (52, 0, 0),
    "over an edge": (52, 31, 0),
    "over a corner": (52, 31, 47),
}
CELL = 1.4 * np.array([94, 63, 104])


@pytest.mark.parametrize("trap", SHIFTS)
def test_a_cell_whose_density_crosses_the_faces_is_known(example: Example, make: Make, trap: str) -> None:
    path = make(values=np.roll(example.values, SHIFTS[trap], (0, 1, 2)))
    density = read_map(path)
    assert density.lattice is not None
    np.testing.assert_allclose(density.lattice.vectors, np.diag(CELL), atol=1e-4)
    assert any("whole cell of a crystal" in note for note in density.notes)
    findings = examine(path)
    assert [finding.severity for finding in findings if finding.topic == "box edge"] == ["note"]
    assert any(finding.topic == "crystal" for finding in findings)


def test_boxes_of_particles_are_no_cells(example: Example, make: Make) -> None:
    """Whether the particle ends in the box, is cut by it, or lies in noise that a Fourier filter has made periodic."""
    rng = np.random.default_rng(0)
    noise = gaussian_filter(rng.normal(size=example.values.shape), 1.2, mode="wrap")
    helix = np.roll(np.tile(example.values[20:40, 15:48, 30:60], (5, 1, 1))[:94], 0)
    padded = np.pad(helix, ((0, 0), (15, 15), (32, 32)))
    for values in (example.values, example.values[30:70], example.values[:, 20:, 30:], example.values + 8 * noise.std() * noise, padded):
        z, y, x = values.shape
        words = {1: x, 2: y, 3: z, 8: x, 9: y, 10: z, 11: 1.4 * x, 12: 1.4 * y, 13: 1.4 * z}
        assert read_map(make(words, np.ascontiguousarray(values, np.float32))).lattice is None
    rolled = np.roll(example.values, (52, 31, 47), (0, 1, 2))
    assert read_map(make({8: 188, 11: 263.2}, rolled)).lattice is None  # half of a cell


def test_lattice_brings_points_home_and_near() -> None:
    lattice = Lattice(np.array([[30.0, 0, 0], [-10, 25, 0], [3, 4, 40]]), np.array([5.0, -5, 1]))
    points = np.random.default_rng(0).normal(scale=80, size=(500, 3))
    home = lattice.home(points)
    whole = (home - points) @ np.linalg.inv(lattice.vectors)
    np.testing.assert_allclose(whole, np.round(whole), atol=1e-9)
    fractions = (home - lattice.corner) @ np.linalg.inv(lattice.vectors)
    assert fractions.min() > -1e-6
    assert fractions.max() < 1 + 1e-6
    np.testing.assert_allclose(lattice.home(home), home)
    near = lattice.nearest(points, home + 0.5)
    np.testing.assert_allclose(near, home, atol=1e-9)


@pytest.mark.slow
def test_voxels_are_repeated(example: Example) -> None:
    lattice = Lattice(np.diag(CELL), example.density.origin)
    density = DensityMap(example.values, example.density.voxel_size, example.density.origin, lattice=lattice)
    assert reaching(density, density.origin, density.origin + CELL - 1.4) is density
    wide = reaching(density, density.origin - 20, density.origin + CELL + 50)
    np.testing.assert_allclose((density.origin - wide.origin) / 1.4, 15, atol=1e-4)
    np.testing.assert_array_equal(wide.values, np.pad(example.values, ((15, 37), (15, 37), (15, 37)), mode="wrap"))
    assert "wrapped" in wide.notes[-1]
    wider = reaching(wide, density.origin - 200, density.origin)
    assert len(wider.notes) == 1
    np.testing.assert_array_equal(wider.values[-160:, -120:, -140:], np.pad(example.values, 200, mode="wrap")[181:341, 180:300, 191:331])
    with pytest.raises(UserError, match=r"periodic, and continued .* must have at most"):
        reaching(density, density.origin - 5000, density.origin)


@pytest.mark.parametrize("angles", [(90, 108, 90), (75, 82, 100), (90, 90, 120)])
def test_oblique_cells_are_continued_by_their_own_lattice(tmp_path: Path, angles: tuple[float, float, float]) -> None:
    """Blobs at the corners and a face of the cell have neighbours in every direction."""
    cell = gemmi.UnitCell(60, 54, 66, *angles)
    blobs = np.array([cell.orthogonalize(gemmi.Fractional(*f)).tolist() for f in ((0, 0, 0), (0.5, 0.02, 0.4), (0.3, 0.6, 0.98))])
    vectors = np.array([cell.orthogonalize(gemmi.Fractional(*row)).tolist() for row in np.eye(3)])
    images = (blobs + (np.array(list(np.ndindex(7, 7, 7))) - 3)[:, None] @ vectors).reshape(-1, 3)

    def density_at(points: np.ndarray) -> np.ndarray:
        return sum(np.exp(-((points - image) ** 2).sum(-1) / 60) for image in images)

    count = np.array([40, 36, 44])
    grid = gemmi.FloatGrid(*count.tolist())
    grid.set_unit_cell(cell)
    fractions = np.stack(np.meshgrid(*[np.arange(n) / n for n in count], indexing="ij"), -1)
    np.copyto(grid.array, density_at(fractions @ vectors))
    written = gemmi.Ccp4Map()
    written.grid = grid
    written.update_ccp4_header(2)
    written.write_ccp4_map(str(tmp_path / "a.ccp4"))
    density = read_map(tmp_path / "a.ccp4")
    assert density.lattice is not None
    wide = reaching(density, density.origin - 40, density.origin + density.box + 25)
    voxels = np.random.default_rng(0).integers(0, wide.values.shape, (2000, 3))
    np.testing.assert_allclose(wide.values[tuple(voxels.T)], density_at(wide.positions(voxels)), atol=0.03)


@pytest.mark.parametrize("trap", ["across x", "over a corner"])
def test_a_molecule_across_a_face_is_found_and_judged(example: Example, make: Make, repository: Path, trap: str) -> None:
    density = read_map(make(values=np.roll(example.values, SHIFTS[trap], (0, 1, 2))))
    folder = repository / "resources" / "example"
    model = read_model(folder / "1bd2_moved.pdb.gz").select_chains(["D", "E"])
    truth = read_model(folder / "1bd2.pdb.gz").select_chains(["D", "E"]).fit_coordinates + 1.4 * np.array(SHIFTS[trap])[::-1]
    request = FitRequest(Target(density, 4.0, 0.41), model, FitSettings.preset("fast"), seed=1, device="cpu")
    assert "wrapped" in request.density_map.notes[-1]
    best = run_fit(request).placements[0]
    apart = best.pose.apply(model.fit_coordinates) - truth
    cells = np.round(apart.mean(axis=0) / CELL)
    assert np.sqrt(((apart - cells * CELL) ** 2).sum(axis=1).mean()) < 0.3
    assert best.verdict == "unique"
    middle = (best.pose.apply(model.fit_coordinates).mean(axis=0) - density.origin) / CELL
    assert ((middle > -0.01) & (middle < 1.01)).all()
    assert score_residues(density, model, best.pose, 4.0).mean("local_correlation") > 0.75


def test_requests_leave_other_maps_alone_and_continue_wrapped_ones_once(example: Example, make: Make, repository: Path) -> None:
    model = read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz").select_chains(["D"])
    assert FitRequest(Target(example.density, 4.0, 0.4), model).density_map is example.density
    density = read_map(make(values=np.roll(example.values, 47, 2)))
    once = FitRequest(Target(density, 4.0, 0.4), model)
    assert FitRequest(Target(once.density_map, 4.0, 0.4), model).density_map is once.density_map
    far = FitRequest(Target(density, 4.0, 0.4), model, start=Pose(np.eye(3), np.array([300.0, 0, 0])))
    assert (far.density_map.shape_xyz > once.density_map.shape_xyz)[0]
    assert (ScreenRequest(Target(density, 4.0, 0.4)).density_map.shape_xyz > density.shape_xyz).all()
