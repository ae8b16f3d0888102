"""The menus: short enough to be read, every letter once, and an ellipsis where a dialog asks for more and nowhere else."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QColorDialog, QDialog, QFileDialog, QInputDialog, QMenu, QWidget

from difffit_app.actions import ACTIONS
from difffit_app.application import Application
from difffit_app.state.subjects import ChainSubject, MapSubject, ModelSubject, PlacementSubject, ResidueSubject

MOST = 18
"""Entries of one menu, without those that list what is open or was opened."""
NOW_AND_THEN = {"fit_selection", "delete_round", "rename_round", "save", "map_remove", "model_remove", "export_residues"}
"""Ask only where there is something to ask about."""
TELL = {"steps", "show_log", "about"}
"""Open a window that tells something and asks for nothing."""
AWAY = {"quit", "close_all", "open_example", "new_window", "undo", "redo", "cancel", "fit", "next_round", "close", "tour"}
"""Change what the test looks at, or take long, and ask nothing but what is asked before work is lost."""


def menus_of(menu: QMenu) -> Iterator[QMenu]:
    """A menu, filled as when it opens, and those within it."""
    menu.aboutToShow.emit()
    yield menu
    for action in menu.actions():
        inside = action.menu()
        if isinstance(inside, QMenu):
            yield from menus_of(inside)


def letters(texts: list[str]) -> Counter[str]:
    """How often each marked letter stands in a menu."""
    found = (text.replace("&&", "").partition("&")[2][:1].lower() for text in texts)
    return Counter(letter for letter in found if letter)


def assert_each_letter_once(menu: QMenu | QWidget, where: str) -> None:
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    twice = {letter for letter, count in letters(texts).items() if count > 1}
    assert not twice, f"{twice} in {where}: {texts}"


@pytest.mark.slow
def test_every_letter_is_there_once_and_no_menu_is_long(crowded: Application) -> None:
    session, window = crowded.session, crowded.window
    assert_each_letter_once(window.menuBar(), "the menu bar")
    for title in window.menuBar().actions():
        for menu in menus_of(title.menu()):
            assert_each_letter_once(menu, menu.title())
            assert len([one for one in menu.actions() if not one.isSeparator()]) <= max(
                MOST, len(window.panels) * (menu.title() == "Pa&nels")
            )
            assert all(action.text().partition("&")[2] for action in menu.actions() if action in window.actions_by_id.values())
    fit = session.fit
    assert fit is not None
    chain = session.models["model-1"].model.chains[0]
    subjects = (
        MapSubject("map-1"), ModelSubject("model-1"), ChainSubject("model-1", chain), ResidueSubject("model-1", 3),
        PlacementSubject(fit.id, 1),
    )  # fmt: skip
    for subject in subjects:
        window.menu_asked.emit(subject, window.mapToGlobal(window.rect().center()))
        menu = window.findChild(QMenu, "subjectMenu")
        assert menu is not None
        for one in menus_of(menu):
            assert_each_letter_once(one, f"the menu over {subject}")
        menu.close()
        QApplication.processEvents()
    for menu in window.findChildren(QMenu):
        assert_each_letter_once(menu, menu.title() or menu.objectName())


@pytest.mark.slow
def test_an_ellipsis_tells_of_a_dialog(crowded: Application, prompts: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: asked.append("text") or ("", False))
    for kind in (QDialog, QFileDialog, QColorDialog):
        monkeypatch.setattr(kind, "exec", lambda self: asked.append(type(self).__name__) or 0)
    for name in ("ask_for_files", "ask_for_file", "ask_for_folder", "ask_where_to_save", "ask_for_figure"):
        monkeypatch.setattr(prompts, name, lambda *_, name=name: asked.append(name) or ([] if name == "ask_for_files" else None))
    crowded.session.select_placement(1)
    tried, wrong = 0, []
    for entry in ACTIONS:
        action = crowded.window.actions_by_id[entry.id]
        if entry.id in AWAY | NOW_AND_THEN or not action.isEnabled():
            continue
        tried += 1
        asked.clear()
        prompts.asked.clear()
        action.trigger()
        shown = [one for one in QApplication.topLevelWidgets() if isinstance(one, QDialog) and one.isVisible()]
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()
        for dialog in shown:
            dialog.close()
        told = bool(asked or prompts.asked or shown)
        if (told and entry.id not in TELL) != entry.text.endswith(" …"):
            wrong.append(f"{entry.id}: {entry.text!r}, asked {asked}, {prompts.asked}, {shown}")
    assert not wrong, "\n".join(wrong)
    assert tried > 100
