"""What is left out while things move, where whole frames take long; all of it is back as soon as they rest."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from difffit_app.scene import scene_widget
from difffit_app.scene.coarsening import Coarsening
from difffit_app.scene.drawings.fit_drawing import FitDrawing
from difffit_app.scene.scene_widget import SceneWidget


class QuickLook(QObject):
    """Follows the motion that views share: edges are rough, shadows and silhouettes are off, surfaces have fewer triangles.

    The view that one moves is painted first, and the others, which look from the same place, in a share of the time.
    """

    def __init__(self, scenes: Callable[[], Sequence[SceneWidget]], drawing: Callable[[], FitDrawing]) -> None:
        super().__init__()
        self._scenes, self._drawing = scenes, drawing
        self._coarsening = Coarsening()
        self._motion = scenes()[0].motion
        self._motion.changed.connect(self._follow)

    @property
    def is_slow(self) -> bool:
        """Whether the views that are seen, which move together, take too long for all that belongs to them to be seen to move smoothly."""
        return sum(scene.last_whole_frame_s() for scene in self._scenes() if scene.isVisible()) > scene_widget.SLOW_FRAME_S

    def end(self) -> None:
        """Follow no more."""
        self._motion.changed.disconnect(self._follow)
        self._coarsening.end()

    def _follow(self, moving: bool) -> None:
        quick = moving and self.is_slow
        for scene in self._scenes():
            scene.set_quick(quick)
            scene.lead(False)
        self._coarsening.end()
        self._drawing().turn(quick)
        if quick:
            leading = next((scene for scene in self._scenes() if scene.underMouse()), self._scenes()[0])
            leading.lead(True)
            self._coarsening.begin([renderer for scene in self._scenes() for renderer in scene.renderers], self._drawing().later)
        for scene in self._scenes():
            scene.draw()
