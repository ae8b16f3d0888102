"""Pictures of a session without a window: the same drawings as on the screen, at any size."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image
from vtkmodules.vtkRenderingCore import vtkCamera, vtkRenderer

from difffit_app.geometry.colours import rgb
from difffit_app.scene.actors.glass import shine
from difffit_app.scene.actors.scale_bar import ScaleBarActor
from difffit_app.scene.camera.offset import beside
from difffit_app.scene.camera.pose import apply_camera, sight_of, widen
from difffit_app.scene.depth import cut, fade
from difffit_app.scene.drawings.cluster_drawing import ClusterDrawing
from difffit_app.scene.drawings.explaining_drawing import ExplainingDrawing
from difffit_app.scene.drawings.fit_drawing import FitDrawing, Preview
from difffit_app.scene.drawings.gallery_drawing import GalleryDrawing
from difffit_app.scene.drawings.measuring_drawing import MeasuringDrawing
from difffit_app.scene.drawings.others_drawing import OthersDrawing
from difffit_app.scene.lines import scale_lines
from difffit_app.scene.pictures.offscreen import divided_by_opacity, draw_in_tiles, hidden_window, lay_over, painted, pixels_of
from difffit_app.scene.stage import Bounds, Stage, between, join_bounds, look_along_z, look_at, soften
from difffit_app.scene.tiles import Viewport, reset_clipping
from difffit_app.state.figure import Figure, Scene
from difffit_app.state.judging import JudgingState
from difffit_app.state.movies import Moment
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState
from difffit_app.styles import Camera
from difffit_app.theme import GROUNDS
from difffit_core.errors import UserError

WHOLE: Viewport = (0.0, 0.0, 1.0, 1.0)
LEFT: Viewport = (0.0, 0.0, 0.4995, 1.0)
RIGHT: Viewport = (0.5005, 0.0, 1.0, 1.0)


@dataclass(frozen=True)
class Outlook:
    """Where a picture is seen from, or from which direction if it is to show the ``whole``, as it does without a camera.

    ``aspect`` is the width over height of the view that the camera was in; a ``preview`` is shown instead of the selected placement.
    Of ``judging`` is drawn what is compared.
    """

    camera: Camera | None = None
    aspect: float | None = None
    whole: bool = False
    preview: Preview | None = None
    judging: JudgingState | None = None


def draw_picture(session: Session, view_state: ViewState, figure: Figure, outlook: Outlook) -> Image.Image:
    """RGBA where it is transparent, else RGB. Safe in any thread on what ``Session.copy`` and ``ViewState.copy`` gave.

    The view state takes over the figure's effects.

    Raises
    ------
    UserError
        If there is nothing to draw, or this machine cannot draw.
    """
    easel = _easel(session, view_state, figure, outlook)
    try:
        easel.set_up()
        easel.look_closer()
        return easel.draw()
    finally:
        easel.close()


def draw_movie(
    session: Session, view_state: ViewState, figure: Figure, outlook: Outlook, moments: Iterable[Moment]
) -> Iterator[Image.Image]:
    """RGB pictures of the moments, each as fine as `draw_picture` draws it. What is on its way is the model of the selected fit.

    Raises
    ------
    UserError
        As `draw_picture`.
    """
    fit, frame = session.fit, view_state.frame
    easel = _easel(session, view_state, figure, outlook)
    try:
        easel.set_up()
        turned = 0.0
        for moment in moments:
            easel.camera.Azimuth(moment.turned - turned)
            turned = moment.turned
            if frame is not None:
                view_state.set_frame(None if moment.step is None else replace(frame, step=moment.step))
            if fit is not None and moment.pose is not None:
                easel.preview((fit.record.model, tuple(fit.record.chains), moment.pose))
            easel.look_closer()
            yield easel.draw()
    finally:
        easel.close()


def _easel(session: Session, view_state: ViewState, figure: Figure, outlook: Outlook) -> "_Easel":
    """Once it is sure that there is something to draw."""
    if figure.scene != "fit" and (session.fit is None or not len(view_state.shown(session.fit))):
        raise UserError(f"there are no placements for a picture of {_WORDS[figure.scene]}")
    if not (session.maps or session.models):
        raise UserError("there is nothing open to make a picture of")
    view_state.set_effects(figure.soft_shadows, figure.silhouettes, figure.fog and not figure.transparent)
    view_state.set_explaining(legend=figure.legend, scale_bar=False, triad=figure.triad)
    return _Easel(session, view_state, figure, outlook)


_WORDS: dict[Scene, str] = {
    "fit": "the fit",
    "clusters": "the clusters",
    "both": "both views",
    "offset": "both in one scene",
    "gallery": "the gallery",
}


class _Easel:
    """Two hidden windows, one for what has depth and one for words and lines, which need no averaging."""

    def __init__(self, session: Session, view_state: ViewState, figure: Figure, outlook: Outlook) -> None:
        self._session, self._view_state, self._figure, self._outlook = session, view_state, figure, outlook
        self._theme = GROUNDS[figure.background]
        self._window, self._labels = hidden_window(), hidden_window()
        self._labels.SetSize(figure.width, figure.height)
        self.camera = vtkCamera()
        self._renderers: list[vtkRenderer] = []
        self._label_renderers: list[vtkRenderer] = []
        self._bars: list[ScaleBarActor] = []
        self._fit: FitDrawing | None = None
        self._clusters: ClusterDrawing | None = None
        self._gallery: GalleryDrawing | None = None
        self._others: OthersDrawing | None = None
        self._measured: MeasuringDrawing | None = None
        self._explaining: ExplainingDrawing | None = None

    def set_up(self) -> None:
        """Put everything in its place, once, before it is drawn."""
        self._aim(self._set_up_gallery() if self._figure.scene == "gallery" else self._set_up_views())
        for renderer, labels in zip(self._renderers, self._label_renderers, strict=True):
            left, bottom, right, top = self._box(renderer)
            self._prepare(renderer, labels, right - left, top - bottom)

    def look_closer(self) -> None:
        """Draw maps finely where they are seen from near."""
        if self._fit is not None:
            left, bottom, right, top = self._box(self._renderers[0])
            self._fit.look_from(sight_of(self.camera, (right - left) / (top - bottom), top - bottom))

    def preview(self, preview: Preview) -> None:
        """Show a model in a pose that is no placement."""
        if self._fit is not None:
            self._fit.show_preview(preview)

    def draw(self) -> Image.Image:
        figure = self._figure
        if self._gallery is not None:
            self._gallery.prepare()
        else:
            reset_clipping(self._renderers)
            clip = self._view_state.clip
            if figure.scene in ("fit", "offset") or (figure.scene == "both" and clip is not None and clip.fixed is not None):
                if self._fit is not None:
                    self._fit.cut(clip, self.camera, moving=False)
                cut(self._renderers[0], clip)
            for renderer in self._renderers:
                ground = between(self._theme.scene_bottom, self._theme.scene_top)
                fade(renderer, self._view_state.fog, ground)
                shine(renderer, ground)
        border = painted(figure.width, figure.height, rgb(self._theme.border), rgb(self._theme.border))
        picture = np.zeros_like(border) if figure.transparent or len(self._renderers) == 1 else border
        for renderer in self._renderers:
            scale_lines(renderer, figure.scale * figure.samples)
            left, bottom, right, top = self._box(renderer)
            panel = picture[figure.height - top : figure.height - bottom, left:right]
            bottom_colour, top_colour = rgb(self._theme.scene_bottom), rgb(self._theme.scene_top)
            panel[:] = 0 if figure.transparent else painted(right - left, top - bottom, bottom_colour, top_colour)
            lay_over(panel, draw_in_tiles(self._window, renderer, right - left, top - bottom, figure.samples))
        lay_over(picture, pixels_of(self._labels, figure.width, figure.height))
        return Image.fromarray(divided_by_opacity(picture)) if figure.transparent else Image.fromarray(picture[..., :3])

    def close(self) -> None:
        """Give back what VTK holds."""
        for drawing in (self._gallery, self._measured, self._explaining, self._others, self._clusters, self._fit):
            if drawing is not None:
                drawing.end()
        for window, renderers in ((self._window, self._renderers), (self._labels, self._label_renderers)):
            for renderer in renderers:
                renderer.RemoveAllViewProps()
                window.RemoveRenderer(renderer)
            window.Finalize()

    def _set_up_gallery(self) -> Bounds | None:
        figure = self._figure
        gallery = self._gallery = GalleryDrawing(self._session, self._view_state, self._theme, self._window, label_window=self._labels)
        self.camera = gallery.camera
        gallery.resize(figure.width, figure.height, figure.scale)
        gallery.show()
        self._turn()
        self._renderers, self._label_renderers = gallery.renderers, gallery.label_renderers
        return gallery.visible_bounds()

    def _set_up_views(self) -> Bounds | None:
        figure = self._figure
        scene = figure.scene
        self._turn()
        first = self._stage(LEFT if scene == "both" else WHOLE)
        hidden = Stage(vtkRenderer())
        fit = self._fit = FitDrawing(self._session, self._view_state, hidden if scene == "clusters" else first)
        fit.show_preview(self._outlook.preview)
        if scene != "clusters":
            others = self._others = OthersDrawing(self._session, self._view_state, first)
            others.contours.ranks.set_scale(figure.scale)
            others.contours.ranks.set_selected_colour(self._theme.accent)
            if self._outlook.judging is not None:
                others.follow(self._outlook.judging)
            self._measured = MeasuringDrawing(self._session, self._view_state, fit, first)
            self._measured.set_scale(figure.scale)
            explaining = self._explaining = ExplainingDrawing(self._session, self._view_state, fit, first)
            explaining.set_colours(self._theme.text, None if figure.transparent else self._theme.scene_top)
            explaining.set_scale(figure.scale)
            explaining.before = others.keys
            explaining.show()
        if scene == "fit":
            return fit.visible_bounds()
        clusters = self._clusters = ClusterDrawing(
            self._session, self._view_state, fit.maps, self._stage(RIGHT) if scene == "both" else first
        )
        clusters.set_selected_colour(self._theme.accent)
        clusters.legend.set_colours(self._theme.text, None if figure.transparent else self._theme.scene_bottom)
        clusters.legend.set_scale(figure.scale)
        clusters.ranks.set_scale(figure.scale)
        if not figure.legend:
            clusters.legend.clear()
        if scene == "offset" and self._session.fit is not None:
            box = self._session.maps[self._session.fit.record.map].density.box
            clusters.move(first, beside(self.camera, box))
        return join_bounds([box for box in (fit.visible_bounds(), clusters.visible_bounds()) if box is not None])

    def _turn(self) -> None:
        look_along_z(self.camera)
        if self._outlook.camera is not None:
            apply_camera(self.camera, self._outlook.camera)

    def _stage(self, viewport: Viewport) -> Stage:
        renderer, labels = vtkRenderer(), vtkRenderer()
        for window, each in ((self._window, renderer), (self._labels, labels)):
            each.SetViewport(*viewport)
            each.SetActiveCamera(self.camera)
            window.AddRenderer(each)
        soften(renderer, self._figure.soft_shadows)
        self._renderers.append(renderer)
        self._label_renderers.append(labels)
        return Stage(renderer, labels=labels)

    def _aim(self, bounds: Bounds | None) -> None:
        left, bottom, right, top = self._box(self._renderers[0])
        aspect, outlook = (right - left) / (top - bottom), self._outlook
        if outlook.camera is not None and not outlook.whole:
            widen(self.camera, outlook.aspect or aspect, aspect)
        elif bounds is not None:
            look_at(self.camera, bounds, aspect)

    def _prepare(self, renderer: vtkRenderer, labels: vtkRenderer, width: int, height: int) -> None:
        for each in (renderer, labels):
            each.SetGradientBackground(False)
            each.SetBackground(0, 0, 0)
            each.SetBackgroundAlpha(0)
            each.SetUseFXAA(False)
        if self._figure.scale_bar:
            bar = ScaleBarActor(self._theme.text)
            bar.measure(self.camera, width, height, self._figure.scale)
            for actor in bar.actors:
                labels.AddViewProp(actor)
            self._bars.append(bar)

    def _box(self, renderer: vtkRenderer) -> tuple[int, int, int, int]:
        """Left, bottom, right and top in pixels."""
        left, bottom, right, top = renderer.GetViewport()
        width, height = self._figure.width, self._figure.height
        return round(left * width), round(bottom * height), round(right * width), round(top * height)
