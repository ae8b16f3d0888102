"""Judging placements: what is computed when, what is shown, and what is written."""

import csv
import gc
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.residues.controller import JudgingController
from difffit_app.geometry.colours import UNKNOWN, rgb
from difffit_app.state.items import OpenFit
from difffit_app.state.judging import JudgingState
from difffit_app.state.session import Session
from difffit_core.quality.difference import difference
from difffit_core.quality.score import COLUMNS


@pytest.fixture
def judging() -> JudgingState:
    return JudgingState()


@pytest.fixture
def controller(desk: Any, judging: JudgingState, example: tuple[Path, Path], true_fit: OpenFit) -> JudgingController:
    FilesController(desk).open_paths(example)
    controller = JudgingController(desk, judging)
    desk.session.add_fit(true_fit)
    return controller


def test_nothing_is_computed_until_somebody_looks(desk: Any, controller: JudgingController, judging: JudgingState) -> None:
    assert judging.judgement is None
    controller.watch(True)
    assert judging.judgement is not None
    assert judging.judgement.placement is desk.session.placement
    assert len(judging.judgement.residues) == desk.session.models["model-1"].model.select_chains(["D", "E"]).residue_count
    assert judging.judgement.scores.mean("local_correlation") > 0.5
    assert judging.judgement.explained is not None
    assert 0.2 < judging.judgement.explained.density < 0.9


def test_the_wrong_placement_is_worse_and_known_ones_are_not_scored_again(
    desk: Any, controller: JudgingController, judging: JudgingState, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller.watch(True)
    good = judging.judgement
    desk.session.select_placement(2)
    assert judging.judgement is not None
    assert good is not None
    assert judging.judgement.scores.mean("local_correlation") < good.scores.mean("local_correlation") - 0.2
    monkeypatch.setattr("difffit_core.quality.score.score_residues", lambda *_: pytest.fail("scored again"))
    desk.session.select_placement(1)
    assert judging.judgement.scores is good.scores
    desk.session.select_placement(None)
    assert judging.judgement is None


@pytest.mark.parametrize("close", [lambda session: session.remove_fit(session.fit.id), lambda session: session.clear()])
def test_what_is_known_of_a_fit_goes_with_it(
    desk: Any, controller: JudgingController, judging: JudgingState, close: Callable[[Session], None]
) -> None:
    controller.watch(True)
    known = weakref.ref(judging.judgement.scores)
    desk.session.select_placement(2)
    gc.collect()
    assert known() is not None
    close(desk.session)
    gc.collect()
    assert known() is None


def test_only_the_last_one_asked_for_is_shown(desk: Any, controller: JudgingController, judging: JudgingState) -> None:
    desk.jobs.hold = True
    controller.watch(True)
    desk.session.select_placement(2)
    first, second = desk.jobs.held
    assert first.cancel.is_set()
    assert not second.cancel.is_set()
    assert judging.busy
    assert judging.judgement is None
    desk.jobs.hold = False
    desk.jobs.run_held()
    assert judging.judgement is not None
    assert judging.judgement.placement.rank == 2
    assert not judging.busy
    assert desk.notices("error") == []


def test_a_model_coloured_by_fit_is_judged_and_painted(desk: Any, controller: JudgingController, judging: JudgingState) -> None:
    desk.view_state.set_model_style("model-1", colour_by="element")
    controller.toggle_colours()
    assert judging.judgement is not None
    colours = desk.view_state.residue_colours["model-1"]
    model = desk.session.models["model-1"].model
    others = np.unique(model.residue_index[~np.isin(model.chain_names, ["D", "E"])])
    assert (colours[others] == rgb(UNKNOWN)).all(), "what was not placed is grey"
    judged = judging.judgement.residues.index

    def blueness(painted: np.ndarray) -> float:
        return float((painted[judged][:, 2].astype(int) - painted[judged][:, 0]).mean())

    desk.jobs.hold = True
    desk.session.select_placement(2)
    assert "model-1" not in desk.view_state.residue_colours, "colours of another placement are not shown"
    desk.jobs.run_held()
    assert blueness(colours) > 100 > 0 > blueness(desk.view_state.residue_colours["model-1"]), "red is bad"
    controller.toggle_colours()
    assert desk.view_state.models["model-1"].colour_by == "element"
    assert desk.view_state.residue_colours == {}


def test_what_is_explained_follows_the_level_and_nothing_else_does(
    desk: Any, controller: JudgingController, judging: JudgingState, monkeypatch: pytest.MonkeyPatch
) -> None:
    controller.watch(True)
    before = judging.judgement
    assert before is not None
    monkeypatch.setattr("difffit_core.quality.score.score_residues", lambda *_: pytest.fail("scored again"))
    desk.view_state.set_map_style("map-1", opacity=0.5)
    assert judging.judgement is before
    desk.view_state.set_map_style("map-1", level=before.level * 1.5)
    assert judging.judgement is not None
    assert judging.judgement.scores is before.scores
    assert judging.judgement.level == before.level * 1.5
    assert judging.judgement.explained is not None
    assert before.explained is not None
    assert judging.judgement.explained.atoms_inside < before.explained.atoms_inside


def test_two_placements_are_compared_either_way_round(desk: Any, controller: JudgingController, judging: JudgingState) -> None:
    controller.watch(True)
    controller.compare([1])
    assert "two rows" in desk.notices("info")[0]
    controller.compare([1, 2])
    one = judging.judgement
    assert one is not None
    assert one.comparison is not None
    assert one.comparison.other.rank == 2
    model = desk.session.models["model-1"].model.select_chains(["D", "E"])
    first, second = desk.session.fit.placements
    expected = difference(model, first.pose, second.pose)
    assert one.comparison.difference.rmsd == pytest.approx(expected.rmsd)
    np.testing.assert_allclose(one.values("displacement"), expected.displacement)
    judging.set_metric("displacement")
    desk.session.select_placement(2)
    two = judging.judgement
    assert two is not None
    assert two.comparison is not None
    assert two.comparison.other.rank == 1
    assert two.comparison.scores is one.scores
    controller.stop_comparing()
    assert judging.judgement is not None
    assert judging.judgement.comparison is None
    assert judging.metric == "local_correlation", "a displacement is from one to another"


def test_residues_are_marked_one_after_the_other_and_stay_marked(desk: Any, controller: JudgingController, judging: JudgingState) -> None:
    controller.watch(True)
    assert judging.judgement is not None
    last = len(judging.judgement.residues) - 1
    marks = []
    for by in (1, 1, -1, -1, 10_000):
        controller.step(by)
        marks.append(judging.marked)
    assert marks == [0, 1, 0, 0, last]
    desk.session.select_placement(2)
    assert judging.marked == last
    controller.mark("model-1", int(judging.judgement.residues.index[7]))
    assert judging.marked == 7
    controller.mark("model-1", 10**6)
    controller.mark("model-9", 0)
    assert judging.marked == 7
    assert judging.label(7).startswith(judging.judgement.residues.label(7))
    desk.session.remove_fit("fit-1")
    assert judging.marked is None
    assert judging.judgement is None


def test_poor_residues_come_round_in_turn(desk: Any, controller: JudgingController, judging: JudgingState) -> None:
    controller.watch(True)
    desk.session.select_placement(2)
    assert judging.judgement is not None
    poor = judging.judgement.poor("local_correlation")
    assert len(poor) > 2
    assert (judging.judgement.scores.local_correlation[poor] < 0.4).all()
    seen = []
    for _ in range(len(poor) + 1):
        controller.next_poor()
        seen.append(judging.marked)
    assert seen == [*poor.tolist(), int(poor[0])]


def test_the_score_of_a_residue_is_told_where_it_is_known(desk: Any, controller: JudgingController) -> None:
    model = desk.session.models["model-1"].model
    index = int(model.residue_index[model.chain_names == "D"][0])
    assert controller.score_of("model-1", index) == ""
    controller.watch(True)
    assert controller.score_of("model-1", index).startswith("Local correlation 0.")
    assert controller.score_of("model-2", index) == "", "of another model nothing is known"


def test_the_table_is_written_and_copied(desk: Any, controller: JudgingController, judging: JudgingState, tmp_path: Path) -> None:
    assert controller.as_text() == ""
    assert "No residues" in desk.notices("info")[0]
    controller.watch(True)
    controller.compare([1, 2])
    controller.export(tmp_path / "residues")
    with open(tmp_path / "residues.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert tuple(rows[0]) == (*COLUMNS, "displacement")
    assert judging.judgement is not None
    np.testing.assert_array_equal([float(row["q_score"]) for row in rows], judging.judgement.scores.q_score)
    copied = list(csv.DictReader(controller.as_text().splitlines(), delimiter="\t"))
    assert copied == rows
    controller.export(tmp_path / "absent" / "residues.csv")
    assert "absent" in desk.notices("error")[0]


@pytest.mark.fails_inside
def test_a_failure_is_told_once_and_leaves_nothing_half_known(
    desk: Any, controller: JudgingController, judging: JudgingState, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("no such thing")

    monkeypatch.setattr("difffit_core.quality.score.score_residues", fail)
    controller.watch(True)
    assert judging.judgement is None
    assert not judging.busy
    (text,) = desk.notices("error")
    assert "judging placement 1" in text
