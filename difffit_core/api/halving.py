"""`half_maps`: resolution and noise from two half maps."""

from difffit_core.api.reading import MapLike, as_map, as_path, tell
from difffit_core.density_map import DensityMap
from difffit_core.halves.pair import HalfMaps, check_two
from difffit_core.halves.run import HalvesResult, run_halves


def half_maps(
    first: MapLike,
    second: MapLike,
    *,
    resolution: float | None = None,
    mask: MapLike | None = None,
    level: float | None = None,
    local: bool = True,
    seed: int = 0,
) -> HalvesResult:
    """Read resolution and noise from two half maps: the FSC without and with a mask, and both by place.

    Parameters
    ----------
    first, second : as they were read, or their files
    resolution : that the map is said to have, in Å
    mask : of values from 0 to 1 on the same grid; drawn round the density if None
    level : contour of the smoothed mean round which it is drawn; suggested if None
    local : whether to look at the resolution of each place, too
    seed : of the random phases by which the mask's part of the FSC is found

    Raises
    ------
    UserError
        If they are no two halves of one map, with the reason, or something else is not allowed.

    Examples
    --------
    >>> import numpy as np
    >>> import difffit_core as df
    >>> m, rng = df.read_map(df.example_map()), np.random.default_rng(1)
    >>> a, b = (m.with_values(m.values + 4 * m.values.std() * rng.normal(size=m.values.shape).astype("f4")) for _ in "ab")
    >>> h = df.half_maps(a, b, local=False)
    >>> 3 < h.resolution < 6
    True
    """
    if not isinstance(first, DensityMap) and not isinstance(second, DensityMap):
        check_two(as_path(first, "first"), as_path(second, "second"))
    pair = HalfMaps.of(as_map(first, "first"), as_map(second, "second"))
    found = run_halves(pair, resolution, None if mask is None else as_map(mask, "mask"), level, seed, by_place=local)
    tell(found.warnings)
    return found
