"""Chains told apart by segments, as CHARMM, NAMD and X-PLOR write them; and what stands in those columns and is no segment."""

import numpy as np
import pytest

from difffit_core.io.models import read_model

from .conftest import RoundTrip, Save, moved, single


def in_segment(lines: list[str], segment: str, chain: str = " ") -> list[str]:
    return [f"{line[:21]}{chain}{line[22:72]}{segment:<4s}{line[76:]}" for line in lines]


@pytest.mark.parametrize("chain", [" ", "P"])
def test_chains_are_named_after_segments(atoms: list[str], places: np.ndarray, save: Save, round_trip: RoundTrip, chain: str) -> None:
    waters = [single("OH2", "TIP3", n, np.array([n, 0.0, 90.0]), "O", chain) for n in range(1, 20)]
    lines = [
        *in_segment(atoms, "PROA", chain), *in_segment(moved(atoms, (40, 0, 0)), "PROB", chain), *in_segment(waters, "W1", chain),
    ]  # fmt: skip
    model = read_model(save(lines))
    assert model.chains[:2] == ("PROA", "PROB")
    assert model.residue_count == 18
    np.testing.assert_allclose(model.select_chains(["PROB"]).fit_coordinates - places, [[40, 0, 0]] * 77, atol=2e-3)
    assert any("named after their segments: PROA, PROB" in note for note in model.notes)
    round_trip(model)


def test_chains_that_have_names_keep_them(atoms: list[str], save: Save, round_trip: RoundTrip) -> None:
    lines = [*in_segment(atoms, "A1", "C"), *in_segment(moved(atoms, (40, 0, 0), "D"), "A2", "D")]
    model = read_model(save(lines))
    assert (model.chains, model.notes) == (("C", "D"), ())
    round_trip(model)


def test_a_segment_with_the_name_of_a_chain(atoms: list[str], save: Save, round_trip: RoundTrip) -> None:
    lines = [*in_segment(atoms, "", "A"), *in_segment(moved(atoms, (40, 0, 0)), "A"), *in_segment(moved(atoms, (0, 40, 0)), "B")]
    model = read_model(save(lines))
    assert model.chains == ("A", "A_", "B")
    round_trip(model)


@pytest.mark.parametrize("chain", [" ", "C"])
def test_numbers_of_lines_are_no_segments(atoms: list[str], save: Save, round_trip: RoundTrip, chain: str) -> None:
    lines = [f"{line[:21]}{chain}{line[22:66]}      {n:08d}" for n, line in enumerate(atoms, start=9_960)]
    coded = [f"{line[:21]}{chain}{line[22:66]}      1BD2{n:4d}" for n, line in enumerate(atoms, start=1)]
    for name, content in (("a.pdb", lines), ("b.pdb", coded)):
        model = read_model(save(content, name))
        assert (model.chains, model.residue_count, len(model)) == ((chain.strip(),), 9, 77)
        round_trip(model)
