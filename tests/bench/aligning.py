"""Maps onto maps: a chain's density found in the whole map at another resolution, and strangers' density called significant."""

import logging
from argparse import Namespace

import numpy as np
from cases import DATA, Case, descriptions, load
from report import Report
from scipy.ndimage import gaussian_filter
from scipy.spatial import cKDTree

from difffit_core.align.recipe import AlignRecipe
from difffit_core.align.request import AlignResult
from difffit_core.align.run import run_align
from difffit_core.density_map import DensityMap
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.fit.settings import FitSettings
from difffit_core.map_edit.onto_grid import resampled
from difffit_core.ops.spectrum import low_passed
from difffit_core.pose import Pose

_logger = logging.getLogger(__name__)
_COARSER, _AT_LEAST = (1.3, 2.0), 6.0
_REACH, _SOFT = 3.5, 1.0
_RIGHT = (1.5, 1.0)


def run(options: Namespace) -> Report:
    """Each chain's density where it belongs, then in the maps of other molecules."""
    cases = [load(one, DATA, options.seeds[0]) for one in descriptions(DATA / "cases.json")]
    report = Report(
        "Maps onto maps",
        f"The density within {_REACH} Å of a chain, cut out of its map, smoothed to {_COARSER[0]} and {_COARSER[1]} times its "
        "resolution, on other voxels, turned, moved: found in the whole map, both hands tried. Right: in 1.5° and 1 Å or half a voxel. "
        f"Then the same pieces in maps of other molecules: significant (p < {SIGNIFICANT}), of either hand.",
        ["piece", "resolution", "right", "error", "p", "hand", "strange maps", "significant", "lowest p"],
    )
    right = total = false = strangers = 0
    for number, case in enumerate(cases):
        if options.only and not any(name in case.name for name in options.only):
            continue
        for factor in _COARSER:
            resolution = max(factor * case.resolution, _AT_LEAST)
            piece = piece_of(case, resolution)
            own = _align(case.density_map, piece, resolution, options)
            errors = case.truth.errors(own.best.pose.rotation[None], own.best.pose.translation[None])
            good = (
                errors.angle[0] < _RIGHT[0] and errors.shift[0] < max(_RIGHT[1], case.density_map.voxel_size[0] / 2) and own.hand == "same"
            )
            others = _others(cases, number, options.models)
            p = [_align(one.density_map, piece, max(resolution, one.resolution), options).best.p_value for one in others]
            right, total, false, strangers = right + bool(good), total + 1, false + sum(x < SIGNIFICANT for x in p), strangers + len(p)
            report.rows.append(
                [
                    case.name, f"{case.resolution:g} → {resolution:.3g} Å", "yes" if good else "NO",
                    f"{errors.angle[0]:.2f}°, {errors.shift[0]:.2f} Å", f"{own.best.p_value:.1g} ({own.best.verdict})",
                    f"{own.hand}{'' if own.hand_known else '?'}", str(len(p)), str(sum(x < SIGNIFICANT for x in p)),
                    f"{min(p, default=1):.1g}",
                ]
            )  # fmt: skip
            _logger.info("%s", "  ".join(report.rows[-1]))
    report.rows.append(["all", "", f"{right} of {total}", "", "", "", str(strangers), str(false), ""])
    return report


def piece_of(case: Case, resolution: float) -> DensityMap:
    """A chain's density out of its map, smoothed, on voxels of a quarter of that resolution, where the case's model was moved to."""
    whole, back = case.density_map, Pose(case.truth.rotations[0], case.truth.translations[0])
    atoms = back.apply(case.truth.points)
    low = np.maximum(np.floor((atoms.min(0) - whole.origin) / whole.voxel_size).astype(int) - 12, 0)
    high = np.minimum(np.ceil((atoms.max(0) - whole.origin) / whole.voxel_size).astype(int) + 13, whole.shape_xyz)
    box = tuple(slice(low[i], high[i]) for i in (2, 1, 0))
    values, origin = whole.values[box], whole.origin + low * whole.voxel_size
    centres = DensityMap(values, whole.voxel_size, origin).positions(np.argwhere(np.ones(values.shape, bool)))
    away, _ = cKDTree(atoms).query(centres, distance_upper_bound=_REACH + 4 * _SOFT)
    mask = np.clip((_REACH + _SOFT - away) / _SOFT, 0, 1).reshape(values.shape)
    cut = np.pad(values * mask, 12)
    smooth = gaussian_filter(cut, 0.1 * resolution / whole.voxel_size[::-1])
    smooth = low_passed(smooth, whole.voxel_size, resolution)
    piece = DensityMap(smooth, whole.voxel_size, origin - 12 * whole.voxel_size, f"piece of {case.name}")
    voxel = resolution / 4
    away_pose = back.invert()
    middle = away_pose.apply(piece.origin + piece.box / 2)
    count = int(np.ceil(np.linalg.norm(piece.box) / voxel))
    grid = DensityMap(np.zeros((count,) * 3, np.float32), np.full(3, voxel), middle - (count - 1) / 2 * voxel)
    return resampled(piece, away_pose, grid)[0]


def _others(cases: list[Case], number: int, most: int) -> list[Case]:
    own = cases[number].density_map
    maps = {one.density_map.path: one for one in cases if one.density_map.path != own.path}
    return list(maps.values())[:most]


def _align(fixed: DensityMap, moving: DensityMap, resolution: float, options: Namespace) -> AlignResult:
    settings = FitSettings.preset(options.preset)
    recipe = AlignRecipe(fixed="", moving=("",), resolution=resolution, settings=settings, seed=options.seeds[0], device="cpu")
    return run_align(recipe.bind(fixed, moving))
