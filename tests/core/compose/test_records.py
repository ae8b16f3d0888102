"""Composites in project files, working maps, and repeating them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_core.compose.edit.working import working_map
from difffit_core.compose.record import recipe_of, write_composite_project
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.run import run_compose
from difffit_core.compose.settings import ComposeSettings
from difffit_core.errors import FileFormatError, UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.handover.of_project import of_project
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.schema import Project
from difffit_core.project.store import open_project, save_project
from difffit_core.reproduce import Verdict, repeat_project
from difffit_core.target import Target

from .conftest import RESOLUTION, Known

Made = tuple[Path, ComposeRequest, ComposeResult]


@pytest.fixture(scope="module")
def trimer(beta2: object, arranged: Callable[..., list[Pose]], tetramer: Known, tmp_path_factory: pytest.TempPathFactory) -> ComposeRequest:
    """The tetramer's files; copies are accepted one a round, three at most."""
    folder = tmp_path_factory.mktemp("inputs")
    write_map(folder / "made.mrc", tetramer.density_map)
    write_model(folder / "beta2.cif", tetramer.models[0])
    density_map, model = read_map(folder / "made.mrc"), read_model(folder / "beta2.cif")
    settings = ComposeSettings.checked({"method": "rounds", "per_round": 1, "rounds": 5})
    quick = FitSettings.preset("fast", starts=600)
    return ComposeRequest(Target(density_map, RESOLUTION, tetramer.level), (Wanted(model, 3),), settings, quick, 0, "cpu", 1)


def made(request: ComposeRequest, folder: Path) -> Made:
    result = run_compose(request)
    path = folder / "project.difffit"
    write_composite_project(path, request, result, command="difffit compose", evidence=("given",))
    return path, request, result


@pytest.fixture(scope="module")
def by_rounds(trimer: ComposeRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(trimer, tmp_path_factory.mktemp("rounds"))


@pytest.fixture(scope="module")
def together(trimer: ComposeRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(replace(trimer, settings=ComposeSettings()), tmp_path_factory.mktemp("together"))


def test_three_rounds_are_recorded(by_rounds: Made) -> None:
    path, _, result = by_rounds
    project, arrays = open_project(path)
    composite = project.composites[0]
    assert [len(one.accepted) for one in composite.rounds] == [1, 1, 1]
    assert [one.parent for one in composite.rounds] == [None, composite.rounds[0].id, composite.rounds[1].id]
    assert [fit.round for fit in project.fits] == [one.parent for one in composite.rounds]
    assert set(arrays) == {fit.id for fit in project.fits}
    for one in composite.rounds:
        accepted = one.accepted[0]
        fit = next(fit for fit in project.fits if fit.id == accepted.fit)
        assert fit.id in one.fits
        placement = next(placement for placement in fit.placements if placement.rank == accepted.rank)
        assert placement.rotation == accepted.pose.rotation
        assert placement.translation == accepted.pose.translation
    assert {name for one in composite.rounds for name in one.accepted[0].chains.values()} == {
        name for copy in result.copies for name in copy.chains.values()
    }


def test_working_maps_are_those_the_rounds_had(by_rounds: Made) -> None:
    path, request, result = by_rounds
    composite = open_project(path)[0].composites[0]
    models = {"model-1": request.wanted[0].model}
    assert working_map(composite, None, request.density_map, models) is request.density_map
    for record, one in zip(composite.rounds, result.rounds, strict=True):
        assert one.zero_out is not None
        again = working_map(composite, record.id, request.density_map, models)
        assert (again.values == one.zero_out.density_map.values).all()


def test_a_project_of_three_rounds_comes_out_the_same(by_rounds: Made) -> None:
    path, _, _ = by_rounds
    outcomes = list(repeat_project(open_project(path)[0], path))
    assert len(outcomes) == 4
    assert [one.verdict for one in outcomes] == [Verdict.IDENTICAL] * 4


def test_what_was_solved_together_comes_out_the_same(together: Made) -> None:
    path, request, result = together
    project, _ = open_project(path)
    solve = project.composites[0].solve
    assert solve is not None
    assert [one.group for one in solve.symmetries] == [str(one.group) for one in result.symmetries.values()]
    again = recipe_of(project.composites[0]).bind(request.density_map, [one.model for one in request.wanted])
    assert (again.settings, again.fit_settings, again.seed) == (request.settings, request.fit_settings, request.seed)
    assert [one.verdict for one in repeat_project(project, path)] == [Verdict.IDENTICAL] * 2


def test_what_comes_out_different_is_said_to(together: Made) -> None:
    path, _, _ = together
    project, _ = open_project(path)
    fit = project.fits[0].changed(seed=5)
    accepted = project.composites[0].rounds[0].accepted[0]
    turned = accepted.pose.model_copy(update={"translation": (1.0, 2.0, 3.0)})
    moved = project.composites[0].rounds[0].model_copy(update={"accepted": (accepted.model_copy(update={"pose": turned}),)})
    composite = project.composites[0].model_copy(update={"rounds": (moved,)})
    outcomes = list(repeat_project(project.model_copy(update={"fits": (fit,), "composites": (composite,)}), path))
    assert [one.verdict for one in outcomes] == [Verdict.DIFFERENT] * 2
    assert "are not found again" in outcomes[0].detail


def test_what_is_missing_is_not_repeated(together: Made, tmp_path: Path) -> None:
    path, _, _ = together
    project, _ = open_project(path)
    gone = tuple(entry.model_copy(update={"path": "gone/away.mrc"}) if entry.kind == "map" else entry for entry in project.inputs)
    outcomes = list(repeat_project(project.model_copy(update={"inputs": gone}), path))
    assert [one.verdict for one in outcomes] == [Verdict.SKIPPED] * 2
    assert all("was not found" in one.detail for one in outcomes)
    stopped = project.fits[0].model_copy(update={"cancelled": True})
    outcomes = list(repeat_project(project.model_copy(update={"fits": (stopped,), "composites": ()}), path))
    assert [one.verdict for one in outcomes] == [Verdict.SKIPPED]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ({"map": "model-1"}, "refers to a map or model that is not among the inputs"),
        ({"current": "nowhere"}, "current must be one of the rounds"),
    ],
)
def test_damaged_composites_are_refused(together: Made, tmp_path: Path, broken: dict[str, str], message: str) -> None:
    path, _, _ = together
    project, arrays = open_project(path)
    composite = CompositeRecord.model_construct(**{**dict(project.composites[0]), **broken})
    save_project(tmp_path / "broken.difffit", Project.model_construct(**{**dict(project), "composites": (composite,)}), arrays)
    with pytest.raises(FileFormatError, match=message):
        open_project(tmp_path / "broken.difffit")


def test_a_composite_is_handed_over_with_every_copy(together: Made, by_rounds: Made, tmp_path: Path) -> None:
    for path, request, result in (together, by_rounds):
        subject = of_project(path, tmp_path)
        assert len(subject.structure[0]) == len(result.copies) == 3
        assert (subject.target.level, subject.target.resolution) == (request.level, request.resolution)
        assert "3 copies" in subject.name
        middles = np.sort(
            [np.mean([atom.pos.tolist() for residue in chain for atom in residue], axis=0) for chain in subject.structure[0]], axis=0
        )
        model = request.wanted[0].model
        expected = np.sort([copy.pose.apply(model.coordinates).mean(axis=0) for copy in result.copies], axis=0)
        np.testing.assert_allclose(middles, expected, atol=0.01)
        with pytest.raises(UserError, match="--rank chooses among the placements of a fit"):
            of_project(path, tmp_path, rank=1)


def test_rounds_branch(by_rounds: Made) -> None:
    path, _, _ = by_rounds
    composite = open_project(path)[0].composites[0]
    first = composite.rounds[0]
    branch = composite.rounds[1].model_copy(update={"id": "branch", "parent": first.id})
    wider = CompositeRecord.model_validate({**composite.model_dump(), "rounds": [*composite.model_dump()["rounds"], branch.model_dump()]})
    assert [one.id for one in wider.path("branch")] == [first.id, "branch"]
    assert len(wider.path(composite.rounds[2].id)) == 3
    np.testing.assert_array_equal(first.accepted[0].pose.pose().rotation, np.array(first.accepted[0].pose.rotation))
    with pytest.raises(ValueError, match="two rounds have the id"):
        CompositeRecord.model_validate({**composite.model_dump(), "rounds": [*composite.model_dump()["rounds"], first.model_dump()]})
