"""Screening a library, with views that only note what they are told, and workers that work at once."""

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock, create_autospec

import numpy as np
import pytest

from difffit_app.features.screen import verbs
from difffit_app.features.screen import work as screen_work
from difffit_app.features.screen.controller import ScreensController
from difffit_app.features.screen.hits import PICTURED, ScreenHitsController
from difffit_app.features.screen.views import ScreenPanelView, ThumbnailsView
from difffit_app.state.changes.of_session import AddMap, AddModel, Rename
from difffit_app.state.items import OpenFit
from difffit_app.state.project.reading import read_open_map
from difffit_app.state.screening import ScreeningState, ScreenNews
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map, write_map
from difffit_core.output import MANIFEST
from difffit_core.project.schema import FitRecord
from difffit_core.screen.filters import Filters
from difffit_core.screen.recipe import ScreenRecipe
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.store import ScreenStore
from difffit_core.screen.workers import ThisProcess

Make = Callable[..., Path]
QUICK = {"starts": 60, "steps": 8, "candidates": 6, "polished": 6}


@pytest.fixture(scope="module")
def coarse(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped map with every fifth voxel only."""
    density = read_map(repository / "resources" / "example" / "1bd2_4A.mrc.gz")
    path = tmp_path_factory.mktemp("maps") / "coarse.mrc"
    write_map(path, DensityMap(density.values[::5, ::5, ::5], density.voxel_size * 5, density.origin))
    return path


@pytest.fixture
def screening() -> ScreeningState:
    return ScreeningState()


@pytest.fixture
def view() -> Mock:
    return create_autospec(ScreenPanelView, instance=True)


@pytest.fixture
def thumbnails() -> Mock:
    mock = create_autospec(ThumbnailsView, instance=True)
    mock.draw_thumbnail_later.return_value = lambda: np.zeros((3, 4, 3), np.uint8)
    return mock


@pytest.fixture
def controller(desk: Any, screening: ScreeningState, view: Mock, coarse: Path) -> ScreensController:
    """With the map open."""
    desk.history.do(AddMap(replace(read_open_map(coarse, ""), id="map-1")))
    desk.view_state.set_map_style("map-1", level=0.3)
    return ScreensController(desk, screening, view)


@pytest.fixture
def hits(desk: Any, screening: ScreeningState, thumbnails: Mock, controller: ScreensController) -> ScreenHitsController:
    return ScreenHitsController(desk, screening, thumbnails)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Have the work done here, and note for how many processes were asked; the settings are cut down to next to nothing."""
    asked: list[int] = []

    def work_here(request: ScreenRequest, jobs: int) -> ThisProcess:
        asked.append(jobs)
        return ThisProcess(request, 1)

    monkeypatch.setattr("difffit_core.screen.workers.LocalProcesses", work_here)
    monkeypatch.setattr("difffit_core.screen.trial._FIRST_STARTS", 60)
    monkeypatch.setattr("difffit_core.screen.trial._DENSITY_A_START", 1e9)
    return asked


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
    controller: ScreensController, desk: Any, screening: ScreeningState, make_screen: Make, example: Any, tmp_path: Path, view: Mock
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


@pytest.fixture
def opened(
    controller: ScreensController, hits: ScreenHitsController, make_screen: Make, coarse: Path, example: Any, tmp_path: Path
) -> Path:
    """A screen in which the example's chains B, D and E stand out of 40."""
    path = make_screen(tmp_path / "screen.sqlite", coarse, [(example[1], part) for part in "BDE"], 40, found=3)
    controller.open(path)
    return path


def test_a_model_is_looked_at_as_after_a_fit(
    hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened: Path, example: Any
) -> None:
    hits.look_at(1)
    session = desk.session
    assert screening.chosen == 1
    assert [model.model.path for model in session.models.values()] == [example[1]]
    record: FitRecord = session.fit.record
    assert (record.chains, record.map, record.screen, record.level) == (("B",), "map-1", "screen.sqlite", 0.3)
    assert len(session.fit.placements) == 2
    assert session.placement.metrics.local_correlation == 0.6
    assert "difffit screen" in record.command
    desk.history.undo()
    assert not session.models
    assert not session.fits
    desk.history.redo()
    assert session.fit.record == record


def test_the_next_takes_the_place_of_the_last_unless_that_is_kept(
    hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened: Path
) -> None:
    hits.step(1)
    hits.step(1)
    hits.step(1)
    assert [fit.record.chains for fit in desk.session.fits.values()] == [("E",)]
    assert len(desk.session.models) == 1
    hits.keep()
    hits.step(-1)
    assert [fit.record.chains for fit in desk.session.fits.values()] == [("E",), ("D",)]
    assert len(desk.session.models) == 1, "the file is open already"
    desk.history.do(Rename.of(next(iter(desk.session.models.values())), "another"))
    hits.look_at(1)
    assert [fit.record.chains for fit in desk.session.fits.values()] == [("E",), ("D",), ("B",)]
    hits.look_at(3)
    assert desk.session.fit.record.chains == ("E",)
    assert len(desk.session.fits) == 3, "what is open is only selected"


def test_looking_at_models_is_echoed_and_can_be_typed(
    hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened: Path
) -> None:
    """Else a script of what was done would accept placements of fits that it never made."""
    verbs.add(desk, Mock(), hits, Mock())
    hits.step(1)
    hits.step(1)
    hits.step(1)
    hits.look_at(screening.chosen)
    best = [row.name for row in screening.table.rows[:3]]
    done = [line for line in desk.commands.done if line.startswith("hit ")]
    assert len(done) == 3, "what is shown already is not shown again"
    chosen, fit = screening.chosen, desk.session.fit.record.chains
    desk.commands.run("hit 1")
    assert screening.table.positions[screening.chosen] == 0
    desk.commands.run(done[2])
    assert (screening.chosen, desk.session.fit.record.chains) == (chosen, fit)
    desk.commands.run("hit 2")
    assert screening.table.rows[screening.table.positions[screening.chosen]].name == best[1]
    for wrong in ("999", "0", "nobody", "-1"):
        with pytest.raises(UserError, match=f"none of name or rank {wrong}"):
            desk.commands.run(f"hit {wrong}")
    desk.session.clear()
    screening.open(None)
    with pytest.raises(UserError, match="no screen is open"):
        desk.commands.run("hit 1")


def test_models_that_cannot_be_shown(hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened: Path) -> None:
    hits.look_at(999)
    assert screening.chosen is None
    hits.look_at(10)
    assert "/library/model_000006.pdb" in desk.notices("error")[0]
    with ScreenStore.open(opened) as store:
        store._connection.execute("UPDATE models SET status = 'failed', correlation = NULL, note = 'is damaged' WHERE id = 11")
    _, table = screen_work.read_screen(opened)
    screening.show(table)
    hits.look_at(11)
    assert table.why(table.positions[11]) == "model_000007 failed: is damaged"
    assert len(desk.notices()) == 1
    assert desk.session.fit is None


def test_without_its_map_a_model_is_not_shown(hits: ScreenHitsController, desk: Any, opened: Path) -> None:
    desk.session.remove_map("map-1")
    hits.look_at(1)
    assert "Open the map of this screen" in desk.notices("warning")[0]
    assert not desk.session.models


def test_only_the_last_that_was_asked_for_is_shown(hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened: Path) -> None:
    desk.jobs.hold = True
    for identifier in (1, 2, 3):
        hits.look_at(identifier)
    desk.jobs.run_held()
    assert [fit.record.chains for fit in desk.session.fits.values()] == [("E",)]


def test_ids_of_a_project_that_was_closed_name_nothing_of_the_next(
    hits: ScreenHitsController, controller: ScreensController, desk: Any, opened: Path, make_fit: Callable[..., OpenFit]
) -> None:
    session = desk.session
    hits.look_at(1)
    known, item, model = session.fit.id, session.maps["map-1"], session.models["model-1"]

    def open_another() -> None:
        session.clear()
        desk.history.do(AddMap(item))
        desk.history.do(AddModel(replace(model, model=model.model.select_chains(["D"]))))
        session.add_fit(make_fit(known, chains=("D",)))
        controller.open(opened)

    open_another()
    hits.look_at(1)
    assert (session.fit.record.screen, session.fit.record.chains) == ("screen.sqlite", ("B",))
    desk.jobs.hold = True
    hits.look_at(3)
    desk.jobs.hold, held = False, list(desk.jobs.held)
    desk.jobs.held.clear()
    open_another()
    desk.jobs.held[:] = held
    desk.jobs.run_held()
    assert [*session.fits] == [known], "what was read for the project before is not shown in this"


def test_the_sure_residues_of_a_predicted_model_become_a_file_of_their_own(
    controller: ScreensController, hits: ScreenHitsController, desk: Any, make_screen: Make, coarse: Path, example: Any, tmp_path: Path
) -> None:

    path = make_screen(tmp_path / "cut.sqlite", coarse, [(example[1], "")], 20, filters=Filters(min_plddt=40.0))
    controller.open(path)
    hits.look_at(1)
    (model,) = desk.session.models.values()
    assert model.model.path == tmp_path / "cut.models" / "1bd2_moved_1.cif"
    assert 0 < model.model.residue_count < 800
    assert model.model.b_factors.max() >= 40.0


def test_a_domain_becomes_a_file_of_its_own(
    controller: ScreensController, hits: ScreenHitsController, desk: Any, make_screen: Make, coarse: Path, example: Any, tmp_path: Path
) -> None:
    from difffit_core.screen.listing import read_entry

    filters = Filters(split="domain")
    controller.open(make_screen(tmp_path / "domains.sqlite", coarse, [(example[1], "D3")], 20, filters=filters))
    hits.look_at(1)
    assert desk.notices() == []
    (model,) = desk.session.models.values()
    domain = read_entry(example[1], "D3", filters)
    assert model.name == "1bd2_moved:D3"
    assert model.model.path == tmp_path / "domains.models" / "1bd2_moved_D3_1.cif"
    assert model.model.residue_count == domain.residue_count
    assert desk.session.fit.record.chains == domain.chains
    np.testing.assert_allclose(desk.session.fit.arrays.centre, domain.fit_coordinates.mean(axis=0))


def test_the_best_are_pictured_one_at_a_time_while_someone_looks(
    controller: ScreensController, hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened: Path, thumbnails: Mock,
    make_screen: Make, coarse: Path, example: Any, tmp_path: Path,
) -> None:  # fmt: skip
    chains = [(file, part) for file in (example[1], example[1].with_name("1bd2.pdb.gz")) for part in "ABDE"]
    controller.open(make_screen(tmp_path / "more.sqlite", coarse, chains, 20, found=8))
    assert thumbnails.draw_thumbnail_later.call_count == 0
    desk.jobs.hold = True
    hits.watch(True)
    assert len(desk.jobs.held) == 1
    desk.jobs.run_held()
    assert list(screening.thumbnails) == list(range(1, PICTURED + 1))
    item, level, model, pose = thumbnails.draw_thumbnail_later.call_args.args
    assert (item.id, level, model.model.chains) == ("map-1", 0.3, ("B",))
    np.testing.assert_array_equal(pose.rotation, np.eye(3))
    drawn = thumbnails.draw_thumbnail_later.call_count
    hits.watch(True)
    desk.jobs.run_held()
    assert thumbnails.draw_thumbnail_later.call_count == drawn
    hits.draw_again()
    desk.jobs.run_held()
    assert thumbnails.draw_thumbnail_later.call_count == 2 * drawn


def test_results_are_written(
    controller: ScreensController, desk: Any, opened: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
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


def test_the_table_is_sorted_and_filtered(opened: Path, screening: ScreeningState) -> None:
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
