"""One 3-D view: a PyVista interactor that draws once a frame and reports clicks."""

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pyvistaqt import QtInteractor
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer, vtkRenderWindow

from difffit_app.scene.actors.overlay import DOTS_PER_INCH
from difffit_app.scene.camera.keys import press
from difffit_app.scene.camera.turns import Turns
from difffit_app.scene.lines import scale_lines
from difffit_app.scene.motion import Motion
from difffit_app.scene.speed import frames_a_second
from difffit_app.scene.stage import Bounds, Ray, Stage, fit_shadows, look_along_z, look_at

_CLICK_PIXELS = 4
SLOW_FRAME_S = 0.03
"""What moves is not seen to move smoothly where its frames take longer: of one view, or of all that move together."""
FOCUS_RIM = 2
"""Points around a view, coloured while the keyboard is there."""


class _Interactor(QtInteractor):
    """Leaves keys and drops to the window, and asks Qt for a frame instead of drawing twice."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, auto_update=False, multi_samples=0, lighting="none")
        self.prepare: Callable[[], None] = lambda: None
        self.after_first: Callable[[vtkRenderWindow], None] | None = None
        self.turns = Turns(self)
        self.frame_s, self._begun = 0.0, 0.0
        self.frameSwapped.connect(self._seen)
        self.setAcceptDrops(False)
        self.iren.interactor.EnableRenderOff()
        self._render_tag = self.iren.interactor.AddObserver("RenderEvent", self._ask_for_frame)

    def paintGL(self) -> None:
        """Let VTK draw only here: the mouse asks for a frame, and two in one go become one."""
        if self._closed or self.render_window is None:
            return
        self.render_window.SetDPI(DOTS_PER_INCH)
        self._begun = time.perf_counter()
        self.prepare()
        interactor = self.iren.interactor
        interactor.EnableRenderOn()
        try:
            super().paintGL()
            if self.after_first is not None:
                after, self.after_first = self.after_first, None
                after(self.render_window)
                super().paintGL()
        finally:
            interactor.EnableRenderOff()
            self.turns.painted(self)

    def _seen(self) -> None:
        """A frame is on the screen: that of this view, if it was painted since the last one."""
        if self._begun:
            self.frame_s, self._begun = time.perf_counter() - self._begun, 0.0

    def _ask_for_frame(self, *_: object) -> None:
        if not self._in_paint:
            self.turns.ask(self)

    def keyPressEvent(self, event: QEvent) -> None:
        event.ignore()

    def keyReleaseEvent(self, event: QEvent) -> None:
        event.ignore()

    def stop(self) -> None:
        self.prepare, self.after_first = lambda: None, None
        self.turns.forget(self)
        self.iren.interactor.RemoveObserver(self._render_tag)


class SceneWidget(QWidget):
    """A view onto actors. ``clicked`` gives the ray under a click that was no drag; ``hovered`` the one under the resting pointer.

    ``double_clicked`` gives the ray, too; ``ctrl_clicked`` that of a click with Ctrl, and whether Shift was held; ``menu_asked`` that of a
    click with the right button that was no drag, or None where a key asked, and a place on the screen. ``scale_changed`` tells how many
    pixels a point has, whenever that or the size has changed; ``speed_measured`` the `frames_a_second`, if that was asked for;
    ``about_to_paint`` precedes every frame.
    """

    clicked = Signal(object)
    double_clicked = Signal(object)
    ctrl_clicked = Signal(object, bool)
    menu_asked = Signal(object, QPoint)
    hovered = Signal(object)
    scale_changed = Signal(float)
    speed_measured = Signal(float)
    about_to_paint = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._plotter: _Interactor | None = _Interactor(self)
        self.motion = Motion(self)
        self._rough = self._plain = False
        self.whole_frame_s = 0.0
        self._pressed: dict[Qt.MouseButton, QPointF] = {}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[FOCUS_RIM] * 4)
        layout.addWidget(self.plotter)
        self.plotter.setAccessibleName(name)
        self.plotter.setMouseTracking(True)
        self.plotter.installEventFilter(self)
        self.stage = Stage(self.plotter.renderer, self.ask_for_frame)
        look_along_z(self.stage.camera)
        self._plotter.prepare = self._get_ready
        self.plotter.renderer.SetUseFXAA(True)
        window = self.plotter.render_window
        if window is not None:  # never before it is closed
            window.SetAlphaBitPlanes(True)
        self.setMinimumSize(160, 120)

    @property
    def plotter(self) -> QtInteractor:
        if self._plotter is None:
            raise RuntimeError("the view is closed")
        return self._plotter

    @property
    def closed(self) -> bool:
        return self._plotter is None

    @property
    def camera(self) -> vtkCamera:
        return self.stage.camera

    def ask_for_frame(self) -> None:
        """Have Qt draw a frame; any number of calls before it make one."""
        if self._plotter is not None:
            self._plotter.turns.ask(self._plotter)

    def measure_speed(self) -> None:
        """Find out, as soon as the view is drawn for the first time, how quick it is."""

        def measure(window: vtkRenderWindow) -> None:
            speed = frames_a_second(window)
            QTimer.singleShot(0, self, lambda: self.speed_measured.emit(speed))  # no time to change things while one is painted

        if self._plotter is not None:
            self._plotter.after_first = measure

    def share_turns(self, other: "SceneWidget") -> None:
        """Never be painted in one go with that view, and move when it does."""
        if self._plotter is not None and other._plotter is not None:
            self._plotter.turns = other._plotter.turns
            self.motion = other.motion

    def set_rough(self, rough: bool) -> None:
        """Draw without smooth edges; or with them again."""
        if self._plotter is not None and rough != self._rough:
            self.last_whole_frame_s()
            self._rough = rough
            self._smooth()
            if not rough:
                self.draw()

    @property
    def renderers(self) -> list[vtkRenderer]:
        """All that draw things in it."""
        return [self.plotter.renderer]

    def last_whole_frame_s(self) -> float:
        """Seconds from when the last frame was begun that was drawn in full until it was on the screen."""
        if self._plotter is not None and not (self._rough or self._plain):
            self.whole_frame_s = self._plotter.frame_s
        return self.whole_frame_s

    def set_plain(self, plain: bool) -> None:
        """Draw without smooth edges and soft shadows; or all as it should be."""
        if self._plotter is not None and plain != self._plain:
            self.last_whole_frame_s()
            self._plain = plain
            self._smooth()
            self.stage.set_plain(plain)

    def lead(self, leading: bool) -> None:
        """Be painted before the views that look from the same place, or like them."""
        if self._plotter is not None:
            self._plotter.turns.lead(self._plotter if leading else None)

    def _smooth(self) -> None:
        self.plotter.renderer.SetUseFXAA(not (self._rough or self._plain))

    def _get_ready(self) -> None:
        self.about_to_paint.emit()
        self.prepare()

    def prepare(self) -> None:
        """What must be done before every frame."""
        self.stage.prepare()
        scale_lines(self.plotter.renderer, self.plotter.devicePixelRatioF())
        fit_shadows(self.plotter.renderer)

    def draw(self) -> None:
        self.stage.draw()

    def ray(self, point: QPointF) -> Ray:
        """Start and unit direction, in Å, of the line of sight under a point of the widget."""
        ratio = self.plotter.devicePixelRatioF()
        x, y = point.x() * ratio, (self.plotter.height() - 1 - point.y()) * ratio
        renderer = self.plotter.renderer
        ends = []
        for depth in (0.0, 1.0):
            renderer.SetDisplayPoint(x, y, depth)
            renderer.DisplayToWorld()
            world = np.array(renderer.GetWorldPoint())
            ends.append(world[:3] / world[3])
        direction = ends[1] - ends[0]
        direction /= np.linalg.norm(direction)
        clip, start = self.stage.standing_clip(), np.array(renderer.GetActiveCamera().GetPosition())
        if clip is not None:
            start += clip.passes(tuple(start.tolist()), tuple(direction.tolist()))[0] * direction
        return start, direction

    def on_screen(self, point: NDArray[np.float64]) -> QPointF:
        """Where in the widget a point (3,) in Å is seen."""
        renderer = self.plotter.renderer
        renderer.SetWorldPoint(*point, 1.0)
        renderer.WorldToDisplay()
        x, y, _ = renderer.GetDisplayPoint()
        ratio = self.plotter.devicePixelRatioF()
        return QPointF(x / ratio, self.plotter.height() - 1 - y / ratio)

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.plotter.width() / max(self.plotter.height(), 1)

    def look_at(self, bounds: Bounds, aspect: float) -> None:
        """Fill a view of that aspect with a box, keeping the direction of view."""
        look_at(self.camera, bounds, aspect)
        self.draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        role = QPalette.ColorRole.Highlight if self._plotter is not None and self._plotter.hasFocus() else QPalette.ColorRole.Window
        painter.fillRect(event.rect(), self.palette().color(role))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if press(self.camera, event):
            if event.isAutoRepeat():
                self.motion.go()
            self.draw()
        else:
            super().keyPressEvent(event)

    def on_click(self, point: QPointF) -> None:
        self.clicked.emit(self.ray(point))

    def on_ctrl_click(self, point: QPointF, shift: bool) -> None:
        self.ctrl_clicked.emit(self.ray(point), shift)

    def on_double_click(self, point: QPointF) -> None:
        self.double_clicked.emit(self.ray(point))

    def on_menu(self, point: QPointF | None, place: QPoint) -> None:
        self.menu_asked.emit(None if point is None else self.ray(point), place)

    def on_hover(self, point: QPointF) -> None:
        self.hovered.emit(self.ray(point))

    def _on_mouse(self, event: QMouseEvent) -> None:
        kind, button = event.type(), event.button()
        if kind == QEvent.Type.MouseButtonPress:
            self._pressed = {button: event.position()}
        elif kind == QEvent.Type.MouseButtonDblClick:
            self._pressed.clear()
            if button == Qt.MouseButton.LeftButton and not event.modifiers():
                self.on_double_click(event.position())
        elif kind == QEvent.Type.MouseButtonRelease and button in self._pressed:
            moved = (event.position() - self._pressed.pop(button)).manhattanLength()
            if moved <= _CLICK_PIXELS:
                self._on_clicked(button, event)
        elif kind == QEvent.Type.MouseMove and event.buttons() == Qt.MouseButton.NoButton:
            self.on_hover(event.position())
        elif kind == QEvent.Type.MouseMove:
            self.motion.go()

    def _on_clicked(self, button: Qt.MouseButton, event: QMouseEvent) -> None:
        point, keys = event.position(), event.modifiers()
        if button == Qt.MouseButton.RightButton:
            self.on_menu(point, event.globalPosition().toPoint())
        elif button == Qt.MouseButton.LeftButton and keys & Qt.KeyboardModifier.ControlModifier:
            self.on_ctrl_click(point, bool(keys & Qt.KeyboardModifier.ShiftModifier))
        elif button == Qt.MouseButton.LeftButton:
            self.on_click(point)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            self._on_mouse(event)
        elif isinstance(event, QWheelEvent):
            self.motion.go()
        elif isinstance(event, QContextMenuEvent):
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                self.on_menu(None, self.mapToGlobal(self.rect().center()))
            return True
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        elif event.type() in (QEvent.Type.Resize, QEvent.Type.DevicePixelRatioChange):
            self.scale_changed.emit(self.plotter.devicePixelRatioF())
        return super().eventFilter(watched, event)

    def shut(self) -> None:
        """Give back what VTK holds; the widget is of no use after."""
        if self._plotter is not None:
            self.motion.end()
            plotter, self._plotter = self._plotter, None
            plotter.removeEventFilter(self)
            plotter.stop()
            plotter.close()
