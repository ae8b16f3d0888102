"""`difffit handover`: of a project, of a map and a model, and what it refuses."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest

from difffit_core.io.models import read_model


def test_the_placement_of_a_project_is_handed_over_where_it_was_placed(fitted: Any, tmp_path: Path, difffit: Callable[..., Any]) -> None:
    ended = difffit("handover", fitted.folder / "project.difffit", "--out", tmp_path / "over", "--rank", 2)
    assert ended.status == 0, ended.err
    document = json.loads((tmp_path / "over" / "handover.json").read_text())
    assert "rank 2" in document["what"]
    for word in (*document["notes"], document["what"], "Phenix: phenix.real_space_refine phenix.eff"):
        assert word in ended.out
    assert "handover" in document["provenance"]["command"]
    assert document["provenance"]["inputs"][0]["sha256"]
    placed = fitted.document["placements"][1]
    before = read_model(fitted.files.model).select_chains(["B"]).coordinates
    expected = before @ np.array(placed["rotation"]).T + placed["translation"]
    assert np.allclose(read_model(tmp_path / "over" / "model.cif").coordinates, expected, atol=2e-3)
    again = difffit("handover", fitted.folder / "project.difffit", "--out", tmp_path / "over")
    assert again.status == 2
    assert "--overwrite" in again.err
    assert difffit("handover", fitted.folder / "project.difffit", "--out", tmp_path / "over", "--overwrite", "--to", "coot").status == 0
    assert not (tmp_path / "over" / "pymol.pml").exists()
    assert (tmp_path / "over" / "coot.py").exists()


def test_the_resolution_of_a_files_name_is_taken_and_told(fitted: Any, tmp_path: Path, difffit: Callable[..., Any]) -> None:
    ended = difffit("handover", fitted.files.map, fitted.folder / "placement_001.cif", "--to", "phenix", "--out", tmp_path / "over")
    assert ended.status == 0, ended.err
    assert "resolution 8 Å, as" in ended.out
    assert "resolution = 8" in (tmp_path / "over" / "phenix.eff").read_text()


def test_a_map_and_a_model_are_handed_over(fitted: Any, tmp_path: Path, difffit: Callable[..., Any]) -> None:
    model = fitted.folder / "placement_001.cif"
    options = (
        "--resolution",
        8,
        "--to",
        "molstar,phenix",
        "--whole-map",
        "--keep-values",
        "--level",
        0.3,
        "--reference",
        fitted.files.model,
    )
    ended = difffit("handover", fitted.files.map, model, *options, "--out", tmp_path / "over")
    assert ended.status == 0, ended.err
    document = json.loads((tmp_path / "over" / "handover.json").read_text())
    assert (document["level"], document["resolution"]) == (0.3, 8.0)
    assert set(document["programs"]) == {"molstar", "phenix"}
    assert gemmi.read_structure(str(tmp_path / "over" / "reference.cif"))[0].count_atom_sites() > 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("PROJECT", "--what", "fit-9"), "what must be one of fit-1, got fit-9"),
        (("PROJECT", "--rank", "9999"), "rank must be one of the"),
        (("PROJECT", "--level", "0.3"), "--level goes with a map and a model"),
        (("PROJECT", "--to", "word"), "--to must be all, or some of chimerax"),
        (("MAP", "MODEL", "--rank", "1"), "--rank goes with a project"),
        (("PLAIN", "MODEL"), "resolution must be given"),
        *((("MAP", "MODEL", "--resolution", "8", "--level", level), "level must lie below") for level in ("nan", "inf", "1e308")),
        (("MAP", "MODEL", "--resolution", "1e308"), "resolution must lie between"),
        (("MAP", "INPUT", "--resolution", "8"), "no atom of the model lies in"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(
    fitted: Any, tmp_path: Path, difffit: Callable[..., Any], options: tuple[str, ...], sentence: str
) -> None:
    names = {
        "PROJECT": fitted.folder / "project.difffit", "MAP": fitted.files.map, "MODEL": fitted.folder / "placement_001.cif",
        "INPUT": fitted.files.model, "PLAIN": tmp_path / "plain.map.gz",
    }  # fmt: skip
    names["PLAIN"].write_bytes(fitted.files.map.read_bytes())
    ended = difffit("handover", *(names.get(word, word) for word in options), "--out", tmp_path / "over")
    assert ended.status == 2
    assert sentence in " ".join(ended.err.split())
    assert "Traceback" not in ended.err
    assert not (tmp_path / "over").exists()
