"""Models of a screen that are looked at, and pictures of the best."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import numpy as np
import pytest

from difffit_app.features.screen import verbs
from difffit_app.features.screen import work as screen_work
from difffit_app.features.screen.controller import ScreensController
from difffit_app.features.screen.hits import PICTURED, ScreenHitsController
from difffit_app.state.changes.of_session import AddMap, AddModel, Rename
from difffit_app.state.items import OpenFit
from difffit_app.state.screening import ScreeningState
from difffit_core.errors import UserError
from difffit_core.project.schema import FitRecord
from difffit_core.screen.filters import Filters
from difffit_core.screen.store import ScreenStore

Make = Callable[..., Path]


def test_a_model_is_looked_at_as_after_a_fit(
    hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened_screen: Path, example: Any
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
    hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened_screen: Path
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
    hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened_screen: Path
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


def test_models_that_cannot_be_shown(hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened_screen: Path) -> None:
    hits.look_at(999)
    assert screening.chosen is None
    hits.look_at(10)
    assert "/library/model_000006.pdb" in desk.notices("error")[0]
    with ScreenStore.open(opened_screen) as store:
        store._connection.execute("UPDATE models SET status = 'failed', correlation = NULL, note = 'is damaged' WHERE id = 11")
    _, table = screen_work.read_screen(opened_screen)
    screening.show(table)
    hits.look_at(11)
    assert table.why(table.positions[11]) == "model_000007 failed: is damaged"
    assert len(desk.notices()) == 1
    assert desk.session.fit is None


def test_without_its_map_a_model_is_not_shown(hits: ScreenHitsController, desk: Any, opened_screen: Path) -> None:
    desk.session.remove_map("map-1")
    hits.look_at(1)
    assert "Open the map of this screen" in desk.notices("warning")[0]
    assert not desk.session.models


def test_only_the_last_that_was_asked_for_is_shown(
    hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened_screen: Path
) -> None:
    desk.jobs.hold = True
    for identifier in (1, 2, 3):
        hits.look_at(identifier)
    desk.jobs.run_held()
    assert [fit.record.chains for fit in desk.session.fits.values()] == [("E",)]


def test_ids_of_a_project_that_was_closed_name_nothing_of_the_next(
    hits: ScreenHitsController, controller: ScreensController, desk: Any, opened_screen: Path, make_fit: Callable[..., OpenFit]
) -> None:
    session = desk.session
    hits.look_at(1)
    known, item, model = session.fit.id, session.maps["map-1"], session.models["model-1"]

    def open_another() -> None:
        session.clear()
        desk.history.do(AddMap(item))
        desk.history.do(AddModel(replace(model, model=model.model.select_chains(["D"]))))
        session.add_fit(make_fit(known, chains=("D",)))
        controller.open(opened_screen)

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
    controller: ScreensController, hits: ScreenHitsController, desk: Any, screening: ScreeningState, opened_screen: Path, thumbnails: Mock,
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
