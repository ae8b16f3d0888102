"""`difffit replay`."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from difffit_core.project.store import open_project, save_project


def test_a_fit_comes_out_the_same(fitted: Any, difffit: Callable[..., Any]) -> None:
    ended = difffit("replay", fitted.folder / "project.difffit")
    assert ended.status == 0
    assert "identical" in ended.out
    assert "1 of 1 came out the same" in ended.out


def test_another_answer_ends_with_status_1(fitted: Any, difffit: Callable[..., Any]) -> None:
    project, arrays = open_project(fitted.folder / "project.difffit")
    path = fitted.folder / "other seed.difffit"
    save_project(path, project.model_copy(update={"fits": (project.fits[0].changed(seed=99),)}), arrays)
    ended = difffit("replay", path)
    path.unlink()
    assert ended.status == 1
    assert "different" in ended.out


def test_what_is_no_project_ends_in_one_sentence(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    for path, sentence in ((tmp_path / "absent.difffit", "no such file"), (files.model, "cannot be read as a project")):
        ended = difffit("replay", path)
        assert ended.status == 2
        assert len(ended.lines) == 1
        assert sentence in ended.err
