"""Any byte in comments, titles, authors and names."""

import gzip

import gemmi
import numpy as np
import pytest

from difffit_core.errors import FileFormatError
from difffit_core.io.models import check_writable, read_model

from .conftest import RoundTrip, Save

HEADS = [
    b"AUTHOR    J.M\xdcLLER\n",
    "TITLE     Müller and 田中\n".encode(),
    "REMARK   1 µ-opioid, 3 Å\n".encode("latin-1"),
    b"REMARK   2 \xff\xfe\x80\x81\n",
    b"REMARK   3 \x07\x1b[31m\n",
    b"\xef\xbb\xbfTITLE     WITH A MARK\n",
]


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_a_pdb_file_with_any_text(atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, head: bytes, end: bytes) -> None:
    model = read_model(save((head + "\n".join(atoms).encode() + b"\n").replace(b"\n", end)))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    check_writable(model)
    round_trip(model)


@pytest.mark.parametrize("text", [b"M\xfcller", "Müller, 田中".encode(), b"\xef\xbf\xbd", b'O\'Brien "x"'])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_an_mmcif_file_with_any_text(
    atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, text: bytes, end: bytes, mark: bytes
) -> None:
    structure = gemmi.read_pdb_string("\n".join(atoms))
    structure.setup_entities()
    quoted = b"_struct.title\n;" + text + b"\n;\n\nloop_"
    content = structure.make_mmcif_document().as_string().encode().replace(b"loop_", quoted, 1)
    model = read_model(save(mark + content.replace(b"\n", end), "model.cif"))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    round_trip(model)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("kind", ["pdb", "cif"])
def test_every_unicode_is_known(atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, encoding: str, kind: str) -> None:
    structure = gemmi.read_pdb_string("\n".join(atoms))
    structure.setup_entities()
    text = "\n".join(atoms) if kind == "pdb" else structure.make_mmcif_document().as_string()
    model = read_model(save(text.encode(encoding), f"a.{kind}"))
    np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
    round_trip(model)


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!DOCTYPE html>\n<html><head><title>404</title></head></html>", "a web page"),
        (b"\n\n<HTML><body>Not found</body>", "a web page"),
        (b"\xef\xbb\xbf<!doctype HTML>", "a web page"),
        (b'<?xml version="1.0"?><datablock/>', "XML"),
        (b'{"message": "not found"}', "JSON"),
        (b"\x83\xa7encoder\xa9mol*/cif", "BinaryCIF"),
        (b"\x89HDF\r\n\x1a\n", "HDF5"),
        (b"version https://git-lfs.github.com/spec/v1", "Git LFS"),
    ],
)
@pytest.mark.parametrize("file", ["a.pdb", "a.cif", "a.cif.gz", "a.ent"])
def test_other_formats_are_named(save: Save, content: bytes, name: str, file: str) -> None:
    packed = gzip.compress(content) if file.endswith(".gz") else content
    with pytest.raises(FileFormatError, match=f"must be a model in PDB or mmCIF format, got .*{name}"):
        read_model(save(packed, file))


@pytest.mark.parametrize("content", [b"", b"\x00" * 200, b"\xff" * 5000, b"hello\n" * 50, b"ATOM\n", b"data_x\n", b"PK\x03\x04 no zip"])
def test_what_is_no_model_is_refused_in_a_sentence(save: Save, content: bytes) -> None:
    for name in ("a.pdb", "a.cif"):
        with pytest.raises(FileFormatError) as caught:
            read_model(save(content, name))
        assert str(caught.value).count("\n") == 0


def test_the_wrong_suffix_is_seen_through(atoms: list[str], places: np.ndarray, save: Save) -> None:
    structure = gemmi.read_pdb_string("\n".join(atoms))
    structure.setup_entities()
    for content, name in ((structure.make_mmcif_document().as_string().encode(), "a.pdb"), ("\n".join(atoms).encode(), "b.cif")):
        model = read_model(save(content, name))
        np.testing.assert_allclose(model.coordinates, places, atol=1e-3)
        assert any("whatever its name says" in note for note in model.notes)


@pytest.mark.parametrize("name", ["1bd2.pdb1", "1bd2.pdb12.gz", "pdb1bd2.ent.gz", "a.PDB", "a.pdb.gz.gz"])
def test_names_that_models_come_by(atoms: list[str], save: Save, name: str) -> None:
    content = "\n".join(atoms).encode()
    model = read_model(save(gzip.compress(content) if name.endswith(".gz") else content, name))
    assert len(model) == 77
    assert model.name in ("1bd2", "pdb1bd2", "a")
