"""Any byte in comments, titles, authors and names."""

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
