"""The 3-D views, all looking from the same place: side by side, in one scene, or as a gallery."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QSplitter, QStackedLayout, QToolButton, QWidget

from difffit_app.scene.camera.keys import turn, zoom
from difffit_app.scene.camera.link import CameraLink
from difffit_app.scene.camera.offset import beside
from difffit_app.scene.camera.pose import apply_camera, camera_of, turn_back
from difffit_app.scene.cluster_scene import ClusterScene
from difffit_app.scene.fit_scene import FitScene
from difffit_app.scene.gallery_scene import GalleryScene
from difffit_app.scene.pane import Pane, switch
from difffit_app.scene.pictures.movie_file import write_movie
from difffit_app.scene.pictures.picture import Outlook, draw_movie, draw_picture
from difffit_app.scene.pictures.picture_file import check_picture_path, write_picture
from difffit_app.scene.plain_look import PlainLook
from difffit_app.scene.scene_widget import SceneWidget
from difffit_app.scene.stage import Bounds, join_bounds, turn_to
from difffit_app.scene.tools.sphere_picker import SpherePicker
from difffit_app.state.depth import Clip
from difffit_app.state.figure import Background, Figure, Scene
from difffit_app.state.items import OpenFit, OpenMap, OpenModel
from difffit_app.state.metrics import METRICS
from difffit_app.state.movies import FRAMES_A_SECOND, Moment
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import GALLERY_SIZES, ViewState
from difffit_app.styles import Camera
from difffit_app.theme import DARK, GROUNDS, LIGHT, Theme
from difffit_app.workers.lane import Context
from difffit_core.chain_words import chains_in_words
from difffit_core.errors import UserError
from difffit_core.pose import Pose


class Viewer(QWidget):
    """The fit view and the cluster view, each under a bar that names it; the gallery is made when it is first asked for."""

    placement_picked = Signal(int)
    metric_chosen = Signal(str)
    layout_chosen = Signal(str)
    gallery_size_chosen = Signal(int)
    tile_menu_asked = Signal(object, QPoint)

    def __init__(self, session: Session, view_state: ViewState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._view_state = session, view_state
        self._look_at_placement = False
        self._looked_from: tuple[object, ...] | None = None
        self._theme = LIGHT
        self._left_at: tuple[tuple[float, float, float], float] | None = None
        self.gallery: GalleryScene | None = None
        self.fit = FitScene(session, view_state, self)
        self.clusters = ClusterScene(session, view_state, self.fit.maps, self)
        self.clusters.share_turns(self.fit)
        self._link = CameraLink(self.fit, self.clusters)
        self._plainly = PlainLook(lambda: self.scenes, lambda: self.fit.drawing.later)
        self.metric_box = self._metric_box()
        self.offset_switch = switch("One scene", "Show the spheres beside the map, in one scene")
        self.gallery_switch = switch("Gallery", "Show the best placements side by side")
        self.offset_switch.clicked.connect(lambda on: self.layout_chosen.emit("offset" if on else "views"))
        self.gallery_switch.clicked.connect(lambda: self.layout_chosen.emit("gallery"))
        self._fit_pane = Pane("Fit", [self.offset_switch, self.gallery_switch], self.fit)
        self._cluster_pane = Pane("Clusters", [self.metric_box], self.clusters)
        self._splitter = splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(self._fit_pane)
        splitter.addWidget(self._cluster_pane)
        splitter.setSizes([600, 500])
        splitter.setChildrenCollapsible(False)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(splitter)

        for picker in (
            SpherePicker(self.clusters, self.clusters.drawing, view_state),
            SpherePicker(self.fit, self.clusters.drawing, view_state, lambda: view_state.layout == "offset"),
        ):
            picker.picked.connect(self.placement_picked)
        self.fit.beside = lambda ray: self.clusters.drawing.under(ray) if view_state.layout == "offset" else None
        self._compared = ""
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.map_added, self._first_look),
            (session.events.model_added, self._first_look),
            (session.events.fit_added, self._look_at_first_fit),
            (session.events.fit_selected, self._name),
            (session.events.placement_selected, self._name),
            (session.events.renamed, self._name),
            (session.events.hand_moved, self._name),
            (view_state.metric_changed, self._show_metric),
            (view_state.frame_changed, self._name),
            (view_state.layout_changed, self._arrange),
            (view_state.camera_asked, self._look_from),
            (view_state.effects_changed, self._set_effects),
            (view_state.clip_changed, self._set_clip),
            (view_state.moving_level_changed, lambda *_: self.fit.motion.go()),
            (view_state.frame_changed, lambda frame: self.fit.motion.go() if frame is not None else None),
            (view_state.morph_changed, lambda _: self.fit.motion.go()),
            (view_state.background_changed, lambda _: self.set_theme(self._theme)),
        ):
            self._subscriptions.add(signal, slot)
        self._set_effects()

    @property
    def scenes(self) -> list[SceneWidget]:
        return [self.fit, self.clusters, *([self.gallery] if self.gallery is not None else [])]

    @property
    def fit_title(self) -> str:
        return self._fit_pane.title.text()

    @property
    def shown_scene(self) -> SceneWidget:
        """The one that stands at the left or alone."""
        return self.gallery if self.gallery is not None and self._view_state.layout == "gallery" else self.fit

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        theme = self._ground
        for scene in (self.fit, self.clusters):
            scene.stage.set_background(theme.scene_bottom, theme.scene_top)
        self.clusters.drawing.set_selected_colour(theme.accent)
        self.fit.contours.ranks.set_selected_colour(theme.accent)
        self.clusters.drawing.legend.set_colours(theme.text, theme.scene_bottom)
        self.fit.explaining.set_colours(theme.text, theme.scene_top)
        self.fit.mark.set_colours(theme.accent, theme.text, theme.base)
        if self.gallery is not None:
            self.gallery.set_theme(theme)

    @property
    def _ground(self) -> Theme:
        """The theme of what is drawn: of the window, or of the colour that is behind everything."""
        background = self._view_state.background
        return self._theme if background == "gradient" else GROUNDS[background]

    def show_preview(self, model_id: str, chains: Sequence[str], pose: Pose) -> None:
        self.fit.show_preview(model_id, chains, pose)

    def clear_preview(self) -> None:
        self.fit.clear_preview()

    def current_camera(self) -> tuple[Sequence[float], Sequence[float], Sequence[float], float]:
        camera = self.fit.camera
        return camera.GetPosition(), camera.GetFocalPoint(), camera.GetViewUp(), camera.GetViewAngle()

    def look_at_everything(self) -> None:
        self.look_at_box(self.fit.visible_bounds())

    def look_at_box(self, box: Bounds | None, *, alone: bool = False) -> None:
        """Have that box of the fit view in sight, and, unless ``alone``, what the layout shows beside it."""
        layout, aspect, boxes = self._view_state.layout, self.fit.aspect, [box]
        if layout == "views":
            aspect = min(aspect, self.clusters.aspect)
        elif layout == "offset" and not alone:
            self._shift_spheres()
            boxes.append(self.clusters.drawing.visible_bounds())
        elif layout == "gallery" and self.gallery is not None:
            boxes += [] if alone else [self.gallery.drawing.visible_bounds()]
            aspect = self.gallery.aspect
        bounds = join_bounds([one for one in boxes if one is not None])
        if bounds is not None:
            self.fit.look_at(bounds, aspect)

    def bounds_of_map(self, identifier: str) -> Bounds:
        """Box around what is drawn of a map."""
        return self.fit.maps[identifier].bounds()

    def bounds_of_residues(self, model: str, residues: NDArray, pose: Pose | None = None) -> Bounds | None:
        """Box around residues by their `AtomicModel.residue_index`, where the model is drawn or in a pose; None around none."""
        return self.fit.drawing.bounds_of(model, residues, pose)

    def chains_drawn(self, model: str) -> tuple[str, ...]:
        """Those of a model that are shown."""
        return self.fit.models[model].chains

    def tell_compared(self, words: str) -> None:
        """Say over the fit view what is drawn beside the selected placement; nothing where nothing is."""
        self._compared = words
        self._name()

    def zoom(self, factor: float) -> None:
        zoom(self.fit.camera, factor)
        self.fit.draw()

    def turn(self, right: float, up: float) -> None:
        """Turn all views by degrees."""
        turn(self.fit.camera, right, up)
        self.fit.draw()

    def centre_on(self, point: Sequence[float], within: float | None = None) -> None:
        """Turn about a point in Å from now on, from where one looks now; from no farther than to see ``within`` Å around it."""
        turn_to(self.fit.camera, point, within)
        for scene in self.scenes:
            scene.draw()

    def figure_of_now(self) -> Figure:
        """What is shown now, twice as large."""
        layout, shown = self._view_state.layout, self.shown_scene.plotter
        scene: Scene = "fit" if layout == "views" else layout
        ratio = shown.devicePixelRatioF()
        width, height = round(shown.width() * ratio), round(shown.height() * ratio)
        shadows, lines = self._view_state.soft_shadows, self._view_state.silhouettes
        ground = self._view_state.background
        behind: Background = ground if ground != "gradient" else "dark" if self._theme is DARK else "gradient"
        state = self._view_state
        also = {"legend": state.legend, "scale_bar": state.scale_bar, "triad": state.triad, "fog": state.fog}
        return Figure(scene, 2 * width, 2 * height, 2 * ratio, background=behind, soft_shadows=shadows, silhouettes=lines, **also)

    def draw_later(self, path: Path, figure: Figure) -> Callable[[], None]:
        """What draws and writes a figure of what is open now; it may be called in any thread."""
        session, view_state = self._session.copy(), self._view_state.copy()
        outlook = self._outlook(figure)

        def draw() -> None:
            check_picture_path(path)
            write_picture(path, draw_picture(session, view_state, figure, outlook), figure.dots_per_inch)

        return draw

    def image_later(self, figure: Figure) -> Callable[[], Image.Image]:
        """What draws a figure of what is open now; it may be called in any thread."""
        session, view_state, outlook = self._session.copy(), self._view_state.copy(), self._outlook(figure)
        return lambda: draw_picture(session, view_state, figure, outlook)

    def movie_later(self, path: Path, moments: Sequence[Moment]) -> Callable[[Context], None]:
        """What draws and writes a movie of the fit view as it is now; it may be called in any thread."""
        session, view_state, now = self._session.copy(), self._view_state.copy(), self.figure_of_now()
        width, height = now.width // 4 * 2, now.height // 4 * 2
        ground: Background = "white" if now.transparent else now.background
        figure = replace(now, scene="fit", samples=2, background=ground, width=width, height=height, scale=now.scale / 2)
        outlook = self._outlook(figure)

        def work(context: Context) -> None:
            def told() -> Iterator[Image.Image]:
                for number, frame in enumerate(draw_movie(session, view_state, figure, outlook, moments), 1):
                    if context.cancel.is_set():
                        raise UserError("the movie was given up")
                    context.report((number, len(moments)))
                    yield frame

            write_movie(path, told(), FRAMES_A_SECOND)

        return work

    def _outlook(self, figure: Figure) -> Outlook:
        whole = figure.layout != self._view_state.layout
        return Outlook(camera_of(self.fit.camera), self.shown_scene.aspect, whole, self.fit.drawing.preview, self.fit.others.judging())

    def hurry(self, hurrying: bool) -> None:
        """Draw the views faster and less smoothly, if they are slow to draw, while the processors are needed for something else."""
        self._plainly.hurry(hurrying)

    def shut(self) -> None:
        """Disconnect, and give back what VTK holds."""
        self._subscriptions.end()
        self._plainly.end()
        self._link.close()
        for scene in reversed(self.scenes):
            scene.shut()

    def _metric_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName("Metric that colours the spheres")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(13)
        box.view().setMinimumWidth(220)
        box.setToolTip("What the colour of the spheres tells; their size tells the hits. Dots may be chance, but for the best of them")
        for name, metric in METRICS.items():
            box.addItem(metric.title, name)
        box.activated.connect(lambda index: self.metric_chosen.emit(box.itemData(index)))
        return box

    def _open_gallery(self) -> GalleryScene:
        if self.gallery is None:
            self.gallery = GalleryScene(self._session, self._view_state, self._ground, self.fit.drawing.later, self)
            self._link.add(self.gallery)
            self.gallery.share_turns(self.fit)
            self.gallery.picked.connect(self.placement_picked)
            self.gallery.menu_asked.connect(self.tile_menu_asked)
            back = switch("Gallery", "Go back to the two views")
            back.setChecked(True)
            back.clicked.connect(lambda: self.layout_chosen.emit("views"))
            self._back = back
            self._stack.addWidget(Pane("Gallery", [*self._size_buttons(), back], self.gallery))
        return self.gallery

    def _size_buttons(self) -> list[QToolButton]:
        self._sizes = {size: switch(str(size), f"Show {size} placements at once") for size in GALLERY_SIZES}
        for size, button in self._sizes.items():
            button.setChecked(size == self._view_state.gallery_size)
            button.clicked.connect(lambda _, size=size: self.gallery_size_chosen.emit(size))
        self._subscriptions.add(self._view_state.gallery_size_changed, self._mark_size)
        self.gallery_size_chosen.connect(lambda _: self._mark_size(self._view_state.gallery_size))
        return list(self._sizes.values())

    def _mark_size(self, chosen: int) -> None:
        for size, button in self._sizes.items():
            button.setChecked(size == chosen)

    def _arrange(self, layout: str) -> None:
        if self._left_at is None:
            self._left_at = (self.fit.camera.GetFocalPoint(), self.fit.camera.GetDistance())
        self.offset_switch.setChecked(layout == "offset")
        self.gallery_switch.setChecked(False)
        self._cluster_pane.setVisible(layout != "offset")
        self._splitter.refresh()  # now, because the views are looked at in the size they have
        if layout == "offset":
            self._shift_spheres()
        else:
            self.clusters.drawing.move(self.clusters.stage, np.zeros(3))
        gallery = self._open_gallery() if layout == "gallery" else None
        self._stack.setCurrentIndex(0 if gallery is None else 1)
        if gallery is not None:
            self._back.setChecked(True)
        if layout == "views":
            turn_back(self.fit.camera, *self._left_at)
            self._left_at = None
            self.fit.draw()
        else:
            self.look_at_everything()

    def _shift_spheres(self) -> None:
        """Put the spheres beside the map of the fit, to its right as it is seen now."""
        fit = self._session.fit
        item = self._session.map if fit is None else self._session.maps[fit.record.map]
        shift = np.zeros(3) if item is None else beside(self.fit.camera, item.density.box)
        self.clusters.drawing.move(self.fit.stage, shift)

    def _first_look(self, item: OpenMap | OpenModel) -> None:
        """What is opened comes in sight, unless something was fitted or one has turned to something already.

        Of what lies in frames of their own, far from one another, only that in which it is: all together could not be made out.
        """
        few = len(self._session.maps) + len(self._session.models) <= 2
        if not self._session.fits and (few or self._looked_from == self.current_camera()):
            self.look_at_box(self.fit.drawing.bounds_round(item.id) or self.fit.visible_bounds())
            self._looked_from = self.current_camera()

    def _look_at_first_fit(self, _: OpenFit) -> None:
        self._look_at_placement = len(self._session.fits) == 1

    def _name(self, *_: object) -> None:
        fit, placement, hand = self._session.fit, self._session.placement, self._session.hand
        if hand is not None:
            self._fit_pane.title.setText(f"Moved by hand  ·  {self._session.models[hand.model].name}, {chains_in_words(hand.chains)}")
            return
        if fit is None or placement is None:
            self._fit_pane.title.setText("Fit")
            return
        chains = chains_in_words(fit.record.chains)
        frame, name = self._view_state.frame, self._session.models[fit.record.model].name
        on_its_way = frame is not None and frame.fit is fit
        words = f"On its way to placement {placement.rank}" if on_its_way else f"Placement {placement.rank}"
        compared = [] if on_its_way or not self._compared else [self._compared]
        self._fit_pane.title.setText("  ·  ".join([words, *compared, f"{name}, {chains}"]))
        if self._look_at_placement:
            self._look_at_placement = False
            self.look_at_box(join_bounds([self.fit.maps[fit.record.map].bounds(), self.fit.models[fit.record.model].bounds()]))

    def _set_effects(self) -> None:
        for scene in (self.fit, self.clusters):
            scene.stage.fog = self._view_state.fog
            scene.stage.set_soft_shadows(self._view_state.soft_shadows)

    def _set_clip(self, clip: Clip | None) -> None:
        """The map is cut, and not the spheres: a placement that is hidden would be taken for none."""
        self.fit.stage.clip = clip
        for scene in self.scenes:
            scene.draw()

    def _show_metric(self, name: str) -> None:
        self.metric_box.setCurrentIndex(self.metric_box.findData(name))

    def _look_from(self, camera: Camera) -> None:
        self._look_at_placement = False
        apply_camera(self.fit.camera, camera)
        self.fit.draw()
