"""The left view: maps as surfaces, and the models in the selected placement."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from difffit_app.scene.actors.map_actor import MapActor
from difffit_app.scene.actors.mark import Mark
from difffit_app.scene.actors.model_actor import ModelActor
from difffit_app.scene.drawings.compared_drawing import ComparedDrawing
from difffit_app.scene.drawings.contours_drawing import ContoursDrawing
from difffit_app.scene.drawings.explaining_drawing import ExplainingDrawing
from difffit_app.scene.drawings.fit_drawing import FitDrawing
from difffit_app.scene.drawings.measuring_drawing import MeasuringDrawing
from difffit_app.scene.drawings.others_drawing import OthersDrawing
from difffit_app.scene.drawings.picking import Under
from difffit_app.scene.drawings.region_drawing import RegionDrawing
from difffit_app.scene.drawings.residue_mark import ResidueMark
from difffit_app.scene.scene_widget import SceneWidget
from difffit_app.scene.stage import Ray
from difffit_app.scene.tools.close_look import CloseLook
from difffit_app.scene.tools.hand_tool import HandTool
from difffit_app.scene.tools.resting import Resting
from difffit_app.scene.tools.sphere_tool import SphereTool
from difffit_app.state.judging import JudgingState
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_core.pose import Pose


class FitScene(SceneWidget):
    """A widget around a `FitDrawing`. ``rested_on`` carries the `Under` beneath a pointer that has rested, or None.

    ``residue_picked`` gives the model's id and the `AtomicModel.residue_index`.
    """

    residue_picked = Signal(str, int)
    rested_on = Signal(object)

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__("Fit view: map and placed model", parent)
        self.drawing = FitDrawing(session, view_state, self.stage)
        self.drawing.picking.clip = self.stage.standing_clip
        self._region = RegionDrawing(view_state, self.stage)
        self.explaining = ExplainingDrawing(session, view_state, self.drawing, self.stage)
        self.scale_changed.connect(self.explaining.set_scale)
        self.measured = MeasuringDrawing(session, view_state, self.drawing, self.stage)
        self.scale_changed.connect(self.measured.set_scale)
        self.others = OthersDrawing(session, view_state, self.stage)
        self.scale_changed.connect(self.contours.ranks.set_scale)
        self.explaining.before = self.others.keys
        self.others.changed.connect(self.explaining.show)
        self.sphere = SphereTool(self)
        self.hand = HandTool(self, lambda: self._middle_of(view_state.moving))
        self.mark = Mark(self.stage)
        self.mark.scale_text(self.plotter.devicePixelRatioF())
        self.residue_mark: ResidueMark | None = None
        self.beside: Callable[[Ray], Under | None] = lambda _: None
        """What of the spheres a line of sight meets, where they share this scene."""
        self._close_look = CloseLook(self, self.drawing.look_from)
        self._session, self._view_state = session, view_state
        self._resting = Resting(self, self.under)
        self._resting.rested_on.connect(self.rested_on)
        self.clicked.connect(self._pick)
        self.motion.changed.connect(self._rest)

    @property
    def maps(self) -> dict[str, MapActor]:
        return self.drawing.maps

    @property
    def models(self) -> dict[str, ModelActor]:
        return self.drawing.models

    @property
    def contours(self) -> ContoursDrawing:
        return self.others.contours

    @property
    def compared(self) -> ComparedDrawing | None:
        return self.others.compared

    def prepare(self) -> None:
        self.drawing.cut(self.stage.clip, self.camera, self.motion.moving)
        super().prepare()
        self._close_look.notice()

    def _middle_of(self, model: str | None) -> NDArray[np.float64] | None:
        if model not in self.models:
            return None
        return np.array(self.models[model].bounds()).reshape(3, 2).mean(axis=1)

    def under(self, ray: Ray) -> Under | None:
        """What a line of sight meets first."""
        beside = self.beside(ray)
        return beside if beside is not None else self.drawing.picking.under(ray)

    def show_preview(self, model_id: str, chains: Sequence[str], pose: Pose) -> None:
        """Show a model in a pose that is no placement yet."""
        self.drawing.show_preview((model_id, tuple(chains), pose))

    def clear_preview(self) -> None:
        self.drawing.show_preview(None)

    def visible_bounds(self) -> tuple[float, ...] | None:
        """Box around all that is shown, or None where there is nothing."""
        return self.drawing.visible_bounds()

    def follow(self, judging: JudgingState) -> None:
        """Mark the residue that is marked there, and draw the placement that is compared with the selected one."""
        self.others.follow(judging)
        self.residue_mark = ResidueMark(self._session, self._view_state, judging, self.drawing, self.mark)

    def _rest(self, moving: bool) -> None:
        """What planes cut is drawn finely again."""
        if not moving and self.stage.clip is not None:
            self.draw()

    def _pick(self, ray: Ray) -> None:
        found = None if self._view_state.measuring else self.drawing.residue_under(ray)
        if found is not None:
            self.residue_picked.emit(*found)

    def shut(self) -> None:
        self.hand.activate(False)
        self.sphere.hold(None)
        self._region.end()
        self.others.end()
        self.explaining.end()
        self.measured.end()
        self._resting.end()
        self._close_look.end()
        if self.residue_mark is not None:
            self.residue_mark.end()
        self.drawing.end()
        super().shut()
