"""The user guide: whole, true to the program, searchable, and there where help is wanted."""

import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QDockWidget

from difffit_app.actions import ACTIONS
from difffit_app.application import Application
from difffit_app.features.guide.chapters import CHAPTER_OF_PANEL, CHAPTERS, chapter, guide, search, target_of
from difffit_app.features.guide.generated import recipes
from difffit_app.features.guide.panel import HelpWindow
from difffit_core.fit.settings import FitSettings
from difffit_core.settings import Settings


def test_every_file_is_a_chapter() -> None:
    top = Path(str(files("difffit_resources").joinpath("help")))
    there = {path.relative_to(top).as_posix() for path in top.rglob("*.md")}
    assert there == {f"{name}.md" for name in CHAPTERS}


def test_no_place_is_left_to_fill_in() -> None:
    for one in guide():
        assert "{{" not in one.html, one.id
        assert "](" not in one.html, one.id
        assert len({section.anchor for section in one.sections}) == len(one.sections), one.id


def test_every_link_leads_somewhere() -> None:
    anchors = {(one.id, section.anchor) for one in guide() for section in one.sections}
    for one in guide():
        for target in re.findall(r'href="([^"]+)"', one.html):
            if not target.startswith("https://"):
                assert target_of(one.id, target) in anchors, f"{target} in {one.id}"
        for source in re.findall(r'src="([^"]+)"', one.html):
            assert files("difffit_resources").joinpath("help", source).is_file()


def test_menus_that_are_named_are_there() -> None:
    """What stands as *Menu > Action*, or *Menu > Menu > Action*, in the text."""
    paths = ([entry.menu, *([entry.inside] if entry.inside else []), entry.text] for entry in ACTIONS)
    known = {tuple(part.replace("&", "").removesuffix(" …") for part in path) for path in paths}
    known |= {path[:end] for path in known for end in range(2, len(path))}
    for one in guide():
        for path in re.findall(r"<em>(\w+\s+&gt;\s+[^<]+)</em>", one.html):
            assert tuple(" ".join(part.split()) for part in path.split("&gt;")) in known, f"{path} in {one.id}"


def test_it_knows_every_setting_metric_command_and_shortcut() -> None:
    for name in FitSettings.model_fields:
        assert f"<code>{name}</code>" in chapter("settings").html
    found = recipes()
    assert {"fit", "compose", "screen", "refine", "align", "fetch"} <= {one.job for one in found}
    for recipe in found:
        for name, field in recipe.model_fields.items():
            assert f"<code>{name}</code>" in chapter("settings").html, f"{recipe.__name__}.{name}"
            group = field.annotation
            for inner in group.model_fields if isinstance(group, type) and issubclass(group, Settings) else ():
                assert f"<code>{inner}</code>" in chapter("settings").html, f"{group.__name__}.{inner}"
    keyboard = chapter("keyboard").html
    for entry in ACTIONS:
        if entry.shortcut:
            assert f"<strong>{entry.shortcut}</strong>" in keyboard
    commands = {section.title for section in chapter("commands").sections}
    assert {"difffit fit", "difffit open", "difffit settings", "difffit validate"} <= commands
    table = chapter("placements").html
    for name in ("Hits", "Density", "Overlap", "Correlation", "Correlation about the mean", "Local correlation", "Inside", "z", "p"):
        assert f"<td>{name}</td>" in table
    for verdict in ("unique", "ambiguous", "weaker", "symmetric copy", "not significant"):
        assert f"<td>{verdict}</td>" in table


def test_searching_finds_sections_with_all_words_titles_first() -> None:
    found = search("contour level")
    assert (found[0].chapter, found[0].anchor) == ("map", "the-contour-level")
    assert all("contour" in f"{one.title} {one.text}".lower() for one in found)
    assert search("Q-SCORE")[0].chapter == "judging"
    assert search("contour zebra") == []
    assert search("  ") == []


@pytest.fixture
def window(application: Application, qtbot: Any) -> Iterator[HelpWindow]:
    application.window.actions_by_id["help"].trigger()
    window = application.window.findChild(HelpWindow)
    with qtbot.waitExposed(window):
        pass
    yield window
    window.close()


def test_it_is_read_searched_and_walked_with_keys(window: HelpWindow, qtbot: Any) -> None:
    assert "First steps" in window.windowTitle()
    assert "atomic model" in window.page.toPlainText()
    qtbot.keyClick(window.page, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.words.hasFocus)
    qtbot.keyClicks(window.words, "gaussian")
    assert window.tree.topLevelItemCount() >= 2
    qtbot.keyClick(window.words, Qt.Key.Key_Return)
    assert "gaussian" in window.page.toPlainText().lower()
    assert window.page.extraSelections()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.tree.topLevelItemCount() == len(CHAPTERS)
    assert window.page.extraSelections() == []
    qtbot.keyClick(window.page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert "First steps" in window.windowTitle()
    assert not window.back.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_nothing_found_is_said(window: HelpWindow, qtbot: Any) -> None:
    qtbot.keyClicks(window.words, "zebra")
    assert window.tree.topLevelItem(0).text(0) == "Nothing found"
    qtbot.keyClick(window.words, Qt.Key.Key_Return)
    assert "First steps" in window.windowTitle()


def test_links_lead_to_their_place(window: HelpWindow) -> None:
    window.page.anchorClicked.emit("placements.md#how-sure-is-it")
    assert "table of placements" in window.windowTitle()
    qtbot_place = window.page.verticalScrollBar().value()
    assert qtbot_place > 0
    assert window.tree.currentItem().text(0) == "How sure is it"


def test_help_begins_with_the_panel_where_the_keyboard_is(application: Application, qtbot: Any) -> None:
    main = application.window
    window = main.findChild(HelpWindow)
    for title, widget in (
        ("Fit", main.panels["Fit"].resolution),
        ("Map", main.panels["Map"].level),
        ("Placements", main.panels["Placements"].view),
    ):
        window.close()
        main.panels["Map"].setEnabled(True)
        main.raise_panel(title)
        main.activateWindow()
        widget.setFocus()
        qtbot.waitUntil(widget.hasFocus)
        qtbot.keyClick(widget, Qt.Key.Key_F1)
        assert chapter(CHAPTER_OF_PANEL[title]).title in window.windowTitle()
    window.close()


def test_every_panel_has_its_chapter(application: Application) -> None:
    titles = {dock.windowTitle() for dock in application.window.findChildren(QDockWidget)}
    assert titles <= set(CHAPTER_OF_PANEL)
    assert set(CHAPTER_OF_PANEL.values()) <= set(CHAPTERS)


@pytest.mark.parametrize("width", [700, 1140])
def test_pictures_are_as_wide_as_there_is_room_and_drawn_smoothly(window: HelpWindow, width: int, qtbot: Any) -> None:
    window.go_to("journeys")
    window.resize(width, 600)
    page = window.page

    def places() -> list[tuple[int, float, int]]:
        """Of each picture its width, that of its pixels, and how far below its upper edge the next paragraph begins, less its height."""
        found, layout, block = [], page.document().documentLayout(), page.document().begin()
        while block.isValid():
            parts = block.begin()
            image = None if parts.atEnd() else parts.fragment().charFormat().toImageFormat()
            if image is not None and image.isValid() and block.next().isValid():
                pixels = page.document().resource(QTextDocument.ResourceType.ImageResource, QUrl(image.name()))
                top = layout.blockBoundingRect(block.next()).top() - layout.blockBoundingRect(block).top()
                found.append((round(image.width()), pixels.width() / page.devicePixelRatioF(), round(top - image.width() * 800 / 1280)))
            block = block.next()
        return found

    room = min(760, page.viewport().width() - 2 * 24)
    qtbot.waitUntil(lambda: all(abs(wide - room) <= 3 for wide, _, _ in places()))
    assert len(places()) >= 9
    for wide, pixels, below in places():
        assert pixels == pytest.approx(wide, abs=1)
        assert below < 60
    assert not page.horizontalScrollBar().isVisible()
    assert page.verticalScrollBar().value() == 0
