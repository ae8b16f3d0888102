"""What a fit or another computation warns of is told once: in its panel while that is in front, and else as a notice."""

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTabBar

from difffit_app.application import Application
from difffit_app.features.fit import controller as fitting
from difffit_app.state.items import OpenFit
from difffit_core.project.schema import WarningRecord

LONG = "A 112 to 136, A 256 to 284 do not fit: local correlation 0.09, where the rest has 0.37 and wrong places -0.03 ± 0.15. " * 2


def to_the_front(application: Application, title: str, qtbot: Any) -> None:
    """By a click on its tab."""
    for bar in application.window.findChildren(QTabBar):
        for number in range(bar.count()):
            if bar.isVisible() and bar.tabText(number) == title:
                qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(number).center())
                return
    raise AssertionError(f"no tab {title}")


@pytest.fixture
def doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every fit warns of two things."""
    record = fitting.record_fit

    def warned(*args: Any, **more: Any) -> Any:
        found = (WarningRecord(kind="hand", message="One."), WarningRecord(kind="search", message="Another."))
        return record(*args, **more).model_copy(update={"warnings": found})

    monkeypatch.setattr(fitting, "record_fit", warned)


@pytest.mark.parametrize("in_front", ["Placements", "Residues"])
def test_a_warning_is_told_once(opened: Application, doubtful: None, in_front: str, qtbot: Any) -> None:
    window, panel, heard = opened.window, opened.window.panels["Fit"], list[str]()
    window.noticed.connect(lambda text, _: heard.append(text))
    to_the_front(opened, in_front, qtbot)
    panel.preset.setCurrentIndex(panel.preset.findData("fast"))
    for name, value in {"starts": 40, "steps": 10, "candidates": 6, "refine_steps": 4, "refine_atoms": 200, "polish_steps": 2}.items():
        panel.form.editors[name].set_value(value)
    qtbot.mouseClick(panel.foot.start, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: opened.session.fit is not None and not opened.jobs.fitting, timeout=60_000)
    told = [text for text in window.notices.texts() if text in ("One.", "Another.")]
    assert told == ([] if in_front == "Placements" else ["Another.", "One."])
    assert window.panels["Placements"].warnings.text() == "One.\nAnother."
    assert {"One.", "Another."} <= set(heard), "whoever types commands or runs a script hears of it"


def test_no_line_of_a_warning_is_cut(opened: Application, make_fit: Callable[..., OpenFit], qtbot: Any, qtlog: Any) -> None:
    fit, box = make_fit(), opened.window.panels["Placements"].warnings
    warnings = tuple(WarningRecord(kind=kind, message=LONG) for kind in ("broken", "search"))
    opened.session.add_fit(OpenFit.of(fit.record.model_copy(update={"warnings": warnings}), fit.arrays))
    to_the_front(opened, "Placements", qtbot)
    labels = [one for one in box.findChildren(QLabel) if one.isVisible()]
    assert len(labels) == 2
    for width in (1400, 1000):
        opened.window.resize(width, 800)
        qtbot.waitUntil(lambda: all(one.height() >= one.heightForWidth(one.width()) for one in labels))
        assert box.height() == min(box.widget().height(), 104)
    box.show_warnings(())
    assert not box.isVisible()
    assert [one.message for one in qtlog.records if "WarningsBox" in one.message] == []
