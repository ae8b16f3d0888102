"""Taking hold of a sphere with the mouse: by its middle to move it, by its rim to resize it. Elsewhere the mouse turns the camera."""

from typing import Literal

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent

from difffit_app.scene.scene_widget import SceneWidget
from difffit_app.scene.tools.hand_tool import angstroms_a_pixel, view_frame
from difffit_core.fit.sphere import Sphere

_NEAR = 9.0
"""Pixels within which the middle or the rim is met."""
_WHEEL_GROWTH = 1.05

Part = Literal["middle", "rim"]


class SphereTool(QObject):
    """``changed`` carries the sphere wanted."""

    changed = Signal(object)

    def __init__(self, scene: SceneWidget) -> None:
        super().__init__(scene)
        self._scene = scene
        self._sphere: Sphere | None = None
        self._held: Part | None = None
        self._last = QPointF()

    def hold(self, sphere: Sphere | None) -> None:
        """The sphere that the mouse may take hold of; None for none."""
        before, self._sphere = self._sphere, sphere
        if (before is None) == (sphere is None):
            return
        if sphere is None:
            self._held = None
            self._scene.plotter.removeEventFilter(self)
            self._scene.plotter.unsetCursor()
        else:
            self._scene.plotter.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and self._on_mouse(event):
            return True
        if isinstance(event, QWheelEvent) and event.modifiers() & Qt.KeyboardModifier.ControlModifier and self._sphere is not None:
            turns = (event.angleDelta().y() or event.angleDelta().x()) / 120
            self._resize(self._sphere.radius * _WHEEL_GROWTH**turns)
            return True
        return super().eventFilter(watched, event)

    def _on_mouse(self, event: QMouseEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress and event.button() == Qt.MouseButton.LeftButton:
            self._held, self._last = self._part_at(event.position()), event.position()
            return self._held is not None
        if kind == QEvent.Type.MouseButtonRelease and self._held is not None:
            self._held = None
            return True
        if kind == QEvent.Type.MouseMove and self._held is not None:
            self._drag(event.position())
            return True
        if kind == QEvent.Type.MouseMove and event.buttons() == Qt.MouseButton.NoButton:
            shapes = {"middle": Qt.CursorShape.SizeAllCursor, "rim": Qt.CursorShape.SizeFDiagCursor, None: Qt.CursorShape.ArrowCursor}
            self._scene.plotter.setCursor(shapes[self._part_at(event.position())])
        return False

    def _part_at(self, point: QPointF) -> Part | None:
        if self._sphere is None:
            return None
        off = self._pixels_from_middle(point)
        if off <= _NEAR:
            return "middle"
        return "rim" if abs(off - self._sphere.radius / self._scale()) <= _NEAR else None

    def _pixels_from_middle(self, point: QPointF) -> float:
        middle = self._scene.on_screen(np.array(self._sphere.centre if self._sphere else (0.0, 0.0, 0.0)))
        return float(np.hypot(point.x() - middle.x(), point.y() - middle.y()))

    def _scale(self) -> float:
        return angstroms_a_pixel(self._scene, None if self._sphere is None else np.array(self._sphere.centre))

    def _drag(self, point: QPointF) -> None:
        sphere, moved, self._last = self._sphere, point - self._last, point
        if sphere is None:
            return
        if self._held == "rim":
            self._resize(self._pixels_from_middle(point) * self._scale())
            return
        frame = view_frame(self._scene.camera)
        x, y, z = (np.array(sphere.centre) + (frame[:, 0] * moved.x() - frame[:, 1] * moved.y()) * self._scale()).tolist()
        self.changed.emit(Sphere((x, y, z), sphere.radius))

    def _resize(self, radius: float) -> None:
        if self._sphere is not None:
            self.changed.emit(Sphere(self._sphere.centre, min(max(radius, 1.0), 1e4)))
