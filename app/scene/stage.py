"""A lit renderer with a camera, which knows no Qt: the window and pictures made without one draw on the same."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkActor2D, vtkCamera, vtkLight, vtkProp, vtkRenderer

from difffit_app.geometry.colours import rgb
from difffit_app.scene.actors.glass import shine
from difffit_app.scene.camera.pose import camera_height
from difffit_app.scene.depth import Rgb, cut, fade, half_depth
from difffit_app.scene.single_layer import draw_last
from difffit_app.state.depth import Clip

_VIEW_ANGLE = 25.0
_CLOSENESS = 0.96
"""Less than 1, because a molecule does not reach the corners of its box."""
_LIGHTS = (
    ((0.35, 0.55, 1.0), 0.78),
    ((-0.9, 0.1, 0.6), 0.26),
    ((0.1, -0.9, 0.35), 0.18),
    ((0.0, 0.35, -1.0), 0.12),
)
"""Where each stands as seen from the camera, and its strength."""

_SHADOW_REACH, _SHADOW_BIAS, _SHADOW_SAMPLES = 0.11, 0.005, 32
"""Within which things darken one another, nearer than which they do not, both over the height of the view, and samples a pixel."""

Bounds = Sequence[float]
Ray = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Start and unit direction of a line of sight, in Å."""


class Surface(Protocol):
    """One view or several, on which the same is drawn."""

    def add(self, prop: vtkProp) -> None: ...

    def remove(self, prop: vtkProp) -> None: ...

    def draw_last(self, props: Sequence[vtkProp]) -> None: ...

    def draw(self) -> None: ...


class Stage:
    """What is drawn on: ``changed`` is called whenever a new frame is due. Labels may go onto a renderer of their own."""

    def __init__(self, renderer: vtkRenderer, changed: Callable[[], None] = lambda: None, labels: vtkRenderer | None = None) -> None:
        self.renderer = renderer
        self._last: Sequence[vtkProp] = ()
        self._labels = labels or renderer
        self._changed = changed
        self.clip: Clip | None = None
        self.fog = False
        self._soft = self._plain = False
        self._background: Rgb = (1.0, 1.0, 1.0)
        light_up(renderer)

    @property
    def camera(self) -> vtkCamera:
        return self.renderer.GetActiveCamera()

    def add(self, prop: vtkProp) -> None:
        self.renderer.AddViewProp(prop)
        self.draw_last(self._last)

    def remove(self, prop: vtkProp) -> None:
        self.renderer.RemoveViewProp(prop)
        self.draw()

    def draw_last(self, props: Sequence[vtkProp]) -> None:
        """Draw these, which have been added, after all that has been or will be, in that order."""
        self._last = tuple(props)
        draw_last(self.renderer, self._last)
        self.draw()

    def add_label(self, actor: vtkActor2D) -> None:
        self._labels.AddViewProp(actor)
        self.draw()

    def remove_label(self, actor: vtkActor2D) -> None:
        self._labels.RemoveViewProp(actor)
        self.draw()

    @property
    def labels(self) -> vtkRenderer:
        """That on which labels are drawn."""
        return self._labels

    def draw(self) -> None:
        self._changed()

    def set_soft_shadows(self, on: bool) -> None:
        """Darken what lies deep between other things."""
        self._soft = on
        soften(self.renderer, on and not self._plain)
        self.draw()

    def set_plain(self, plain: bool) -> None:
        """Leave out what takes long."""
        self._plain = plain
        self.set_soft_shadows(self._soft)

    def set_background(self, bottom: str, top: str) -> None:
        """A vertical gradient between two colours."""
        paint_background(self.renderer, bottom, top)
        self._background = between(bottom, top)
        self.draw()

    def prepare(self) -> None:
        """What must be done before every frame: what is seen of the depth of things, and how that is told."""
        self.renderer.ResetCameraClippingRange()
        cut(self.renderer, self.clip)
        fade(self.renderer, self.fog, self._background)
        shine(self.renderer, self._background)

    def standing_clip(self) -> Clip | None:
        """The planes that cut what is drawn, where they stand now."""
        point, direction = self.camera.GetFocalPoint(), self.camera.GetDirectionOfProjection()
        return None if self.clip is None else self.clip.standing(point, direction)

    def half_depth(self) -> float:
        """Half of what is shown, along the line of sight, in Å."""
        return half_depth(self.renderer)


def light_up(renderer: vtkRenderer) -> None:
    """Lights that go with the camera, and see-through surfaces drawn in the order in which they stand."""
    renderer.SetAutomaticLightCreation(False)
    renderer.RemoveAllLights()
    for position, strength in _LIGHTS:
        light = vtkLight()
        light.SetLightTypeToCameraLight()
        light.SetPosition(*position)
        light.SetFocalPoint(0, 0, 0)
        light.SetIntensity(strength)
        renderer.AddLight(light)
    renderer.SetUseDepthPeeling(False)
    renderer.SetUseOIT(False)


def look_along_z(camera: vtkCamera) -> None:
    """As maps are looked at first: x to the right, y up."""
    camera.SetPosition(0, 0, 1)
    camera.SetFocalPoint(0, 0, 0)
    camera.SetViewUp(0, 1, 0)
    camera.SetViewAngle(_VIEW_ANGLE)


def soften(renderer: vtkRenderer, on: bool) -> None:
    """Ambient occlusion, or none. The background is then of one colour."""
    renderer.SetUseSSAO(on)
    fit_shadows(renderer)
    renderer.SetSSAOKernelSize(_SHADOW_SAMPLES)
    renderer.SetSSAOBlur(True)


def fit_shadows(renderer: vtkRenderer) -> None:
    """Have shadows reach as far on the screen however near one looks."""
    if renderer.GetUseSSAO():
        height = camera_height(renderer.GetActiveCamera())
        renderer.SetSSAORadius(_SHADOW_REACH * height)
        renderer.SetSSAOBias(_SHADOW_BIAS * height)


def paint_background(renderer: vtkRenderer, bottom: str, top: str) -> None:
    """A vertical gradient between two colours."""
    renderer.SetGradientBackground(bottom != top)
    renderer.SetBackground(*(rgb(bottom) / 255))
    renderer.SetBackground2(*(rgb(top) / 255))


def between(bottom: str, top: str) -> Rgb:
    """The colour in the middle of a gradient, each part from 0 to 1."""
    red, green, blue = ((rgb(bottom).astype(float) + rgb(top)) / 510).tolist()
    return red, green, blue


def look_at(camera: vtkCamera, bounds: Bounds, aspect: float) -> None:
    """Fill a view of that aspect with a box (xmin, xmax, ymin, ymax, zmin, zmax), keeping the direction of view."""
    sides = np.array(bounds).reshape(3, 2)
    centre = sides.mean(axis=1)
    corners = np.array(list(product(*sides))) - centre
    forward = np.array(camera.GetDirectionOfProjection())
    right = np.cross(forward, np.array(camera.GetViewUp()))
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    slope = np.tan(np.radians(_VIEW_ANGLE / 2))
    across, along = np.abs(corners @ right) / (slope * aspect), np.abs(corners @ up) / slope
    distance = max(_CLOSENESS * float((np.maximum(across, along) - corners @ forward).max()), 1.0)
    camera.SetViewAngle(_VIEW_ANGLE)
    camera.SetFocalPoint(*centre)
    camera.SetPosition(*(centre - distance * forward))


def turn_to(camera: vtkCamera, point: Sequence[float], within: float | None = None) -> None:
    """Put a point in Å in the middle, keeping the direction of view, from no farther than to see ``within`` Å around it."""
    middle, distance = np.array(point, np.float64), camera.GetDistance()
    if within is not None:
        distance = min(distance, within / np.sin(np.radians(camera.GetViewAngle() / 2)))
    direction = np.array(camera.GetDirectionOfProjection())
    camera.SetFocalPoint(*middle)
    camera.SetPosition(*(middle - distance * direction))


def join_bounds(boxes: Sequence[Bounds]) -> tuple[float, ...] | None:
    """The box around boxes, or None around none."""
    if not boxes:
        return None
    return tuple((min if i % 2 == 0 else max)(box[i] for box in boxes) for i in range(6))
