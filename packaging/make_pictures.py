"""Make the pictures of the README and the guide.

By hand: ``xvfb-run -a -s "-screen 0 1280x800x24" python packaging/make_pictures.py FOLDER``. Each case is fitted once and kept in FOLDER
as a project; its windows are written as PNG files, as the screen shows them. With QT_SCALE_FACTOR=2 on a screen of 3840x2160 they are
those of a dense screen. Cases whose files are not there are left out.
"""

import argparse
import logging
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QApplication

from difffit_app.application import Application
from difffit_app.state.view_state import GALLERY_SIZES
from difffit_core.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
PATIENCE_S = 900
logger = logging.getLogger("make_pictures")


@dataclass(frozen=True)
class Case:
    """What is fitted, and from where it is looked at: turned by so many degrees about the axes up and right of the screen."""

    name: str
    map: Path
    model: Path
    resolution: float
    chains: str = ""
    level: float | None = None
    azimuth: float = 0
    elevation: float = 0
    opacity: float = 0.35


CASES = (
    Case("example", ROOT / "resources/example/1bd2_4A.mrc.gz", ROOT / "resources/example/1bd2_moved.pdb.gz", 4, "D,E", None, 10, -60),
    Case("demo", DATA / "difffit_demo/density2.mrc", DATA / "difffit_demo/I7MLV6_D3.pdb", 4, "", 0.886),
    Case("groel", DATA / "groel/groel-11.5A.mrc.gz", DATA / "groel/1oel_fit_top.pdb", 11.5, "A", 1.02, 0, -80),
)


def fit(case: Case, project: Path) -> None:
    """Fit in the command line's way, which leaves the project."""
    words = ["fit", str(case.map), str(case.model), "--resolution", str(case.resolution), "--out", str(project.parent)]
    words += ["--chain", case.chains] if case.chains else []
    words += ["--level", str(case.level)] if case.level is not None else []
    subprocess.run([str(Path(sys.executable).with_name("difffit")), *words], check=True)


def wait(done: Callable[[], bool]) -> None:
    """Let the window work until something is done, and a little longer, for what is drawn after."""
    end = time.monotonic() + PATIENCE_S
    while not done():
        QCoreApplication.processEvents()
        time.sleep(0.01)
        if time.monotonic() > end:
            raise UserError("the window did not finish")
    still = time.monotonic() + 1.5
    while time.monotonic() < still:
        QCoreApplication.processEvents()
        time.sleep(0.01)


def show(case: Case, project: Path, folder: Path, theme: str) -> None:
    """Write the window of a case in each layout."""
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    settings.clear()
    settings.setValue("preferences/theme", theme)
    settings.setValue("tour/offered", True)
    application = Application(settings)
    window = application.window
    screen = QApplication.primaryScreen().geometry()
    window.setGeometry(0, 0, min(screen.width(), 1920), min(screen.height(), 1080))
    application.show()
    application.open_when_ready([project])
    wait(lambda: application.session.fit is not None and not application.jobs.reading)
    for identifier in application.session.maps:
        application.styles.change_map(identifier, opacity=case.opacity)
    camera = window.viewer.fit.camera
    camera.Azimuth(case.azimuth)
    camera.Elevation(case.elevation)
    camera.OrthogonalizeViewUp()
    window.viewer.look_at_everything()
    window.notices.clear()
    for layout in ("views", "offset", "gallery"):
        application.view_state.set_gallery_size(GALLERY_SIZES[1])
        application.pictures.choose_layout(layout)
        wait(lambda: not application.jobs.reading)
        path = folder / f"{case.name}_{layout}_{theme}.png"
        window.grab().save(str(path))
        logger.info("wrote %s", path)
    application.pictures.choose_layout("views")
    application.session.mark_saved(project)
    application.close()
    window.deleteLater()


def main() -> None:
    """Make what the command line names, all if it names nothing."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("cases", nargs="*", help=", ".join(case.name for case in CASES))
    parser.add_argument("--theme", default="light", choices=("light", "dark"))
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    qt = QApplication(sys.argv[:1])
    for case in CASES:
        if (options.cases and case.name not in options.cases) or not (case.map.is_file() and case.model.is_file()):
            continue
        project = options.folder / case.name / "project.difffit"
        if not project.exists():
            fit(case, project)
        show(case, project, options.folder, options.theme)
    qt.quit()


if __name__ == "__main__":
    main()
