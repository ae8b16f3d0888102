"""Several models in one file: alternatives of one thing, or parts of a whole."""

from pathlib import Path

import gemmi
import numpy as np
import pytest

from difffit_core.errors import UserError
from difffit_core.io.models import read_model, write_model

from .conftest import RoundTrip, Save, moved

FAR = (60.0, 0.0, 0.0)


def models(*each: list[str]) -> list[str]:
    return [line for number, lines in enumerate(each, start=1) for line in (f"MODEL     {number:4d}", *lines, "ENDMDL")] + ["END"]


def test_alternatives_of_nmr_are_read_one_at_a_time(atoms: list[str], save: Save) -> None:
    path = save(models(atoms, moved(atoms, (0.3, 0, 0)), moved(atoms, (0, 0.4, 0))))
    model = read_model(path)
    assert (len(model), model.models) == (77, "1")
    assert "alternatives" in model.notes[0]
    np.testing.assert_allclose(read_model(path, "2").coordinates - model.coordinates, [[0.3, 0, 0]] * 77, atol=2e-3)
    assert len(read_model(path, "all")) == 231
    assert len(read_model(path, "1,3")) == 154
    for wrong in ("4", "0", "x", "1,,2", "-1"):
        with pytest.raises(UserError, match="model must be all or a number"):
            read_model(path, wrong)


@pytest.mark.parametrize("chain", ["C", "K"])
def test_copies_in_an_assembly_are_all_read_under_names_of_their_own(
    atoms: list[str], save: Save, round_trip: RoundTrip, chain: str
) -> None:
    model = read_model(save(models(atoms, moved(atoms, FAR, chain), moved(atoms, (0, 60, 0)))))
    assert (len(model), model.models) == (231, "all")
    assert len(model.chains) == 3
    assert any("all were read" in note for note in model.notes)
    round_trip(model)


def joined(way: str, first: list[str], second: list[str]) -> list[str]:
    return {
        "END between": [*first, "END", *second, "END"],
        "atoms after ENDMDL": ["MODEL        1", *first, "ENDMDL", *second, "END"],
        "no ENDMDL": ["MODEL        1", *first, "MODEL        2", *second],
        "no MODEL": [*first, "ENDMDL", *second, "ENDMDL"],
        "one number twice": ["MODEL        1", *first, "ENDMDL", "MODEL        1", *second, "ENDMDL"],
        "TER and END twice": [*first, "TER", "END", "END", *second, "TER", "END"],
    }[way]


@pytest.mark.parametrize("way", ["END between", "atoms after ENDMDL", "no ENDMDL", "no MODEL", "one number twice", "TER and END twice"])
@pytest.mark.parametrize("chain", ["C", "K"])
def test_files_joined_in_any_way_are_read_whole(atoms: list[str], save: Save, round_trip: RoundTrip, way: str, chain: str) -> None:
    model = read_model(save(joined(way, atoms, moved(atoms, FAR, chain))))
    assert len(model) == 154
    assert len(model.chains) == 2
    assert model.notes
    round_trip(model)


def test_blocks_of_an_mmcif_file(atoms: list[str], save: Save) -> None:
    texts = []
    for number, lines in enumerate((atoms, moved(atoms, FAR, "K"))):
        structure = gemmi.read_pdb_string("\n".join(lines))
        structure.name = f"block{number}"
        structure.setup_entities()
        texts.append(structure.make_mmcif_document().as_string())
    path = save("\n".join(texts).encode(), "two.cif")
    assert read_model(path).chains == ("C", "K")
    assert read_model(path, "2").chains == ("K",)


def test_a_part_in_the_place_of_another_is_left_out_and_told(atoms: list[str], save: Save) -> None:
    model = read_model(save(models(atoms, moved(atoms, FAR, "K"), moved(atoms[:50], (0.2, 0, 0), "L"))))
    assert model.chains == ("C", "K")
    assert model.models == "1,2"
    assert any("in the place of others" in note for note in model.notes)


def test_blocks_in_one_place_are_alternatives(atoms: list[str], save: Save, tmp_path: Path) -> None:
    write_model(tmp_path / "one.cif", read_model(save(atoms)))
    text = (tmp_path / "one.cif").read_text()
    joined = save((text + text).encode(), "two.cif")
    model = read_model(joined)
    assert (len(model), model.models) == (len(atoms), "1")
    assert any("alternatives" in note for note in model.notes)
    assert len(read_model(joined, "all")) == 2 * len(atoms)
