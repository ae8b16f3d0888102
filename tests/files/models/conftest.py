"""A small model that ships, as lines of a PDB file, from which files are made as people have them."""

import gzip
from collections.abc import Callable
from pathlib import Path

import gemmi
import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose

Save = Callable[..., Path]
RoundTrip = Callable[[AtomicModel], None]


@pytest.fixture(scope="session")
def atoms(repository: Path) -> list[str]:
    """Chain C of the example: a peptide of nine residues, 77 atoms, lines of 80 columns."""
    with gzip.open(repository / "resources" / "example" / "1bd2_moved.pdb.gz", "rt") as stream:
        lines = [line.rstrip("\n").ljust(80) for line in stream if line.startswith("ATOM") and line[21] == "C"]
    assert len(lines) == 77
    return lines


@pytest.fixture(scope="session")
def places(atoms: list[str]) -> np.ndarray:
    return np.array([[float(line[30:38]), float(line[38:46]), float(line[46:54])] for line in atoms])


@pytest.fixture
def save(tmp_path: Path) -> Save:
    """Writes lines, or bytes, to a file."""

    def save(content: list[str] | bytes, name: str = "model.pdb") -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else ("\n".join(content) + "\n").encode())
        return path

    return save


@pytest.fixture
def round_trip(tmp_path: Path) -> RoundTrip:
    """Checks that what is written of a model is read again by us and by gemmi with the same atoms."""

    def check(model: AtomicModel) -> None:
        path = tmp_path / "written.cif"
        write_model(path, model, Pose.identity())
        again = read_model(path)
        np.testing.assert_allclose(again.coordinates, model.coordinates, atol=2e-3)
        for name in ("atom_names", "residue_names", "chain_names", "residue_numbers", "atomic_numbers", "in_fit"):
            np.testing.assert_array_equal(getattr(again, name), getattr(model, name), err_msg=name)
        assert gemmi.read_structure(str(path))[0].count_atom_sites() == len(model)

    return check


def moved(lines: list[str], shift: tuple[float, float, float], chain: str | None = None) -> list[str]:
    """Atoms shifted by so many Å, under another chain's name if one is given."""
    result = []
    for line in lines:
        xyz = "".join(f"{float(line[30 + 8 * i : 38 + 8 * i]) + shift[i]:8.3f}" for i in range(3))
        result.append(line[:21] + (chain or line[21]) + line[22:30] + xyz + line[54:])
    return result


def single(name: str, residue: str, number: int, at: np.ndarray, element: str = "", chain: str = "W") -> str:
    """A record of one atom that is a residue of its own; names of four letters reach into the next column, as programs write them."""
    x, y, z = at
    what = f"HETATM{number % 99999:5d} {name:<4s} {residue:<4s}{chain}{number % 9999:4d}    "
    return f"{what}{x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00          {element:>2s}"
