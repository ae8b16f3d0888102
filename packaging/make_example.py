"""Make the example that ships in resources/example: a T-cell receptor on its MHC (PDB 1BD2) and a 4 Å map simulated from it.

Run once, by hand: ``.venv/bin/python packaging/make_example.py``. The coordinates are taken from the test data of the package
MDAnalysisTests (release `SOURCE_VERSION` on PyPI, downloaded by pip, not installed). The result is the same to the last byte each time.
"""

import gzip
import hashlib
import logging
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import gemmi
import mrcfile
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter
from scipy.spatial.transform import Rotation

logger = logging.getLogger(__name__)

SOURCE_VERSION = "2.11.0"
SOURCE_MEMBER = f"mdanalysistests-{SOURCE_VERSION}/MDAnalysisTests/data/mmcif/1BD2.pdb.gz"
SOURCE_SHA256 = "469b402a83b1f77f7176f8a6c3d15e8da9bdcc439a4cc817a7d1d2ddfc7c532b"
FOLDER = Path(__file__).resolve().parents[1] / "resources" / "example"

SEED = 1998
RESOLUTION = 4.0  # Å
VOXEL = 1.4  # Å
MARGIN = 15.0  # Å of solvent around the molecule
SIGNAL_TO_NOISE = 8.0  # mean density at the atoms, in standard deviations of the noise
ROTATION = Rotation.from_euler("zyz", [131.0, 74.0, -38.0], degrees=True)
TRANSLATION = np.array([-31.7, 58.2, 24.9])  # Å


def download_coordinates() -> bytes:
    """Fetch the gzipped PDB file out of the source package, and refuse any other than the one known."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", folder]
        subprocess.run([*command, f"MDAnalysisTests=={SOURCE_VERSION}"], check=True)
        (archive,) = Path(folder).glob("*.tar.gz")
        with tarfile.open(archive) as package:
            package.extract(SOURCE_MEMBER, folder, filter="data")
        content = (Path(folder) / SOURCE_MEMBER).read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    if digest != SOURCE_SHA256:
        raise SystemExit(f"{SOURCE_MEMBER}: SHA-256 is {digest}, expected {SOURCE_SHA256}")
    return content


def simulate(positions: NDArray[np.float64], weights: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Density of Gaussian atoms, σ = 0.225 · resolution, each of integral ``weight``.

    Parameters
    ----------
    positions : (N, 3), x y z, Å
    weights : (N,), atomic numbers

    Returns
    -------
    density : (nz, ny, nx)
    origin : (3,), x y z, Å, the centre of the first voxel
    """
    sigma = 0.225 * RESOLUTION
    origin = np.round(positions.min(axis=0) - MARGIN, 2)
    shape_xyz = np.ceil((positions.max(axis=0) + MARGIN - origin) / VOXEL).astype(int) + 1
    density = np.zeros(shape_xyz[::-1])

    index = (positions - origin) / VOXEL
    nearest = np.rint(index).astype(int)
    reach = np.arange(-4, 5)
    voxels = nearest[:, :, None] + reach
    profiles = np.exp(-0.5 * ((voxels - index[:, :, None]) * VOXEL / sigma) ** 2) / (sigma * np.sqrt(2 * np.pi))
    block = np.einsum("n,nz,ny,nx->nzyx", weights, profiles[:, 2], profiles[:, 1], profiles[:, 0])
    x, y, z = voxels[:, 0], voxels[:, 1], voxels[:, 2]
    np.add.at(density, (z[:, :, None, None], y[:, None, :, None], x[:, None, None, :]), block)
    return density, origin


def add_noise(density: NDArray[np.float64], level: float) -> NDArray[np.float64]:
    """Add noise of standard deviation ``level``, as smooth as the map itself."""
    noise = gaussian_filter(np.random.default_rng(SEED).standard_normal(density.shape), 0.225 * RESOLUTION / VOXEL, mode="wrap")
    return density + noise * (level / noise.std())


def write_map(path: Path, values: NDArray[np.float64], origin: NDArray[np.float64]) -> None:
    """Write half-precision MRC (mode 12), gzipped without a time stamp, with its position in the header's origin."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "map.mrc"
        with mrcfile.new(plain, data=values.astype(np.float16)) as file:
            file.voxel_size = VOXEL
            file.header.origin = tuple(origin)
            file.header.nlabl = 1
            file.header.label[:] = b""
            file.header.label[0] = b"Simulated from PDB 1BD2 at 4 A, with noise"
            file.update_header_stats()
        path.write_bytes(gzip.compress(plain.read_bytes(), 9, mtime=0))


def write_moved(path: Path, structure: gemmi.Structure) -> None:
    """Write the model turned and shifted away from the map, so that a fit has something to find."""
    moved = structure.clone()
    transform = gemmi.Transform(gemmi.Mat33(ROTATION.as_matrix().tolist()), gemmi.Vec3(*TRANSLATION))
    moved[0].transform_pos_and_adp(transform)
    moved.cell = gemmi.UnitCell()  # the crystal does not turn with it
    moved.spacegroup_hm = ""
    moved.has_origx = False
    moved.raw_remarks = []  # neither do its symmetry operators
    moved.ncs.clear()
    path.write_bytes(gzip.compress(moved.make_pdb_string().encode(), 9, mtime=0))


def main() -> None:
    """Download, simulate and write the three files."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    FOLDER.mkdir(parents=True, exist_ok=True)
    deposited = FOLDER / "1bd2.pdb.gz"
    deposited.write_bytes(download_coordinates())
    structure = gemmi.read_structure(str(deposited))
    structure.setup_entities()

    sites = [site for site in structure[0].all() if not site.residue.is_water() and site.atom.element.atomic_number > 1]
    positions = np.array([site.atom.pos.tolist() for site in sites])
    weights = np.array([site.atom.element.atomic_number * site.atom.occ for site in sites])
    density, origin = simulate(positions, weights)

    nearest = np.rint((positions - origin) / VOXEL).astype(int)
    at_atoms = density[nearest[:, 2], nearest[:, 1], nearest[:, 0]].mean()
    values = add_noise(density / at_atoms, 1.0 / SIGNAL_TO_NOISE)
    write_map(FOLDER / "1bd2_4A.mrc.gz", values, origin)
    write_moved(FOLDER / "1bd2_moved.pdb.gz", structure)
    for path in sorted(FOLDER.glob("1bd2*")):
        logger.info("%s: %d bytes", path.name, path.stat().st_size)


if __name__ == "__main__":
    main()
