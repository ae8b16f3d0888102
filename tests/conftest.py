"""What every test may ask for."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_app.state.items import OpenFit
from difffit_core.fit.request import FitRequest
from difffit_core.fit.run import run_fit
from difffit_core.fit.settings import FitSettings
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.project.arrays import FitArrays
from difffit_core.project.build import record_fit
from difffit_core.project.composites import CompositeRecord
from difffit_core.project.schema import FitRecord
from difffit_core.project.store import open_project

REPOSITORY = Path(__file__).resolve().parents[1]
EXAMPLE_CENTRE = np.array([-55.69, 35.96, 42.92])
"""Of chains D and E in the shipped model, Å."""


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real maps and models that stand beside the repository, never in it."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"the real maps and models are not here: no folder {folder}")
    return folder


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
        return OpenFit.of(project.fits[0].model_copy(update={"id": identifier, **changes}), arrays["fit-1"])

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
    request = FitRequest(density_map, model, 4.0, 0.4, FitSettings.preset("fast", **changes), device="cpu")
    result = run_fit(request)
    words = ["difffit fit map model --preset fast", *(f"--set {name}={value}" for name, value in changes.items())]
    record = record_fit("fit-1", "map-1", "model-1", request, result, command=" ".join(words), evidence=())
    return OpenFit.of(record, FitArrays.of_result(result))


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
