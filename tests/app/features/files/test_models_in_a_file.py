"""A file of several models: which of them is read is asked for, and shown instead of the first or beside it."""

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.projects.controller import ProjectsController
from difffit_app.state.items import OpenFit

Example = tuple[Path, Path]


@pytest.fixture
def files(desk: Any) -> FilesController:
    return FilesController(desk)


@pytest.fixture
def ensemble(example: Example, tmp_path: Path) -> Path:
    """Three models of one peptide, numbered 1, 2 and 5, each a bit further along x."""
    content = gzip.decompress(example[1].read_bytes()).decode()
    lines = [line for line in content.split("\n") if line.startswith("ATOM") and line[21] == "C"]
    text = []
    for number in (1, 2, 5):
        moved = [f"{line[:30]}{float(line[30:38]) + 0.1 * number:8.3f}{line[38:]}" for line in lines]
        text += [f"MODEL     {number:4d}", *moved, "ENDMDL"]
    path = tmp_path / "nmr.pdb"
    path.write_text("\n".join([*text, "END", ""]))
    return path


def offers(desk: Any) -> list[tuple[str, dict[str, Callable[[], object]]]]:
    return [call.args for call in desk.messages.show_offer.call_args_list]


def test_several_models_are_told_with_a_button_that_chooses(desk: Any, files: FilesController, ensemble: Path, example: Example) -> None:
    desk.prompts.ask_for_models.return_value = "5"
    files.open_paths([ensemble, example[1]])
    [(text, choices)] = offers(desk)
    assert "3 models (1, 2, 5)" in text
    assert "--model" not in text
    before = desk.session.models["model-1"]
    desk.view_state.set_model_style("model-1", colour="#123456")
    choices["Choose …"]()
    question, numbers, now = desk.prompts.ask_for_models.call_args.args
    assert ("nmr.pdb" in question, numbers, now) == (True, (1, 2, 5), "1")
    assert list(desk.session.models) == ["model-2", "model-3"]
    shown = desk.session.models["model-3"]
    assert (shown.name, shown.model.models) == ("nmr.pdb, model 5", "5")
    assert shown.model.coordinates[0, 0] - before.model.coordinates[0, 0] == pytest.approx(0.4, abs=2e-3)
    assert desk.view_state.models["model-3"].colour == "#123456"
    desk.history.undo()
    assert [item.model.models for item in desk.session.models.values()] == ["1", ""]


def test_all_models_beside_one_that_a_fit_needs(
    desk: Any, files: FilesController, ensemble: Path, example: Example, make_fit: Callable[..., OpenFit], tmp_path: Path
) -> None:
    files.open_paths([example[0], ensemble])
    desk.session.add_fit(make_fit())
    desk.prompts.ask_for_models.return_value = "all"
    files.choose_models("model-1")
    assert [item.model.models for item in desk.session.models.values()] == ["1", "all"]
    assert len(desk.session.models["model-2"].model) == 231
    assert any("beside the other" in text for text in desk.notices("info"))
    ProjectsController(desk, desk.camera).save(tmp_path / "p")
    files.open_paths([tmp_path / "p.difffit"])
    assert [item.model.models for item in desk.session.models.values()] == ["1", "all"]


@pytest.mark.parametrize("answer", [None, "1", ""])
def test_nothing_is_done_where_it_is_to_stay(desk: Any, files: FilesController, ensemble: Path, answer: str | None) -> None:
    files.open_paths([ensemble])
    before = desk.session.models["model-1"]
    desk.prompts.ask_for_models.return_value = answer
    files.choose_models("model-1")
    assert list(desk.session.models.values()) == [before]


def test_a_number_that_the_file_lacks_is_told(desk: Any, files: FilesController, ensemble: Path) -> None:
    files.open_paths([ensemble])
    desk.prompts.ask_for_models.return_value = "3"
    files.choose_models("model-1")
    assert any("got 3" in text for text in desk.notices("error"))
    assert list(desk.session.models) == ["model-1"]


def test_a_file_of_one_model_is_never_asked_about(desk: Any, files: FilesController, example: Example) -> None:
    files.open_paths([example[1]])
    files.choose_models("model-1")
    files.choose_models("gone")
    desk.prompts.ask_for_models.assert_not_called()
    assert offers(desk) == []
