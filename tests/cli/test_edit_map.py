"""`difffit map`: steps in their order, what is written and said, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

import difffit_core as df
from difffit_core.io.maps import read_map, write_map


def test_steps_are_done_in_the_order_in_which_they_stand(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    first, second = tmp_path / "first.mrc", tmp_path / "second.mrc"
    ended = difffit("map", files.map, "--low-pass", 9, "--crop-level", "auto", "--margin", 2, "--mirror", "--out", first)
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.index("low-passed to 9 Å") < ended.out.index("cropped to") < ended.out.index("mirrored")
    assert "resolution 9 Å, as its low-pass says" in ended.out
    ended = difffit("map", files.map, "--mirror", "--crop-level", "auto", "--low-pass", 9, "--margin", 2, "--out", second)
    assert ended.status == 2
    assert "--margin goes with the crop before it, got it after --low-pass" in ended.err
    ended = difffit("map", files.map, "--mirror", "--low-pass", 9, "--crop-level", "auto", "--margin", 2, "--out", second)
    one, other = read_map(first), read_map(second)
    assert one.values.shape != other.values.shape  # the level was that of the map as it was
    assert other.resolution.value == 9
    assert one.resolution.value == 9
    made = df.edit_map(read_map(files.map)).low_pass(9).crop(level="auto", margin=2).mirror()
    np.testing.assert_array_equal(made.map.values, one.values)
    assert made.command("--out", "x.mrc").startswith("difffit map ")
    parts = made.command().split()
    assert parts.index("--low-pass") < parts.index("--crop-level") < parts.index("--mirror")


def test_a_zone_of_what_is_placed_and_what_is_refused(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    out = tmp_path / "zone.mrc"
    pose = "1,0,0,0,1,0,0,0,1,0,0,0"
    zone = ("--zone", files.model, "--within", 4, "--soft-edge", 2, "--pose", pose)
    ended = difffit("map", files.map, *zone, "--and", files.model, "--out", out)
    assert ended.status == 2
    assert "place it first" in ended.err
    pose = ",".join(map(repr, [*files.rotation.ravel().tolist(), *files.translation.tolist()]))
    zone = (*zone[:-1], pose)
    ended = difffit("map", files.map, *zone, "--and", files.model, "--pose", pose, "--out", out)
    assert (ended.status, ended.err) == (0, ""), ended.err
    assert 0.02 < np.count_nonzero(read_map(out).values) / read_map(out).values.size < 0.9
    for words, said in (
        ((), "at least one step"), (("--within", 5), "goes with the step before it"),
        (("--low-pass", 8, "--pose", pose), "--pose goes with"),
        (("--zone", files.model, "--chain", "A", "--chain", "B"), "once for each model"), (("--crop-box", "1,2,3"), "six numbers"),
        (("--sharpen", "much"), "B factor in Å² or auto, got much"), (("--zone", tmp_path / "none.pdb"), "no such file"),
    ):  # fmt: skip
        ended = difffit("map", files.map, *words, "--out", tmp_path / "none.mrc")
        assert ended.status == 2, words
        assert said in ended.err
        assert ended.err.count("\n") == 1
        assert not (tmp_path / "none.mrc").exists()
    ended = difffit("map", files.map, "--mirror", "--out", files.map, "--overwrite")
    assert ended.status == 2
    assert "is read here" in ended.err


def test_a_name_that_says_the_resolution_needs_no_option(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    named = tmp_path / "some_8A.mrc"
    write_map(named, replace(read_map(files.map), resolution=None))
    ended = difffit("quality", named, files.model, "--out", tmp_path / "out.csv")
    assert ended.status == 0, ended.err
    assert "resolution 8 Å, as the name of its file, some_8A.mrc, says; --resolution asks for another" in ended.err


def test_numbers_beyond_all_bounds_are_a_sentence_or_done(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    """Warnings of the libraries, which no one asked for, are errors here."""
    place, beyond = ("--place", "1,0,0,0,1,0,0,0,1,0,0,0", "--grid"), "input should be less than or equal to 1e+30, got 1e+308"
    for words, said in (
        (("--crop-level", "1e308"), f"level: {beyond}"),
        (("--crop-level", "1e29"), "the level must be one that density reaches"),
        ((*place, ",".join(["1e308"] * 9)), f"grid: {beyond}"),
        ((*place, ",".join(["1e29"] * 9)), "a grid must be nine numbers"),
    ):
        ended = difffit("map", files.map, *words, "--out", tmp_path / "none.mrc")
        assert (ended.status, len(ended.lines)) == (2, 1), ended.err
        assert said in ended.err
    for number, words in enumerate(
        (("--symmetrise", "C1", "--screw", "1e-320,1e-320"), ("--zone", files.model, "--pose", pose_back(files), "--soft-edge", "1e-320"))
    ):
        ended = difffit("map", files.map, *words, "--out", tmp_path / f"{number}.mrc")
        assert (ended.status, ended.err) == (0, "")


def pose_back(files: Any) -> str:
    return ",".join(map(repr, [*files.rotation.ravel().tolist(), *files.translation.tolist()]))
