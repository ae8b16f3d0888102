"""Two views that look from the same place."""

from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.views.scene.scene_widget import SceneWidget


class CameraLink:
    """Copies the pose of whichever camera moves to the other, each keeping its own clipping range."""

    def __init__(self, first: SceneWidget, second: SceneWidget) -> None:
        self._views = (first, second)
        self._copying = False
        self._tags = [
            (first.camera, first.camera.AddObserver("ModifiedEvent", lambda *_: self._follow(first, second))),
            (second.camera, second.camera.AddObserver("ModifiedEvent", lambda *_: self._follow(second, first))),
        ]

    def _follow(self, source: SceneWidget, target: SceneWidget) -> None:
        if self._copying or source.closed or target.closed:
            return
        self._copying = True
        try:
            copy_pose(source.camera, target.camera)
            target.draw()
        finally:
            self._copying = False

    def close(self) -> None:
        for camera, tag in self._tags:
            camera.RemoveObserver(tag)
        self._tags.clear()


def copy_pose(source: vtkCamera, target: vtkCamera) -> None:
    """Place, direction, angle and scale, not the clipping range."""
    target.SetPosition(source.GetPosition())
    target.SetFocalPoint(source.GetFocalPoint())
    target.SetViewUp(source.GetViewUp())
    target.SetViewAngle(source.GetViewAngle())
    target.SetParallelScale(source.GetParallelScale())
