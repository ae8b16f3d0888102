"""Colours of the window, dark and light; set as an explicit palette, which every platform respects."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from difffit_app.preferences import ThemeChoice


@dataclass(frozen=True)
class Theme:
    """Colours as ``#rrggbb``."""

    name: str
    window: str
    panel: str
    base: str
    text: str
    dim: str
    border: str
    accent: str
    accent_text: str
    scene_bottom: str
    scene_top: str
    good: str
    doubtful: str
    bad: str


DARK = Theme(
    "dark", "#22262d", "#2a2f37", "#1b1e24", "#e4e7ec", "#98a1ae", "#3a414c", "#4c9bf0", "#0b1016", "#14171c", "#2b323c",
    "#6fcf7c", "#e5b95c", "#9aa3b0",
)  # fmt: skip
LIGHT = Theme(
    "light", "#eef0f3", "#f7f8fa", "#ffffff", "#1e232a", "#586272", "#cfd5dd", "#1a63bd", "#ffffff", "#ffffff", "#f3f6fa",
    "#187a34", "#8f5c00", "#5f6875",
)  # fmt: skip
GROUNDS = {
    "gradient": LIGHT,
    "dark": DARK,
    "white": replace(LIGHT, scene_bottom="#ffffff", scene_top="#ffffff"),
    "black": replace(DARK, scene_bottom="#000000", scene_top="#000000"),
    "transparent": LIGHT,
}
"""Themes of what is drawn on each `state.figure.Background`."""
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


class SystemColours(QObject):
    """Tells, for as long as it lives, when the system goes from light to dark or back."""

    changed = Signal(Qt.ColorScheme)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.changed)


def theme_of(choice: ThemeChoice) -> Theme:
    """The theme that is meant; light where the system does not say."""
    if choice is ThemeChoice.SYSTEM:
        return DARK if QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark else LIGHT
    return THEMES[choice]


def apply_theme(theme: Theme) -> None:
    """Fusion in the theme's colours, for the whole application; what a window adds is its `style_sheet`."""
    QApplication.setStyle("Fusion")
    palette = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, theme.window),
        (role.WindowText, theme.text),
        (role.Base, theme.base),
        (role.AlternateBase, theme.panel),
        (role.Text, theme.text),
        (role.Button, theme.panel),
        (role.ButtonText, theme.text),
        (role.BrightText, "#ffffff"),
        (role.ToolTipBase, theme.panel),
        (role.ToolTipText, theme.text),
        (role.PlaceholderText, theme.dim),
        (role.Highlight, theme.accent),
        (role.HighlightedText, theme.accent_text),
        (role.Link, theme.accent),
        (role.Mid, theme.border),
        (role.Light, theme.border),
        (role.Midlight, theme.border),
        (role.Dark, theme.base),
        (role.Shadow, "#000000"),
    ):
        palette.setColor(target, QColor(colour))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(theme.dim))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.border))
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        raise RuntimeError("a QApplication must be made first")
    application.setPalette(palette)


def style_sheet(theme: Theme) -> str:
    """The style sheet of a window, to be set once all stands in it: before, Qt would look every widget up again wherever one is put.

    What is shown is text as it stands: a file called ``<img width=90000>.mrc`` is no picture, and ``<b>`` is seen.

    What we write ourselves with tags is in a label named ``rich``, or in a box of that name.
    """
    return f"""
QLabel, QToolTip {{ qproperty-textFormat: PlainText; }}
QLabel#rich, QMessageBox#rich QLabel {{ qproperty-textFormat: RichText; }}
QToolTip {{ color: {theme.text}; background: {theme.panel}; border: 1px solid {theme.border}; padding: 4px; }}
QDockWidget::title {{ background: {theme.window}; padding: 6px 10px; font-weight: 600; }}
QMainWindow::separator {{ background: {theme.border}; width: 1px; height: 1px; }}
QMainWindow::separator:hover {{ background: {theme.accent}; }}
QSplitter::handle {{ background: {theme.border}; width: 1px; }}
QStatusBar {{ color: {theme.dim}; border-top: 1px solid {theme.border}; }}
QStatusBar::item {{ border: none; }}
QToolBar {{ border: none; border-bottom: 1px solid {theme.border}; padding: 3px 6px; spacing: 4px; }}
QHeaderView::section {{
  background: {theme.panel}; color: {theme.dim}; border: none; border-bottom: 1px solid {theme.border}; padding: 4px 10px 4px 6px;
}}
QHeaderView::up-arrow, QHeaderView::down-arrow {{ subcontrol-origin: padding; subcontrol-position: top center; width: 9px; height: 9px; }}
QTableView {{ border: none; gridline-color: transparent; alternate-background-color: {theme.panel}; }}
QTableView::item {{ padding: 0 8px; }}
#viewBar {{ background: {theme.window}; border-bottom: 1px solid {theme.border}; }}
#viewTitle, #sectionTitle {{ font-weight: 600; }}
#contents::item:selected {{ background: {theme.border}; border-left: 3px solid {theme.accent}; }}
#dim {{ color: {theme.dim}; }}
QPushButton#primary {{
  background: {theme.accent}; color: {theme.accent_text}; border: 2px solid {theme.accent}; border-radius: 4px; padding: 4px 14px;
  font-weight: 600;
}}
QPushButton#primary:disabled {{ background: {theme.border}; border-color: {theme.border}; color: {theme.dim}; }}
QToolButton#toggle {{ border: 1px solid {theme.border}; border-radius: 4px; padding: 3px 8px; background: {theme.panel}; }}
QToolButton#toggle:checked {{ background: {theme.accent}; color: {theme.accent_text}; border-color: {theme.accent}; }}
QToolButton#toggle:disabled {{ color: {theme.dim}; }}
QScrollArea {{ border: none; }}
QDialogButtonBox {{ dialogbuttonbox-buttons-have-icons: 0; }}
#callout #title {{ font-weight: 600; font-size: 15px; }}
#startPage {{ background: {theme.scene_top}; }}
#startCard {{ background: {theme.panel}; border: 2px dashed {theme.border}; border-radius: 10px; }}
#startTitle {{ font-size: 18px; font-weight: 600; }}
QPushButton#startRecent {{ border: none; background: transparent; color: {theme.accent}; text-align: left; padding: 3px 2px; }}
QPushButton#startRecent:hover, QPushButton#startRecent:focus {{ text-decoration: underline; }}
#notice {{ background: {theme.panel}; border: 1px solid {theme.border}; border-left: 4px solid {theme.accent}; border-radius: 4px; }}
#warnings {{ color: {theme.doubtful}; padding: 2px 10px; }}
#notice[severity="warning"] {{ border-left-color: {theme.doubtful}; }}
#notice[severity="error"] {{ border-left-color: #e5484d; }}
"""
