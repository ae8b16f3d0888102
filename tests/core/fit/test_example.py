"""The shipped example through the whole fit: the answer of its README, whatever the preset, the seed or the chain."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.fit.run import run_fit
from difffit_core.io.models import read_model
from difffit_core.placement import Verdict
from difffit_core.pose import Pose


@pytest.mark.parametrize(("preset", "changes"), [("fast", {}), ("balanced", {}), ("exhaustive", {"starts": 4000}), ("paper", {})])
def test_every_preset_solves_it(example: Any, preset: str, changes: dict[str, Any]) -> None:
    found = run_fit(example.request(preset, **changes))
    best = found.placements[0]
    assert example.error(best.pose) < 0.2
    assert best.verdict is Verdict.UNIQUE
    assert best.metrics.local_correlation > found.placements[1].metrics.local_correlation + 0.2
    assert best.metrics.inside > 0.9
    assert best.p_value < 1e-4
    assert found.device == "cpu"
    assert not found.cancelled
    assert found.timing["search_s"] > 0


@pytest.mark.parametrize("chain", list("ABDE"))
def test_every_chain_alone_is_found_among_the_others(example: Any, example_folder: Any, chain: str) -> None:
    alone = replace(example, model=read_model(example_folder / "1bd2_moved.pdb.gz").select_chains([chain]))
    best = run_fit(alone.request("fast", seed=1)).placements[0]
    assert alone.error(best.pose) < 0.3
    assert best.verdict is Verdict.UNIQUE


def test_another_seed_solves_it_from_other_starts(example: Any) -> None:
    first, second = (run_fit(example.request("fast", seed=seed, starts=1500)) for seed in (11, 12))
    assert example.error(first.placements[0].pose) < 0.2
    assert example.error(second.placements[0].pose) < 0.2
    assert not np.isin(first.start_translations, second.start_translations).any()


def test_what_a_fit_finds_does_not_depend_on_where_the_models_file_has_it(example: Any, move_model: Any) -> None:
    """The answer for a model moved by M is the old answer after M undone."""
    away = Pose(Rotation.from_euler("zyx", [30, -70, 110], degrees=True).as_matrix(), np.array([-300.0, 25.0, 90.0]))
    moved = replace(example, model=move_model(example.model, away), truth=example.truth.compose(away.invert()))
    best = run_fit(moved.request("fast", starts=1500)).placements[0]
    assert moved.error(best.pose) < 0.2
    assert np.linalg.norm(best.pose.translation - example.truth.translation) > 50


def test_only_the_density_decides_where_the_answer_lies(example: Any) -> None:
    """A map whose header puts it elsewhere moves the answer along."""
    shift = np.array([500.0, -20.0, 7.0])
    density_map = replace(example.density_map, origin=example.density_map.origin + shift)
    moved = replace(example, density_map=density_map, truth=Pose(example.truth.rotation, example.truth.translation + shift))
    assert moved.error(run_fit(moved.request("fast", starts=1500)).placements[0].pose) < 0.2
