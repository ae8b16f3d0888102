"""Views that look from the same place."""

from vtkmodules.vtkRenderingCore import vtkCamera

from difffit_app.scene.camera.pose import copy_pose, same_pose
from difffit_app.scene.scene_widget import SceneWidget


class CameraLink:
    """Copies the pose of whichever camera moves to the others, each keeping its own clipping range."""

    def __init__(self, *views: SceneWidget) -> None:
        self._views: list[SceneWidget] = []
        self._copying = False
        self._tags: list[tuple[vtkCamera, int]] = []
        for view in views:
            self.add(view)

    def add(self, view: SceneWidget) -> None:
        """Have one more view look from where the others do."""
        if self._views:
            copy_pose(self._views[0].camera, view.camera)
        self._views.append(view)
        self._tags.append((view.camera, view.camera.AddObserver("ModifiedEvent", lambda *_: self._follow(view))))

    def _follow(self, source: SceneWidget) -> None:
        if self._copying or source.closed:
            return
        self._copying = True
        try:
            for target in self._views:
                if target is not source and not target.closed and not same_pose(source.camera, target.camera):
                    copy_pose(source.camera, target.camera)
                    target.draw()
        finally:
            self._copying = False

    def close(self) -> None:
        for camera, tag in self._tags:
            camera.RemoveObserver(tag)
        self._tags.clear()
        self._views.clear()
