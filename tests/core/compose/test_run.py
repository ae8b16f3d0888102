"""Whole composites of small known assemblies."""

import threading
from dataclasses import replace

import numpy as np
import pytest
from pydantic import ValidationError

from difffit_core.align.of_map import symmetry_of
from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.recipe import ComposeRecipe
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.run import run_compose
from difffit_core.compose.settings import ComposeSettings
from difffit_core.compose.workshop import Workshop
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.request import FitProgress
from difffit_core.fit.settings import FitSettings
from difffit_core.groups.group import Group
from difffit_core.groups.standing import OfMap
from difffit_core.pose import Pose
from difffit_core.project.composites import WantedRecord
from difffit_core.target import Target

from .conftest import RESOLUTION, Known

QUICK = FitSettings.preset("fast", starts=1500)


def request_of(known: Known, copies: tuple[int | None, ...], seed: int = 0, **settings: object) -> ComposeRequest:
    wanted = tuple(Wanted(model, count) for model, count in zip(known.models, copies, strict=True))
    return ComposeRequest(Target(known.density_map, RESOLUTION, known.level), wanted, ComposeSettings.checked(settings), QUICK, seed, "cpu")


def poses_of(result: ComposeResult, body: int = 0) -> list[Pose]:
    return [copy.pose for copy in result.copies if copy.body == body]


@pytest.fixture(scope="module")
def solved(tetramer: Known) -> ComposeResult:
    return run_compose(request_of(tetramer, (None,)))


def test_as_many_copies_as_there_are(solved: ComposeResult, tetramer: Known) -> None:
    assert len(solved.copies) == 4
    assert tetramer.errors(0, poses_of(solved)).max() < 0.5
    assert [copy.copy for copy in solved.copies] == [1, 2, 3, 4]
    assert len({copy.chains["B"] for copy in solved.copies}) == 4
    assert max(copy.clash for copy in solved.copies) < 0.002
    assert solved.proven
    assert solved.explained > 0.95
    assert all(copy.p_value < 0.05 for copy in solved.copies)


def test_their_symmetry_is_found(solved: ComposeResult) -> None:
    symmetry = solved.symmetries[0]
    assert symmetry.group == Group("D", 2)
    assert [member for _, member in symmetry.members] == [0, 1, 2, 3]
    assert symmetry.rmsd < 0.5
    for pose, (orbit, element) in zip(poses_of(solved), symmetry.members, strict=True):
        assert np.abs(symmetry.image(orbit, element).translation - pose.translation).max() < 3


def test_the_next_best_assembly_is_worse_and_other(solved: ComposeResult) -> None:
    second = solved.alternative
    assert second is not None
    assert second.score < solved.score
    assert second.different or second.fewer


def test_the_same_request_gives_the_same_result(solved: ComposeResult, tetramer: Known) -> None:
    again = run_compose(request_of(tetramer, (None,)))
    for one, other in zip(solved.copies, again.copies, strict=True):
        assert (one.pose.rotation == other.pose.rotation).all()
        assert (one.pose.translation == other.pose.translation).all()


def test_no_more_than_the_asked_copies(tetramer: Known) -> None:
    result = run_compose(request_of(tetramer, (2,), symmetry="none"))
    assert len(result.copies) == 2
    assert tetramer.errors(0, poses_of(result)).max() < 0.5
    assert result.symmetries == {}
    assert 0.4 < result.explained < 0.6


def test_copies_that_are_not_there_are_not_made_up(tetramer: Known, solved: ComposeResult) -> None:
    result = run_compose(request_of(tetramer, (6,)))
    assert len(result.copies) == 4
    assert any("4 placed of 6 wanted" in note for note in result.notes)
    assert result.score == pytest.approx(solved.score, rel=0.01)


def test_what_stands_is_not_placed_again_where_more_is_asked_for(pair: Known) -> None:
    result = run_compose(request_of(pair, (3, 2), rounds=0))
    assert [copy.body for copy in result.copies] == [0, 1]
    assert not any("clashes with" in note for note in result.notes)


@pytest.mark.slow
def test_symmetry_completes_what_the_search_missed(tetramer: Known, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that may only give two of the four copies; the map is not searched again."""
    import difffit_core.compose.workshop as module

    fitted = module.from_fit

    def crippled(body: int, result: object, source: str) -> list:
        first = fitted(body, result, source)  # type: ignore[arg-type]
        errors = [tetramer.errors(0, [one.pose])[0] for one in first]
        good = [one for one, error in zip(first, errors, strict=True) if error < 2]
        return good[:3] + [one for one, error in zip(first, errors, strict=True) if error >= 2]

    monkeypatch.setattr(module, "from_fit", crippled)
    result = run_compose(request_of(tetramer, (None,), rounds=0))
    assert len(result.copies) == 4
    assert tetramer.errors(0, poses_of(result)).max() < 0.5
    assert sum("completes D2" in copy.source for copy in result.copies) == 1
    crippled_only = run_compose(request_of(tetramer, (None,), rounds=0, symmetry="none"))
    assert len(crippled_only.copies) == 3
    searched_again = run_compose(request_of(tetramer, (None,), rounds=1, symmetry="none"))
    assert len(searched_again.copies) == 4
    assert sum("what is left" in copy.source for copy in searched_again.copies) == 1


@pytest.mark.slow
def test_one_copy_and_the_symmetry_of_the_map_give_all(tetramer: Known, solved: ComposeResult) -> None:
    """The search gives one copy alone, and what is left is not searched."""
    best = (solved.fits[0][2].placements[0],)

    def asked(symmetry: str, of_map: OfMap | None = None) -> ComposeResult:
        request = request_of(tetramer, (None,), rounds=0, symmetry=symmetry)
        return run_compose(replace(request, wanted=(replace(request.wanted[0], found=best),), of_map=of_map))

    assert len(asked("auto").copies) == 1
    found = symmetry_of(Target(tetramer.density_map, RESOLUTION, tetramer.level), None, 0, "cpu")
    by_map = asked("map", found)
    assert len(by_map.copies) == 4
    assert tetramer.errors(0, poses_of(by_map)).max() < 0.5
    assert [one.source for one in by_map.copies].count("completes D2 of the map") == 3
    assert by_map.symmetries[0].group == Group("D", 2)
    assert any("The map itself has the symmetry D2" in note for note in by_map.notes)
    assert found.standing is not None
    part = asked("C2", OfMap(found.standing.within(Group("C", 2)), "")).copies
    assert len(part) == 2
    assert tetramer.errors(0, [one.pose for one in part]).max() < 0.5
    none = asked("map", OfMap(None, "the map has no symmetry of its own"))
    said = ("The map has no symmetry of its own.", "Copies are found one by one, not by a symmetry of the map.")
    assert (len(none.copies), none.notes) == (1, said)


@pytest.mark.slow
def test_an_asked_group_is_imposed(tetramer: Known) -> None:
    result = run_compose(request_of(tetramer, (None,), symmetry="D2"))
    symmetry = result.symmetries[0]
    assert tetramer.errors(0, poses_of(result)).max() < 0.5
    for copy, (orbit, element) in zip(result.copies, symmetry.members, strict=True):
        np.testing.assert_allclose(copy.pose.translation, symmetry.image(orbit, element).translation, atol=1e-6)
    with pytest.raises(UserError, match="symmetry"):
        ComposeSettings.checked({"symmetry": "T5"})
    other = run_compose(request_of(tetramer, (None,), symmetry="C3"))
    assert other.symmetries == {}
    assert any("do not obey C3" in note for note in other.notes)


def test_two_models_find_their_own_places(pair: Known) -> None:
    result = run_compose(request_of(pair, (None, 1)))
    assert [copy.body for copy in result.copies] == [0, 1]
    for body in (0, 1):
        assert pair.errors(body, poses_of(result, body)).max() < 0.6
    assert max(copy.clash for copy in result.copies) < 0.005
    assert [dict(copy.chains) for copy in result.copies] == [{"A": "A"}, {"B": "B"}]


def test_progress_rises_to_the_end(pair: Known) -> None:
    told: list[FitProgress] = []
    run_compose(request_of(pair, (1, 1)), told.append)
    fractions = [progress.fraction for progress in told]
    assert fractions == sorted(fractions)
    assert told[-1].stage == "done"
    assert any(progress.stage.startswith("chain A in the map: searching") for progress in told)


def test_a_cancel_keeps_what_was_found(pair: Known) -> None:
    cancel = threading.Event()

    def stop_in_the_second(progress: FitProgress) -> None:
        if progress.stage.startswith("chain B"):
            cancel.set()

    result = run_compose(request_of(pair, (1, 1)), stop_in_the_second, cancel)
    assert result.cancelled
    assert 0 in {copy.body for copy in result.copies}
    cancel.set()
    with pytest.raises(FitCancelled):
        run_compose(request_of(pair, (1, 1)), None, cancel)


def test_a_wrong_model_is_left_out(tetramer: Known, example: AtomicModel) -> None:
    stranger = example.select_chains(["D"])
    known = Known(tetramer.density_map, (*tetramer.models, stranger), tetramer.truth)
    result = run_compose(request_of(known, (None, 1)))
    assert [copy.body for copy in result.copies] == [0] * 4
    assert any("0 placed of 1 wanted" in note and "p =" in note for note in result.notes)


def test_bad_requests_end_in_a_sentence(tetramer: Known) -> None:
    with pytest.raises(UserError, match="copies must be a whole number from 1 to 99999, got 0"):
        Wanted(tetramer.models[0], 0)
    with pytest.raises(UserError, match="copies must be a whole number from 1 to 99999, got 100000"):
        Wanted(tetramer.models[0], 100_000)
    with pytest.raises(ValidationError, match="less than or equal to 99999"):
        WantedRecord(model="model-1", chains=(), copies=10**30)
    with pytest.raises(UserError, match="at least one model"):
        ComposeRecipe.checked({"map": "map.mrc", "wanted": (), "resolution": 8.0})
    with pytest.raises(UserError, match="must lie below the map's maximum"):
        replace(request_of(tetramer, (1,)), target=Target(tetramer.density_map, RESOLUTION, 99.0))
    with pytest.raises(UserError, match="nonsense is not a setting"):
        ComposeSettings.checked({"nonsense": 1})


def test_of_no_models_all_of_the_map_is_left(tetramer: Known) -> None:
    result = run_compose(ComposeRequest(Target(tetramer.density_map, 8.0, 0.2), (), device="cpu"))
    assert (result.copies, result.explained, result.cancelled) == ((), 0.0, False)
    assert sum(one.share for one in result.residual.islands) > 0.9
    assert np.array_equal(result.residual.density_map.values, tetramer.density_map.values)


def test_without_refinement_poses_are_those_of_the_search(tetramer: Known) -> None:
    result = run_compose(request_of(tetramer, (4,), refine=False, symmetry="none"))
    found = {tuple(p.pose.translation) for _, _, fit in result.fits for p in fit.placements}
    assert all(tuple(copy.pose.translation) in found for copy in result.copies)


def test_every_model_without_a_place_is_named_with_the_reason(tetramer: Known) -> None:
    result = run_compose(request_of(tetramer, (6,)))
    assert len(result.copies) == 4
    (one,) = result.dropped
    assert one.body == 0
    assert one.why.startswith("4 placed of 6 wanted: ")
    assert f"{tetramer.models[0].name}: {one.why}" in result.notes
    assert run_compose(request_of(tetramer, (None,))).dropped == ()


def test_what_looks_like_a_model_is_no_further_copy_of_it(tetramer: Known) -> None:
    shop = Workshop(request_of(tetramer, (None,)), None, threading.Event())
    best = Candidate(0, tetramer.truth[0][1], 0.9, 9.0, 1e-9, "best")
    close, far = (replace(best, correlation=c, pose=tetramer.truth[1][1]) for c in (0.8, 0.4))
    assert shop.weaker(close, [best]) == ""
    assert shop.weaker(far, [best]).startswith("weaker than its best copy (0.900) by ")
    counted = Workshop(request_of(tetramer, (2,)), None, threading.Event())
    assert counted.weaker(far, [best]) == ""
