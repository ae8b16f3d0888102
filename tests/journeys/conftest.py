"""A person before a window with real dialogs, and a camera. ``DIFFFIT_ALBUM`` names a folder that keeps the pictures."""

import os
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import gemmi
import numpy as np
import pytest

pytest.importorskip("pytestqt")

import leaks
from person import Person
from person.album import Album
from PySide6.QtCore import QCoreApplication, QSettings, Qt
from PySide6.QtWidgets import QApplication

from difffit_app.application import Application
from difffit_app.prompts import Unsaved
from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model

_spec = spec_from_file_location("of_the_window", Path(__file__).resolve().parents[1] / "app" / "conftest.py")
_of_the_window = module_from_spec(_spec)
_spec.loader.exec_module(_of_the_window)
frozen, nothing_left, pytest_runtest_makereport = leaks.frozen, leaks.nothing_left, leaks.pytest_runtest_makereport
patient = _of_the_window.patient

_QUICK_MS = 60
"""Lists that drop down take no click for as long as a double click may last."""


@pytest.fixture
def person(qtbot: Any, nothing_left: None, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Person]:
    """Before a window that was never opened before."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    interval = QApplication.doubleClickInterval()
    QApplication.setDoubleClickInterval(_QUICK_MS)
    application = Application(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    application.window.setGeometry(0, 0, 1280, 800)
    name = request.node.name.removeprefix("test_")
    one = Person(application, Album(Path(os.environ.get("DIFFFIT_ALBUM") or tmp_path / "album"), name))
    try:
        application.show()
        with qtbot.waitExposed(application.window, timeout=60_000):
            pass
        yield one
    finally:
        one.leaves()
        QApplication.setDoubleClickInterval(interval)
        if application.window.isVisible():
            application.dialogs.ask_to_save = lambda *_: Unsaved.DISCARD
            application.dialogs.confirm = lambda *_: True
            assert application.close()
        else:
            application.jobs.shutdown()
        application.window.deleteLater()
        application.deleteLater()


@pytest.fixture(scope="session")
def example(repository: Path) -> tuple[Path, Path]:
    """The shipped map and the model that is to be found in it."""
    folder = repository / "resources" / "example"
    return folder / "1bd2_4A.mrc.gz", folder / "1bd2_moved.pdb.gz"


@pytest.fixture(scope="session")
def second_map(example: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another map, coarser, of which the name says 9 Å."""
    density = read_map(example[0])
    path = tmp_path_factory.mktemp("second") / "other_9A.mrc"
    write_map(path, DensityMap(density.values[::3, ::3, ::3], density.voxel_size * 3, density.origin))
    return path


@pytest.fixture(scope="session")
def second_model(example: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another model: one chain of the example."""
    path = tmp_path_factory.mktemp("second_model") / "chain_B.cif"
    write_model(path, read_model(example[1]).select_chains(["B"]))
    return path


@pytest.fixture(scope="session")
def clean(example: tuple[Path, Path]) -> AtomicModel:
    """The model of the example as deposited, which stands where the map shows it."""
    return read_model(example[0].parent / "1bd2.pdb.gz")


@pytest.fixture(scope="session")
def hinged(example: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A prediction of chain A, say, of which the second domain is turned by 70° at the hinge between them."""
    structure = read_model(example[1]).select_chains(["A"]).structure
    assert structure is not None
    structure = structure.clone()
    chain = structure[0]["A"]
    hinge = np.array(next(one for one in chain if one.seqid.num == 181)["CA"][0].pos.tolist())
    angle = np.radians(70.0)
    turn = np.array([[1, 0, 0], [0, np.cos(angle), -np.sin(angle)], [0, np.sin(angle), np.cos(angle)]])
    for residue in chain:
        for atom in residue if residue.seqid.num > 181 else ():
            atom.pos = gemmi.Position(*(turn @ (np.array(atom.pos.tolist()) - hinge) + hinge))
    for other in [one.name for one in structure[0] if one.name != "A"]:
        structure[0].remove_chain(other)
    path = tmp_path_factory.mktemp("hinged") / "prediction.pdb"
    structure.write_pdb(str(path))
    return path


@pytest.fixture(scope="session")
def library(clean: AtomicModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of stretches and chains, of which one belongs in the map whole: chain D."""
    folder = tmp_path_factory.mktemp("library")
    write_model(folder / "receptor.cif", clean.select_chains(["D"]))
    for chain in ("A", "B", "E"):
        part = clean.select_chains([chain])
        numbers = np.unique(part.residue_index)
        for first in range(0, len(numbers) - 40, 25):
            write_model(folder / f"piece_{chain}_{first:03d}.cif", part.select_residues(numbers[first : first + 40], f"{chain} {first}"))
    return folder
