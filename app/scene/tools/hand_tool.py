"""The mouse and the keys on a view, while they move a model instead of the camera."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QWheelEvent
from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.scene.scene_widget import SceneWidget

Array = NDArray[np.float64]

_REST_MS = 400
"""After so long without another turn of the wheel its moves are one step."""
_CAMERA_DEGREES = 0.45
"""The camera turns by this much a pixel."""
_LEFT, _MIDDLE, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.RightButton
_SHIFT, _CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
_KEYS = {
    Qt.Key.Key_Right: (1, 0, 0), Qt.Key.Key_Left: (-1, 0, 0), Qt.Key.Key_Up: (0, 1, 0), Qt.Key.Key_Down: (0, -1, 0),
    Qt.Key.Key_PageUp: (0, 0, -1), Qt.Key.Key_PageDown: (0, 0, 1),
}  # fmt: skip
"""Where each key moves: to the right, up, towards the viewer."""
_TURNS = {
    Qt.Key.Key_Right: (0, 1, 0), Qt.Key.Key_Left: (0, -1, 0), Qt.Key.Key_Up: (-1, 0, 0), Qt.Key.Key_Down: (1, 0, 0),
    Qt.Key.Key_PageUp: (0, 0, -1), Qt.Key.Key_PageDown: (0, 0, 1),
}  # fmt: skip
"""About which axis each key turns, so that the front of the model follows the arrow."""


def view_frame(camera: vtkCamera) -> Array:
    """Unit vectors to the right, up and towards the viewer, as columns (3, 3)."""
    back = -np.array(camera.GetDirectionOfProjection())
    right = np.cross(np.array(camera.GetViewUp()), back)
    right /= np.linalg.norm(right)
    return np.column_stack([right, np.cross(back, right), back])


def angstroms_a_pixel(scene: SceneWidget, point: Array | None) -> float:
    """How many Å a pixel is at the depth of a point (3,), or of the focal point."""
    camera = scene.camera
    if camera.GetParallelProjection():
        height = 2 * camera.GetParallelScale()
    else:
        away = (np.array(camera.GetFocalPoint()) if point is None else point) - np.array(camera.GetPosition())
        depth = max(float(away @ np.array(camera.GetDirectionOfProjection())), 1.0)
        height = 2 * depth * np.tan(np.radians(camera.GetViewAngle() / 2))
    return float(height / max(scene.plotter.height(), 1))


class HandTool(QObject):
    """Reports moves in the map's frame: ``turned`` a rotation (3, 3), ``shifted`` (3,) Å; a key's ``stepped`` and ``turn_stepped``, a unit
    vector (3,). ``settled`` ends a drag.
    """

    turned = Signal(object)
    shifted = Signal(object)
    stepped = Signal(object)
    turn_stepped = Signal(object)
    settled = Signal()

    def __init__(self, scene: SceneWidget, anchor: Callable[[], Array | None]) -> None:
        """``anchor`` tells where the model's middle is, whose depth decides how far a pixel is."""
        super().__init__(scene)
        self._scene, self._anchor = scene, anchor
        self._last: QPointF | None = None
        self._button = Qt.MouseButton.NoButton
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self.settled)
        self.active = False

    def activate(self, active: bool) -> None:
        """Take the mouse and the keys of the view, or give them back."""
        if active == self.active:
            return
        self.active = active
        plotter = self._scene.plotter
        if active:
            plotter.installEventFilter(self)
            plotter.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            plotter.setFocus()
            plotter.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            plotter.removeEventFilter(self)
            plotter.unsetCursor()
            self._release()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            return self._on_mouse(event)
        if isinstance(event, QWheelEvent) and event.modifiers() & (_SHIFT | _CONTROL):
            turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
            self.stepped.emit(-view_frame(self._scene.camera)[:, 2] * turns)
            self._rest.start()
            return True
        if isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and self._last is None and event.button() in (_LEFT, _MIDDLE, _RIGHT):
            self._last, self._button = event.position(), event.button()
            self._scene.plotter.setFocus()
            self._scene.plotter.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif kind == QEvent.Type.MouseMove and self._last is not None:
            moved, self._last = event.position() - self._last, event.position()
            self._scene.motion.go()
            self._drag(moved, event.modifiers())
        elif kind == QEvent.Type.MouseButtonRelease and event.button() == self._button:
            self._release()
        elif kind == QEvent.Type.MouseMove:
            return False
        return True

    def _release(self) -> None:
        was_dragging = self._last is not None and self._button != _RIGHT
        self._last, self._button = None, Qt.MouseButton.NoButton
        if self.active:
            self._scene.plotter.setCursor(Qt.CursorShape.OpenHandCursor)
        if was_dragging:
            self.settled.emit()

    def _drag(self, moved: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        if self._button == _RIGHT:
            self._turn_camera(moved)
            return
        frame = view_frame(self._scene.camera)
        if self._button == _MIDDLE or modifiers & _SHIFT:
            self.shifted.emit((frame[:, 0] * moved.x() - frame[:, 1] * moved.y()) * angstroms_a_pixel(self._scene, self._anchor()))
            return
        from scipy.spatial.transform import Rotation

        side = min(self._scene.plotter.width(), self._scene.plotter.height())
        about = -frame[:, 2] * moved.x() if modifiers & _CONTROL else frame[:, 1] * moved.x() + frame[:, 0] * moved.y()
        self.turned.emit(Rotation.from_rotvec(np.pi / side * about).as_matrix())

    def _turn_camera(self, moved: QPointF) -> None:
        camera = self._scene.camera
        camera.Azimuth(-_CAMERA_DEGREES * moved.x())
        camera.Elevation(_CAMERA_DEGREES * moved.y())
        camera.OrthogonalizeViewUp()
        self._scene.draw()

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key not in _KEYS or event.modifiers() & (_CONTROL | Qt.KeyboardModifier.AltModifier):
            return False
        if event.type() == QEvent.Type.KeyPress:
            frame = view_frame(self._scene.camera)
            if event.modifiers() & _SHIFT:
                self.turn_stepped.emit(frame @ np.array(_TURNS[key], np.float64))
            else:
                self.stepped.emit(frame @ np.array(_KEYS[key], np.float64))
        elif event.type() == QEvent.Type.KeyRelease and not event.isAutoRepeat():
            self.settled.emit()
        elif event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        return True
