"""A folder of results as an RO-Crate: every entity that is referred to is there, and what the results say stands in it."""

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from difffit_core.crate import CRATE, crate_of
from difffit_core.errors import UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.output import claim_file, claim_folder
from difffit_core.provenance import provenance


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """What two runs have written: a fit, whose second file was changed since, and something that tells nothing of itself."""
    source = tmp_path / "a map.mrc"
    source.write_bytes(b"density")
    recipe = FitRecipe(map=str(source), model=str(tmp_path / "gone.pdb"), resolution=4, level=0.5, seed=7)
    told = provenance(recipe, device="cpu", command="difffit fit 'a map.mrc' gone.pdb --resolution 4")
    files = {"placements.json": json.dumps({"provenance": told}), "placement_001.cif": "data_a", "placements.csv": "rank"}
    place = claim_folder(tmp_path / "out", command="fit", names=r"placement.*")
    place.write({name: partial(_write, text=text) for name, text in files.items()})
    shown = claim_file(tmp_path / "out" / "shown.png", command="render", suffixes=(".png",), what="picture")
    shown.write(partial(_write, text="png"))
    (tmp_path / "out" / "placements.csv").write_text("mine")
    return tmp_path / "out"


def _write(path: Path, text: str) -> None:
    path.write_text(text)


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            yield value["@id"]
        for one in value.values():
            yield from references(one)
    elif isinstance(value, list):
        for one in value:
            yield from references(one)


def test_it_tells_what_was_run_with_what_on_what(results: Path) -> None:
    crate = crate_of(results)
    entities = {one["@id"]: one for one in crate.document["@graph"]}
    assert len(entities) == len(crate.document["@graph"])
    outside = {"https://w3id.org/ro/crate/1.1", "http://schema.org/CompletedActionStatus"}
    assert set(references(crate.document["@graph"])) <= set(entities) | outside
    root = entities["./"]
    assert entities[CRATE]["about"] == {"@id": "./"}
    assert {"name", "description", "datePublished", "license"} <= set(root)
    assert set(crate.files) == {"placement_001.cif", "placements.json", "shown.png"}
    assert {one["@id"] for one in root["hasPart"]} == {one["@id"] for one in entities.values() if one["@type"] == "File"}
    assert crate.changed == ("placements.csv",)
    fit, render = (entities[one["@id"]] for one in root["mentions"])
    assert render["result"] == {"@id": "shown.png"}, "one stands alone"
    assert fit["@type"] == render["@type"] == "CreateAction"
    assert fit["description"].startswith("difffit fit 'a map.mrc'")
    objects = [entities[one["@id"]] for one in fit["object"]]
    (source,) = [one for one in objects if one["@type"] == "File"]
    assert source["sha256"] == hashlib.sha256(b"density").hexdigest()
    assert source["@id"].endswith("/a%20map.mrc")
    values = {one["name"]: one["value"] for one in objects if one["@type"] == "PropertyValue"}
    assert (values["seed"], values["resolution"], values["device"]) == (7, 4.0, "cpu")
    assert entities[fit["instrument"]["@id"]]["name"] == "difffit"
    assert any(one.startswith("#numpy-") for one in entities)
    assert {one["@id"] for one in fit["result"]} == {"placement_001.cif", "placements.json"}
    assert entities["placement_001.cif"]["sha256"] == hashlib.sha256(b"data_a").hexdigest()


def test_it_can_be_read_by_those_who_read_crates(results: Path) -> None:
    pytest.importorskip("rocrate")
    from rocrate.rocrate import ROCrate

    (results / CRATE).write_text(json.dumps(crate_of(results).document))
    read = ROCrate(str(results))
    assert read.root_dataset["name"].startswith("Results of difffit")
    assert len(read.mainEntity or read.data_entities) >= 3
    assert {one.type for one in read.contextual_entities if one.type == "CreateAction"} == {"CreateAction"}


def test_what_is_no_folder_of_results_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"must be a folder of results, with difffit-manifest\.json"):
        crate_of(tmp_path)


def test_the_command_writes_it_once_more_only_where_it_is_asked_to(
    results: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from difffit_core.cli import main

    def run(*words: str) -> int:
        monkeypatch.setattr("sys.argv", ["difffit", "crate", str(results), *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    assert run() == 0
    out, err = capsys.readouterr()
    assert "tells of 3 files" in out
    assert err == "placements.csv is not as it was written, or gone, so that nothing is told of it\n"
    first = json.loads((results / CRATE).read_text())
    assert run() == 2
    assert run("--overwrite") == 0
    again = json.loads((results / CRATE).read_text())
    assert [one["@id"] for one in again["@graph"]] == [one["@id"] for one in first["@graph"]]
