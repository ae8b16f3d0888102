"""Choosing placements, and writing them."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.placements.controller import PlacementsController
from difffit_app.state.items import OpenFit
from difffit_core.io.models import read_model


@pytest.fixture
def placements(desk: Any, example: tuple[Path, Path], make_fit: Callable[..., OpenFit]) -> PlacementsController:
    FilesController(desk).open_paths(example)
    desk.session.add_fit(make_fit())
    return PlacementsController(desk)


def test_stepping_follows_the_order_shown_and_stops_at_its_ends(desk: Any, placements: PlacementsController) -> None:
    ranks = []
    for by in (1, 1, -1, -1):
        placements.step(by, [2, 1])
        ranks.append(desk.session.placement.rank)
    assert ranks == [1, 1, 2, 2]
    placements.step(1, [])
    assert desk.session.placement.rank == 2
    placements.step(1, [1])
    assert desk.session.placement.rank == 1, "where the selected one is filtered out, the first shown is taken"


def test_a_late_click_on_a_rank_that_is_gone_is_ignored(desk: Any, placements: PlacementsController) -> None:
    placements.select(99)
    assert desk.session.placement.rank == 1


def test_rows_are_copied_for_a_spreadsheet(placements: PlacementsController) -> None:
    rows = list(csv.DictReader(placements.as_text([2]).splitlines(), delimiter="\t"))
    assert [(row["rank"], row["hits"], row["verdict"]) for row in rows] == [("2", "3", "not significant")]


def test_the_placed_model_is_written_where_the_pose_puts_it(desk: Any, placements: PlacementsController, tmp_path: Path) -> None:
    placements.save_model(tmp_path / "placed")
    written = read_model(tmp_path / "placed.cif")
    source = desk.session.models["model-1"].model.select_chains(["D", "E"])
    assert written.chains == ("D", "E")
    np.testing.assert_allclose(written.coordinates, desk.session.placement.pose.apply(source.coordinates), atol=2e-3)
    assert desk.notices("info") == [f"Wrote {tmp_path / 'placed.cif'}"]


def test_the_table_is_written_and_a_bad_folder_told(desk: Any, placements: PlacementsController, tmp_path: Path) -> None:
    placements.export_table(tmp_path / "table")
    assert len((tmp_path / "table.csv").read_text().splitlines()) == 3
    placements.export_table(tmp_path / "absent" / "table.csv")
    assert "does not exist" in desk.notices("error")[0]


def test_without_a_fit_there_is_nothing_to_write(desk: Any, tmp_path: Path) -> None:
    PlacementsController(desk).save_model(tmp_path / "x.cif")
    assert "no placement" in desk.notices("info")[0]
    assert list(tmp_path.iterdir()) == []


def test_only_some_are_written_in_the_order_shown(desk: Any, placements: PlacementsController, tmp_path: Path) -> None:
    placements.export_table(tmp_path / "shown", [2, 1])
    with open(tmp_path / "shown.csv", newline="") as stream:
        assert [row["rank"] for row in csv.DictReader(stream)] == ["2", "1"]


def test_a_fit_is_removed_and_comes_back(desk: Any, placements: PlacementsController) -> None:
    placements.remove_fit("fit-1")
    assert desk.session.fits == {}
    assert "Undo brings it back" in desk.notices("info")[0]
    desk.history.undo()
    assert list(desk.session.fits) == ["fit-1"]
    placements.remove_fit("fit-9")
    assert list(desk.session.fits) == ["fit-1"]
