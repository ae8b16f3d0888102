"""`difffit fit --start`, `--in-place` and `--within`: where a fit begins or looks, given and repeated."""

import json
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.errors import UserError
from difffit_core.fit.place_words import read_pose, read_sphere
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.project.store import open_project

QUICK = ("--chain", "B", "--preset", "fast", "--set", "starts=300", "--set", "steps=30")


def written(folder: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((folder / "placements.json").read_text(encoding="utf-8"))
    return document


def numbers(rotation: np.ndarray, translation: np.ndarray) -> str:
    return ",".join(map(repr, [*np.asarray(rotation).ravel().tolist(), *np.asarray(translation).tolist()]))


def test_a_pose_is_refined_recorded_and_repeated(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    translation = files.translation + np.array([2.0, -1.0, 1.5])
    start = numbers(files.rotation, translation)
    assert difffit(*files.arguments(tmp_path / "a", *QUICK), "--start", start).status == 0
    document = written(tmp_path / "a")
    (placement,) = document["placements"]
    assert np.abs(np.array(placement["translation"]) - files.translation).max() < 1.5
    assert document["settings"]["start"]["translation"] == translation.tolist()
    project, _ = open_project(tmp_path / "a" / "project.difffit")
    record = project.fits[0]
    assert record.recipe.start is not None
    request = record.repeatable().bind(read_map(files.map), read_model(files.model))
    assert request.start is not None
    np.testing.assert_array_equal(request.start.translation, translation)
    words = shlex.split(record.command)
    assert words[:2] == ["difffit", "fit"]
    assert difffit(*words[1:-1], str(tmp_path / "b")).status == 0
    assert written(tmp_path / "b")["placements"] == document["placements"]


def test_a_pose_comes_from_earlier_results_or_from_a_text(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    entry = {"rotation": files.rotation.tolist(), "translation": files.translation.tolist()}
    for name, content in (
        ("placements.json", json.dumps({"schema": 1, "placements": [entry]})),
        ("pose.json", json.dumps(entry)),
        ("pose.txt", "\n".join(numbers(files.rotation, files.translation).split(","))),
    ):
        (tmp_path / name).write_text(content)
        pose = read_pose(str(tmp_path / name))
        np.testing.assert_array_equal(pose.rotation, files.rotation)
        np.testing.assert_array_equal(pose.translation, files.translation)
    kept = ("--set", "refine_steps=0", "--set", "polish_steps=0")
    ended = difffit(*files.arguments(tmp_path / "o", *QUICK, *kept), "--start", tmp_path / "pose.txt")
    assert ended.status == 0
    np.testing.assert_allclose(written(tmp_path / "o")["placements"][0]["translation"], files.translation, atol=1e-6)


def test_in_place_starts_where_the_model_stands(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    kept = ("--set", "refine_steps=0", "--set", "polish_steps=0")
    assert difffit(*files.arguments(tmp_path / "o", *QUICK, *kept), "--in-place").status == 0
    (placement,) = written(tmp_path / "o")["placements"]
    np.testing.assert_allclose(placement["rotation"], np.eye(3), atol=1e-9)
    assert placement["verdict"] == "cannot be judged"
    assert "--in-place" in shlex.split(open_project(tmp_path / "o" / "project.difffit")[0].fits[0].command)


def test_within_a_sphere_all_results_lie_inside(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    model = read_model(files.model).select_chains(["B"])
    middle = files.rotation @ model.fit_coordinates.mean(axis=0) + files.translation
    sphere = ",".join(f"{value:.3f}" for value in (*middle, 9.0))
    assert difffit(*files.arguments(tmp_path / "o", *QUICK), "--within", sphere).status == 0
    document = written(tmp_path / "o")
    for placement in document["placements"]:
        centre = np.array(placement["rotation"]) @ model.fit_coordinates.mean(axis=0) + placement["translation"]
        assert np.linalg.norm(centre - middle) < 9.01
    assert document["settings"]["within"]["radius"] == 9.0
    record = open_project(tmp_path / "o" / "project.difffit")[0].fits[0]
    assert record.recipe.region is not None
    assert record.recipe.region.radius == 9.0
    assert any(word.startswith("--within=") for word in shlex.split(record.command))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--start", "1,2,3"), "12 finite numbers"),
        (("--start", ",".join(["1"] * 12)), "proper rotation"),
        (("--start", "1,0,0,0,1,0,0,0,1,0,0,nan"), "12 finite numbers"),
        (("--start", "nowhere.txt"), "nowhere.txt"),
        (("--in-place", "--start", "pose.txt"), "either in place or from a pose"),
        (("--in-place", "--within", "0,0,0,5"), "either starts from a pose or looks inside a sphere"),
        (("--within", "0,0,5"), "four numbers"),
        (("--within", "0,0,x,5"), "four numbers"),
        (("--within", "0,0,0,-5"), "radius of a sphere"),
        (("--within", "9000,0,0,5"), "no part of the map lies in"),
    ],
)
def test_what_is_no_place_is_refused_in_a_sentence(
    difffit: Callable[..., Any], files: Any, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    ended = difffit(*files.arguments(tmp_path / "o", *QUICK), *options)
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert words in ended.lines[0]
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("content", ["{}", '{"placements": []}', '{"rotation": 1, "translation": 2}', "[1, 2]", "hello", "\x00"])
def test_a_file_that_holds_no_pose_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "pose.json"
    path.write_text(content)
    with pytest.raises(UserError, match=r"pose\.json"):
        read_pose(str(path))


def test_a_sphere_is_read_with_commas_or_spaces() -> None:
    assert read_sphere("1, 2 3,4.5").radius == read_sphere("1,2,3,4.5").radius == 4.5
