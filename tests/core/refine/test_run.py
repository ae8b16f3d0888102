"""The whole way: placing, moving pieces, bending, judging, and the files that come of it."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.request import FitProgress
from difffit_core.io.models import read_model
from difffit_core.pose import Pose
from difffit_core.refine.output import write_refined
from difffit_core.refine.request import RefineRequest, RefineResult
from difffit_core.refine.run import run_refine
from difffit_core.refine.settings import RefineSettings
from difffit_core.target import Target

LEVEL, RESOLUTION = 0.4, 4.0
Hinged = Callable[[AtomicModel, int, float], AtomicModel]


def rmsd(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.sqrt(((a - b) ** 2).sum(axis=1).mean()))


def fitted(result: RefineResult) -> np.ndarray:
    """Without waters: those with the numbers of a turned domain were turned with it, wherever they lie."""
    return result.coordinates[result.model.in_fit]


@pytest.fixture(scope="module")
def two_chains(density: DensityMap, receptor: AtomicModel, hinged: Hinged) -> tuple[RefineRequest, RefineResult]:
    """Both chains of the receptor, one with its second domain turned by 35°, moved somewhere else."""
    away = Pose.identity().apply(hinged(receptor, 118, 35.0).coordinates) @ np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1.0]]).T + 400.0
    request = RefineRequest(Target(density, RESOLUTION, LEVEL), replace(receptor, coordinates=away))
    return request, run_refine(request)


@pytest.mark.slow
def test_a_turned_domain_goes_home_from_anywhere(two_chains: tuple[RefineRequest, RefineResult], receptor: AtomicModel) -> None:
    request, result = two_chains
    assert rmsd(fitted(result), receptor.fit_coordinates) < 0.6
    assert result.began == "placed by a fit"
    assert result.geometry.holds
    assert result.after.mean() > result.before.mean() + 0.05
    assert result.rmsd_moved > 2
    assert len(result.coordinates) == len(request.model)


@pytest.mark.slow
def test_what_moved_is_told(two_chains: tuple[RefineRequest, RefineResult]) -> None:
    _, result = two_chains
    assert [one.chain for one in result.hinges] == ["E"]
    hinge = result.hinges[0]
    assert hinge.angle == pytest.approx(35.0, abs=4)
    assert "of chain E" in str(hinge)
    assert f"by {hinge.angle:.0f}°" in str(hinge)
    assert hinge.change in ("closed", "opened", "turned")
    (moved,) = [one for one in result.steps if one.name == "pieces" and one.taken]
    assert "chain E" in moved.sentence


@pytest.mark.slow
def test_a_model_that_fits_hardly_moves(density: DensityMap, chain: AtomicModel) -> None:
    result = run_refine(RefineRequest(Target(density, RESOLUTION, LEVEL), chain))
    assert result.began.startswith("where its file has it")
    assert rmsd(fitted(result), chain.fit_coordinates) < 0.15
    assert result.hinges == ()
    assert result.supported.all()


@pytest.mark.slow
def test_held_residues_stay_while_a_domain_goes_home(density: DensityMap, chain: AtomicModel, hinged: Hinged) -> None:
    broken = hinged(chain, 118, 35.0)
    numbers = np.unique(broken.residue_index[broken.in_fit])
    first = np.array([int(broken.residue_numbers[broken.residue_index == i][0]) for i in numbers])
    settings = RefineSettings(start="here")
    result = run_refine(RefineRequest(Target(density, RESOLUTION, LEVEL), broken, settings, held=first < 100))
    still = (broken.residue_numbers < 100) & broken.in_fit
    if not result.began.endswith("optimum"):
        np.testing.assert_allclose(result.coordinates[still], broken.coordinates[still], atol=1e-6)
    assert rmsd(fitted(result), chain.fit_coordinates) < 1.0
    other = run_refine(RefineRequest(Target(density, RESOLUTION, LEVEL), broken, settings, held=np.ones(len(first), bool)))
    assert other.rmsd_moved < 1e-6


@pytest.mark.slow
def test_without_search_or_bending_less_is_done(density: DensityMap, chain: AtomicModel, hinged: Hinged) -> None:
    broken = hinged(chain, 118, 35.0)
    still = run_refine(RefineRequest(Target(density, RESOLUTION, LEVEL), broken, RefineSettings(search=False, rigid_bodies_only=True)))
    assert still.rmsd_moved < 1.5
    assert not any(one.name == "weighing" for one in still.steps)
    rigid = run_refine(RefineRequest(Target(density, RESOLUTION, LEVEL), broken, RefineSettings(rigid_bodies_only=True)))
    assert rmsd(fitted(rigid), chain.fit_coordinates) < 0.6


@pytest.mark.slow
def test_what_does_not_belong_is_not_bent(density: DensityMap, chain: AtomicModel) -> None:
    rng = np.random.default_rng(4)
    noise = replace(density, values=rng.normal(size=(30, 30, 30)).astype(np.float32))
    few = replace(chain, in_fit=chain.in_fit & (chain.residue_numbers < 22))
    result = run_refine(RefineRequest(Target(noise, RESOLUTION, 1.5), few))
    assert result.rmsd_moved == 0
    assert any("beyond chance" in one.message for one in result.warnings)


def test_it_can_be_stopped_and_tells_how_far_it_is(density: DensityMap, chain: AtomicModel, hinged: Hinged) -> None:
    told: list[FitProgress] = []
    cancel = threading.Event()

    def stop_at_pieces(progress: FitProgress) -> None:
        told.append(progress)
        if progress.fraction >= 0.3:
            cancel.set()

    result = run_refine(RefineRequest(Target(density, RESOLUTION, LEVEL), hinged(chain, 118, 35.0)), stop_at_pieces, cancel)
    assert result.cancelled
    assert all(0 <= one.fraction <= 1 for one in told)
    assert max(one.fraction for one in told) < 0.7
    assert result.geometry.holds


def test_the_files_hold_all_atoms_and_say_all(two_chains: tuple[RefineRequest, RefineResult], tmp_path: Path) -> None:
    request, result = two_chains
    write_refined(
        tmp_path, request, result, details={"seed": 0}, timing={"total_s": 1.0}, command="difffit refine a b", b_factors="correlation"
    )
    read = read_model(tmp_path / "refined.cif")
    np.testing.assert_allclose(read.coordinates, result.coordinates, atol=2e-3)
    np.testing.assert_array_equal(read.residue_numbers, request.model.residue_numbers)
    np.testing.assert_array_equal(read.atom_names, request.model.atom_names)
    assert read.b_factors.min() >= 0
    assert 40 < read.b_factors.max() <= 100
    document = json.loads((tmp_path / "refined.json").read_text())
    assert document["local_correlation"]["after"] > document["local_correlation"]["before"]
    assert document["hinges"][0]["chain"] == "E"
    assert document["geometry"]["holds"] is True
    assert document["settings"]["b_factors"] == "correlation"
    rows = (tmp_path / "refined.csv").read_text().splitlines()
    assert len(rows) == 1 + request.model.residue_count


def test_what_cannot_be_is_refused(density: DensityMap, chain: AtomicModel) -> None:
    with pytest.raises(UserError, match="held must have an entry"):
        RefineRequest(Target(density, RESOLUTION, LEVEL), chain, held=np.zeros(3, bool))
    with pytest.raises(UserError, match="level must lie below"):
        RefineRequest(Target(density, RESOLUTION, 1e9), chain)
    with pytest.raises(UserError, match="resolution"):
        RefineRequest(Target(density, 0.1, LEVEL), chain)
