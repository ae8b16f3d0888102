"""Screening a library, with views that only note what they are told, and workers that work at once."""

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from difffit_app.features.screen.controller import ScreensController
from difffit_app.state.changes.of_session import AddMap
from difffit_app.state.project.reading import read_open_map
from difffit_app.state.screening import ScreeningState, ScreenNews
from difffit_core.fit.settings import FitSettings
from difffit_core.output import MANIFEST
from difffit_core.screen.filters import Filters
from difffit_core.screen.recipe import ScreenRecipe

QUICK = {"starts": 60, "steps": 8, "candidates": 6, "polished": 6}


def order(tmp_path: Path, library: Path) -> tuple[ScreenRecipe, Path, int]:
    filters = Filters(min_residues=50, max_residues=220, min_plddt=0.0, split="chain")
    settings = FitSettings.preset("fast", **QUICK)
    recipe = ScreenRecipe(map="map-1", library=str(library), resolution=8.0, filters=filters, settings=settings, device="cpu")
    return recipe, tmp_path / "screen.sqlite", 3


def test_a_screen_from_start_to_end(
    controller: ScreensController,
    desk: Any,
    screening: ScreeningState,
    view: Mock,
    in_this_process: list[int],
    example: Any,
    tmp_path: Path,
) -> None:
    told: list[ScreenNews] = []
    running: list[bool] = []
    screening.told.connect(told.append)
    screening.running_changed.connect(running.append)
    controller.start(*order(tmp_path, example[1]))
    assert running == [True, False]
    assert in_this_process == [3]
    assert desk.notices("error") == []
    assert "of 2 models" in desk.notices("info")[-1]
    table = screening.table
    assert table is not None
    assert (table.ranked, table.count("left out"), len(table)) == (2, 3, 5)
    assert [row.part for row in table.rows[:2]] in (["B", "D"], ["D", "B"])
    assert any(news.progress is not None and news.progress.total for news in told)
    map_id, record, libraries, store = view.show_set_up.call_args.args
    assert (map_id, list(libraries), store) == ("map-1", [str(example[1])], tmp_path / "screen.sqlite")
    assert (record["level"], record["filters"]["split"]) == (0.3, "chain")


def test_what_is_stopped_goes_on_and_later_models_are_added(
    controller: ScreensController, desk: Any, screening: ScreeningState, in_this_process: list[int], example: Any, tmp_path: Path,
    repository: Path,
) -> None:  # fmt: skip
    screening.told.connect(lambda news: controller.stop() if news.progress is not None else None)
    current: list[Any] = []
    run = desk.jobs.screen
    desk.jobs.screen = lambda job: (current.insert(0, job), run(job))
    desk.jobs.cancel_screen = lambda: [job.cancel.set() for job in current]
    controller.start(*order(tmp_path, example[1]))
    table = screening.table
    assert table is not None
    assert table.count("waiting") > 0
    screening.told.disconnect()
    controller.resume(1, "cpu")
    assert screening.table is not None
    assert screening.table.count("waiting") == 0
    controller.add([repository / "resources" / "example" / "1bd2.pdb.gz"], None, "cpu")
    assert len(screening.table) == 10
    assert desk.notices("error") == []
    words = [shlex.split(line) for line in controller.command_line(2, "cpu").split(" && ")]
    assert [one[3] for one in words] == [str(example[1]), str(repository / "resources" / "example" / "1bd2.pdb.gz")]
    assert words[1][-1] == "--resume"


def test_bad_input_is_told_and_nothing_runs_after_it(
    controller: ScreensController, desk: Any, screening: ScreeningState, tmp_path: Path
) -> None:
    controller.start(*order(tmp_path, tmp_path / "absent"))
    controller.start(*order(tmp_path, tmp_path))
    (tmp_path / "there.sqlite").write_text("something")
    controller.open(tmp_path / "there.sqlite")
    controller.open(tmp_path / "absent.sqlite")
    controller.resume()
    said = (
        "no such folder",
        "got none",
        "cannot be read as a screen",
        "no such screen",
        "start one, or open one",
    )
    assert [words in notice for words, notice in zip(said, desk.notices(), strict=True)] == [True] * len(said), desk.notices()
    assert not screening.running
    assert screening.screen is None
    assert not (tmp_path / "screen.sqlite").exists()


def test_one_screen_at_a_time(controller: ScreensController, desk: Any, screening: ScreeningState, example: Any, tmp_path: Path) -> None:
    desk.jobs.hold = True
    controller.start(*order(tmp_path, example[1]))
    controller.start(*order(tmp_path, example[1]))
    controller.open(tmp_path / "other.sqlite")
    assert len(desk.jobs.held) == 1
    assert desk.notices("error") == ["A screen is running; stop it first."] * 2


def test_a_screen_is_opened_with_its_map(
    controller: ScreensController,
    desk: Any,
    screening: ScreeningState,
    make_screen: Callable[..., Path],
    example: Any,
    tmp_path: Path,
    view: Mock,
) -> None:
    wanted: list[Path] = []
    controller.map_wanted = wanted.append  # type: ignore[method-assign]
    controller.open(make_screen(tmp_path / "a.sqlite", example[0], [(example[1], "B")], 20))
    assert wanted == [example[0]]
    assert view.show_set_up.call_args.args[0] is None
    desk.history.do(AddMap(replace(read_open_map(example[0], ""), id="map-2")))
    assert view.show_set_up.call_args.args[0] == "map-2"
    assert desk.view_state.maps["map-2"].level == 0.3
    path = make_screen(tmp_path / "b.sqlite", desk.session.maps["map-1"].density.path, [(example[1], "B")], 20)
    controller.open(path)
    assert wanted == [example[0]]
    assert view.show_set_up.call_args.args[0] == "map-1"
    assert screening.table is not None
    assert (screening.table.ranked, screening.table.significant) == (21, 1)
    desk.session.clear()
    assert screening.screen is screening.table is None


def test_results_are_written(
    controller: ScreensController, desk: Any, opened_screen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("difffit_app.features.screen.controller.SAVED", 2)
    controller.export(tmp_path / "results")
    assert sorted(path.name for path in (tmp_path / "results").iterdir()) == [
        MANIFEST, "hit_001_1bd2_moved_B.cif", "hit_002_1bd2_moved_D.cif", "ranking.csv", "ranking.json", "report.html",
    ]  # fmt: skip
    assert "report.html" in desk.notices("info")[-1]
    (tmp_path / "file").touch()
    controller.export(tmp_path / "file")
    assert len(desk.notices("error")) == 1


def test_the_table_is_sorted_and_filtered(opened_screen: Path, screening: ScreeningState) -> None:
    table = screening.table
    assert table is not None
    assert table.order("rank").tolist() == list(range(43))
    best = table.order("correlation", descending=True)
    assert best[:3].tolist() == [0, 1, 2]
    assert table.order("correlation")[-3:].tolist() == [2, 1, 0]
    names = [table.rows[i].name for i in table.order("model")]
    assert names == sorted(names)
    assert [table.rows[i].name for i in table.order("rank", words="UNIQUE moved:d")] == ["1bd2_moved:D"]
    assert len(table.order("rank", words="not sig")) == 40
