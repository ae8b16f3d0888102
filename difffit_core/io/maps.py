"""Reading and writing density maps in the MRC2014/CCP4 format."""

import warnings
from pathlib import Path

import mrcfile
import numpy as np
from numpy.typing import NDArray

from difffit_core.density_map import DensityMap
from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.files import MAX_DEFLATE_RATIO, READ_ERRORS, atomic_write, check_suffix, open_binary, stem_of
from difffit_core.io.map_geometry import MapGeometry, place
from difffit_core.io.map_header import MAP_SUFFIXES, MODES, MapHeader, read_header
from difffit_core.io.resample import to_orthogonal

__all__ = ["MAP_SUFFIXES", "MapHeader", "check_header", "read_header", "read_map", "read_values", "write_map"]

_SLAB_BYTES = 8 << 20
_PLAUSIBLE_RATIO = 16


def read_map(path: Path) -> DensityMap:
    """Read a .mrc, .map or .ccp4 map, plain or gzipped, of mode 0, 1, 2, 6 or 12 and either byte order.

    What the header leaves open or contradicts is decided as in `map_geometry` and said in the map's ``notes``. Values are read slab by
    slab into the result, in its final axis order, so that memory stays at the result plus a few megabytes (plus one copy where
    a non-orthogonal cell is resampled).

    Raises
    ------
    UserError
        If the file is absent or may not be read.
    FileFormatError
        If it is not such a map, is truncated, holds several images or maps, has voxels that are not finite, or is constant.
    """
    header = read_header(Path(path))
    check_header(header)
    geometry = place(header)
    values = read_values(header, geometry)
    voxel_size, origin, notes = geometry.step, geometry.origin, geometry.notes
    if not geometry.orthogonal:
        values, voxel_size, origin = to_orthogonal(header.path, values, geometry)
        angles = ", ".join(f"{angle:g}" for angle in geometry.angles)
        notes = (*notes, f"The cell angles are {angles}°; resampled to an orthogonal grid.")
    return DensityMap(values, voxel_size, origin, name=stem_of(header.path), path=header.path, notes=notes)


def check_header(header: MapHeader) -> None:
    """Refuse what a header already rules out, before anything is allocated.

    Raises
    ------
    FileFormatError
        If the mode is not supported, the file is a stack or a single image, or it is too short for what it claims.
    """
    path = header.path
    if header.mode not in MODES:
        allowed = ", ".join(f"{mode} ({kind})" for mode, kind in MODES.items())
        raise FileFormatError(f"{path}: mode must be one of {allowed}, got {header.mode}")
    nx, ny, nz = header.shape
    if min(header.shape) < 2:
        raise FileFormatError(f"{path}: a map must have at least 2 voxels along each axis, got {nx} x {ny} x {nz}, which is an image")
    mz = header.sampling[2]
    if header.space_group == 0 and mz == 1 and header.axes[2] == 3:
        raise FileFormatError(f"{path}: must be one map, got a stack of {nz} images of {nx} x {ny}")
    if 401 <= header.space_group <= 630 and 0 < mz < nz:
        raise FileFormatError(f"{path}: must be one map, got a stack of {nz // mz} maps of {nx} x {ny} x {mz}")
    if header.extended_bytes < 0:
        raise FileFormatError(f"{path}: the extended header's size (nsymbt) must not be negative, got {header.extended_bytes}")
    needed = header.data_offset + header.data_bytes
    available = _available(header, needed)
    if needed > available:
        held = f"at most {available} unpacked" if header.gzipped else str(available)
        raise FileFormatError(
            f"{path}: {nx} x {ny} x {nz} voxels of mode {header.mode} after {header.data_offset} bytes of header need {needed} bytes, "
            f"got {held}; the file is truncated or its header is damaged"
        )


def _available(header: MapHeader, needed: int) -> int:
    """Upper bound in bytes of what the file holds; counted, without keeping anything, where a gzipped file claims implausibly much."""
    if not header.gzipped:
        return header.file_size
    bound = header.file_size * MAX_DEFLATE_RATIO
    if not _PLAUSIBLE_RATIO * header.file_size < needed <= bound:
        return bound
    counted = 0
    try:
        with open_binary(header.path) as stream:
            while counted < needed and (chunk := stream.read(_SLAB_BYTES // 8)):
                counted += len(chunk)
    except READ_ERRORS as error:
        raise FileFormatError(f"{header.path}: cannot be read to its end, the file is truncated or damaged ({error})") from error
    return counted


def read_values(header: MapHeader, geometry: MapGeometry, strict: bool = True) -> NDArray[np.float32]:
    """Values (nz, ny, nx) along the cell's own x, y, z, whatever the order in the file.

    With ``strict`` unset, values that are not finite and constant maps are let through, for an examination of the file.

    Raises
    ------
    FileFormatError
    """
    columns, rows, sections = header.shape
    try:
        values = np.empty(header.shape_xyz[::-1], np.float32)
    except MemoryError as error:
        raise UserError(f"{header.path}: reading the map needs {header.voxels * 4 / 1e9:.3g} GB of memory, more than there is") from error
    in_file_order = values.transpose([3 - axis for axis in reversed(geometry.axes)])
    section_bytes = columns * rows * header.dtype.itemsize
    per_slab = max(1, _SLAB_BYTES // section_bytes)
    bad, first_bad, low, high = 0, (0, 0, 0), np.inf, -np.inf
    try:
        with open_binary(header.path) as stream:
            stream.seek(header.data_offset)
            for first in range(0, sections, per_slab):
                slab = in_file_order[first : first + per_slab]
                raw = stream.read(len(slab) * section_bytes)
                if len(raw) < len(slab) * section_bytes:
                    got = first * section_bytes + len(raw)
                    raise FileFormatError(f"{header.path}: must hold {header.data_bytes} bytes of values, got {got}; the file is truncated")
                slab[...] = np.frombuffer(raw, header.dtype).reshape(slab.shape)
                low, high = np.minimum(low, slab.min()), np.maximum(high, slab.max())
                if not (np.isfinite(low) and np.isfinite(high)):
                    finite = np.isfinite(slab)
                    if bad == 0 and not finite.all():
                        section, row, column = (int(i) for i in np.argwhere(~finite)[0])
                        first_bad = (column, row, first + section)
                    bad += int(finite.size - np.count_nonzero(finite))
            stream.read(1)  # gzip compares its checksum only at the end
    except READ_ERRORS as error:
        raise FileFormatError(f"{header.path}: cannot be read to its end, the file is truncated or damaged ({error})") from error
    if strict and bad:
        where = ", ".join(map(str, first_bad))
        raise FileFormatError(
            f"{header.path}: every voxel must be finite, got {bad} of {header.voxels} that are NaN or infinite, "
            f"the first at column, row, section {where}"
        )
    if strict and low == high:
        raise FileFormatError(f"{header.path}: a map must have density that varies, got {low:g} in every voxel")
    return values


def write_map(path: Path, density_map: DensityMap) -> None:
    """Write a map as MRC2014, mode 2, gzipped if the name ends in .gz; the file appears whole or not at all.

    The position goes into the header's origin, and into nstart too where it is a whole number of voxels, so that programs that look at
    only one of them agree.

    Raises
    ------
    UserError
        If the name has another suffix, or the file cannot be written.
    """
    path = Path(path)
    check_suffix(path, MAP_SUFFIXES, "map")
    start = density_map.origin / density_map.voxel_size
    whole = np.abs(start - np.round(start)).max() < 1e-3 and np.abs(start).max() < 2**30
    with atomic_write(path) as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with mrcfile.new(temporary, compression="gzip" if path.suffix.lower() == ".gz" else None) as file:
            file.set_data(density_map.values)
            file.set_volume()
            file.voxel_size = tuple(density_map.voxel_size)
            file.header.origin = tuple(density_map.origin)
            if whole:
                file.nstart = tuple(int(i) for i in np.round(start))
            file.header.label[0], file.header.nlabl = "DiffFit Desktop", 1  # instead of mrcfile's, which holds the time
