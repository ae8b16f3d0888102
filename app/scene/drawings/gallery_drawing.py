"""The best placements side by side, each in a tile of one window, all seen by one camera."""

from collections.abc import Callable
from dataclasses import dataclass, field

from vtkmodules.vtkRenderingCore import vtkCamera, vtkProp3D, vtkRenderer, vtkRenderWindow

from difffit_app.scene.actors.frame import FrameActor
from difffit_app.scene.actors.glass import shine
from difffit_app.scene.actors.map_actor import Later
from difffit_app.scene.actors.model_actor import pose_matrix
from difffit_app.scene.actors.overlay import TEXT_POINTS, Text
from difffit_app.scene.depth import cut, fade
from difffit_app.scene.drawings.fit_drawing import FitDrawing
from difffit_app.scene.lines import scale_lines
from difffit_app.scene.stage import between, join_bounds, light_up, paint_background, soften
from difffit_app.scene.tiles import Tiles, Viewport, grid, reset_clipping, viewports
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.state.view_state import ViewState
from difffit_app.theme import Theme
from difffit_core.chain_words import list_chains
from difffit_core.placement import Placement, Verdict

_LETTER = 0.55
"""Mean width of a letter over the height of its font."""
_MARGIN = 8


@dataclass(eq=False)
class _Tile:
    placement: Placement
    renderer: vtkRenderer
    labels: vtkRenderer
    copies: list[vtkProp3D] = field(default_factory=list)
    title: Text = field(default_factory=lambda: Text((0.0, 1.0), bold=True))
    scores: Text = field(default_factory=lambda: Text((0.0, 1.0)))
    frame: FrameActor = field(default_factory=FrameActor)
    on_its_way: bool = False


class GalleryDrawing:
    """Follows the session in a window: the placements that are selected together, or as many as the view state says.

    The one that is shown is among them either way.

    The map's surface is computed once, and the model's; each tile shows them, the model moved. Titles may go to a window of their own.
    """

    def __init__(
        self,
        session: Session,
        view_state: ViewState,
        theme: Theme,
        window: vtkRenderWindow,
        changed: Callable[[], None] = lambda: None,
        label_window: vtkRenderWindow | None = None,
        later: Later | None = None,
    ) -> None:
        self._session, self._view_state, self._theme = session, view_state, theme
        self._window, self._label_window, self._changed = window, label_window, changed
        self._tiles: list[_Tile] = []
        self._size, self._scale = (1, 1), 1.0
        self.camera = vtkCamera()
        self._stage = Tiles(changed)
        self.fit = FitDrawing(session, view_state, self._stage, later)
        self._model: str | None = None
        self._subscriptions = Subscriptions()
        for signal, slot in (
            (session.events.fit_selected, self.show),
            (session.events.placement_selected, self._turn_page),
            (session.events.renamed, self.show),
            (view_state.filter_changed, self.show),
            (view_state.chosen_changed, self._turn_page),
            (view_state.frame_changed, self._move),
            (view_state.gallery_size_changed, self.show),
            (view_state.model_style_changed, self.show),
            (session.events.model_removed, self.show),
            (view_state.effects_changed, self.show),
        ):
            self._subscriptions.add(signal, slot)

    @property
    def placements(self) -> list[Placement]:
        """Those that are shown, from the upper left."""
        return [tile.placement for tile in self._tiles]

    @property
    def renderers(self) -> list[vtkRenderer]:
        return [tile.renderer for tile in self._tiles]

    @property
    def label_renderers(self) -> list[vtkRenderer]:
        return [tile.labels for tile in self._tiles]

    def visible_bounds(self) -> tuple[float, ...] | None:
        """Box around the map and all placements that are shown."""
        maps = [actor.bounds() for actor in self.fit.maps.values() if actor.is_shown]
        model = self.fit.models.get(self._model or "")
        copies = [model.bounds_at(tile.placement.pose) for tile in self._tiles] if model is not None and model.actor.GetVisibility() else []
        return join_bounds([*maps, *copies])

    @property
    def aspect(self) -> float:
        """Width over height of a tile."""
        columns, rows = grid(max(len(self._tiles), 1), *self._size)
        return self._size[0] / columns / (self._size[1] / rows)

    def titles(self) -> list[str]:
        """What stands over each tile."""
        return [f"{tile.title.actor.GetInput()}\n{tile.scores.actor.GetInput()}" for tile in self._tiles]

    def end(self) -> None:
        """Give everything back to VTK."""
        self._subscriptions.end()
        self.fit.end()
        self._dismiss()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._dress()

    def resize(self, width: int, height: int, scale: float) -> None:
        """Fill a window of so many pixels, ``scale`` pixels a point."""
        if (width, height) != self._size or scale != self._scale:
            self._size, self._scale = (max(width, 1), max(height, 1)), scale
            self._place()
            self._dress()

    def prepare(self) -> None:
        """What must be done before every frame: the model may have been built anew."""
        model = self.fit.models.get(self._model or "")
        props = [] if model is None else model.props
        for tile in self._tiles if model is not None else []:
            for copy, prop in zip(tile.copies, props, strict=True):
                copy.SetMapper(prop.GetMapper())
                copy.SetVisibility(prop.GetVisibility())
        self.fit.cut(self._view_state.clip, self.camera, moving=False)
        reset_clipping(self.renderers)
        for renderer in self.renderers:
            cut(renderer, self._view_state.clip)
            scale_lines(renderer, self._scale)
            ground = between(self._theme.scene_bottom, self._theme.scene_top)
            fade(renderer, self._view_state.fog, ground)
            shine(renderer, ground)

    def at(self, x: float, y: float) -> Placement | None:
        """The placement whose tile holds a point, from (0, 0) at the lower left to (1, 1)."""
        for tile in self._tiles:
            left, bottom, right, top = tile.renderer.GetViewport()
            if left <= x <= right and bottom <= y <= top:
                return tile.placement
        return None

    def show(self, *_: object) -> None:
        """Lay out the page that holds the selected placement."""
        self._dismiss()
        fit = self._session.fit
        if fit is not None and fit.record.model in self.fit.models:
            self._hide_own(fit.record.model)
            model = self.fit.models[fit.record.model]
            for placement in self._page():
                tile = _Tile(placement, self._new_renderer(self._window), vtkRenderer())
                tile.labels = tile.renderer if self._label_window is None else self._new_renderer(self._label_window)
                for prop in model.props:
                    copy = prop.NewInstance()
                    copy.ShallowCopy(prop)
                    tile.renderer.AddViewProp(copy)
                    tile.copies.append(copy)
                self._stage.include(tile.renderer)
                for label in (tile.title.actor, tile.scores.actor, tile.frame.actor):
                    tile.labels.AddViewProp(label)
                self._tiles.append(tile)
        self._move()
        self._place()
        self._dress()

    def _move(self, *_: object) -> None:
        """Put each copy where its placement is, or was at the step of a replay."""
        frame = self._view_state.frame
        for tile in self._tiles:
            was = frame.pose(tile.placement.rank) if frame is not None and frame.fit is self._session.fit else None
            for copy in tile.copies:
                copy.SetUserMatrix(pose_matrix(was or tile.placement.pose))
            if (was is not None) != tile.on_its_way:
                tile.on_its_way = was is not None
                self._write_scores(tile)
        self._changed()

    def _page(self) -> list[Placement]:
        fit, selected = self._session.fit, self._session.placement
        if fit is None:
            return []
        shown = [fit.placements[i] for i in self._view_state.shown(fit)]
        chosen = [one for one in shown if one.rank in self._view_state.chosen]
        if len(chosen) > 1:
            shown = chosen
        size = self._view_state.gallery_size
        place = next((i for i, placement in enumerate(shown) if selected is not None and placement.rank == selected.rank), 0)
        first = place // size * size
        return shown[first : first + size]

    def _hide_own(self, identifier: str) -> None:
        """Have the fitted model shown by its copies alone."""
        self._model = identifier
        self._stage.hide(self.fit.models[identifier].props)

    def _dismiss(self) -> None:
        self._stage.dismiss()
        self._stage.hide(())
        self._model = None
        for tile in self._tiles:
            tile.renderer.RemoveAllViewProps()
            self._window.RemoveRenderer(tile.renderer)
            if self._label_window is not None:
                tile.labels.RemoveAllViewProps()
                self._label_window.RemoveRenderer(tile.labels)
        self._tiles.clear()

    def _new_renderer(self, window: vtkRenderWindow) -> vtkRenderer:
        renderer = vtkRenderer()
        renderer.SetActiveCamera(self.camera)
        if window is self._window:
            light_up(renderer)
            renderer.SetUseFXAA(True)
            soften(renderer, self._view_state.soft_shadows)
        window.AddRenderer(renderer)
        return renderer

    def _place(self) -> None:
        places: list[Viewport] = list(viewports(len(self._tiles), *self._size)) if self._tiles else []
        for tile, place in zip(self._tiles, places, strict=True):
            tile.renderer.SetViewport(*place)
            tile.labels.SetViewport(*place)
        self._changed()

    def _turn_page(self, _: object) -> None:
        if [one.rank for one in self._page()] != [one.rank for one in self.placements]:
            self.show()
        else:
            self._dress()

    def _dress(self) -> None:
        """Titles, frames and grounds."""
        theme, selected = self._theme, self._session.placement
        for tile in self._tiles:
            paint_background(tile.renderer, theme.scene_bottom, theme.scene_top)
            tile.title.write(_shortened(self._title(tile.placement), self._letters(tile)), theme.text, theme.scene_top)
            tile.title.place(_MARGIN, -_MARGIN, self._scale)
            self._write_scores(tile)
            tile.scores.place(_MARGIN, -_MARGIN - 1.35 * TEXT_POINTS, self._scale)
            chosen = selected is not None and tile.placement.rank == selected.rank
            tile.frame.paint(theme.accent, 3 * self._scale)
            tile.frame.actor.SetVisibility(chosen)
        self._changed()

    def _letters(self, tile: _Tile) -> int:
        """How many fit in a line of it."""
        left, _, right, _ = tile.renderer.GetViewport()
        return int((self._size[0] * (right - left) / self._scale - 2 * _MARGIN) / (_LETTER * TEXT_POINTS))

    def _write_scores(self, tile: _Tile) -> None:
        """The scores of where the placement ended, which are not those of where it was on its way."""
        theme = self._theme
        if tile.on_its_way:
            tile.scores.write(_shortened("on its way", self._letters(tile)), theme.text, theme.scene_top)
            return
        colours = {
            Verdict.UNIQUE: theme.good,
            Verdict.SYMMETRIC_COPY: theme.good,
            Verdict.AMBIGUOUS: theme.doubtful,
            Verdict.WEAKER: theme.doubtful,
            Verdict.SAME_PLACE: theme.doubtful,
        }
        words = _scores(tile.placement, self._letters(tile))
        tile.scores.write(words, colours.get(tile.placement.verdict, theme.bad), theme.scene_top)

    def _title(self, placement: Placement) -> str:
        fit = self._session.fit
        if fit is None:
            return str(placement.rank)
        return f"{placement.rank}   {self._session.models[fit.record.model].name}, {list_chains(fit.record.chains)}"


def _scores(placement: Placement, letters: int) -> str:
    """Local correlation, p and verdict, in as many words as there is room for."""
    correlation, rest = f"{placement.metrics.local_correlation:.2f}", f"p {placement.p_value:.1g}   {placement.verdict}"
    wordings = [f"{name} {correlation}   {rest}" for name in ("Local correlation", "Local corr.", "Corr.")]
    return next((text for text in wordings if len(text) <= letters), _shortened(f"{correlation}   {rest}", letters))


def _shortened(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: max(letters - 1, 1)]}…"
