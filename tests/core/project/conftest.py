import json
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.settings import FitSettings
from difffit_core.fit_warning import FitWarning
from difffit_core.io.maps import write_map
from difffit_core.io.models import read_model
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose
from difffit_core.project.build import write_fit_project
from difffit_core.target import Target

Rewrite = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path, repository: Path) -> Path:
    """A folder with a small map, a model, and nothing else."""
    folder = tmp_path / "a fit, with spaces"
    (folder / "data").mkdir(parents=True)
    values = np.random.default_rng(5).normal(size=(6, 7, 8)).astype(np.float32)
    write_map(folder / "data" / "map.mrc", DensityMap(values, np.full(3, 2.0), np.array([1.0, 2.0, 3.0])))
    shutil.copy(repository / "resources" / "example" / "1bd2.pdb.gz", folder / "data" / "model.pdb.gz")
    return folder


@pytest.fixture
def request_and_result(folder: Path) -> tuple[FitRequest, FitResult]:
    model = read_model(folder / "data" / "model.pdb.gz").select_chains(["D", "E"])
    values = np.random.default_rng(5).normal(size=(6, 7, 8)).astype(np.float32)
    density = DensityMap(values, np.full(3, 2.0), np.array([1.0, 2.0, 3.0]), path=folder / "data" / "map.mrc")
    turn = Pose(np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]), np.array([0.1, -2.5, 1 / 3]))
    metrics = FitMetrics(0.5, 0.4, 0.9, 0.8, 0.99, 0.7)
    first = Placement(1, turn, 12, metrics, 9.5, 1e-12, Verdict.UNIQUE)
    second = Placement(2, Pose.identity(), 3, replace(metrics, local_correlation=0.2), 0.5, 0.4, Verdict.NOT_SIGNIFICANT, copy_of=None)
    request = FitRequest(Target(density, 4.0, 0.3), model, FitSettings.preset("fast", starts=77), seed=2**40, device="cpu", threads=2)
    result = FitResult(
        (first, second),
        "cpu",
        {"search_s": 1.25, "total_s": 2.5},
        False,
        np.array([[1.0, 0, 0, 0], [0.5, 0.5, 0.5, 0.5]]),
        np.array([[1.0, 2, 3], [4, 5, 6]]),
        np.array([7.0, 8, 9]),
        warnings=(FitWarning("voxel_size", "The voxels look 3 % too wide."),),
    )
    return request, result


@pytest.fixture
def project_file(folder: Path, request_and_result: tuple[FitRequest, FitResult]) -> Path:
    """A project of one fit beside its data."""
    path = folder / "project.difffit"
    write_fit_project(path, *request_and_result, command="difffit fit data/map.mrc data/model.pdb.gz", evidence=("given",))
    return path


@pytest.fixture
def rewrite() -> Rewrite:
    """Replaces members of a project file: bytes as they are, None to drop one; keywords set fields of its project.json."""

    def rewrite(path: Path, members: Mapping[str, bytes | None] | None = None, **fields: object) -> None:
        with zipfile.ZipFile(path) as archive:
            content: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
        content["project.json"] = json.dumps({**json.loads(content["project.json"] or b""), **fields}).encode()
        content.update(members or {})
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in content.items():
                if data is not None:
                    archive.writestr(name, data)

    return rewrite
