"""Numbers as people type them: a comma is a point, or nothing; never a thousand."""

import re
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt

from difffit_app.widgets.number_box import DecimalBox, WholeBox, number_of


@pytest.mark.parametrize("language", ["en_US", "de_DE", "fr_FR"])
@pytest.mark.parametrize(
    ("typed", "read"),
    [("3.5", 3.5), ("3,5", 3.5), ("1,500", 1.5), ("0,75", 0.75), ("1,234.5", 4.0), ("1.234,5", 4.0), ("12", 12.0), ("1 500", 4.0)],
)
def test_decimals(qtbot: Any, language: str, typed: str, read: float) -> None:
    before = QLocale()
    QLocale.setDefault(QLocale(language))
    try:
        box = DecimalBox()
    finally:
        QLocale.setDefault(before)
    qtbot.addWidget(box)
    box.setRange(0, 9999)
    box.setDecimals(4)
    box.setSuffix(" Å, a guess")
    box.setValue(4.0)
    box.selectAll()
    if " " in typed:  # keys that are refused one by one would leave another number
        box.lineEdit().setText(typed)
    else:
        qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == read


@pytest.mark.parametrize(("typed", "read"), [("12", 12), ("1,500", 7), ("1.5", 7), ("1500", 1500)])
def test_whole_numbers(qtbot: Any, typed: str, read: int) -> None:
    box = WholeBox()
    qtbot.addWidget(box)
    box.setRange(0, 9999)
    box.setValue(7)
    box.selectAll()
    qtbot.keyClicks(box, typed)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == read
    assert box.text() == str(read)


def test_numbers_in_texts() -> None:
    assert [number_of(text) for text in ("0,5", " 1.5 ", "1e-3", "1,234.5", "", "nan", "x", "1_0", "５")] == [0.5, 1.5, 0.001, *6 * [None]]


def test_no_box_is_made_without(repository: Path) -> None:
    made = re.compile(r"(?<!\w)Q(?:Double)?SpinBox\(")
    found = [path for path in (repository / "app").rglob("*.py") if made.search(path.read_text(encoding="utf-8"))]
    assert [path for path in found if path.name != "number_box.py"] == []
