"""Pictures of a composite: the map looked through along each axis, with the traces of what was placed in it."""

import io
from collections.abc import Sequence

import numpy as np

from difffit_core.colours import copy_colour
from difffit_core.compose.body import Body
from difffit_core.conventions import Array, position_to_index
from difffit_core.density_map import DensityMap
from difffit_core.pose import Pose

_WIDTH, _FINER, _MARGIN = 560, 2, 4
_BROKEN = 8.0
_VIEWS = (("along z", 0, 1), ("along y", 0, 2), ("along x", 1, 2))
"""What each picture is called, and which axes run to the right and up."""


def draw_pictures(
    density_map: DensityMap, level: float, bodies: Sequence[Body], placed: Sequence[tuple[int, Pose]]
) -> list[tuple[str, bytes]]:
    """Captions and PNG files, one looking along each axis; copies in the colours of the scripts."""
    traces = [_trace(bodies[index], pose) for index, pose in placed]
    return [(name, _draw(density_map, level, traces, right, up)) for name, right, up in _VIEWS]


def _trace(body: Body, pose: Pose) -> list[Array]:
    """CA (or P) atoms of a placed model, in Å, in unbroken runs."""
    model = body.model
    chosen = model.in_fit & np.isin(model.atom_names, ("CA", "P"))
    points = pose.apply(model.coordinates[chosen])
    chains = model.chain_names[chosen]
    if len(points) == 0:
        return []
    gaps = (np.linalg.norm(np.diff(points, axis=0), axis=1) > _BROKEN) | (chains[1:] != chains[:-1])
    return np.split(points, np.flatnonzero(gaps) + 1)


def _draw(density_map: DensityMap, level: float, traces: Sequence[Sequence[Array]], right: int, up: int) -> bytes:
    from PIL import Image, ImageDraw

    through = 3 - right - up
    inside = np.clip(density_map.values, level, None) - np.float32(level)
    seen = inside.sum(axis=2 - through, dtype=np.float64)
    filled = np.argwhere(seen > 0)
    low, high = np.maximum(filled.min(axis=0) - _MARGIN, 0), np.minimum(filled.max(axis=0) + _MARGIN + 1, seen.shape)
    seen = seen[low[0] : high[0], low[1] : high[1]]
    shade = (255 - 150 * np.clip(seen / np.quantile(seen[seen > 0], 0.995), 0, 1) ** 0.7).astype(np.uint8)[::-1]
    size = (high - low) * density_map.voxel_size[[up, right]]
    wide, tall = _WIDTH * _FINER, max(1, round(_WIDTH * _FINER * float(size[0] / size[1])))
    picture = Image.fromarray(shade).resize((wide, tall), Image.Resampling.BICUBIC).convert("RGB")
    pen = ImageDraw.Draw(picture)
    for number, runs in enumerate(traces):
        for run in runs:
            index = position_to_index(run, density_map.voxel_size, density_map.origin) + 0.5
            x = (index[:, right] - low[1]) / (high[1] - low[1]) * wide
            y = (1 - (index[:, up] - low[0]) / (high[0] - low[0])) * tall
            pen.line(list(zip(x.tolist(), y.tolist(), strict=True)), fill=copy_colour(number), width=2 * _FINER, joint="curve")
    buffer = io.BytesIO()
    picture.resize((_WIDTH, max(1, tall // _FINER)), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
