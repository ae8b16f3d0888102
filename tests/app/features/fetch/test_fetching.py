"""Maps and models are fetched in a real window from archives on the loopback interface, beside what is open."""

import gzip
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from difffit_app.application import Application
from difffit_app.features.fetch.kept_dialog import KeptDialog
from difffit_app.features.fetch.panel import FetchPanel
from difffit_app.features.files.recent import RecentFiles
from difffit_core.io.models import read_model, write_model
from difffit_core.pose import Pose


def fill(archives: Any, small_example: list[Path], tmp_path: Path) -> None:
    """A map with half maps, an entry, and a prediction."""
    model = tmp_path / "1abc.cif"
    write_model(model, read_model(small_example[1]).select_chains(("E",)), Pose.identity())
    archives.put_map(1001, small_example[0].read_bytes(), 0.25, 3.5)
    archives.files["/rcsb/download/1abc.cif.gz"] = gzip.compress(model.read_bytes())
    archives.put_prediction("P12345", model.read_bytes())


def test_the_start_page_leads_to_what_is_opened(
    application: Application, small_example: list[Path], archives: Any, tmp_path: Path, prompts: Any, qtbot: Any
) -> None:
    window, session, start = application.window, application.session, application.window.landmarks["start"]
    fill(archives, small_example, tmp_path)
    assert start.isVisible()
    assert start.geometry() == window.viewer.rect()
    qtbot.mouseClick(next(one for one in start.buttons if one.text() == "Fetch"), Qt.MouseButton.LeftButton)
    panel: FetchPanel = window.panels["Fetch"]
    assert window.focusWidget() is panel.entries
    qtbot.keyClicks(panel.entries, "nothing")
    assert "must be like EMD-21897" in panel.read.text()
    assert not panel.foot.start.isEnabled()
    assert not window.actions_by_id["copy_fetch"].isEnabled()
    panel.entries.selectAll()
    qtbot.keyClicks(panel.entries, "emd 1001, 1ABC af-p12345-f1 9xyz")
    assert panel.read.text() == "map EMD-1001  ·  entry 1ABC  ·  prediction AF-P12345-F1  ·  entry 9XYZ"
    prompts.folder = tmp_path / "copies"
    panel.folder.asked.emit()
    window.actions_by_id["copy_fetch"].trigger()
    command = QGuiApplication.clipboard().text()
    assert command == f"difffit fetch EMD-1001 1ABC AF-P12345-F1 9XYZ --out {tmp_path / 'copies'}"

    qtbot.keyClick(panel.entries, Qt.Key.Key_Return)
    assert panel.running
    qtbot.waitUntil(lambda: len(session.models) == 2 and len(session.maps) == 1 and not application.jobs.reading, timeout=60_000)
    assert not start.isVisible()
    (item,) = session.maps.values()
    assert (item.density.entry.resolution, application.view_state.maps[item.id].level) == (3.5, 0.25)
    assert {path.name for path in (tmp_path / "copies").iterdir()} >= {"emd_1001_half_map_2.map.gz", "1abc.cif.gz"}
    assert "Not fetched: " in panel.foot.status.text()
    assert "9XYZ" in panel.foot.status.text()
    assert any("9XYZ" in text for text in window.notices.texts())

    window.actions_by_id["fetched_files"].trigger()
    kept = window.findChild(KeptDialog)
    qtbot.waitUntil(kept.clear.isEnabled, timeout=20_000)
    names = [kept.files.topLevelItem(row).text(0) for row in range(kept.files.topLevelItemCount())]
    assert sorted(name for name in names if name.startswith("1abc")) == ["1abc.cif.gz"]
    kept.clear.click()
    qtbot.waitUntil(lambda: not kept.clear.isEnabled(), timeout=20_000)
    assert kept.told.text().startswith("Nothing")
    kept.reject()

    session.clear()
    assert start.isVisible()
    assert [Path(entry.toolTip()) for entry in start.entries] == [path for path in map(Path, opened_last(application)) if path.exists()]
    entry = next(entry for entry in start.entries if entry.toolTip().endswith("1abc.cif.gz"))
    qtbot.mouseClick(entry, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(session.models) == 1 and not application.jobs.reading, timeout=60_000)


def opened_last(application: Application) -> list[str]:
    return [str(path) for path in RecentFiles(application.settings).paths]


def test_esc_stops_and_fetching_again_goes_on(
    opened: Application, small_example: list[Path], archives: Any, tmp_path: Path, qtbot: Any
) -> None:
    window, panel = opened.window, opened.window.panels["Fetch"]
    fill(archives, small_example, tmp_path)
    archives.spoil("/rcsb/download/1abc.cif.gz", "429", value=30)
    window.actions_by_id["fetch"].trigger()
    panel.entries.setText("1abc")
    panel.foot.start.click()
    qtbot.waitUntil(lambda: archives.count("/rcsb/download/1abc.cif.gz") == 1, timeout=20_000)
    assert panel.foot.cancel.isEnabled()
    window.actions_by_id["cancel"].trigger()
    qtbot.waitUntil(lambda: not panel.running, timeout=20_000)
    assert panel.foot.status.text().startswith("Stopped")
    assert len(opened.session.models) == 1
    panel.foot.start.click()
    qtbot.waitUntil(lambda: len(opened.session.models) == 2 and not opened.jobs.reading, timeout=60_000)
    assert panel.foot.status.text().startswith("1 file, ")
