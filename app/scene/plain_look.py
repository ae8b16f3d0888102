"""When things are drawn plainly, and what is: while they move, where whole frames take long. All of it is back as soon as they rest.

Whatever is on a view is drawn plainly in the same way, whoever put it there: `SceneWidget.set_plain` leaves out smooth edges and soft
shadows, `Plainer` draws surfaces of fewer triangles, fewer spheres, and no silhouettes.
"""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from difffit_app.scene import scene_widget
from difffit_app.scene.actors.map_actor import Later
from difffit_app.scene.plainer import Plainer
from difffit_app.scene.scene_widget import SceneWidget


class PlainLook(QObject):
    """Follows the motion that views share, and what else is urgent.

    The view that one moves is painted first, and the others, which look from the same place, in a share of the time.
    """

    def __init__(self, scenes: Callable[[], Sequence[SceneWidget]], later: Callable[[], Later | None]) -> None:
        super().__init__()
        self._scenes, self._later = scenes, later
        self._plainer = Plainer()
        self._plain: list[SceneWidget] = []
        self._motion = scenes()[0].motion
        self._motion.changed.connect(self._follow)

    @property
    def is_slow(self) -> bool:
        """Whether the views that are seen, which move together, take too long for all that belongs to them to be seen to move smoothly."""
        return sum(scene.last_whole_frame_s() for scene in self._scenes() if scene.isVisible()) > scene_widget.SLOW_FRAME_S

    def hurry(self, hurrying: bool) -> None:
        """Draw with rough edges, if frames take long, as long as the processors are needed for something else."""
        rough = hurrying and self.is_slow
        for scene in self._scenes():
            scene.set_rough(rough)

    def end(self) -> None:
        """Follow no more."""
        self._motion.changed.disconnect(self._follow)
        self._rest()

    def _follow(self, moving: bool) -> None:
        plain = moving and self.is_slow
        self._rest()
        if plain:
            self._plain = list(self._scenes())
            self._plainer.begin([renderer for scene in self._plain for renderer in scene.renderers], self._later())
            leading = next((scene for scene in self._plain if scene.underMouse()), self._plain[0])
            leading.lead(True)
        for scene in self._plain:
            scene.set_plain(True)
            scene.about_to_paint.connect(self._plainer.look_again)
        for scene in self._scenes():
            scene.draw()

    def _rest(self) -> None:
        """Draw all as it should be."""
        self._plainer.end()
        for scene in self._plain:
            scene.about_to_paint.disconnect(self._plainer.look_again)
            scene.set_plain(False)
            scene.lead(False)
        self._plain = []
