"""The left view: maps as surfaces, and the models in the selected placement."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.views.scene.fit_drawing import FitDrawing
from difffit_app.views.scene.map_actor import MapActor
from difffit_app.views.scene.model_actor import ModelActor
from difffit_app.views.scene.scene_widget import SceneWidget
from difffit_core.pose import Pose


class FitScene(SceneWidget):
    """A widget around a `FitDrawing`."""

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__("Fit view: map and placed model", parent)
        self.drawing = FitDrawing(session, view_state, self.stage)

    @property
    def maps(self) -> dict[str, MapActor]:
        return self.drawing.maps

    @property
    def models(self) -> dict[str, ModelActor]:
        return self.drawing.models

    def show_preview(self, model_id: str, chains: Sequence[str], pose: Pose) -> None:
        """Show a model in a pose that is no placement yet."""
        self.drawing.show_preview((model_id, tuple(chains), pose))

    def clear_preview(self) -> None:
        self.drawing.show_preview(None)

    def visible_bounds(self) -> tuple[float, ...] | None:
        """Box around all that is shown, or None where there is nothing."""
        return self.drawing.visible_bounds()

    def shut(self) -> None:
        self.drawing.end()
        super().shut()
