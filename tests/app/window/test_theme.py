"""Both themes can be read, icons are sharp at any scale, and the system is followed."""

from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QToolTip, QWidget

from difffit_app import theme as themes
from difffit_app.application import Application
from difffit_app.preferences import ThemeChoice
from difffit_app.theme import DARK, LIGHT, Theme, apply_theme, theme_of
from difffit_app.widgets.icons import Icons

AA, AA_GRAPHICS = 4.5, 3.0


def luminance(colour: QColor) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.getRgbF()[:3]]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: str | QColor, other: str | QColor) -> float:
    """As the Web Content Accessibility Guidelines define it."""
    low, high = sorted((luminance(QColor(one)), luminance(QColor(other))))
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_what_the_guidelines_define() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_every_text_stands_out(theme: Theme) -> None:
    for background in ("window", "panel", "base"):
        for text in ("text", "dim", "accent", "good", "doubtful", "bad"):
            assert contrast(getattr(theme, text), getattr(theme, background)) >= AA, f"{text} on {background}"
    assert contrast(theme.accent_text, theme.accent) >= AA
    assert contrast(theme.accent, theme.window) >= AA_GRAPHICS
    assert contrast(theme.text, theme.scene_top) >= AA
    assert contrast(theme.text, theme.scene_bottom) >= AA


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_the_palette_gives_every_role_its_contrast(qapp: QApplication, theme: Theme) -> None:
    before = qapp.palette()
    try:
        apply_theme(theme)
        palette, role = QWidget().palette(), QPalette.ColorRole
        for text, background in (
            (role.WindowText, role.Window),
            (role.Text, role.Base),
            (role.Text, role.AlternateBase),
            (role.ButtonText, role.Button),
            (role.PlaceholderText, role.Base),
            (role.ToolTipText, role.ToolTipBase),
            (role.HighlightedText, role.Highlight),
            (role.Link, role.Base),
        ):
            assert contrast(palette.color(text), palette.color(background)) >= AA, (text, background)
    finally:
        qapp.setPalette(before)


@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0, 3.0])
def test_icons_are_drawn_for_the_scale_and_never_enlarged(qapp: QApplication, scale: float) -> None:
    icon = Icons(LIGHT).get("open")
    for size in (16, 18):
        pixmap = icon.pixmap(QSize(size, size), scale)
        assert pixmap.width() == round(size * scale)
        assert round(size * scale) in {made.width() for made in icon.availableSizes()}


def test_what_is_shown_is_text_and_no_markup(application: Application, qtbot: Any) -> None:
    """Names of files and chains may look like tags; one of them made a notice of 90 000 pixels, another was not seen."""
    window, name = application.window, "<img width=90000 height=90000>.mrc: no <b>such</b> file"
    window.show_notice(name, "error")
    (notice,) = (label for label in window.findChildren(QLabel) if label.text() == name)
    qtbot.waitUntil(lambda: notice.isVisible() and notice.textFormat() == Qt.TextFormat.PlainText)
    assert notice.height() < 200
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in window.findChildren(QLabel) if label.isVisible())
    QToolTip.showText(window.pos(), name, window)
    (tip,) = (one for one in QApplication.topLevelWidgets() if one.metaObject().className() == "QTipLabel")
    assert isinstance(tip, QLabel)
    assert (tip.textFormat(), tip.height() < 200) == (Qt.TextFormat.PlainText, True)
    QToolTip.hideText()
    for named, wanted in (("", Qt.TextFormat.PlainText), ("rich", Qt.TextFormat.RichText)):
        box = QMessageBox(QMessageBox.Icon.Question, "DiffFit Desktop", "<b>x</b>", parent=window)
        box.setObjectName(named)
        box.ensurePolished()
        (label,) = box.findChildren(QLabel, "qt_msgbox_label")
        label.ensurePolished()
        assert label.textFormat() == wanted
        box.deleteLater()
    window.show_notice("9" * 10_000, "error")
    assert max(len(label.text()) for label in window.findChildren(QLabel)) < 1500


@pytest.mark.slow
def test_the_system_is_followed(application: Application, monkeypatch: pytest.MonkeyPatch) -> None:
    class Hints:
        scheme = Qt.ColorScheme.Dark

        def colorScheme(self) -> Qt.ColorScheme:
            return self.scheme

    hints = Hints()
    monkeypatch.setattr(themes.QGuiApplication, "styleHints", lambda: hints)
    follower: Any = application.window.findChild(themes.SystemColours)
    assert application.window.theme is LIGHT
    follower.changed.emit(Qt.ColorScheme.Dark)
    assert application.window.theme is DARK
    hints.scheme = Qt.ColorScheme.Unknown
    follower.changed.emit(Qt.ColorScheme.Unknown)
    assert application.window.theme is LIGHT
    application.preferences.change(theme="dark")
    hints.scheme = Qt.ColorScheme.Light
    follower.changed.emit(Qt.ColorScheme.Light)
    assert application.window.theme is DARK, "it was chosen"
    assert theme_of(ThemeChoice.SYSTEM) is LIGHT
