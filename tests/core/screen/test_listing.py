"""Which models a library holds, and which of them the filters let in."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.models import write_model
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import LeftOut, list_library, parts_of, read_entry, seed_of

from .conftest import Library


def test_a_folder_with_its_subfolders(library: Library) -> None:
    found = list_library(library.folder)
    assert {str(path.relative_to(library.folder)) for path in found} == {
        "the right one.cif.gz", "e2.pdb", "a3.ent", "b1.cif", "deeper/d1.pdb.gz", "deeper/d2.pdb", "e1.pdb", "broken.pdb",
    }  # fmt: skip
    assert list(found) == sorted(found)
    assert all(path.is_absolute() for path in found)


def test_maps_among_models_are_left_out_and_told(library: Library, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    for name in ("a.mrc", "sub/b.map"):
        (library.folder / name).parent.mkdir(exist_ok=True)
        (library.folder / name).write_bytes(b"a map")
    assert all(path.suffix not in (".mrc", ".map") for path in list_library(library.folder))
    assert f"2 maps, as {library.folder / 'a.mrc'}, among the models of the library are left out" in caplog.text
    own = DensityMap(np.zeros((2, 2, 2), np.float32), np.ones(3), np.zeros(3), "a", path=library.folder / "sub" / ".." / "a.mrc")
    caplog.clear()
    list_library(library.folder, screened=own)
    assert f"the map {library.folder / 'sub' / 'b.map'} among the models of the library is left out" in caplog.text
    (library.folder / "sub" / "b.map").unlink()
    caplog.clear()
    list_library(library.folder, screened=own)
    assert not caplog.text, "the map lies with its models, as is usual"

    maps = tmp_path / "maps"
    maps.mkdir()
    for name in ("a.mrc", "b.map"):
        (maps / name).write_bytes(b"a map")
    assert [path.name for path in list_library(maps)] == ["a.mrc", "b.map"]
    mixed = tmp_path / "mixed.txt"
    mixed.write_text(f"{maps / 'a.mrc'}\n{list_library(library.folder)[0]}\n", encoding="utf-8")
    assert {path.suffix for path in list_library(mixed)} >= {".mrc"}


def test_a_list_of_paths_from_its_own_folder(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = library.folder / "list.txt"
    file.write_text(f"# models\n\n e1.pdb \ndeeper/d1.pdb.gz\n{library.folder / 'e1.pdb'}\nabsent one.pdb\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    try:
        assert {path.name for path in list_library(file)} == {"e1.pdb", "d1.pdb.gz", "absent one.pdb"}
    finally:
        file.unlink()


def test_a_single_model_is_a_library(library: Library) -> None:
    assert list_library(library.folder / "e1.pdb") == (library.folder / "e1.pdb",)


@pytest.mark.parametrize(
    ("content", "error", "said"), [("# nothing\n", UserError, "got none"), (b"\xff\xfe\x00\x80", FileFormatError, "no text")]
)
def test_lists_that_are_none(tmp_path: Path, content: str | bytes, error: type[Exception], said: str) -> None:
    file = tmp_path / "list.txt"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(error, match=said):
        list_library(file)


def test_an_absent_library_and_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such folder or file"):
        list_library(tmp_path / "absent")
    with pytest.raises(UserError, match="must hold files that end in"):
        list_library(tmp_path)


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        (Filters(), True),
        (Filters(min_residues=99, max_residues=99), True),
        (Filters(min_residues=100), False),
        (Filters(max_residues=98), False),
    ],
)
def test_sizes(repository: Path, filters: Filters, kept: bool) -> None:
    path = repository / "resources" / "example" / "1bd2.pdb.gz"
    if kept:
        assert read_entry(path, "B", filters).residue_count == 99
    else:
        with pytest.raises(LeftOut, match="99 residues"):
            read_entry(path, "B", filters)


def test_residues_of_low_confidence_take_no_part(example_model: AtomicModel, tmp_path: Path) -> None:
    """A predicted model has its confidence in the place of the B-factors."""
    model = example_model.select_chains(["B"])
    structure = model.structure.clone()
    for chain in structure[0]:
        for number, residue in enumerate(chain):
            for atom in residue:
                atom.b_iso = 40.0 if number < 30 else 90.0
    write_model(tmp_path / "predicted.cif", replace(model, structure=structure))
    assert read_entry(tmp_path / "predicted.cif", "", Filters(min_plddt=70)).residue_count == 69
    assert read_entry(tmp_path / "predicted.cif", "", Filters()).residue_count == 99
    with pytest.raises(LeftOut, match="69 residues of pLDDT 70 or more, fewer than 80"):
        read_entry(tmp_path / "predicted.cif", "", Filters(min_plddt=70, min_residues=80))


def test_splitting_into_chains(repository: Path, library: Library) -> None:
    path = repository / "resources" / "example" / "1bd2.pdb.gz"
    assert parts_of(path, Filters()) == ()
    assert parts_of(path, Filters(split="chain")) == ("A", "B", "C", "D", "E")
    assert parts_of(library.folder / "e1.pdb", Filters(split="chain")) == ()
    assert set(read_entry(path, "D", Filters()).chain_names) == {"D"}


@pytest.mark.parametrize(
    "wrong",
    [{"min_residues": -1}, {"min_residues": 9, "max_residues": 8}, {"min_plddt": 101.0}, {"split": "fold"}],
    ids=lambda one: next(iter(one)),
)
def test_filters_out_of_bounds_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UserError, match="got"):
        Filters(**wrong)  # type: ignore[arg-type]


def test_seeds_follow_what_is_fitted_and_nothing_else(example_model: AtomicModel) -> None:
    model = example_model.select_chains(["B"])
    seed = seed_of(model, 5)
    assert seed_of(replace(model, name="other", path=Path("elsewhere.cif")), 5) == seed
    assert seed_of(model, 6) != seed
    assert seed_of(replace(model, coordinates=model.coordinates + np.float64(1e-9)), 5) != seed
    assert 0 <= seed < 2**63
