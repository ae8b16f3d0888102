"""What every test may ask for."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from difffit_app.state.items import OpenFit
from difffit_core.project.store import open_project

REPOSITORY = Path(__file__).resolve().parents[1]


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
