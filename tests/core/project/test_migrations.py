"""Projects of schema 1 embed today's recipes once they are opened, and lose nothing; settings of other versions are kept apart."""

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from difffit_core.errors import FileFormatError, UserError
from difffit_core.project.store import open_bent, open_project, save_project

GOLDEN = ("schema_1.difffit", "schema_1_composites.difffit")


def rewritten(source: Path, target: Path, change: Any) -> Path:
    """A copy of a project whose JSON was changed."""
    with zipfile.ZipFile(source) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    data = json.loads(content["project.json"])
    change(data)
    with zipfile.ZipFile(target, "w") as archive:
        for name, member in {**content, "project.json": json.dumps(data).encode()}.items():
            archive.writestr(name, member)
    return target


@pytest.mark.parametrize("name", GOLDEN)
def test_every_field_of_schema_1_is_in_the_recipe(repository: Path, name: str) -> None:
    path = repository / "tests" / "golden" / name
    with zipfile.ZipFile(path) as archive:
        old = json.loads(archive.read("project.json"))
    project, _ = open_project(path)
    for before, fit in zip(old["fits"], project.fits, strict=True):
        recipe = json.loads(fit.recipe.to_json())
        for field in ("map", "model", "chains", "resolution", "level", "seed", "device", "threads"):
            assert recipe[field] == before[field]
        assert recipe["start"] == before.get("start")
        assert recipe["region"] == before.get("region")
        assert recipe["settings"].items() >= before["settings"].items()
        assert fit.strange == {}
        assert recipe["settings"]["finest_detail"] == before["settings"].get("finest_detail", 0.0)
        assert recipe["settings"]["further"] == before["settings"].get("further", 0)


@pytest.mark.parametrize("name", [*GOLDEN, "schema_2.difffit", "schema_3.difffit"])
def test_saved_anew_it_is_the_same_project(repository: Path, tmp_path: Path, name: str) -> None:
    path = repository / "tests" / "golden" / name
    project, arrays = open_project(path)
    save_project(tmp_path / "new.difffit", project, arrays, bent=open_bent(path, project))
    assert open_project(tmp_path / "new.difffit")[0] == project


@pytest.mark.parametrize("name", ["schema_1_composites.difffit", "schema_2.difffit", "schema_3.difffit"])
def test_what_was_accepted_by_hand_is_known_to_be(repository: Path, tmp_path: Path, name: str) -> None:
    """Earlier versions told it by the words for what found a copy; a copy that was composed names a placement only in passing."""

    def change(data: dict[str, Any]) -> None:
        data["composites"][0]["rounds"][0]["accepted"][0]["source"] = "beside placement 1 of fit-1"

    path = repository / "tests" / "golden" / name
    before = [copy for one in open_project(path)[0].composites for step in one.rounds for copy in step.accepted]
    assert [copy.by_hand for copy in before] == [True, True]
    other = rewritten(path, tmp_path / "other.difffit", change)
    after = [copy for one in open_project(other)[0].composites for step in one.rounds for copy in step.accepted]
    assert [copy.by_hand for copy in after] == [False, True]


def test_settings_of_another_version_are_kept_apart_and_not_lost(repository: Path, tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["fits"][0]["settings"] |= {"sparkle": 3, "starts": -1}

    path = rewritten(repository / "tests" / "golden" / "schema_1.difffit", tmp_path / "strange.difffit", change)
    project, arrays = open_project(path)
    (fit,) = project.fits
    assert fit.strange["settings"] == {"sparkle": 3, "starts": -1}
    with pytest.raises(UserError, match=r"sparkle|starts"):
        fit.repeatable()
    save_project(path, project, arrays)
    again = open_project(path)[0].fits[0]
    assert (again.strange, again.recipe) == (fit.strange, fit.recipe)


@pytest.mark.parametrize(("field", "value"), [("level", None), ("level", "NaN"), ("map", "../up"), ("start", {"rotation": 1})])
def test_a_recipe_that_is_none_is_told(repository: Path, tmp_path: Path, field: str, value: object) -> None:
    def change(data: dict[str, Any]) -> None:
        data["fits"][0][field] = value

    path = rewritten(repository / "tests" / "golden" / "schema_1.difffit", tmp_path / "bad.difffit", change)
    with pytest.raises(FileFormatError, match="damaged") as caught:
        open_project(path)
    assert "\n" not in str(caught.value)


def test_a_project_of_schema_1_without_its_fields_is_damaged(repository: Path, tmp_path: Path) -> None:
    path = rewritten(
        repository / "tests" / "golden" / "schema_1.difffit", tmp_path / "bad.difffit", lambda data: data["fits"][0].pop("settings")
    )
    with pytest.raises(FileFormatError, match="settings is missing"):
        open_project(path)
