"""Accepting, rounds, the working map and zeroing out, without a window."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import Mock, create_autospec

import numpy as np
import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.rounds.accepting import AcceptingController
from difffit_app.features.rounds.controller import CompositesController
from difffit_app.features.rounds.views import RoundsView, ZeroOutView
from difffit_app.features.rounds.working import WorkingController
from difffit_app.features.rounds.zeroing import ZeroingController
from difffit_app.state.items import OpenFit
from difffit_app.state.searched import searched_by, searched_now, working_file_name
from difffit_core.errors import UserError
from difffit_core.io.maps import read_map
from difffit_core.placement import Verdict


@dataclass
class Table:
    """The controllers of composites at one desk, with a fit whose best placement is right."""

    desk: Any
    files: FilesController
    accepting: AcceptingController
    composites: CompositesController
    working: WorkingController
    zeroing: ZeroingController
    rounds_view: Mock
    zero_view: Mock
    fit: OpenFit

    @property
    def composite(self) -> Any:
        return self.desk.session.composite

    def zero_out(self) -> None:
        self.zeroing.toggle()
        self.zeroing.apply()


@pytest.fixture
def table(desk: Any, example: tuple[Path, Path], true_fit: OpenFit) -> Table:
    files = FilesController(desk)
    files.open_paths(example)
    rounds_view, zero_view = create_autospec(RoundsView, instance=True), create_autospec(ZeroOutView, instance=True)
    accepting = AcceptingController(desk)
    composites = CompositesController(desk, rounds_view)
    working = WorkingController(desk)
    zeroing = ZeroingController(desk, zero_view, composites.resolution_of)
    desk.session.add_fit(true_fit)
    desk.messages.reset_mock()
    return Table(desk, files, accepting, composites, working, zeroing, rounds_view, zero_view, true_fit)


def test_accepting_records_where_a_copy_comes_from(table: Table) -> None:
    table.accepting.accept([1])
    composite = table.composite
    copy = composite.rounds[0].accepted[0]
    placement = table.desk.session.fit.placements[0]
    assert (copy.model, copy.fit, copy.rank) == ("model-1", "fit-1", 1)
    assert copy.local_correlation == placement.metrics.local_correlation
    assert np.allclose(copy.pose.pose().rotation, placement.pose.rotation)
    assert composite.name == "Composite 1"
    assert composite.rounds[0].fits == ("fit-1",)
    assert table.desk.history.stack.undoText() == "Accept placement 1 of 1bd2_moved.pdb.gz D, E"
    table.desk.history.undo()
    assert table.desk.session.composites == {}
    assert table.composite is None


def test_what_is_accepted_once_is_not_accepted_twice_and_overlap_is_told(table: Table) -> None:
    table.accepting.accept([1])
    table.accepting.accept([1])
    assert "accepted already" in table.desk.notices("info")[-1]
    table.accepting.accept([1, 2])
    assert [copy.rank for copy in table.composite.rounds[0].accepted] == [1, 2]
    assert "accepted all the same" in table.desk.notices("warning")[-1]


def doubtful(fit: OpenFit, verdicts: dict[int, Verdict]) -> OpenFit:
    """A fit whose placements have these verdicts by their ranks, and are else unique."""
    changes = [{"verdict": verdicts.get(one.rank, Verdict.UNIQUE), "p_value": 0.37} for one in fit.record.placements]
    placements = tuple(one.model_copy(update=change) for one, change in zip(fit.record.placements, changes, strict=True))
    return OpenFit.of(fit.record.model_copy(update={"placements": placements}), fit.arrays)


@pytest.mark.parametrize(
    ("verdicts", "told"),
    [
        ({1: Verdict.NOT_SIGNIFICANT}, "Placement 1 is not significant (p = 0.37) and may be chance; it was accepted all the same."),
        ({2: Verdict.CANNOT_BE_JUDGED}, "Placement 2 cannot be judged; it was accepted all the same."),
        (
            {1: Verdict.NOT_SIGNIFICANT, 2: Verdict.NOT_SIGNIFICANT},
            "2 of these placements (1, 2) may be chance; they were accepted all the same.",
        ),
    ],
)
def test_what_may_be_chance_is_accepted_and_said_and_kept(table: Table, verdicts: dict[int, Verdict], told: str) -> None:
    session = table.desk.session
    session.remove_fit("fit-1")
    session.add_fit(doubtful(table.fit, verdicts))
    table.accepting.accept([1, 2])
    assert told in table.desk.notices("warning")
    ends = {rank: f", {verdict}" for rank, verdict in verdicts.items()}
    for copy in table.composite.rounds[0].accepted:
        assert copy.source == f"placement {copy.rank} of 1bd2_moved.pdb.gz · D, E in 1bd2_4A.mrc.gz{ends.get(copy.rank, '')}"


def test_a_fit_that_goes_meanwhile_is_not_accepted(table: Table) -> None:
    table.desk.jobs.hold = True
    table.accepting.accept([1])
    table.desk.session.remove_fit("fit-1")
    table.desk.jobs.run_held()
    assert table.desk.session.composites == {}
    assert "nothing was accepted" in table.desk.notices("warning")[-1]


def test_zeroing_out_needs_something_accepted(table: Table) -> None:
    table.zeroing.toggle()
    assert not table.zeroing.is_open
    assert "Accept a placement first" in table.desk.notices("info")[-1]


def test_zeroing_out_shows_applies_and_can_be_undone(table: Table) -> None:
    session, view_state = table.desk.session, table.desk.view_state
    table.accepting.accept([1])
    table.zeroing.toggle()
    preview = view_state.zeroing
    raw, level = session.maps["map-1"].density, view_state.maps["map-1"].level
    assert preview.map == "map-1"
    gone = (raw.values > level) & (preview.density.values <= level)
    assert gone.sum() > 1000
    assert ((preview.going.values > level) == gone).all()
    assert session.density("map-1") is raw
    table.zeroing.choose("soft", 0.0)
    assert not np.array_equal(view_state.zeroing.density.values, preview.density.values)
    left = view_state.zeroing.density.values
    table.zeroing.apply()
    cut = table.composite.rounds[0].zero_out
    assert (cut.method, cut.resolution, cut.level) == ("soft", 4.0, level)
    assert 0.1 < cut.removed < 1
    assert view_state.zeroing is None
    assert np.array_equal(session.density("map-1").values, left)
    assert table.desk.history.stack.undoText() == "Zero Out Round 1"
    table.desk.history.undo()
    assert session.density("map-1") is raw
    table.desk.history.redo()
    assert np.array_equal(session.density("map-1").values, left)


def test_what_neighbours_lose_is_told_but_not_of_those_in_the_way(table: Table, make_fit: Callable[..., OpenFit]) -> None:
    table.accepting.accept([1])
    table.zeroing.toggle()
    losses = table.zero_view.show_preview.call_args.args[1]
    assert losses == []  # the second placement is the first one turned about its middle
    table.zeroing.close()
    assert table.desk.view_state.zeroing is None
    fit = table.desk.session.fits["fit-1"]
    record = fit.record.changed(id="fit-2", chains=("A", "B", "C"), placements=fit.record.placements[:1])
    table.desk.session.add_fit(OpenFit.of(record, fit.arrays))  # the other half of the model belongs where the same move takes it
    lost = {}
    for method in ("covered", "threshold"):
        table.zeroing.choose(method, 0.0)
        table.zeroing.toggle()
        (name, density, atoms), *others = table.zero_view.show_preview.call_args.args[1]
        lost[method] = density
        assert (name, others) == ("placement 1 of 1bd2_moved.pdb.gz A, B, C", [])
        assert 0 <= atoms < 0.5
        table.zeroing.close()
    assert 0 <= lost["covered"] < lost["threshold"] < 0.5


def test_a_preview_follows_the_level_and_ends_with_the_composite(table: Table) -> None:
    table.accepting.accept([1])
    table.zeroing.toggle()
    first = table.desk.view_state.zeroing
    table.desk.view_state.set_map_style("map-1", level=0.6)
    assert table.desk.view_state.zeroing is not first
    table.desk.view_state.set_map_style("map-1", opacity=0.5)
    table.desk.history.undo()
    assert table.desk.view_state.zeroing is None
    assert not table.zeroing.is_open


def test_a_fit_is_made_in_what_is_shown_and_goes_with_its_round(table: Table, make_fit: Callable[..., OpenFit]) -> None:
    session = table.desk.session
    table.accepting.accept([1])
    assert searched_now(session, "map-1").round is None
    table.zero_out()
    searched = searched_now(session, "map-1")
    assert (searched.round, searched.name) == (table.composite.rounds[0].id, "Round 1")
    assert np.array_equal(searched.read().values, session.density("map-1").values)
    table.working.toggle_raw()
    assert searched_now(session, "map-1").round is None
    table.working.toggle_raw()
    later = make_fit("fit-2", round=searched.round)
    session.add_fit(later)
    assert searched_by(session, later.record).round == searched.round
    table.composites.delete((table.composite.id, searched.round))
    question = table.desk.prompts.confirm.call_args.args[0]
    assert "1 accepted copy and 1 fit into what it left of the map" in question
    assert list(session.fits) == ["fit-1"]
    with pytest.raises(UserError, match="not there any more"):
        searched_by(session, later.record)
    table.desk.history.undo()
    assert list(session.fits) == ["fit-1", "fit-2"]
    assert len(table.composite.rounds) == 1


def test_a_preview_that_is_late_is_not_shown(table: Table) -> None:
    table.accepting.accept([1])
    table.desk.jobs.hold = True
    table.zeroing.toggle()
    table.zeroing.choose("soft", 0.0)
    table.zeroing.close()
    table.desk.jobs.run_held()
    assert table.desk.view_state.zeroing is None
    assert table.composite.rounds[0].zero_out is None
    table.zeroing.apply()
    assert table.composite.rounds[0].zero_out is None


def test_placements_of_a_later_round_that_lie_in_what_was_accepted_are_left_out(table: Table, true_fit: OpenFit) -> None:
    session, view_state = table.desk.session, table.desk.view_state
    table.accepting.accept([1])
    table.zero_out()
    later = OpenFit.of(true_fit.record.model_copy(update={"id": "fit-2", "round": table.composite.rounds[0].id}), true_fit.arrays)
    session.add_fit(later)
    assert view_state.overlaps["fit-2"][0] == 1
    assert view_state.taken_ranks(later) == {1, 2}
    assert view_state.shown(later).tolist() == []
    view_state.set_most_overlap(1.0)
    assert view_state.shown(later).tolist() == [0, 1]
    assert view_state.taken_ranks(session.fits["fit-1"]) == frozenset()


def test_overlaps_that_come_late_are_of_no_other_fit(table: Table, true_fit: OpenFit) -> None:
    session, view_state = table.desk.session, table.desk.view_state
    table.accepting.accept([1])
    table.zero_out()
    table.desk.jobs.hold = True
    session.add_fit(OpenFit.of(true_fit.record.changed(id="fit-2", round=table.composite.rounds[0].id), true_fit.arrays))
    session.remove_fit("fit-2")
    session.add_fit(OpenFit.of(true_fit.record.changed(id="fit-2"), true_fit.arrays))
    table.desk.jobs.run_held()
    assert "fit-2" not in view_state.overlaps


def test_one_goes_to_rounds_branches_and_accepts_there(table: Table) -> None:
    session = table.desk.session
    table.accepting.accept([1])
    table.zero_out()
    first, left = table.composite.rounds[0], session.density("map-1")
    table.composites.go_to((table.composite.id, None))
    assert session.density("map-1") is session.maps["map-1"].density
    table.accepting.accept([2])
    assert [one.parent for one in table.composite.rounds] == [None, None]
    table.composites.go_to((table.composite.id, first.id))
    assert np.array_equal(session.density("map-1").values, left.values)
    table.composites.branch((table.composite.id, first.id))
    assert table.composite.rounds[-1].parent == first.id
    table.composites.rename((table.composite.id, table.composite.current), "  second  try ")
    assert table.composite.rounds[-1].name == "second try"
    table.composites.rename((table.composite.id, None), "Receptor")
    assert table.composite.name == "Receptor"
    for _ in range(4):
        table.desk.history.undo()
    assert [one.name for one in table.composite.rounds] == ["Round 1"]


def test_two_rounds_are_compared_in_words(table: Table) -> None:
    table.accepting.accept([1])
    name = table.composite.id
    table.composites.compare((name, None), (name, table.composite.current))
    text = table.rounds_view.show_comparison.call_args.args[0]
    assert text.startswith("Composite 1, start → Composite 1, Round 1\nexplained 0.0% → ")
    assert "gained 1bd2_moved.pdb.gz D, E" in text


def test_copies_that_later_maps_rest_on_stay(table: Table) -> None:
    table.accepting.accept([1])
    place = table.composite.id, table.composite.current
    table.zero_out()
    table.composites.remove_copy(place, 0)
    assert "zeroed out" in table.desk.notices("error")[-1]
    table.desk.history.undo()
    table.composites.remove_copy(place, 0)
    assert table.composite.rounds[0].accepted == ()
    assert table.desk.history.stack.undoText() == "Remove 1bd2_moved.pdb.gz D, E"
    table.desk.history.undo()
    assert len(table.composite.rounds[0].accepted) == 1


def test_closing_a_map_or_model_asks_and_takes_its_composites_along(table: Table) -> None:
    session = table.desk.session
    table.accepting.accept([1])
    before = table.composite
    table.desk.prompts.confirm.return_value = False
    table.files.remove("model-1")
    assert "With 1bd2_moved.pdb.gz, Composite 1 and 1 fit will be removed too" in table.desk.prompts.confirm.call_args.args[0]
    assert session.composites == {before.id: before}
    table.desk.prompts.confirm.return_value = True
    for identifier in ("model-1", "map-1"):
        table.files.remove(identifier)
        assert session.composites == {}
        table.desk.history.undo()
        assert session.composite == before
        assert list(session.fits) == ["fit-1"]


def test_the_next_accepted_placement_may_begin_another_composite(table: Table) -> None:
    table.accepting.accept([1])
    table.composites.begin_new()
    table.accepting.accept([2])
    assert [one.name for one in table.desk.session.composites.values()] == ["Composite 1", "Composite 2"]


def test_the_working_map_is_saved_as_it_is(table: Table, tmp_path: Path) -> None:
    table.working.save(tmp_path / "none.mrc")
    assert "There is no working map" in table.desk.notices("info")[-1]
    table.accepting.accept([1])
    table.zero_out()
    table.working.save(tmp_path / "left")
    assert np.array_equal(read_map(tmp_path / "left.mrc").values, table.desk.session.working.density.values)
    assert working_file_name(Path("/a/map_1.mrc.gz"), "Round 2, branch 2") == "map_1_after_round_2_branch_2.mrc"
