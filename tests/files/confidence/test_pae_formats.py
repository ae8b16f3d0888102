"""Predicted aligned errors as the predictors of today write them, ligands and modified residues among them."""

import bz2
import gzip
import json
import lzma
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import FileFormatError
from difffit_core.io.models import read_model
from difffit_core.pae.describe import describe_errors_beside, describe_pae
from difffit_core.pae.matrix import errors_of, read_pae

LIGAND = ("PA", "O1A", "O2A", "C5", "C4", "N1")
MODIFIED = ("N", "CA", "C", "O", "CB", "OG", "P", "O1P")


def complex_file(folder: Path, name: str = "model.cif") -> Path:
    """Chain A of 40 residues, of which 11 is a phosphoserine; a ligand of six atoms as chain L; chain B of 25 residues."""
    structure, model = gemmi.Structure(), gemmi.Model(1)
    for letter, count in (("A", 40), ("L", 1), ("B", 25)):
        chain = gemmi.Chain(letter)
        for number in range(1, count + 1):
            residue = gemmi.Residue()
            modified = letter == "A" and number == 11
            residue.name = "ATP" if letter == "L" else "SEP" if modified else "ALA"
            residue.seqid, residue.het_flag = gemmi.SeqId(number, " "), "H" if letter == "L" or modified else "A"
            for index, label in enumerate(LIGAND if letter == "L" else MODIFIED if modified else ("N", "CA", "C", "O", "CB")):
                atom = gemmi.Atom()
                atom.name, atom.element = label, gemmi.Element(label[0])
                atom.pos = gemmi.Position(3.8 * number, index, 20.0 * "ALB".index(letter))
                atom.b_iso = 88.0
                residue.add_atom(atom)
            chain.add_residue(residue)
        model.add_chain(chain)
    structure.add_model(model)
    structure.setup_entities()
    path = folder / name
    if name.endswith(".pdb"):
        structure.write_pdb(str(path))
    else:
        structure.make_mmcif_document().write_file(str(path))
    return path


@pytest.fixture
def model(tmp_path: Path) -> AtomicModel:
    return read_model(complex_file(tmp_path))


def tokens(modified: int, ligand: int = len(LIGAND)) -> list[tuple[str, int]]:
    """Chain and residue of each row."""
    chain_a = [("A", number) for number in range(1, 41) for _ in range(modified if number == 11 else 1)]
    return chain_a + [("L", 1)] * ligand + [("B", number) for number in range(1, 26)]


def residue_errors() -> np.ndarray:
    """Of the 66 residues: what must come out."""
    return np.random.default_rng(0).uniform(0.2, 31, (66, 66)).round(2)


def token_errors(names: list[tuple[str, int]]) -> np.ndarray:
    order = {name: row for row, name in enumerate(dict.fromkeys(names))}
    rows = np.array([order[name] for name in names])
    return residue_errors()[np.ix_(rows, rows)]


def as_json(**more: Any) -> Callable[[Path, np.ndarray, list[tuple[str, int]]], Path]:
    def write(folder: Path, errors: np.ndarray, names: list[tuple[str, int]]) -> Path:
        document: dict[str, Any] = {"pae": errors.tolist(), "atom_plddts": [88.0] * 9, "contact_probs": [[1.0]], "iptm": None, **more}
        if more.get("named"):
            document |= {"token_chain_ids": [chain for chain, _ in names], "token_res_ids": [number for _, number in names]}
        (folder / "a.json").write_text(json.dumps(document))
        return folder / "a.json"

    return write


def as_npz(folder: Path, errors: np.ndarray, names: list[tuple[str, int]]) -> Path:
    np.savez_compressed(folder / "pae_model.npz", pae=errors.astype(np.float32), ptm=np.ones(1))
    return folder / "pae_model.npz"


def as_npy(folder: Path, errors: np.ndarray, names: list[tuple[str, int]]) -> Path:
    np.save(folder / "a.npy", errors[None].astype(np.float16))
    return folder / "a.npy"


def as_protenix(folder: Path, errors: np.ndarray, names: list[tuple[str, int]]) -> Path:
    (folder / "a.json").write_text(json.dumps({"token_pair_pae": errors.tolist(), "atom_plddt": [0.9]}))
    return folder / "a.json"


WRITERS = {
    "AlphaFold 3": as_json(named=True, atom_chain_ids=["A"]),
    "unnamed JSON": as_json(max_pae=31.7, ptm=0.5),
    "Boltz or Chai": as_npz,
    "array": as_npy,
    "Protenix": as_protenix,
}


@pytest.mark.parametrize("writer", WRITERS)
@pytest.mark.parametrize("modified", [1, len(MODIFIED)])
def test_rows_of_ligands_and_modified_residues(tmp_path: Path, model: AtomicModel, writer: str, modified: int) -> None:
    names = tokens(modified)
    path = WRITERS[writer](tmp_path, token_errors(names), names)
    np.testing.assert_allclose(errors_of(model, read_pae(path)), residue_errors(), atol=0.02)


@pytest.mark.parametrize("writer", WRITERS)
def test_rows_of_a_chain_of_a_complex(tmp_path: Path, model: AtomicModel, writer: str) -> None:
    names = tokens(len(MODIFIED))
    path = WRITERS[writer](tmp_path, token_errors(names), names)
    np.testing.assert_allclose(errors_of(model.select_chains(["B"]), read_pae(path)), residue_errors()[41:, 41:], atol=0.02)


@pytest.mark.parametrize("name", ["model.pdb", "model.cif"])
def test_several_rows_of_a_residue_are_averaged(tmp_path: Path, name: str) -> None:
    model = read_model(complex_file(tmp_path, name))
    names = tokens(1)
    errors = token_errors(names)
    noise = np.zeros_like(errors)
    noise[40:46] = np.arange(6)[:, None]
    as_npz(tmp_path, errors + noise, names)
    found = errors_of(model, read_pae(tmp_path / "pae_model.npz"))
    np.testing.assert_allclose(found[40], residue_errors()[40] + 2.5, atol=1e-3)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_packed_json(tmp_path: Path, model: AtomicModel, pack: Callable[[bytes], bytes]) -> None:
    names = tokens(1)
    path = as_json(named=True)(tmp_path, token_errors(names), names)
    path.write_bytes(pack(path.read_bytes()))
    np.testing.assert_allclose(errors_of(model, read_pae(path)), residue_errors())


class Trap:
    """What an evil pickle does."""

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return (raise_alarm, ("opened",))


def raise_alarm(word: str) -> None:
    raise AssertionError(word)


@pytest.mark.parametrize("name", ["result_model_1.pkl", "a_output_dict.pkl.gz", "pae.pt", "a.json", "a.npz"])
def test_pickles_are_never_opened(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(pickle.dumps({"predicted_aligned_error": Trap()}))
    with pytest.raises(FileFormatError, match="got a Python pickle, which may run anything"):
        read_pae(path)


def test_arrays_of_objects_are_never_opened(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", pae=np.array([Trap()], object))
    np.save(tmp_path / "a.npy", np.array([Trap()], object))
    for name in ("a.npz", "a.npy"):
        with pytest.raises(FileFormatError, match="no predicted aligned errors that can be read"):
            read_pae(tmp_path / name)


def test_arrays_that_are_no_such_errors_end_in_a_sentence(tmp_path: Path, model: AtomicModel) -> None:
    path = tmp_path / "a.npz"
    cases: list[tuple[dict[str, np.ndarray], str]] = [
        ({"aggregate_score": np.ones(1), "ptm": np.ones(1)}, "got aggregate_score, ptm"),
        ({"pae": np.ones((3, 4))}, "square matrix"),
        ({"pae": np.ones((5, 4, 4))}, "square matrix"),
        ({"pae": np.full((4, 4), np.nan)}, "finite"),
        ({"pae": np.array(["a"])}, "that can be read"),
    ]
    for arrays, words in cases:
        np.savez(path, **arrays)
        with pytest.raises(FileFormatError, match=words) as caught:
            read_pae(path)
        assert str(path) in str(caught.value)
    np.savez(path, pae=np.ones((66, 66)))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(FileFormatError, match="damaged"):
        read_pae(path)
    np.savez(path, pae=np.ones((50, 50)))
    with pytest.raises(FileFormatError, match="with its 66 residues, got 50"):
        errors_of(model, read_pae(path))


def test_what_info_says(tmp_path: Path) -> None:
    path = complex_file(tmp_path)
    assert describe_errors_beside(path) == []
    names = tokens(1)
    as_npz(tmp_path, token_errors(names), names)  # pae_model.npz, beside model.cif
    assert describe_errors_beside(path) == [("predicted errors", "pae_model.npz, of the 66 residues in the fit")]
    rows = dict(describe_pae(as_json(named=True)(tmp_path, token_errors(names), names)))
    assert rows["rows"] == "71, named, 66 residues of chains A, L, B"
    np.savez(tmp_path / "pae_model.npz", pae=np.ones((3, 3)))
    assert "cannot be used" in describe_errors_beside(path)[0][1]


@pytest.mark.parametrize("name", ["a.npy", "a.npz", "a.json"])
@pytest.mark.parametrize(
    "content",
    [
        b"\x80",
        b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f8', 'fortran_o" + b"\xe7" * 60 + b"'",
        b"\x93NUMPY\x01\x00\x10\x00{'descr': (((((((",
        b"PK\x03\x04" + bytes(60),
        b"PK\x05\x06" + bytes(18),
        b'{"pa \\n:" : [1, 2]}',
        b'{"pae": [[1, 2], [3]]}',
        b'[{"residue1": [1e99], "residue2": [1], "distance": [0]}]',
        b"[" * 5000,
    ],
)
def test_what_is_damaged_is_refused_in_one_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FileFormatError) as caught:
        read_pae(path)
    assert "\n" not in str(caught.value)
