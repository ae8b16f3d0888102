"""What is said of models that could not be tried, and of predictions that are in another's way."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gemmi
import numpy as np

from difffit_core.assemble.result import Untried
from difffit_core.assemble.saying import could_be_split, listed, untried
from difffit_core.compose.candidates.dropped import Dropped
from difffit_core.screen.filters import Filters


def test_what_could_not_be_tried_is_named() -> None:
    assert untried([]) == ""
    assert untried([Untried("/lib/a.cif", "", "is empty", failed=True)]) == "1 model could not be tried (a); is empty"
    some = untried([Untried(f"/lib/{name}.cif", "", "is empty", failed=True) for name in "abcdefg"])
    assert some == "7 models could not be tried (a, b, c, d, e and 2 more); the first for this: is empty"
    assert listed(["a", "b"]) == "a, b"


def test_a_prediction_of_several_domains_that_is_in_the_way_is_told(repository: Path, tmp_path: Path) -> None:
    """Not one of one domain, one without errors beside it, one that is placed, or one that is left out for something else."""
    structure = gemmi.read_structure(str(repository / "resources" / "example" / "1bd2_moved.pdb.gz"))
    for name in [chain.name for chain in structure[0] if chain.name != "A"]:
        structure[0].remove_chain(name)
    structure.remove_ligands_and_waters()
    for chain in structure[0]:
        for residue in chain:
            for atom in residue:
                atom.b_iso = 90.0 + (residue.seqid.num % 7) / 7
    count = len(structure[0][0])
    two = np.where((np.arange(count)[:, None] < 180) == (np.arange(count) < 180), 1.5, 18.0)
    for name, errors in (("two", two), ("one", np.full((count, count), 1.5)), ("bare", None), ("placed", two), ("other", two)):
        structure.write_pdb(str(tmp_path / f"{name}.pdb"))
        if errors is not None:
            (tmp_path / f"{name}_pae.json").write_text(json.dumps([{"predicted_aligned_error": errors.tolist()}]), encoding="utf-8")
    entries: Any = [
        SimpleNamespace(name=name, path=str(tmp_path / f"{name}.pdb"), part="", stands=False)
        for name in ("two", "one", "bare", "placed", "other")
    ]
    why = "clashes with heavy (3.0% of its atoms nearer than 2 \u00c5), for which more speaks"
    dropped = [*(Dropped(body, why) for body in range(4)), Dropped(4, "0 placed of any number: no other place was found"), Dropped(0, why)]
    result: Any = SimpleNamespace(copies=[SimpleNamespace(body=3)], dropped=dropped)
    (told,) = could_be_split(entries, result, Filters())
    assert told.startswith("two stands out")
    assert "2 domains" in told
    assert could_be_split(entries, result, Filters(split="domain")) == []
