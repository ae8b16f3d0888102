"""Mutilated model files: read, or refused in a sentence; never a traceback, and what is read can be written and read again."""

import tempfile
from pathlib import Path

import gemmi
import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import UserError
from difffit_core.escaping.terminal import printable
from difffit_core.io.models import read_model, write_model

CHANGES = st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=0, max_size=4), st.integers(0, 6)), min_size=1, max_size=6)
RELAXED = settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])


def mutilated(content: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    """Bytes put in place of others, of any number, at shares of the length."""
    for where, put, cut in changes:
        at = int(where * len(content))
        content = content[:at] + put + content[at + cut :]
    return content


def read_or_refused(path: Path) -> AtomicModel | str:
    try:
        return read_model(path)
    except UserError as error:
        return str(error)


def atoms_of(model: AtomicModel) -> list[tuple[str, ...]]:
    """Each atom, whatever the order: a residue in two pieces comes back in one. Names as written: control characters by stand-ins."""
    places = model.coordinates.round(2) + 0.0
    columns = (model.chain_names, model.residue_numbers, model.residue_names, model.atom_names, *places.T)
    return sorted(zip(*([printable(text) for text in column.astype(str).tolist()] for column in columns), strict=True))


def check(content: bytes, name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        model = read_or_refused(path)
        if isinstance(model, str):
            assert "\n" not in model
            return
        assert np.isfinite(model.coordinates).all()
        write_model(Path(folder) / "again.cif", model)
        again = read_model(Path(folder) / "again.cif", "all")
        assert atoms_of(again) == atoms_of(model)


@RELAXED
@given(changes=CHANGES)
def test_a_mutilated_pdb_file(atoms: list[str], changes: list[tuple[float, bytes, int]]) -> None:
    check(mutilated("\n".join(["TITLE     A", *atoms[:30], "TER", "END"]).encode(), changes), "a.pdb")


@RELAXED
@given(changes=CHANGES)
def test_a_mutilated_mmcif_file(atoms: list[str], changes: list[tuple[float, bytes, int]]) -> None:
    structure = gemmi.read_pdb_string("\n".join(atoms[:12]))
    structure.setup_entities()
    check(mutilated(structure.make_mmcif_document().as_string().encode(), changes), "a.cif")


EDGES = ((0, 6), (6, 11), (12, 16), (16, 17), (17, 20), (21, 22), (22, 26), (26, 27), (30, 54), (54, 60), (60, 66), (76, 78), (78, 80))
FIELDS = st.sampled_from(EDGES)
TEXT = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=255), min_size=1, max_size=8)


@RELAXED
@given(changes=st.lists(st.tuples(st.integers(0, 29), FIELDS, TEXT), min_size=1, max_size=12))
def test_fields_of_a_pdb_file_that_hold_anything(atoms: list[str], changes: list[tuple[int, tuple[int, int], str]]) -> None:
    lines = list(atoms[:30])
    for row, (first, end), text in changes:
        lines[row] = lines[row][:first] + text[: end - first].ljust(end - first) + lines[row][end:]
    check("\n".join(lines).encode("latin-1"), "a.pdb")
