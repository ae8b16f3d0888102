"""Each kind of file has the folder where it was last chosen, in this start and in the next."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from difffit_app.window.dialogs import Dialogs


def test_each_kind_keeps_its_own_folder(qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folders = {name: tmp_path / name for name in ("maps", "tables", "library", "gone")}
    for folder in folders.values():
        folder.mkdir()
    opened_in: list[str] = []
    answer = ""

    def ask(_: QWidget, title: str, where: str = "", filters: str = "") -> tuple[str, str]:
        opened_in.append(where)
        return answer, filters

    monkeypatch.setattr(QFileDialog, "getSaveFileName", ask)
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *args: ([ask(*args)[0]], ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *args: ask(*args)[0])
    parent = QWidget()
    qtbot.addWidget(parent)
    dialogs = Dialogs(parent)

    answer = str(folders["maps"] / "a.mrc")
    assert dialogs.ask_for_files() == [folders["maps"] / "a.mrc"]
    answer = str(folders["tables"] / "a.csv")
    dialogs.ask_where_to_save("Export", "placements.csv", "Tables (*.csv)")
    answer = str(folders["library"])
    assert dialogs.ask_for_folder("Library of models") == folders["library"]
    assert opened_in == ["", "placements.csv", ""]

    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    dialogs.remember(settings)
    dialogs = Dialogs(parent)
    dialogs.recall(settings)
    opened_in.clear()
    answer = ""
    assert dialogs.ask_for_files() == []
    assert dialogs.ask_where_to_save("Export", "placements.csv", "Tables (*.csv)") is None
    dialogs.ask_where_to_save("Export", str(folders["gone"] / "b.csv"), "Tables (*.csv)")
    dialogs.ask_for_folder("Library of models")
    folders["maps"].rmdir()
    dialogs.ask_for_files()
    tables, named = folders["tables"] / "placements.csv", folders["gone"] / "b.csv"
    assert opened_in == [str(folders["maps"]), str(tables), str(named), str(folders["library"]), ""]
