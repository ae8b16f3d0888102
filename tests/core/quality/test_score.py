"""Residues, and the table of their scores."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.pose import Pose
from difffit_core.quality.score import COLUMNS, score_residues, write_residues_csv
from difffit_core.residues import Residues


def test_residues_are_those_with_an_atom_in_the_fit(repository: Path) -> None:
    model = read_model(repository / "resources" / "example" / "1bd2.pdb.gz")
    residues = Residues.of(model.select_chains(["D", "E"]))
    assert len(residues) == model.select_chains(["D", "E"]).residue_count
    assert sorted(set(residues.chains.tolist())) == ["D", "E"]
    assert "HOH" not in residues.names
    chosen = model.select_chains(["D", "E"])
    np.testing.assert_array_equal(residues.index[residues.of_atom], chosen.residue_index[chosen.in_fit])
    for i in (0, len(residues) - 1):
        atom = np.flatnonzero(chosen.in_fit & (chosen.residue_index == residues.index[i]))[0]
        assert residues.label(i) == f"{chosen.chain_names[atom]} {chosen.residue_numbers[atom]} {chosen.residue_names[atom]}"
        np.testing.assert_array_equal(
            np.arange(residues.starts[i], residues.starts[i + 1]), np.flatnonzero(residues.of_atom == i), strict=False
        )


def test_means_leave_out_what_is_not_known(placed: Any) -> None:
    residues = Residues.of(placed.model)
    values = np.arange(len(placed.points), dtype=float)
    values[residues.of_atom == 0] = np.nan
    values[np.flatnonzero(residues.of_atom == 1)[0]] = np.nan
    found = residues.mean(values)
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(np.flatnonzero(residues.of_atom == 1)[1:].mean())


def test_the_table_holds_every_residue_in_full_precision(placed: Any, map_at_4: DensityMap, tmp_path: Path) -> None:
    scores = score_residues(map_at_4, placed.model, placed.pose, 4.0)
    holed = replace(scores, q_score=np.where(np.arange(60) == 3, np.nan, scores.q_score))
    write_residues_csv(tmp_path / "table.csv", holed)
    with open(tmp_path / "table.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == COLUMNS
    assert len(rows) == 60
    np.testing.assert_array_equal([float(row["local_correlation"]) for row in rows], scores.local_correlation)
    assert rows[3]["q_score"] == ""
    assert (rows[5]["chain"], int(rows[5]["residue"]), rows[5]["name"]) == tuple(
        part if i != 1 else int(part) for i, part in enumerate(scores.residues.label(5).split())
    )
    assert holed.mean("q_score") == pytest.approx(np.delete(scores.q_score, 3).mean())
    assert np.isnan(scores.mean("q_score", np.zeros(60, bool)))
    with pytest.raises(UserError):
        write_residues_csv(tmp_path / "absent" / "table.csv", scores)


def test_a_deposited_model_beats_itself_moved(shared_data: Path) -> None:
    """Apoferritin at 1.75 Å as refined: every residue well above what it has a helix turn away."""
    density = read_map(shared_data / "apoferritin_emd20026" / "emd20026_prot.mrc")
    model = read_model(shared_data / "apoferritin_emd20026" / "3ajo_fitted_refined.pdb")
    right = score_residues(density, model, Pose.identity(), 1.75)
    wrong = score_residues(density, model, Pose(np.eye(3), np.array([0.0, 1.5, 0.0])), 1.75)
    assert right.mean("q_score") > 0.8
    assert wrong.mean("q_score") < 0.2
    assert right.mean("local_correlation") > wrong.mean("local_correlation") + 0.4
    assert ((right.local_correlation > wrong.local_correlation) & (right.q_score > wrong.q_score)).mean() > 0.97
