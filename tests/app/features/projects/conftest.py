"""A folder with a map and a model that are open, and what was made of them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from difffit_app.features.files.controller import FilesController
from difffit_app.features.projects.controller import ProjectsController
from difffit_app.state.items import OpenFit
from difffit_core.project.composites import CompositeRecord


@pytest.fixture
def files(desk: Any, tmp_path: Path) -> FilesController:
    unpack_to = tmp_path / "unpacked"
    return FilesController(desk, unpack_to)


@pytest.fixture
def projects(desk: Any) -> ProjectsController:
    return ProjectsController(desk, desk.camera)


@pytest.fixture
def folder(
    desk: Any,
    files: FilesController,
    example: tuple[Path, Path],
    make_fit: Callable[..., OpenFit],
    composite_of: Callable[..., CompositeRecord],
    tmp_path: Path,
) -> Path:
    """A folder with a map and a model that are open, with a fit, a composite, and a fit in its working map."""
    folder = tmp_path / "data"
    folder.mkdir()
    files.open_paths([Path(shutil.copy(path, folder)) for path in example])
    fit = make_fit()
    desk.session.add_fit(fit)
    desk.session.add_composite(composite_of(fit.record))
    desk.session.add_fit(make_fit("fit-2", round="composite-1-round-1"))
    return folder
