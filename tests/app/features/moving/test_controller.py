"""Moving by hand: what is moved, the steps that can be undone, the scores, and fits from there; and the sphere to fit inside."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any
from unittest.mock import Mock, create_autospec

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_app.features.files.controller import FilesController
from difffit_app.features.moving.controller import KEPT, MovingController
from difffit_app.features.moving.views import MovingView
from difffit_app.features.sphere.controller import RegionsController
from difffit_app.state.items import OpenFit
from difffit_core.fit.sphere import Sphere
from difffit_core.project.schema import PlacementRecord

RIGHT = np.array([1.0, 0.0, 0.0])


class Moved:
    """A controller, and all that it talks to."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.view: Mock = create_autospec(MovingView, instance=True)
        self.set_up: Any = ("map-1", "model-1", ("D", "E"), 4.0)
        self.fitted: list[tuple[Any, dict[str, Any]]] = []
        self.controller = MovingController(desk, self.view, lambda: self.set_up, self.fit_from)

    def fit_from(self, pose: Any, changes: dict[str, Any]) -> None:
        self.fitted.append((pose, changes))

    @property
    def hand(self) -> Any:
        return self.desk.session.hand

    def scores(self) -> tuple[Any, Any]:
        score, start = self.view.show_score.call_args.args
        return score, start


def matrix_of(readme: Path) -> np.ndarray:
    """The pose (3, 4) that the example's README gives as its answer."""
    table = [line.replace("|", " ").split() for line in readme.read_text().splitlines() if " |  " in line]
    return np.array([[float(number) for number in row] for row in table if len(row) == 4])


@pytest.fixture
def moved(desk: Any, example: tuple[Path, Path], make_fit: Callable[..., OpenFit]) -> Moved:
    """The example open, a fit of it selected whose best placement is the truth, and the mode on."""
    FilesController(desk).open_paths(example)
    best, second = make_fit().record.placements
    truth = matrix_of(example[0].with_name("README.md"))
    placed = PlacementRecord.model_validate({**best.model_dump(), "rotation": truth[:, :3].tolist(), "translation": truth[:, 3].tolist()})
    desk.session.add_fit(make_fit(placements=(placed, second)))
    moved = Moved(desk)
    moved.controller.toggle()
    return moved


def test_it_begins_at_the_placement_with_its_scores(moved: Moved) -> None:
    assert moved.desk.view_state.moving == "model-1"
    assert moved.hand is None
    text, step = moved.view.show_subject.call_args.args
    assert text == "1bd2_moved.pdb.gz, chains D, E"
    assert step == pytest.approx(0.5 * moved.desk.session.maps["map-1"].density.voxel_size.mean())
    score, start = moved.scores()
    assert asdict(score) == asdict(start)
    moved.controller.toggle()
    assert moved.desk.view_state.moving is None


def test_a_drag_moves_the_model_scores_it_and_is_one_step(moved: Moved) -> None:
    placed = moved.desk.session.placement.pose
    for _ in range(4):
        moved.controller.shift(RIGHT)
    assert moved.desk.history.stack.undoText() != "Move by Hand", "a drag that goes on is no step yet"
    moved.controller.settle()
    moved.controller.settle()
    np.testing.assert_allclose(moved.hand.pose.translation, placed.translation + 4 * RIGHT)
    score, start = moved.scores()
    assert score.local_correlation < start.local_correlation
    moved.controller.shift(RIGHT)
    moved.controller.settle()
    moved.desk.history.undo()
    np.testing.assert_allclose(moved.hand.pose.translation, placed.translation + 4 * RIGHT)
    moved.desk.history.undo()
    assert moved.hand is None
    moved.desk.history.redo()
    np.testing.assert_allclose(moved.hand.pose.translation, placed.translation + 4 * RIGHT)


def test_a_turn_leaves_the_middle_of_the_moved_chains_where_it_is(moved: Moved) -> None:
    chains = moved.desk.session.models["model-1"].model.select_chains(("D", "E"))
    middle = chains.fit_coordinates.mean(axis=0)
    placed = moved.desk.session.placement.pose
    quarter = Rotation.from_rotvec([0, np.pi / 2, 0]).as_matrix()
    moved.controller.turn(quarter)
    np.testing.assert_allclose(moved.hand.centre, placed.apply(middle))
    np.testing.assert_allclose(moved.hand.pose.rotation, quarter @ placed.rotation, atol=1e-12)


def test_keys_move_by_the_step_and_turn_by_two_degrees(moved: Moved) -> None:
    placed = moved.desk.session.placement.pose
    moved.controller.set_step(1.25)
    moved.controller.step(RIGHT)
    np.testing.assert_allclose(moved.hand.pose.translation - placed.translation, [1.25, 0, 0])
    moved.controller.turn_step(RIGHT)
    angle = Rotation.from_matrix(moved.hand.pose.rotation @ placed.rotation.T).magnitude()
    assert np.degrees(angle) == pytest.approx(2)


def test_put_back_can_itself_be_undone_and_escape_ends_the_mode(moved: Moved) -> None:
    moved.controller.shift(RIGHT)
    moved.controller.escape()
    assert moved.hand is None
    assert moved.desk.view_state.moving is None
    assert moved.desk.history.stack.undoText() == "Put Back"
    moved.desk.history.undo()
    assert moved.hand is not None
    moved.desk.history.undo()
    assert moved.hand is None


def test_another_placement_ends_what_the_hand_holds(moved: Moved) -> None:
    moved.controller.shift(RIGHT)
    moved.desk.session.select_placement(2)
    assert moved.hand is None
    moved.controller.settle()
    moved.controller.shift(RIGHT)
    np.testing.assert_allclose(moved.hand.pose.translation, moved.desk.session.placement.pose.translation + RIGHT)


def test_other_chains_start_where_the_file_has_them(moved: Moved) -> None:
    moved.set_up = ("map-1", "model-1", ("A",), 4.0)
    moved.controller.follow_set_up()
    moved.controller.shift(RIGHT)
    assert moved.hand.chains == ("A",)
    np.testing.assert_allclose(moved.hand.pose.translation, RIGHT)


def test_refine_and_keep_fit_from_the_pose_that_is_shown(moved: Moved) -> None:
    moved.controller.refine()
    assert moved.fitted[0] == (moved.desk.session.placement.pose, {})
    moved.controller.shift(RIGHT)
    moved.controller.keep()
    assert moved.fitted[1] == (moved.hand.pose, KEPT)
    assert moved.desk.history.stack.undoText() == "Move by Hand"


def test_a_new_level_or_resolution_makes_new_scores(moved: Moved) -> None:
    before = moved.scores()[0]
    moved.desk.view_state.set_map_style("map-1", level=1.2)
    assert moved.scores()[0].inside < before.inside
    moved.set_up = ("map-1", "model-1", ("D", "E"), 8.0)
    moved.controller.follow_set_up()
    assert abs(moved.scores()[0].local_correlation - before.local_correlation) > 0.01


def test_until_a_scorer_is_made_no_old_score_is_shown(moved: Moved) -> None:
    moved.desk.jobs.hold = True
    moved.set_up = ("map-1", "model-1", ("A",), 4.0)
    moved.controller.follow_set_up()
    assert moved.scores() == (None, None)
    moved.controller.shift(RIGHT)
    assert moved.scores() == (None, None)
    assert len(moved.desk.jobs.held) == 1, "one is asked for once"
    moved.desk.jobs.run_held()
    assert moved.scores()[0] is not None


@pytest.mark.parametrize("what", ["map-1", "model-1"])
def test_closing_what_is_moved_ends_the_mode(moved: Moved, what: str) -> None:
    moved.controller.shift(RIGHT)
    (moved.desk.session.remove_map if what == "map-1" else moved.desk.session.remove_model)(what)
    assert moved.desk.view_state.moving is None


def test_with_nothing_to_move_it_says_so(desk: Any) -> None:
    moved = Moved(desk)
    moved.set_up = None
    moved.controller.toggle()
    assert desk.view_state.moving is None
    assert "to move it by hand" in desk.notices("info")[0]


@pytest.fixture
def regions(moved: Moved) -> RegionsController:
    moved.controller.toggle()
    desk = moved.desk
    return RegionsController(desk, desk.camera, lambda: moved.set_up)


def test_the_first_sphere_has_the_models_size_and_lies_where_it_is_placed(moved: Moved, regions: RegionsController) -> None:
    session = moved.desk.session
    points = session.models["model-1"].model.select_chains(("D", "E")).fit_coordinates
    regions.toggle()
    sphere = moved.desk.view_state.sphere
    np.testing.assert_allclose(sphere.centre, session.placement.pose.apply(points.mean(axis=0)), atol=0.01)
    assert 0.8 < sphere.holds(session.placement.pose.apply(points)).mean() <= 1
    regions.toggle()
    assert moved.desk.view_state.sphere is None
    moved.controller.toggle()
    moved.controller.shift(5 * RIGHT)
    regions.toggle()
    np.testing.assert_allclose(moved.desk.view_state.sphere.centre, moved.hand.centre)


def test_without_a_placement_it_lies_where_the_views_look(moved: Moved, regions: RegionsController) -> None:
    moved.desk.session.remove_fit("fit-1")
    regions.toggle()
    assert moved.desk.view_state.sphere.centre == (1.0, 2.0, 3.0)


def test_a_click_on_the_surface_puts_it_there_and_one_beside_it_does_not(moved: Moved, regions: RegionsController) -> None:
    regions.toggle()
    density = moved.desk.session.maps["map-1"].density
    peak = density.positions(np.array([np.unravel_index(density.values.argmax(), density.values.shape)]))[0]
    regions.centre_on((peak - [0, 0, 500.0], np.array([0.0, 0.0, 1.0])))
    centre = np.array(moved.desk.view_state.sphere.centre)
    np.testing.assert_allclose(centre[:2], peak[:2])
    assert centre[2] < peak[2]
    regions.centre_on((np.array([1e4, 0, 0]), np.array([0.0, 0.0, 1.0])))
    np.testing.assert_allclose(moved.desk.view_state.sphere.centre, centre)


def test_the_sphere_goes_with_the_last_map(moved: Moved, regions: RegionsController) -> None:
    regions.choose(Sphere((0.0, 0.0, 0.0), 5.0))
    moved.desk.session.remove_map("map-1")
    assert moved.desk.view_state.sphere is None
