"""A folder of predicted models with their errors beside them goes in as it is, a domain at a time."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import gemmi
import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.models import read_model, write_model
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import is_whole, list_library, parts_of, read_entry
from difffit_core.screen.outcome import LeftOut
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.rows import DONE, LEFT_OUT
from difffit_core.screen.run import open_screen, run_screen
from difffit_core.screen.store import ScreenStore
from difffit_core.screen.workers import ThisProcess

from .conftest import results

DOMAINS = Filters(split="domain")
_FIRST, _LINKER = 90, 96


@pytest.fixture(scope="module")
def predicted(example_model: AtomicModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chain A as a predictor would give it: two domains, residues 1 to 90 and 97 on, and an unsure linker, in a folder with the errors.

    Beside it a model of one domain, and one of which nothing is sure.
    """
    folder = tmp_path_factory.mktemp("alphafold")
    confidence = np.full(275, 92.0)
    confidence[_FIRST:_LINKER] = 41.0
    write_predicted(folder / "AF-A-F1-model_v4.cif", example_model.select_chains(["A"]), confidence)
    first = np.arange(275) < (_FIRST + _LINKER) / 2
    errors = np.where(first[:, None] == first, 2.0, 25.0)
    (folder / "AF-A-F1-predicted_aligned_error_v4.json").write_text(json.dumps([{"predicted_aligned_error": errors.tolist()}]))
    write_predicted(folder / "single.pdb", example_model.select_chains(["B"]), np.full(100, 88.0))
    write_predicted(folder / "loose.pdb", example_model.select_chains(["D"]), np.full(204, 30.0))
    return folder


def write_predicted(path: Path, model: AtomicModel, confidence: np.ndarray) -> None:
    structure = model.structure.clone()
    for chain in [chain.name for chain in structure[0] if chain.name not in model.chains]:
        structure[0].remove_chain(chain)
    for residue, value in zip([one for chain in structure[0] for one in chain], confidence, strict=False):
        for atom in residue:
            atom.b_iso = value
    structure.remove_waters()
    structure.cell, structure.resolution = gemmi.UnitCell(), 0.0
    structure.raw_remarks = []
    structure.info["_struct.title"] = "ALPHAFOLD MONOMER V2.0 PREDICTION"
    write_model(path, replace(model, structure=structure))


def test_domains_by_predicted_errors(predicted: Path) -> None:
    path = predicted / "AF-A-F1-model_v4.cif"
    assert parts_of(path, DOMAINS) == ("D1", "D2")
    first, second = (read_entry(path, part, DOMAINS) for part in ("D1", "D2"))
    assert (first.residue_count, second.residue_count) == (_FIRST, 275 - _LINKER)
    assert (first.name, second.name) == ("AF-A-F1-model_v4:D1", "AF-A-F1-model_v4:D2")
    numbers = np.unique(read_model(path).residue_numbers)
    assert np.unique(first.residue_numbers).tolist() == numbers[:_FIRST].tolist()
    assert np.unique(second.residue_numbers).tolist() == numbers[_LINKER:].tolist()


def test_without_errors_compactness_tells_and_the_unsure_takes_no_part(predicted: Path, tmp_path: Path) -> None:
    path = tmp_path / "lonely.cif"
    path.write_bytes((predicted / "AF-A-F1-model_v4.cif").read_bytes())
    parts = parts_of(path, DOMAINS)
    assert 1 <= len(parts) <= 3
    assert sum(read_entry(path, part, DOMAINS).residue_count for part in parts) <= 275 - (_LINKER - _FIRST)
    for part in parts:
        domain = read_entry(path, part, DOMAINS)
        write_model(tmp_path / "part.cif", domain)
        np.testing.assert_allclose(read_model(tmp_path / "part.cif").coordinates, domain.coordinates, atol=1e-3)
    assert parts_of(predicted / "single.pdb", DOMAINS) == ()
    assert read_entry(predicted / "single.pdb", "", DOMAINS).residue_count == 99


def test_a_model_of_which_nothing_is_sure_is_left_out(predicted: Path) -> None:
    with pytest.raises(LeftOut, match="no domain of 30 residues of pLDDT 70 or more"):
        parts_of(predicted / "loose.pdb", DOMAINS)
    bold = Filters(split="domain", min_plddt=20.0)
    parts = parts_of(predicted / "loose.pdb", bold) or ("",)
    assert sum(read_entry(predicted / "loose.pdb", part, bold).residue_count for part in parts) > 150


def test_errors_of_another_model_and_domains_that_have_gone_are_refused(predicted: Path, tmp_path: Path) -> None:
    path = tmp_path / "other.pdb"
    path.write_bytes((predicted / "single.pdb").read_bytes())
    (tmp_path / "other_pae.json").write_text(json.dumps({"pae": [[0.0, 1.0], [1.0, 0.0]]}))
    with pytest.raises(FileFormatError, match=r"other_pae.json: .* with its 99 residues, got 2"):
        parts_of(path, DOMAINS)
    with pytest.raises(UserError, match="has no domain D7 any more"):
        read_entry(predicted / "AF-A-F1-model_v4.cif", "D7", DOMAINS)


@pytest.mark.parametrize(
    ("part", "filters", "whole"),
    [("", Filters(), True), ("A", Filters(split="chain"), True), ("", DOMAINS, True), ("D1", DOMAINS, False),
     ("", Filters(min_plddt=50.0), False)],
)  # fmt: skip
def test_what_is_whole(part: str, filters: Filters, whole: bool) -> None:
    assert is_whole(part, filters) is whole


def test_a_screen_of_domains_is_the_same_in_any_order_and_after_a_stop(
    predicted: Path, make_request: Callable[..., ScreenRequest], tmp_path: Path
) -> None:
    request = make_request(filters=DOMAINS, promising=0.0)
    paths = list_library(predicted)
    assert len(paths) == 3
    for name, order in (("one", paths), ("two", paths[::-1])):
        finished = False
        while not finished:
            cancel = threading.Event()
            with open_screen(tmp_path / f"{name}.sqlite", request, order, resume=True) as store:
                stop = (lambda _, cancel=cancel: cancel.set()) if name == "two" else None
                finished = run_screen(store, ThisProcess(request, 1), request.promising, stop, cancel=cancel)
    assert results(tmp_path / "one.sqlite") == results(tmp_path / "two.sqlite")
    with ScreenStore.open(tmp_path / "one.sqlite", to_read=True) as store:
        rows = {(Path(row.path).stem, row.part): row for row in store.rows()}
    assert {key: row.status for key, row in rows.items()} == {
        ("AF-A-F1-model_v4", "D1"): DONE, ("AF-A-F1-model_v4", "D2"): DONE, ("single", ""): DONE, ("loose", ""): LEFT_OUT,
    }  # fmt: skip
    best = max((row for row in rows.values() if row.correlation is not None), key=lambda row: row.correlation or 0.0)
    assert best.part == "D1"
