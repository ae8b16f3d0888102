"""Small pictures of placed models, each in the part of the map round it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_app.scene.pictures.picture import Outlook, draw_picture
from difffit_app.state.figure import Figure
from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState, default_map_style
from difffit_app.styles import Camera
from difffit_app.theme import DARK, Theme
from difffit_core.density_map import DensityMap
from difffit_core.pose import Pose

_MARGIN = 8.0
"""Å of the map round the model that are drawn."""
_ANGLE = 25.0
_CLOSENESS = 0.9
_LOOSE = 0.02
"""Share of the atoms at either end that may lie outside the picture: tails would make all else small."""


class Thumbnailer:
    """Draws in the colours of a theme, ``width`` × ``height`` points of ``ratio`` pixels each."""

    def __init__(self, width: int, height: int, ratio: float = 1.0) -> None:
        self._width, self._height = round(width * ratio), round(height * ratio)
        self._theme = DARK

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def draw_thumbnail_later(self, item: OpenMap, level: float, model: OpenModel, pose: Pose) -> Callable[[], NDArray[np.uint8]]:
        """What draws it, (height, width, 3); it may be called in any thread."""
        figure = Figure("fit", self._width, self._height, samples=2, legend=False, background="dark" if self._theme is DARK else "gradient")

        def draw() -> NDArray[np.uint8]:
            placed = pose.apply(model.model.fit_coordinates)
            session = Session()
            view_state = ViewState(session)
            view_state.add_map("map-1", level, default_map_style(level, 0))
            view_state.add_model("model-1")
            session.add_map(replace(item, id="map-1", density=cut_out(item.density, placed), overview=None))
            session.add_model(replace(model, id="model-1"))
            outlook = Outlook(_camera(placed), figure.width / figure.height, preview=("model-1", model.model.chains, pose))
            return np.asarray(draw_picture(session, view_state, figure, outlook))

        return draw


def cut_out(density: DensityMap, points: NDArray[np.float64]) -> DensityMap:
    """The part of a map about points (N, 3) in Å, of which some may lie outside; two voxels a side at least."""
    low = np.floor((points.min(axis=0) - _MARGIN - density.origin) / density.voxel_size).astype(int)
    high = np.ceil((points.max(axis=0) + _MARGIN - density.origin) / density.voxel_size).astype(int) + 1
    low = np.clip(low, 0, density.shape_xyz - 2)
    high = np.clip(high, low + 2, density.shape_xyz)
    values = density.values[low[2] : high[2], low[1] : high[1], low[0] : high[0]]
    return DensityMap(values, density.voxel_size, density.origin + low * density.voxel_size)


def _camera(points: NDArray[np.float64]) -> Camera:
    """Looks at points (N, 3) from where they are widest across and narrowest in depth."""
    axes = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)[2]
    across, up, towards = axes[0], axes[1], np.cross(axes[0], axes[1])
    turned = points @ np.stack([across, up, towards]).T
    low, high = np.quantile(turned, [_LOOSE, 1 - _LOOSE], axis=0)
    middle, half = (low + high) / 2 @ np.stack([across, up, towards]), (high - low) / 2
    height = max(half[1], half[0] * 0.75) / _CLOSENESS
    distance = height / np.tan(np.radians(_ANGLE / 2)) + half[2]
    position = middle + distance * towards
    return Camera(position=tuple(position), focal_point=tuple(middle), view_up=tuple(up), view_angle=_ANGLE)
