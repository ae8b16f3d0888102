"""What the plot and the views are told of residues, and how colours are chosen."""

import numpy as np
import pytest

from difffit_app.geometry.colours import FIT_COLOURS, UNKNOWN, colour_fit, rgb
from difffit_app.geometry.pick_residue import ResiduePicker
from difffit_app.state.judging import RESIDUE_METRICS, JudgingState
from difffit_core.atomic_model import AtomicModel
from difffit_core.pose import Pose


def test_red_is_bad_blue_is_good_and_grey_not_known() -> None:
    colours = colour_fit(np.array([-0.5, 0.0, 0.8, 1.0, np.nan]), 0.0, 0.8)
    np.testing.assert_array_equal(colours[:2], [rgb(FIT_COLOURS[0])] * 2)
    np.testing.assert_array_equal(colours[2:4], [rgb(FIT_COLOURS[-1])] * 2)
    np.testing.assert_array_equal(colours[4], rgb(UNKNOWN))
    assert int(colours[0][0]) > int(colours[0][2])
    assert int(colours[2][2]) > int(colours[2][0])


def test_an_open_scale_ends_at_its_greatest_value() -> None:
    colours = colour_fit(np.array([0.0, 5.0, 10.0]), 0.0, None).astype(int).sum(axis=1)
    assert colours[0] > colours[1] > colours[2]
    assert len(colour_fit(np.zeros(0), 0.0, None)) == 0


def test_scores_point_one_way_on_a_fixed_scale() -> None:
    for name in ("local_correlation", "q_score"):
        metric = RESIDUE_METRICS[name]
        assert metric.high is not None
        assert metric.low < metric.high
        assert "Higher is better: red" in metric.reading


def test_what_is_not_there_is_refused() -> None:
    state = JudgingState()
    with pytest.raises(ValueError, match="metric must be one of"):
        state.set_metric("hits")
    with pytest.raises(ValueError, match="position"):
        state.mark(0)
    assert state.label(0) == ""


def model_of(rows: list[tuple[str, str, int, tuple[float, float, float]]]) -> AtomicModel:
    """Atoms as (chain, atom name, residue, position)."""
    chains, names, residues, positions = zip(*rows, strict=True)
    count = len(rows)
    return AtomicModel(
        coordinates=np.array(positions, float), atomic_numbers=np.full(count, 6, np.int16), atom_names=np.array(names),
        residue_names=np.full(count, "ALA"), chain_names=np.array(chains), residue_numbers=np.array(residues, np.int32),
        residue_index=np.array(residues, np.int32), b_factors=np.zeros(count, np.float32), in_fit=np.ones(count, bool),
    )  # fmt: skip


def test_a_line_of_sight_meets_what_is_drawn_first() -> None:
    """Residue 0 lies behind residue 1, whose side chain alone is on the line; 2 is in another chain, before both; 3 is a ligand."""
    model = model_of(
        [
            ("A", "CA", 0, (0, 0, 0)),
            ("A", "CA", 1, (8, 0, 10)),
            ("A", "CB", 1, (0, 0, 10)),
            ("B", "CA", 2, (0, 0, 20)),
            ("A", "O7", 3, (30, 0, 0)),
        ]
    )
    picker, start, down = ResiduePicker(model), np.array([0.2, 0.1, 100.0]), np.array([0.0, 0, -1])

    def met(chains: list[str], representation: str, pose: Pose, start: np.ndarray = start) -> int | None:
        found = picker.residue(chains, representation, pose, start, down)
        return None if found is None else found[0]

    stay = Pose.identity()
    assert met(["A", "B"], "cartoon", stay) == 2
    assert met(["A"], "cartoon", stay) == 0
    assert met(["A"], "sticks", stay) == 1
    assert met(["A"], "cartoon", stay, np.array([30.5, 0, 50.0])) == 3
    assert met(["A"], "cartoon", stay, np.array([15.0, 0, 50.0])) is None
    quarter = Pose(np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]]), np.array([5.0, 0, 0]))
    assert met(["A"], "cartoon", quarter, np.array([15.0, 0, 50.0])) == 1
