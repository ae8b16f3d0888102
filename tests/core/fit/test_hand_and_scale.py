"""A map of the wrong hand and a header with the wrong voxel size, as a fit sees them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from difffit_core.cli import app
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.placement import Verdict
from difffit_core.target import Target


@pytest.fixture
def request_(example: Any) -> FitRequest:
    return FitRequest(Target(example.density_map, 4.0, 0.4), example.model, FitSettings.preset("fast"), 1, "cpu")


def kinds(result: Any) -> list[str]:
    return [one.kind for one in result.warnings]


def test_a_right_map_gives_no_warning(request_: FitRequest) -> None:
    assert kinds(run_fit(request_)) == []


def test_the_other_hand_is_found_and_what_fits_the_map_is_chance(request_: FitRequest) -> None:
    wrong = request_.in_map(request_.density_map.mirrored())
    result = run_fit(wrong)
    assert kinds(result) == ["hand"]
    assert all(one.verdict is Verdict.NOT_SIGNIFICANT for one in result.placements)
    assert "mirror image with p = " in result.warnings[0].message
    assert kinds(run_fit(wrong, thorough=False)) == []


def test_a_model_that_belongs_to_neither_hand_says_nothing(request_: FitRequest) -> None:
    noise = np.random.default_rng(3).normal(size=request_.density_map.values.shape).astype(np.float32)
    assert "hand" not in kinds(
        run_fit(replace(request_, target=replace(request_.target.of(request_.density_map.with_values(noise)), level=2.0)))
    )


@pytest.mark.parametrize("factor", [1.03, 0.97])
def test_a_wrong_voxel_size_is_told_with_the_right_one(request_: FitRequest, factor: float) -> None:
    result = run_fit(request_.in_map(request_.density_map.rescaled(factor)))
    (warning,) = [one for one in result.warnings if one.kind == "voxel_size"]
    assert ("too wide" if factor > 1 else "too narrow") in warning.message
    said = float(warning.message.partition("--voxel-scale ")[2].split()[0])
    assert said * factor == pytest.approx(1, abs=0.006)


def test_the_middle_of_the_box_stays(request_: FitRequest) -> None:
    before, after = request_.density_map, request_.density_map.rescaled(1.1)
    middles = [one.origin + (one.shape_xyz - 1) / 2 * one.voxel_size for one in (before, after)]
    np.testing.assert_allclose(*middles)
    np.testing.assert_allclose(after.voxel_size, 1.1 * before.voxel_size)


def test_the_command_writes_a_corrected_copy_and_never_the_map(example_folder: Path, tmp_path: Path) -> None:
    source, out = example_folder / "1bd2_4A.mrc.gz", tmp_path / "b.mrc"
    run = CliRunner().invoke(app, ["correct", str(source), "--mirror", "--voxel-scale", "0.5", "--out", str(out)])
    assert run.exit_code == 0, run.output
    assert "is now called difffit map" in run.stderr
    before, after = read_map(source), read_map(out)
    np.testing.assert_array_equal(after.values, before.values[:, :, ::-1])
    np.testing.assert_allclose(after.voxel_size, before.voxel_size / 2, rtol=1e-6)
    content = out.read_bytes()
    for arguments in (["--mirror", "--out", str(out)], ["--out", str(tmp_path / "c.mrc")]):
        assert CliRunner().invoke(app, ["correct", str(out), *arguments]).exit_code != 0
    assert out.read_bytes() == content
