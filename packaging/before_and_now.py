"""Take the same seven pictures of the window of any version, and put those of two versions side by side for the guide.

By hand: ``xvfb-run -a -s "-screen 0 1280x800x24" python packaging/before_and_now.py take FOLDER`` takes those of the version that Python
finds first (another one is named by PYTHONPATH), and ``python packaging/before_and_now.py join BEFORE NOW OUT`` joins two such folders.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

WIDTH, HEIGHT, COLOURS = 1280, 800, 200
PATIENCE_S = 400


def take(folder: Path) -> None:
    """Write the seven: an empty window, files opened, fitted, judged, the gallery, one scene, a placement accepted."""
    from PySide6.QtCore import QCoreApplication, QSettings
    from PySide6.QtWidgets import QApplication

    qt = QApplication(sys.argv[:1])
    from difffit_app.application import Application

    folder.mkdir(parents=True, exist_ok=True)
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    settings.clear()
    settings.setValue("tour/offered", True)
    application = Application(settings)
    window, session = application.window, application.session
    window.setGeometry(0, 0, WIDTH, HEIGHT)
    application.show()

    def rest(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QCoreApplication.processEvents()
            time.sleep(0.005)

    def wait(done: Callable[[], Any]) -> None:
        end = time.monotonic() + PATIENCE_S
        while not done():
            rest(0.05)
            if time.monotonic() > end:
                raise TimeoutError("the window did not finish")
        rest(2)

    def press(*names: str) -> None:
        for name in names:
            window.actions_by_id[name].trigger()

    def photograph(name: str) -> None:
        rest(1.5)
        window.notices.clear()
        rest(0.5)
        QApplication.primaryScreen().grabWindow(0).save(str(folder / f"{name}.png"))

    photograph("1_empty")
    press("open_example")
    wait(lambda: session.maps and session.models and not application.jobs.reading)
    photograph("2_opened")
    panel = window.panel("Fit").widget()
    panel.chains.choose(("D", "E"))
    press("fit")
    wait(lambda: session.fits)
    photograph("3_fitted")
    window.panel("Residues").show()
    window.panel("Residues").raise_()
    press("fit_colours")
    photograph("4_judged")
    window.panel("Placements").raise_()
    press("gallery")
    photograph("5_gallery")
    press("offset")
    photograph("6_one_scene")
    press("views", "accept")
    wait(lambda: session.composite is not None)
    window.panel("Rounds").show()
    window.panel("Rounds").raise_()
    photograph("7_accepted")
    session.mark_saved(folder / "none.difffit")
    window.guard_closing(lambda: True)
    application.close()
    application.jobs.shutdown()
    qt.quit()


def join(before: Path, now: Path, out: Path) -> None:
    """Each pair at half its size, as a small PNG."""
    from PIL import Image

    out.mkdir(parents=True, exist_ok=True)
    for old in sorted(before.glob("[1-7]_*.png")):
        both = Image.new("RGB", (WIDTH, HEIGHT // 2), "white")
        for place, path in enumerate((old, now / old.name)):
            with Image.open(path) as image:
                half = image.convert("RGB").resize((WIDTH // 2 - 3, HEIGHT // 2), Image.Resampling.LANCZOS)
            both.paste(half, (place * (WIDTH // 2 + 3), 0))
        small = both.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, kmeans=1, dither=Image.Dither.NONE)
        small.save(out / f"since_{old.name}", optimize=True)


if __name__ == "__main__":
    words = sys.argv[1:]
    if len(words) == 2 and words[0] == "take":
        take(Path(words[1]))
    elif len(words) == 4 and words[0] == "join":
        join(*map(Path, words[1:]))
    else:
        sys.exit(__doc__)
