"""A real window for every test that asks for one, and a check that it leaves nothing behind."""

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_app.geometry.build import ModelMesh, build_model_mesh
from difffit_app.state.changes.of_session import AddComposite, AddFit
from difffit_app.state.items import MapStatistics, OpenFit, OpenMap, OpenModel
from difffit_core.atomic_model import AtomicModel
from difffit_core.contour import suggest_level
from difffit_core.density_map import DensityMap
from difffit_core.io.maps import read_map, write_map
from difffit_core.io.models import read_model, write_model
from difffit_core.placement import Verdict
from difffit_core.pose import Pose
from difffit_core.project.arrays import FitArrays
from difffit_core.project.composites import CompositeRecord

pytest.importorskip("pytestqt")

import leaks
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from whole import Watched

from difffit_app.application import Application
from difffit_app.prompts import Unsaved
from difffit_app.state.figure import Figure
from difffit_app.workers import lane

frozen, nothing_left, pytest_runtest_makereport = leaks.frozen, leaks.nothing_left, leaks.pytest_runtest_makereport


@pytest.fixture(scope="session")
def open_model(repository: Path) -> OpenModel:
    model = read_model(repository / "resources" / "example" / "1bd2_moved.pdb.gz")
    return OpenModel("model-1", "1bd2", model, build_model_mesh(model))


@pytest.fixture(scope="session")
def open_map() -> OpenMap:
    z, y, x = np.mgrid[:20, :22, :24]
    values = np.exp(-(((x - 12) / 5.0) ** 2 + ((y - 11) / 4.0) ** 2 + ((z - 10) / 3.0) ** 2)).astype(np.float32)
    density = DensityMap(values, np.full(3, 2.0), np.array([-5.0, 0.0, 5.0]), name="blob")
    return OpenMap("map-1", "blob", density, MapStatistics.of(density.values), suggest_level(density))


@pytest.fixture(scope="session", autouse=True)
def patient() -> Iterator[None]:
    """What is waited for may take its time on a machine that does other things: nothing is given up before two minutes."""
    wait = QtBot.waitUntil
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QtBot, "waitUntil", lambda self, holds, timeout=0: wait(self, holds, timeout=max(timeout, 120_000)))
        yield


@pytest.fixture(scope="session", autouse=True)
def read_once(repository: Path) -> Iterator[None]:
    """The example's model, which most windows here open, is read and meshed once; any other file, and it in parts, each time."""
    example = repository / "resources" / "example" / "1bd2_moved.pdb.gz"
    model = cache(lambda: read_model(example))
    mesh = cache(lambda: build_model_mesh(model()))

    def read(path: Path, models: str = "") -> AtomicModel:
        return model() if path == example and not models else read_model(path, models)

    def build(of: AtomicModel) -> ModelMesh:
        return ModelMesh(mesh().mesh, mesh().structure) if of is model() else build_model_mesh(of)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("difffit_core.io.models.read_model", read)
        patch.setattr("difffit_app.geometry.build.build_model_mesh", build)
        yield


@pytest.fixture(scope="session", autouse=True)
def counted() -> Iterator[None]:
    """Coverage, where it is measured, knows the threads of Python alone: let it see what lanes do in those of Qt."""
    trace, context = threading.gettrace(), lane.Context

    def begin(*arguments: Any) -> lane.Context:
        sys.settrace(trace)
        return context(*arguments)

    with pytest.MonkeyPatch.context() as patch:
        if trace is not None:
            patch.setattr(lane, "Context", begin)
        yield


class Prompts:
    """Answers what the dialogs would have asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.answer = True
        self.save_first = False
        self.models: str | None = None
        self.files: list[Path] = []
        self.where: Path | None = None
        self.file: Path | None = None
        self.folder: Path | None = None
        self.colour: str | None = None
        self.figure: dict[str, Any] | None = None

    def remember(self, settings: QSettings) -> None:
        """Nothing was chosen in a dialog."""

    recall = remember

    def confirm(self, question: str, accept: str) -> bool:
        self.asked.append(question)
        return self.answer

    def ask_to_save(self, question: str, discard: str) -> Unsaved:
        """As `confirm`, unless the work is to be saved first."""
        self.asked.append(question)
        return Unsaved.SAVE if self.save_first else Unsaved.DISCARD if self.answer else Unsaved.STAY

    def ask_for_input(self, sentence: str, kind: str) -> Path | None:
        self.asked.append(sentence)
        return None

    def ask_for_models(self, question: str, numbers: Sequence[int], now: str) -> str | None:
        self.asked.append(question)
        return self.models

    def ask_for_files(self) -> list[Path]:
        return self.files

    def ask_where_to_save(self, title: str, suggestion: str, filters: str) -> Path | None:
        self.asked.append(title)
        return self.where

    def ask_for_file(self, title: str, filters: str) -> Path | None:
        self.asked.append(title)
        return self.file

    def ask_for_folder(self, title: str) -> Path | None:
        self.asked.append(title)
        return self.folder

    def ask_for_colour(self, title: str, colour: str) -> str | None:
        self.asked.append(f"{title} from {colour}")
        return self.colour

    def ask_for_figure(self, start: Figure, with_placements: bool) -> Figure | None:
        self.asked.append("figure")
        return replace(start, **self.figure) if self.figure is not None else None

    def show_about(self, version: str) -> None:
        self.asked.append(f"about {version}")


@pytest.fixture
def prompts(monkeypatch: pytest.MonkeyPatch) -> Prompts:
    prompts = Prompts()
    monkeypatch.setattr("difffit_app.application.Dialogs", lambda parent: prompts)
    return prompts


@pytest.fixture
def application(qtbot: Any, nothing_left: None, prompts: Prompts, tmp_path: Path) -> Iterator[Application]:
    """The window, shown; closed and its threads ended afterwards."""
    application = Application(QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    jobs = application.jobs
    watched = Watched(application.session, application.view_state)
    threads = [lane._thread for lane in (jobs.files, jobs.compute, jobs.geometry, jobs.screens, jobs.downloads)]
    try:
        application.show()
        with qtbot.waitExposed(application.window, timeout=60_000):
            pass
        yield application
    finally:
        prompts.answer, prompts.save_first = True, False
        shown = application.window.isVisible()
        closed = shown and application.close()
        if not closed:
            application.jobs.shutdown()  # a thread that runs when it is destroyed ends the process
        watched.end()
        application.window.deleteLater()
        application.deleteLater()
        assert closed or not shown, "the window does not close"
        assert all(thread.isFinished() for thread in threads), "a worker thread still runs"
        assert not watched.broken, f"listeners were told of a state that is changed by half: {watched.broken[:5]}"


@pytest.fixture
def example(repository: Path) -> list[Path]:
    folder = repository / "resources" / "example"
    return [folder / "1bd2_4A.mrc.gz", folder / "1bd2_moved.pdb.gz"]


@pytest.fixture(scope="session")
def small_example(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The shipped example with every third voxel only, which is drawn and read in no time, and the model."""
    folder = repository / "resources" / "example"
    density = read_map(folder / "1bd2_4A.mrc.gz")
    coarse = DensityMap(density.values[::3, ::3, ::3], density.voxel_size * 3, density.origin)
    path = tmp_path_factory.mktemp("small") / "coarse.mrc"
    write_map(path, coarse)
    return [path, folder / "1bd2_moved.pdb.gz"]


@pytest.fixture(scope="module")
def halves(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A map on coarse voxels with its two halves, and another map: files of each module's own, which may delete them."""
    folder, rng = tmp_path_factory.mktemp("halves"), np.random.default_rng(2)
    density = read_map(repository / "resources" / "example" / "1bd2_4A.mrc.gz")
    density = replace(density, values=density.values[::2, ::2, ::2].copy(), voxel_size=2 * density.voxel_size)
    noise = [rng.normal(0, density.values.std(), density.values.shape).astype(np.float32) for _ in range(2)]
    both = [density.with_values(density.values + one) for one in noise]
    mean = density.with_values((both[0].values + both[1].values) / 2)
    paths = [folder / name for name in ("whole_6A.mrc", "half_1.mrc", "half_2.mrc", "other.mrc")]
    for path, one in zip(paths, (mean, *both, density), strict=True):
        write_map(path, one)
    return paths


class Flashes(QObject):
    """Hears of widgets that are shown as windows of their own, as one is for a moment that is shown before it has its place."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, one: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(one, QWidget) and one.isWindow():
            self.seen.append(f"{type(one).__name__} {one.objectName() or one.accessibleName()}")
        return False


def open_and_wait(application: Application, paths: list[Path], qtbot: Any) -> Application:
    flashes = Flashes()
    QApplication.instance().installEventFilter(flashes)
    application.files.open_paths(paths)
    qtbot.waitUntil(lambda: bool(application.session.maps and application.session.models) and not application.jobs.reading, timeout=60_000)
    QApplication.instance().removeEventFilter(flashes)
    assert flashes.seen == [], f"shown as windows of their own while files were opened: {flashes.seen}"
    return application


@pytest.fixture
def opened(application: Application, small_example: list[Path], qtbot: Any) -> Application:
    """The window with a small map and a model open."""
    return open_and_wait(application, small_example, qtbot)


@pytest.fixture
def opened_example(application: Application, example: list[Path], qtbot: Any) -> Application:
    """The window with the shipped example open."""
    return open_and_wait(application, example, qtbot)


@pytest.fixture
def fitted(opened: Application, make_fit: Callable[..., OpenFit]) -> Application:
    """The same with a fit of two placements."""
    opened.session.add_fit(make_fit())
    return opened


@pytest.fixture
def fit_of_many() -> Callable[[OpenFit, int], OpenFit]:
    """Makes of a fit another, of any number of placements."""

    def many(fit: OpenFit, count: int) -> OpenFit:
        """A fit of so many placements in a row, every third one not significant."""
        best = fit.record.placements[0]
        records = tuple(
            best.model_copy(
                update={
                    "rank": rank,
                    "translation": (best.translation[0] + 4.0 * rank, *best.translation[1:]),
                    "local_correlation": 0.9 - 0.05 * rank,
                    "verdict": Verdict.NOT_SIGNIFICANT if rank % 3 == 0 else Verdict.AMBIGUOUS,
                }
            )
            for rank in range(1, count + 1)
        )
        record = fit.record.model_copy(update={"id": "fit-9", "placements": records})
        poses = [Pose(np.array(entry.rotation), np.array(entry.translation)) for entry in records]
        starts = np.tile(fit.arrays.start_quaternions[:1], (count, 1)), np.tile(fit.arrays.start_translations[:1], (count, 1))
        rotations, translations = np.array([pose.rotation for pose in poses]), np.array([pose.translation for pose in poses])
        arrays = FitArrays(rotations, translations, *starts, fit.arrays.centre)
        return OpenFit.of(record, arrays)

    return many


@pytest.fixture
def picture_of() -> Callable[[QWidget], np.ndarray]:
    """What a widget shows, (height, width, 3)."""

    def grab(widget: QWidget) -> np.ndarray:
        image = widget.grab().toImage()
        image = image.convertToFormat(image.Format.Format_RGB888)
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        return rows[:, : image.width() * 3].reshape(image.height(), image.width(), 3).astype(int)

    return grab


@pytest.fixture
def place_of() -> Callable[..., QPoint]:
    """Where a point in Å is seen in a view."""

    def place(plotter: Any, point: np.ndarray) -> QPoint:
        renderer = plotter.renderer
        renderer.SetWorldPoint(*point, 1.0)
        renderer.WorldToDisplay()
        x, y, _ = renderer.GetDisplayPoint()
        ratio = plotter.devicePixelRatioF()
        return QPoint(round(x / ratio), round(plotter.height() - 1 - y / ratio))

    return place


@pytest.fixture
def point_at() -> Callable[[QWidget, QPoint], None]:
    """Moves the mouse, no button down, to a place of a widget; the screen of the tests may be smaller than the window."""

    def point(widget: QWidget, place: QPoint) -> None:
        none = Qt.MouseButton.NoButton
        there = QPointF(widget.mapToGlobal(place))
        event = QMouseEvent(QEvent.Type.MouseMove, QPointF(place), there, none, none, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(widget, event)

    return point


@pytest.fixture
def crowded(
    opened: Application,
    tmp_path: Path,
    qtbot: Any,
    true_fit: OpenFit,
    composite_of: Callable[..., CompositeRecord],
    make_screen: Callable[..., Path],
) -> Application:
    """The window with three maps of unlike numbers, two models, three fits, two composites and a screen."""
    session, first = opened.session, opened.session.maps["map-1"].density
    for name, scale in (("large", 54321.98765), ("small", 0.000123456)):
        write_map(tmp_path / f"{name}.mrc", DensityMap(first.values * np.float32(scale), first.voxel_size, first.origin))
    write_model(tmp_path / "second.cif", session.models["model-1"].model.select_chains(["D", "E"]))
    opened.files.open_paths([tmp_path / "large.mrc", tmp_path / "small.mrc", tmp_path / "second.cif"])
    qtbot.waitUntil(lambda: len(session.maps) == 3 and len(session.models) == 2 and not opened.jobs.reading, timeout=60_000)
    for number, item in enumerate(session.maps.values()):
        opened.view_state.set_map_style(item.id, level=item.statistics.from_sigma(2.123456789 + number))
    for number, (of_map, of_model) in enumerate((("map-1", "model-1"), ("map-2", "model-2"), ("map-3", "model-1")), start=1):
        changes = {"id": f"fit-{number}", "map": of_map, "model": of_model, "resolution": 4.56789 + number, "seed": number}
        opened.history.do(AddFit(OpenFit.of(true_fit.record.changed(**changes), true_fit.arrays)))
    for number in (1, 2):
        opened.history.do(AddComposite(composite_of(session.fits[f"fit-{number}"].record, f"composite-{number}")))
    models = [(tmp_path / "second.cif", "D"), (tmp_path / "second.cif", "E")]
    opened.files.open_paths([make_screen(tmp_path / "screen.sqlite", session.maps["map-1"].density.path, models)])
    ranking = opened.window.panel("Ranking").widget()
    qtbot.waitUntil(lambda: ranking.model.rowCount() == 2 and not opened.jobs.reading, timeout=60_000)
    return opened
