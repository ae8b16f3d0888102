"""The assemblies that have to come out right, from real maps, models turned and shifted at random first."""

from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.compose.body import Body
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.run import run_compose
from difffit_core.compose.settings import ComposeSettings
from difffit_core.fit.settings import FitSettings
from difffit_core.groups.group import Group
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose, PoseBatch
from difffit_core.target import Target


def away(seed: int) -> Pose:
    return Pose(Rotation.random(random_state=seed).as_matrix(), np.random.default_rng(seed).uniform(-200, 200, 3))


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "method"), [(0, "together"), (1, "together"), (0, "rounds")])
def test_four_chains_of_secretase(shared_data: Path, tmp_path: Path, seed: int, method: str) -> None:
    folder = shared_data / "secretase_5fn5"
    whole = read_model(folder / "5fn5_box_complete.pdb")
    moves = [away(10 * seed + i) for i in range(4)]
    wanted = []
    for chain, move in zip("ABCD", moves, strict=True):
        write_model(tmp_path / f"{chain}.cif", whole.select_chains([chain]), move)
        wanted.append(Wanted(read_model(tmp_path / f"{chain}.cif")))
    settings, quick = ComposeSettings.checked({"method": method}), FitSettings.preset("fast")
    result = run_compose(
        ComposeRequest(Target(read_map(folder / "5fn5_box.ccp4"), 4.3, 0.024), tuple(wanted), settings, quick, seed, "cpu")
    )
    assert [copy.body for copy in result.copies] == [0, 1, 2, 3]
    for copy in result.copies:
        off = Body(wanted[copy.body].model).rmsd(PoseBatch.of([copy.pose]), PoseBatch.of([moves[copy.body].invert()]))
        assert off[0, 0] < 1
    if method == "together":
        assert max(copy.clash for copy in result.copies) == 0
    assert result.explained > 0.9


@pytest.mark.slow
def test_groel_from_one_monomer(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "groel"
    rings = [read_model(folder / f"1oel_fit_{ring}.pdb") for ring in ("top", "bottom")]
    write_model(tmp_path / "monomer.cif", rings[0].select_chains(["A"]), away(3))
    model, quick = read_model(tmp_path / "monomer.cif"), FitSettings.preset("fast")
    density_map = read_map(folder / "groel-11.5A.mrc.gz")
    result = run_compose(ComposeRequest(Target(density_map, 11.5, 1.02), (Wanted(model),), fit_settings=quick, device="cpu"))
    assert len(result.copies) == 14
    symmetry = result.symmetries[0]
    assert symmetry.group == Group("D", 7)
    assert [member for _, member in symmetry.members] == list(range(14))
    there = np.array([ring.select_chains([chain]).fit_coordinates for ring in rings for chain in ring.chains])
    here = np.array([copy.pose.apply(model.fit_coordinates) for copy in result.copies])
    off = np.sqrt(((here[:, None] - there) ** 2).sum(axis=3).mean(axis=2))
    assert off.min(axis=1).max() < 3
    assert sorted(off.argmin(axis=1).tolist()) == list(range(14))
    assert max(copy.clash for copy in result.copies) == 0
    assert "no piece of any size is left" in result.residual.sentence()
