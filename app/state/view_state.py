"""How things are drawn: styles of maps and models, what the spheres tell, the camera."""

from typing import Self, get_args

import numpy as np
from numpy.typing import NDArray
from psygnal import Signal, SignalInstance

from difffit_app.state.aligning import Difference, MapMove
from difffit_app.state.assembling import Standing
from difffit_app.state.composing import Axis
from difffit_app.state.depth import Clip
from difffit_app.state.filters import PlacementFilter
from difffit_app.state.frames import Frame
from difffit_app.state.items import OpenFit, ZeroOutPreview
from difffit_app.state.measuring import Measurement
from difffit_app.state.metrics import METRICS
from difffit_app.state.selection import Selection
from difffit_app.state.session import Session
from difffit_app.state.telling import Telling, at_once
from difffit_app.styles import Camera, Layout, MapStyle, ModelStyle, ViewBackground
from difffit_core.colours import chain_colour
from difffit_core.fit.sphere import Sphere

EXPLAINING = ("legend", "scale_bar", "triad")
"""What explains the fit view in it."""
ResidueScale = tuple[str, tuple[str, ...], tuple[str, str]]
"""What the colours of residues tell: its name, the colours, and what stands at either end."""
_NOTHING_MEASURED: tuple[Measurement, ...] = ()
BACKGROUNDS: tuple[ViewBackground, ...] = get_args(ViewBackground)
LAYOUTS: tuple[Layout, ...] = get_args(Layout)
GALLERY_SIZES = (4, 6, 9, 12)
MAP_COLOURS = ("#8199b5", "#8d9159", "#8d4752", "#416242", "#6a5366", "#619c76")
"""Duller than any colour of a chain or an accepted copy, and dark enough to stand off a white background where they are see-through."""


def default_map_style(level: float, number: int) -> MapStyle:
    """The style of the map opened as the ``number``-th, counting from 0."""
    return MapStyle(level=level, colour=MAP_COLOURS[number % len(MAP_COLOURS)], opacity=0.35, visible=True)


class ViewState(Telling):
    """Styles by id of the map or model; None where there is no such thing.

    ``overlaps`` say of each placement (P,), by the id of its fit, how much of it lies in copies that were accepted before that fit;
    those of more than ``most_overlap`` are not shown. ``chosen`` are the ranks of the placements that are selected together.
    """

    map_style_changed = Signal(str, MapStyle)
    model_style_changed = Signal(str, ModelStyle)
    residue_colours_changed = Signal(str, object)
    metric_changed = Signal(str)
    filter_changed = Signal(PlacementFilter)
    chosen_changed = Signal(tuple)
    frame_changed = Signal(object)
    layout_changed = Signal(str)
    effects_changed = Signal()
    background_changed = Signal(str)
    explaining_changed = Signal()
    clip_changed = Signal(object)
    measuring_changed = Signal(bool)
    measured_changed = Signal(tuple)
    gallery_size_changed = Signal(int)
    camera_asked = Signal(object)
    replay_asked = Signal(object)
    moving_level_changed = Signal(str, float)
    moving_changed = Signal(object)
    sphere_changed = Signal(object)
    zeroing_changed = Signal(object)
    accepted_shown_changed = Signal(bool)
    axes_changed = Signal(object)
    map_axes_changed = Signal(object)
    morph_changed = Signal(float)
    selection_changed = Signal(Selection)
    assembly_changed = Signal(object)
    map_move_changed = Signal(object)
    difference_changed = Signal(object)

    def __init__(self, session: Session | None = None) -> None:
        """That of a session tells of its changes together with it, and forgets what is removed from it."""
        super().__init__(None if session is None else session.batch)
        if session is not None:
            session.forgetting.append(self.forget)
        self.maps: dict[str, MapStyle] = {}
        self.models: dict[str, ModelStyle] = {}
        self._next_colours: dict[str, int] = {}
        self.residue_colours: dict[str, NDArray[np.uint8]] = {}
        self.metric = "local_correlation"
        self.filter = PlacementFilter()
        self.most_overlap = 0.1
        self.overlaps: dict[str, NDArray[np.float64]] = {}
        self.chosen: tuple[int, ...] = ()
        self.frame: Frame | None = None
        self.layout: Layout = "views"
        self.gallery_size = GALLERY_SIZES[0]
        self.soft_shadows = self.silhouettes = False
        self.background: ViewBackground = "gradient"
        self.legend, self.scale_bar, self.triad = True, False, False
        self.saved_views: dict[str, Camera] = {}
        self.measuring, self.measured = False, _NOTHING_MEASURED
        self.residue_scales: dict[str, ResidueScale] = {}
        self.fog = True
        self.clip: Clip | None = None
        self.camera: Camera | None = None
        self.moving: str | None = None
        self.sphere: Sphere | None = None
        self.zeroing: ZeroOutPreview | None = None
        self.accepted_shown = True
        self.axes: tuple[Axis, ...] = ()
        self.map_axes: tuple[Axis, ...] = ()
        self.morph = 1.0
        self.selection = Selection()
        self.assembly: tuple[Standing, ...] = ()
        self.map_move: MapMove | None = None
        self.difference: Difference | None = None

    def add_map(self, identifier: str, level: float, style: MapStyle | None = None) -> None:
        """Give a new map its style: the one from the project, or the next colour."""
        self.maps[identifier] = style or default_map_style(level, len(self.maps))

    def add_model(self, identifier: str, style: ModelStyle | None = None, colours: int = 1) -> None:
        """Give a new model its style: the one from the project, or so many colours for its chains that no other model has."""
        if style is None:
            first = max(self._next_colours.values(), default=0)
            style = ModelStyle(colour_by="chain", visible=True, colour=chain_colour(first), first_colour=first)
        self.models[identifier] = style
        self._next_colours[identifier] = style.first_colour + colours

    def is_moot(self, signal: SignalInstance, values: tuple[object, ...]) -> bool:
        if signal is self.map_style_changed:
            return values[0] not in self.maps
        return signal is self.model_style_changed and values[0] not in self.models

    @at_once
    def forget(self, identifier: str) -> None:
        """Drop the style of what was closed."""
        self.maps.pop(identifier, None)
        self.models.pop(identifier, None)
        self._next_colours.pop(identifier, None)
        self.residue_colours.pop(identifier, None)
        self.select(self.selection.without_model(identifier))
        self.residue_scales.pop(identifier, None)
        left = tuple(one for one in self.measured if identifier not in {atom.model for atom in one})
        if left != self.measured:
            self.set_measured(left)

    def set_map_style(self, identifier: str, **changes: object) -> None:
        """Change fields of a map's style; values out of bounds raise `ValueError`."""
        style = MapStyle.model_validate({**self.maps[identifier].model_dump(), **changes})
        if style != self.maps[identifier]:
            self.maps[identifier] = style
            self._tell(self.map_style_changed, identifier, style)

    def set_model_style(self, identifier: str, **changes: object) -> None:
        """Change fields of a model's style; unknown values raise `ValueError`."""
        style = ModelStyle.model_validate({**self.models[identifier].model_dump(), **changes})
        if style != self.models[identifier]:
            self.models[identifier] = style
            self._tell(self.model_style_changed, identifier, style)

    def set_residue_colours(self, identifier: str, colours: NDArray[np.uint8] | None, scale: "ResidueScale | None" = None) -> None:
        """Paint a model's residues (residues, 3), by ``residue_index``, whatever its style says; None for the colours of its style.

        ``scale`` tells what the colours mean.
        """
        self.residue_scales.pop(identifier, None)
        if scale is not None and colours is not None:
            self.residue_scales[identifier] = scale
        if colours is None:
            if self.residue_colours.pop(identifier, None) is None:
                return
        else:
            self.residue_colours[identifier] = colours
        self._tell(self.residue_colours_changed, identifier, colours)

    def select(self, selection: Selection) -> None:
        """Have these residues selected."""
        if selection != self.selection:
            self.selection = selection
            self._tell(self.selection_changed, selection)

    def set_moving(self, model: str | None) -> None:
        """Let the mouse in the fit view move that model instead of the camera; None for the camera."""
        if model != self.moving:
            self.moving = model
            self._tell(self.moving_changed, model)

    def set_sphere(self, sphere: Sphere | None) -> None:
        """Show, and have the next fit look only inside, a sphere; None for everywhere."""
        if sphere != self.sphere:
            self.sphere = sphere
            self._tell(self.sphere_changed, sphere)

    def set_axes(self, axes: tuple[Axis, ...]) -> None:
        """Draw the symmetry axes of the chosen composite."""
        if axes != self.axes:
            self.axes = axes
            self._tell(self.axes_changed, axes)

    def set_map_axes(self, axes: tuple[Axis, ...]) -> None:
        """Draw the symmetry axes that were found of a map."""
        if axes != self.map_axes:
            self.map_axes = axes
            self._tell(self.map_axes_changed, axes)

    def set_morph(self, share: float) -> None:
        """Draw the bent model on its way from the rigid one (0) to where it was bent to (1)."""
        if not 0 <= share <= 1:
            raise ValueError(f"morph must be from 0 to 1, got {share}")
        if share != self.morph:
            self.morph = share
            self._tell(self.morph_changed, share)

    def set_map_move(self, move: MapMove | None) -> None:
        """Draw one map elsewhere than it stands; None for all where they stand."""
        if move is not self.map_move:
            self.map_move = move
            self._tell(self.map_move_changed, move)

    def set_difference(self, difference: Difference | None) -> None:
        """Draw where two maps differ; None for nothing."""
        if difference is not self.difference:
            self.difference = difference
            self._tell(self.difference_changed, difference)

    def set_assembly(self, standing: tuple[Standing, ...]) -> None:
        """Draw models of an assembly that is not accepted yet; none for no such."""
        if standing != self.assembly:
            self.assembly = standing
            self._tell(self.assembly_changed, standing)

    def set_accepted_shown(self, shown: bool) -> None:
        """Draw the accepted copies of the chosen composite, or leave them out."""
        if shown != self.accepted_shown:
            self.accepted_shown = shown
            self._tell(self.accepted_shown_changed, shown)

    def set_zeroing(self, preview: ZeroOutPreview | None) -> None:
        """Show what zeroing out would do; None for the maps as they are."""
        if preview is not self.zeroing:
            self.zeroing = preview
            self._tell(self.zeroing_changed, preview)

    def set_metric(self, name: str) -> None:
        """Choose what the spheres' colour tells."""
        if name not in METRICS:
            raise ValueError(f"metric must be one of {', '.join(METRICS)}, got {name}")
        if name != self.metric:
            self.metric = name
            self._tell(self.metric_changed, name)

    def set_filter(self, chosen: PlacementFilter) -> None:
        """Leave out some placements, from the table and the views."""
        if chosen != self.filter:
            self.filter = chosen
            self._tell(self.filter_changed, chosen)

    def choose(self, ranks: tuple[int, ...]) -> None:
        """Look at these placements of the selected fit together, beside the one that is shown."""
        if ranks != self.chosen:
            self.chosen = ranks
            self._tell(self.chosen_changed, ranks)

    def set_most_overlap(self, share: float) -> None:
        """Choose how much of a placement may lie in what was accepted before its fit, 0 to 1, for it to be shown."""
        if not 0 <= share <= 1:
            raise ValueError(f"most_overlap must be from 0 to 1, got {share}")
        if share != self.most_overlap:
            self.most_overlap = share
            self._tell(self.filter_changed, self.filter)

    def set_overlaps(self, fit: str, overlaps: NDArray[np.float64]) -> None:
        """It is known how much the placements of a fit lie in what was accepted before it."""
        self.overlaps[fit] = overlaps
        if (overlaps > self.most_overlap).any():
            self._tell(self.filter_changed, self.filter)

    def taken_ranks(self, fit: OpenFit) -> frozenset[int]:
        """Ranks of the placements of a fit that lie where something was accepted before it."""
        overlaps = self.overlaps.get(fit.id)
        if overlaps is None or len(overlaps) != len(fit.placements):
            return frozenset()
        return frozenset(one.rank for one, share in zip(fit.placements, overlaps, strict=True) if share > self.most_overlap)

    def set_layout(self, layout: Layout) -> None:
        """Choose between two views, both in one scene, and the gallery."""
        if layout not in LAYOUTS:
            raise ValueError(f"layout must be one of {', '.join(LAYOUTS)}, got {layout}")
        if layout != self.layout:
            self.layout = layout
            self._tell(self.layout_changed, layout)

    def set_clip(self, clip: Clip | None) -> None:
        """Cut off what is nearer or farther than planes; None for nothing."""
        if clip != self.clip:
            self.clip = clip
            self._tell(self.clip_changed, clip)

    def set_effects(self, soft_shadows: bool | None = None, silhouettes: bool | None = None, fog: bool | None = None) -> None:
        """Darken what lies deep, draw lines around things, and fade what is far; None leaves it as it is."""
        before = self.soft_shadows, self.silhouettes, self.fog
        self.soft_shadows = before[0] if soft_shadows is None else soft_shadows
        self.silhouettes = before[1] if silhouettes is None else silhouettes
        self.fog = before[2] if fog is None else fog
        if (self.soft_shadows, self.silhouettes, self.fog) != before:
            self._tell(self.effects_changed)

    def set_explaining(self, **on: bool) -> None:
        """Show the ``legend`` of colours, a ``scale_bar``, the ``triad`` of directions in the fit view, or leave them out."""
        for name in on:
            if name not in EXPLAINING:
                raise ValueError(f"what explains must be one of {', '.join(EXPLAINING)}, got {name}")
        if any(getattr(self, name) != shown for name, shown in on.items()):
            for name, shown in on.items():
                setattr(self, name, shown)
            self._tell(self.explaining_changed)

    def set_measuring(self, on: bool) -> None:
        """Have clicks in the fit view measure, or not."""
        if on != self.measuring:
            self.measuring = on
            self._tell(self.measuring_changed, on)

    def set_measured(self, measured: tuple[Measurement, ...]) -> None:
        """Show these distances and angles."""
        self.measured = measured
        self._tell(self.measured_changed, measured)

    def set_background(self, background: ViewBackground) -> None:
        """Choose what is behind everything: white, black, or the gradient of the window's theme."""
        if background not in BACKGROUNDS:
            raise ValueError(f"background must be one of {', '.join(BACKGROUNDS)}, got {background}")
        if background != self.background:
            self.background = background
            self._tell(self.background_changed, background)

    def set_gallery_size(self, size: int) -> None:
        """Choose how many placements the gallery shows at once."""
        if size not in GALLERY_SIZES:
            raise ValueError(f"gallery size must be one of {', '.join(map(str, GALLERY_SIZES))}, got {size}")
        if size != self.gallery_size:
            self.gallery_size = size
            self._tell(self.gallery_size_changed, size)

    def copy(self) -> Self:
        """The same, to which nobody listens."""
        other = type(self)()
        for name in vars(other).keys() - {"batch"}:
            value = getattr(self, name)
            setattr(other, name, dict(value) if isinstance(value, dict) else value)
        return other

    def shown(self, fit: OpenFit) -> NDArray[np.int64]:
        """Indices of the placements of a fit that are shown, in order of rank."""
        taken = self.taken_ranks(fit)
        return np.flatnonzero(np.array([one.rank not in taken and self.filter.passes(one) for one in fit.placements], bool))

    def set_frame(self, frame: Frame | None) -> None:
        """Show the placements on their way, at a step of a replay; None where they ended."""
        if frame is not self.frame:
            self.frame = frame
            self._tell(self.frame_changed, frame)

    def ask_camera(self, camera: Camera) -> None:
        """Have the views look from there."""
        self.camera = camera
        self._tell(self.camera_asked, camera)

    def ask_replay(self, step: int | None) -> None:
        """Have the selected fit replayed up to a step; None for no replay."""
        self._tell(self.replay_asked, step)
