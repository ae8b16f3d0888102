"""Questions to the user, and file dialogs."""

import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QColorDialog, QFileDialog, QInputDialog, QMessageBox, QWidget

from difffit_app.prompts import Unsaved
from difffit_app.state.figure import Figure
from difffit_app.window.figure_dialog import FigureDialog

_PACKED = ("", ".gz", ".bz2", ".xz", ".zip")
_MAPS = " ".join(f"*{suffix}{packed}" for packed in _PACKED for suffix in (".mrc", ".map", ".ccp4", ".rec"))
_MODELS = " ".join(f"*{suffix}{packed}" for packed in _PACKED for suffix in (".pdb", ".ent", ".cif", ".mmcif"))
_SCREENS = "*.sqlite"
OPEN_FILTERS = (
    f"All that can be opened ({_MAPS} {_MODELS} *.difffit {_SCREENS});;"
    f"Maps ({_MAPS});;Models ({_MODELS});;Projects (*.difffit);;Screens ({_SCREENS})"
)
_FILTERS = {"map": f"Maps ({_MAPS})", "model": f"Models ({_MODELS})"}


_KEY = "folders/"


class Dialogs:
    """Modal, because it cannot go on without an answer; a dialog opens in the folder where its kind of file was last chosen."""

    def __init__(self, parent: QWidget) -> None:
        self._parent = parent
        self._folders: dict[str, str] = {}

    def remember(self, settings: QSettings) -> None:
        """Keep where each kind of file was last looked for, or put."""
        for kind, folder in self._folders.items():
            settings.setValue(_KEY + kind, folder)

    def recall(self, settings: QSettings) -> None:
        settings.beginGroup(_KEY.rstrip("/"))
        self._folders = {kind: str(settings.value(kind)) for kind in settings.childKeys()}
        settings.endGroup()

    def _start(self, kind: str, suggestion: str = "") -> str:
        """Where a dialog opens: a suggestion that names no folder goes where that kind went last, if that is still there."""
        folder = self._folders.get(kind, "")
        if not folder or not os.path.isdir(folder) or Path(suggestion).is_absolute():
            return suggestion
        return str(Path(folder) / suggestion) if suggestion else folder

    def _chosen(self, kind: str, name: str, *, folder: bool = False) -> Path | None:
        if not name:
            return None
        path = Path(name)
        self._folders[kind] = str(path if folder else path.parent)
        return path

    def ask_for_input(self, sentence: str, kind: str) -> Path | None:
        box = QMessageBox(QMessageBox.Icon.Question, "File not found", sentence, parent=self._parent)
        find = box.addButton(f"Find the {kind} …", QMessageBox.ButtonRole.AcceptRole)
        box.addButton("Go on without", QMessageBox.ButtonRole.RejectRole)
        box.exec()
        if box.clickedButton() is not find:
            return None
        name, _ = QFileDialog.getOpenFileName(self._parent, f"Find the {kind}", self._start("open"), _FILTERS[kind])
        return self._chosen("open", name)

    def ask_for_models(self, question: str, numbers: Sequence[int], now: str) -> str | None:
        choices = ["all", *map(str, numbers)]
        if now not in choices:
            choices.insert(0, now)
        text, chosen = QInputDialog.getItem(self._parent, "Models in the file", question, choices, choices.index(now), True)
        return "".join(text.split()) if chosen else None

    def ask_to_save(self, question: str, discard: str) -> Unsaved:
        box = QMessageBox(QMessageBox.Icon.Question, "DiffFit Desktop", question, parent=self._parent)
        save = box.addButton(QMessageBox.StandardButton.Save)
        leave = box.addButton(discard, QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(save)
        box.exec()
        return Unsaved.SAVE if box.clickedButton() is save else Unsaved.DISCARD if box.clickedButton() is leave else Unsaved.STAY

    def confirm(self, question: str, accept: str) -> bool:
        box = QMessageBox(QMessageBox.Icon.Question, "DiffFit Desktop", question, parent=self._parent)
        button = box.addButton(accept, QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(stay)
        box.exec()
        return box.clickedButton() is button

    def ask_for_files(self) -> list[Path]:
        names, _ = QFileDialog.getOpenFileNames(self._parent, "Open", self._start("open"), OPEN_FILTERS)
        return [path for path in (self._chosen("open", name) for name in names) if path is not None]

    def ask_for_file(self, title: str, filters: str) -> Path | None:
        kind = _kind(filters)
        name, _ = QFileDialog.getOpenFileName(self._parent, title, self._start(kind), filters)
        return self._chosen(kind, name)

    def ask_for_folder(self, title: str) -> Path | None:
        kind = f"folder {title}"
        return self._chosen(kind, QFileDialog.getExistingDirectory(self._parent, title, self._start(kind)), folder=True)

    def ask_for_colour(self, title: str, colour: str) -> str | None:
        """``#rrggbb``, starting from one; None if it is to stay."""
        chosen = QColorDialog.getColor(QColor(colour), self._parent, title)
        return chosen.name() if chosen.isValid() else None

    def ask_where_to_save(self, title: str, suggestion: str, filters: str) -> Path | None:
        kind = _kind(filters)
        name, _ = QFileDialog.getSaveFileName(self._parent, title, self._start(kind, suggestion), filters)
        return self._chosen(kind, name)

    def ask_for_figure(self, start: Figure, with_placements: bool) -> Figure | None:
        """What a figure shall be like; None for none."""
        dialog = FigureDialog(start, with_placements, self._parent)
        accepted = dialog.exec() == FigureDialog.DialogCode.Accepted
        figure = dialog.figure
        dialog.deleteLater()
        return figure if accepted else None

    def show_about(self, version: str) -> None:
        self._inform(
            "About DiffFit Desktop",
            f"<h3>DiffFit Desktop {version}</h3><p>Fits atomic models into cryo-EM density maps.</p>"
            "<p>Method: Luo and others, DiffFit: Visually-Guided Differentiable Fitting of Molecule Structures to a Cryo-EM Map, "
            "IEEE VIS 2024.</p><p>BSD 3-Clause licence.</p>",
        )

    def _inform(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, QMessageBox.StandardButton.Close, self._parent)
        box.setObjectName("rich")
        box.exec()


def _kind(filters: str) -> str:
    """Of a file, by the first words of its filters: ``Tables``."""
    return filters.partition(" (")[0]
