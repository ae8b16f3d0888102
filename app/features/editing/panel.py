"""Where one step of a working map is set up."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QStackedWidget, QWidget

from difffit_app.features.editing.pages import CropPage, LowPassPage, MirrorPage, Page, ResamplePage, SharpenPage, VoxelSizePage, ZonePage
from difffit_app.state.items import OpenMap
from difffit_app.state.made_maps import named_history
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.theme import Theme
from difffit_app.widgets.column import lay_out, scrolling_column
from difffit_app.widgets.fields import form_of, resolution_box, set_up_choice
from difffit_app.widgets.items_box import ItemsBox
from difffit_app.widgets.run_foot import RunFoot
from difffit_app.widgets.shared_resolution import SharedResolution
from difffit_core.errors import UserError
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.map_edit.sharpening import Amplitudes


class EditPanel(QWidget):
    """``asked`` carries a `MapRecipe` of one step, of the map and models by their ids; ``plot_wanted`` the id of a map."""

    asked = Signal(object)
    refused = Signal(str)
    plot_wanted = Signal(str)

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.map, self.kind, self.pages = ItemsBox(), QComboBox(), QStackedWidget()
        self.sharpen = SharpenPage()
        zones = ZonePage(session, outside=False), ZonePage(session, outside=True)
        crop = CropPage(session, lambda identifier: view_state.maps[identifier].level)
        self.by_name: dict[str, Page] = {
            page.name: page for page in (*zones, crop, LowPassPage(), self.sharpen, ResamplePage(), MirrorPage(), VoxelSizePage())
        }
        self.resolution = resolution_box("Resolution of the map to work on")
        self._resolution = SharedResolution(session, self.map, self.resolution)
        self.history = QLabel()
        self.history.setObjectName("dim")
        self.history.setWordWrap(True)
        set_up_choice(self.map, "Map to work on")
        set_up_choice(self.kind, "What to do to it")
        for page in self.by_name.values():
            self.kind.addItem(page.name)
            self.pages.addWidget(page)
            page.changed.connect(self._enable)
        self.foot = RunFoot("Make Working Map", "Progress of the working map")
        self.foot.cancel.hide()
        lay_out(
            self,
            scrolling_column(form_of((("Map", self.map), ("Resolution", self.resolution), ("Step", self.kind))), self.pages, self.history),
            self.foot,
        )
        self.kind.currentIndexChanged.connect(self._show_page)
        self.map.currentIndexChanged.connect(self._show_map)
        self.foot.start.clicked.connect(self.ask)
        self._subscriptions = Subscriptions()
        self.map.follow_maps(session, self._subscriptions, self._show_map)
        self._resolution.follow(self._subscriptions)
        self.foot.forget_with(session.events, self._subscriptions)
        self._subscriptions.add(session.events.resolution_changed, self._on_resolution)
        self._show_page(0)
        self._show_map()

    def shut(self) -> None:
        for page in self.by_name.values():
            page.shut()
        self._subscriptions.end()

    def offer(self, *actions: tuple[QAction, str]) -> None:
        """Put actions of the menu on buttons."""
        self.foot.offer(*actions)

    def set_theme(self, theme: Theme) -> None:
        self.sharpen.plot.set_theme(theme)

    @property
    def page(self) -> Page:
        return self.by_name[self.kind.currentText()]

    def choose(self, name: str) -> None:
        """Choose a kind of step."""
        self.kind.setCurrentIndex(self.kind.findText(name))

    def ask(self) -> None:
        """Report what to do; what is no such step is refused in a sentence."""
        try:
            if not self.foot.running and self._map is not None:
                self.asked.emit(MapRecipe.checked({"map": self._map.id, "steps": (self.page.step(),)}))
        except UserError as error:
            self.refused.emit(str(error))

    def show_running(self, running: bool) -> None:
        self.foot.show_running(running)
        self.foot.bar.setRange(0, 0 if running else 1000)  # how long it takes is not known
        self._enable()

    def show_outcome(self, text: str) -> None:
        self.foot.status.setText(text)

    def show_amplitudes(self, identifier: str, amplitudes: Amplitudes) -> None:
        if self._map is not None and self._map.id == identifier:
            told = self._session.resolution(identifier)
            self.sharpen.show_amplitudes(amplitudes, told.value if told else None)

    @property
    def _map(self) -> OpenMap | None:
        return self._session.maps.get(self.map.currentData() or "")

    def _show_page(self, index: int) -> None:
        for at, page in enumerate(self.by_name.values()):  # so that the panel is as high as the page that is seen
            policy = QSizePolicy.Policy.Preferred if at == index else QSizePolicy.Policy.Ignored
            page.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self.pages.setCurrentIndex(index)
        self.kind.setToolTip(self.page.tip)
        self.foot.status.setText("")
        self._want_plot()
        self._enable()

    def _show_map(self) -> None:
        item = self._map
        self.sharpen.show_amplitudes(None, None)
        if item is not None:
            for page in self.by_name.values():
                page.show_map(item)
            done = named_history(item, self._session)
            shape = " × ".join(map(str, item.density.shape_xyz))
            size = " × ".join(dict.fromkeys(f"{one:.4g}" for one in item.density.voxel_size))
            known = self._session.resolution(item.id)
            told = f"; {known.sentence()}" if known else ""
            made = f"\nMade of {self._session.maps[item.made.map].name}: {done}." if item.made else ""
            self.history.setText(f"{shape} voxels of {size} Å{told}.{made}")
            self._want_plot()
        else:
            self.history.setText("")
        self._enable()

    def _on_resolution(self, identifier: str) -> None:
        if self._map is not None and self._map.id == identifier:
            self._want_plot()

    def _want_plot(self) -> None:
        if self._map is not None and self.page is self.sharpen:
            self.plot_wanted.emit(self._map.id)

    def _enable(self) -> None:
        self.foot.enable(self._map is not None and self.page.is_ready)
        self.foot.cancel.hide()
