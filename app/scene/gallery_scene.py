"""The best placements side by side, one tile each."""

from PySide6.QtCore import QPoint, QPointF, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QToolTip, QWidget
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer

from difffit_app.scene.actors.map_actor import Later
from difffit_app.scene.drawings.gallery_drawing import GalleryDrawing
from difffit_app.scene.scene_widget import SceneWidget
from difffit_app.scene.stage import look_along_z
from difffit_app.state.metrics import describe
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.theme import Theme
from difffit_core.placement import Placement


class GalleryScene(SceneWidget):
    """A widget around a `GalleryDrawing`. ``picked`` gives the rank of a tile that was clicked."""

    picked = Signal(int)

    def __init__(self, session: Session, view_state: ViewState, theme: Theme, later: Later | None, parent: QWidget | None = None) -> None:
        self._drawing: GalleryDrawing | None = None
        super().__init__("Gallery: the best placements side by side", parent)
        self._view_state = view_state
        ground = self.plotter.renderer
        ground.SetInteractive(False)
        window = self.plotter.render_window
        assert window is not None, "the plotter was just made"
        self._drawing = GalleryDrawing(session, view_state, theme, window, self.ask_for_frame, later=later)
        look_along_z(self._drawing.camera)
        self.plotter.iren.interactor.GetInteractorStyle().AutoAdjustCameraClippingRangeOff()  # one camera serves all tiles
        self.scale_changed.connect(lambda _: self._fill())
        self.set_theme(theme)
        self._drawing.show()
        self._fill()

    @property
    def drawing(self) -> GalleryDrawing:
        if self._drawing is None:
            raise RuntimeError("the view is closed")
        return self._drawing

    @property
    def camera(self) -> vtkCamera:
        return self.drawing.camera

    @property
    def renderers(self) -> list[vtkRenderer]:
        return self.drawing.renderers

    @property
    def aspect(self) -> float:
        """Width over height of a tile."""
        return self.drawing.aspect

    def set_theme(self, theme: Theme) -> None:
        self.stage.set_background(theme.border, theme.border)
        self.drawing.set_theme(theme)

    def shut(self) -> None:
        if self._drawing is not None:
            self._drawing.end()
            self._drawing = None
        super().shut()

    def prepare(self) -> None:
        if self._drawing is not None:
            self._drawing.prepare()

    def on_click(self, point: QPointF) -> None:
        placement = self._at(point)
        if placement is not None:
            self.picked.emit(placement.rank)

    def on_ctrl_click(self, point: QPointF, shift: bool) -> None:  # noqa: ARG002 - there are no residues to select
        self.on_click(point)

    def on_double_click(self, point: QPointF) -> None:
        self.on_click(point)

    def on_menu(self, point: QPointF | None, place: QPoint) -> None:
        """``menu_asked`` gives the placement instead of a ray."""
        self.menu_asked.emit(None if point is None else self._at(point), place)

    def on_hover(self, point: QPointF) -> None:
        placement = self._at(point)
        if placement is None:
            QToolTip.hideText()
        else:
            words = describe(placement, self._view_state.metric, on_its_way=self._view_state.frame is not None)
            QToolTip.showText(QCursor.pos(), words, self.plotter)

    def _at(self, point: QPointF) -> Placement | None:
        return self.drawing.at(point.x() / self.plotter.width(), 1 - point.y() / self.plotter.height())

    def _fill(self) -> None:
        if self._drawing is not None:
            ratio = self.plotter.devicePixelRatioF()
            self._drawing.resize(round(self.plotter.width() * ratio), round(self.plotter.height() * ratio), ratio)
