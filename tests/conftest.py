"""What every test may ask for."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from difffit_app.state.items import OpenFit
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose
from difffit_core.project.arrays import FitArrays
from difffit_core.project.build import record_fit
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.schema import FitRecord
from difffit_core.project.store import open_project
from difffit_core.screen.request import ScreenRequest
from difffit_core.screen.rows import DONE
from difffit_core.screen.store import ScreenStore
from difffit_core.target import Target

pytest_plugins = ["pytester"]
REPOSITORY = Path(__file__).resolve().parents[1]
_spec = spec_from_file_location("failures", REPOSITORY / "tests" / "failures.py")
_failures = module_from_spec(_spec)
_spec.loader.exec_module(_failures)
_server = spec_from_file_location("archives", REPOSITORY / "tests" / "archives.py")
_archives = sys.modules["archives"] = module_from_spec(_server)
_server.loader.exec_module(_archives)
pytest_configure, nothing_went_wrong = _failures.pytest_configure, _failures.nothing_went_wrong
EXAMPLE_CENTRE = np.array([-55.69, 35.96, 42.92])
"""Of chains D and E in the shipped model, Å."""


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """The recipes at random that the core is tested with."""
    spec = spec_from_file_location("made", REPOSITORY / "tests" / "core" / "recipes" / "made.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real maps and models that stand beside the repository, never in it."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real maps and models are not here: no folder {folder}")
    return folder


@pytest.fixture
def archives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The public archives on the loopback interface, which alone are asked, with an empty cache."""
    with _archives.serve() as server:
        for name, (address,) in server.mirrors().items():
            monkeypatch.setenv("DIFFFIT_MIRROR_" + name.upper().replace("-", "_"), address)
        monkeypatch.setenv("DIFFFIT_ONLY_MIRRORS", "1")
        monkeypatch.setenv("DIFFFIT_CACHE", str(tmp_path / "cache"))
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
        yield server


@pytest.fixture(scope="session", autouse=True)
def no_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the log that a window writes out of the user's home."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


@pytest.fixture
def make_fit(repository: Path) -> Callable[..., OpenFit]:
    """The fit of the golden project, under any id."""

    def make(identifier: str = "fit-1", **changes: object) -> OpenFit:
        project, arrays = open_project(repository / "tests" / "golden" / "schema_1.difffit")
        return OpenFit.of(project.fits[0].changed(id=identifier, **changes), arrays["fit-1"])

    return make


@pytest.fixture
def composite_of() -> Callable[..., CompositeRecord]:
    """The best placement of a fit's record accepted and zeroed out in one round, under any id."""

    def make(fit: FitRecord, identifier: str = "composite-1") -> CompositeRecord:
        best = fit.placements[0]
        accepted = {
            "model": fit.model, "chains": {chain: chain for chain in fit.chains},
            "pose": {"rotation": best.rotation, "translation": best.translation}, "accepted": "2026-01-02T03:04:05+00:00",
            "source": "made", "fit": fit.id, "rank": 1, "local_correlation": best.local_correlation,
        }  # fmt: skip
        cut = {"method": "soft", "resolution": 4.0, "level": fit.level, "removed": 0.2, "done": "2026-01-02T03:04:06+00:00"}
        rounds = [{"id": f"{identifier}-round-1", "fits": [fit.id], "accepted": [accepted], "zero_out": cut}]
        return CompositeRecord.model_validate({"id": identifier, "name": "The composite", "map": fit.map, "rounds": rounds})

    return make


@pytest.fixture(scope="session")
def real_fit(repository: Path) -> OpenFit:
    """A quick fit of chains D and E of the shipped example, with all that a fit keeps."""
    folder = repository / "resources" / "example"
    density_map, model = read_map(folder / "1bd2_4A.mrc.gz"), read_model(folder / "1bd2_moved.pdb.gz").select_chains(["D", "E"])
    changes = {"starts": 80, "steps": 20, "candidates": 12, "refine_steps": 8, "refine_atoms": 300, "polish_steps": 6}
    request = FitRequest(Target(density_map, 4.0, 0.4), model, FitSettings.preset("fast", **changes), device="cpu")
    result = run_fit(request)
    words = ["difffit fit map model --preset fast", *(f"--set {name}={value}" for name, value in changes.items())]
    record = record_fit("fit-1", "map-1", "model-1", request, result, command=" ".join(words), evidence=())
    return OpenFit.of(record, FitArrays.of_result(result))


@pytest.fixture
def make_screen() -> Callable[..., Path]:
    """The store of a screen that is done, without the search: the first of ``models`` (file, part) stand out, the others do not.

    ``more`` are models of which there is no file.
    """

    def make(path: Path, map_path: Path, models: Sequence[tuple[Path, str]], more: int = 0, found: int = 1, **changes: Any) -> Path:
        request = ScreenRequest(Target(read_map(map_path), 4.0, 0.3), FitSettings.preset("fast"), device="cpu", **changes)
        poses = [[np.eye(3).tolist(), [0.0, 0.0, 0.0]], [np.diag([-1.0, -1.0, 1.0]).tolist(), [-80.0, 60.0, 0.0]]]
        with ScreenStore.create(path, request.record, {"map": str(map_path.absolute())}) as store:
            rng = np.random.default_rng(0)
            names = [*models, *((Path(f"/library/model_{number:06d}.pdb"), "") for number in range(more))]
            correlations = rng.uniform(0.05, 0.12, len(names))
            correlations[:found] = 0.6 - 0.01 * np.arange(found)
            rows, placed = [], []
            for number, ((file, part), correlation) in enumerate(zip(names, correlations.tolist(), strict=True), start=1):
                rows.append((number, str(file), part, 100, 250.0, 0.04, correlation, correlation, 5.0, 0.9))
                best = json.dumps(poses[0])
                placements = [
                    Placement(rank, Pose(*pose), 9, FitMetrics(1.0, 2.0, 0.9, 0.5, 0.8, correlation / rank), 5.0, 1e-4, Verdict.UNIQUE)
                    for rank, pose in enumerate(poses, start=1)
                ]
                placed.append((number, best, json.dumps([one.to_dict() for one in placements]) if number <= len(models) else "[]"))
            with store._transaction():
                store._connection.executemany(
                    "INSERT INTO models "
                    "(id, path, part, status, work, residues, elements, middle, first_correlation, correlation, gap, inside) "
                    f"VALUES (?, ?, ?, '{DONE}', 1, ?, ?, ?, ?, ?, ?, ?)",
                    rows,
                )
                store._connection.executemany("INSERT INTO placements VALUES (?, ?, ?)", placed)
        return path

    return make


@pytest.fixture
def true_fit(repository: Path, make_fit: Callable[..., OpenFit]) -> OpenFit:
    """That fit with the example's chains D and E where they belong at rank 1, and turned by 180° about their centre at rank 2."""
    table = (repository / "resources" / "example" / "README.md").read_text(encoding="utf-8")
    matrix = np.array([line.replace("|", " ").split() for line in table.splitlines() if " |  " in line], float)
    rotation, translation = matrix[:, :3], matrix[:, 3]
    fit = make_fit()
    turn = np.diag([-1.0, -1.0, 1.0])
    centre = rotation @ EXAMPLE_CENTRE + translation
    poses = [(rotation, translation), (turn @ rotation, turn @ (translation - centre) + centre)]
    records = [
        record.model_copy(update={"rotation": tuple(map(tuple, pose[0].tolist())), "translation": tuple(pose[1].tolist())})
        for record, pose in zip(fit.record.placements, poses, strict=True)
    ]
    arrays = replace(fit.arrays, rotations=np.array([pose[0] for pose in poses]), translations=np.array([pose[1] for pose in poses]))
    return OpenFit.of(fit.record.model_copy(update={"placements": tuple(records)}), replace(arrays, centre=EXAMPLE_CENTRE))
