"""Between VTK's cameras and those that a project keeps."""

from collections.abc import Sequence

import numpy as np
from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.geometry.finer import Sight
from difffit_app.styles import Camera


def camera_of(camera: vtkCamera) -> Camera:
    """Where a camera looks from."""
    return Camera(
        position=camera.GetPosition(), focal_point=camera.GetFocalPoint(), view_up=camera.GetViewUp(), view_angle=camera.GetViewAngle()
    )


def apply_camera(camera: vtkCamera, pose: Camera) -> None:
    """Look from there."""
    camera.SetPosition(*pose.position)
    camera.SetFocalPoint(*pose.focal_point)
    camera.SetViewUp(*pose.view_up)
    camera.SetViewAngle(pose.view_angle)


def copy_pose(source: vtkCamera, target: vtkCamera) -> None:
    """Place, direction, angle and scale, not the clipping range."""
    target.SetPosition(source.GetPosition())
    target.SetFocalPoint(source.GetFocalPoint())
    target.SetViewUp(source.GetViewUp())
    target.SetViewAngle(source.GetViewAngle())
    target.SetParallelScale(source.GetParallelScale())


def same_pose(first: vtkCamera, second: vtkCamera) -> bool:
    """Whether `copy_pose` would change nothing."""
    return _numbers(first) == _numbers(second)


def _numbers(camera: vtkCamera) -> tuple[object, ...]:
    return camera.GetPosition(), camera.GetFocalPoint(), camera.GetViewUp(), camera.GetViewAngle(), camera.GetParallelScale()


def sight_of(camera: vtkCamera, aspect: float, height: float) -> Sight:
    """From where a camera looks onto a view that is so many pixels high, and so many times as wide."""
    taken = camera.GetCompositeProjectionTransformMatrix(aspect, -1, 1)
    numbers = tuple(taken.GetElement(row, column) for row in range(4) for column in range(4))
    return Sight(numbers, float(height / 2 / np.tan(np.radians(camera.GetViewAngle() / 2))))


def camera_height(camera: vtkCamera) -> float:
    """Height in Å of what a camera sees at its focal point."""
    return float(2 * camera.GetDistance() * np.tan(np.radians(camera.GetViewAngle() / 2)))


def turn_back(camera: vtkCamera, focal_point: Sequence[float], distance: float) -> None:
    """Look at a point from so far away, in the direction of now."""
    forward = np.array(camera.GetDirectionOfProjection())
    camera.SetFocalPoint(*focal_point)
    camera.SetPosition(*(np.array(focal_point) - distance * forward))


def widen(camera: vtkCamera, was: float, now: float) -> None:
    """Keep all in sight that was, in a view whose width over height is ``now`` where it ``was`` greater."""
    if now < was:
        half = np.arctan(np.tan(np.radians(camera.GetViewAngle() / 2)) * was / now)
        camera.SetViewAngle(float(np.degrees(2 * half)))
