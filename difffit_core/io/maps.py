"""Reading and writing density maps in the MRC2014/CCP4 format."""

import warnings
from dataclasses import replace
from pathlib import Path

import mrcfile
import numpy as np

from difffit_core.density_map import DensityMap
from difffit_core.errors import FileFormatError
from difffit_core.io.extended_header import with_offset
from difffit_core.io.files import atomic_write, check_suffix, stem_of
from difffit_core.io.map_entries import read_entry
from difffit_core.io.map_geometry import MapGeometry, place
from difffit_core.io.map_header import HEADER_BYTES, MAP_SUFFIXES, MODES, REFUSED_MODES, MapHeader, first_kilobyte
from difffit_core.io.map_note import MapNote
from difffit_core.io.map_period import lattice_of, note_of
from difffit_core.io.map_sign import inverted
from difffit_core.io.map_values import MapValues, read_values
from difffit_core.io.map_words import label_of, resolution_told
from difffit_core.io.packing import MAX_DEFLATE_RATIO, count_unpacked
from difffit_core.io.resample import to_orthogonal

__all__ = ["MAP_SUFFIXES", "MapHeader", "check_header", "on_grid", "read_header", "read_map", "write_map"]

_PLAUSIBLE_RATIO = 16


def read_header(path: Path) -> MapHeader:
    """Read the header of a map.

    It costs a kilobyte, whatever the map's size, unless a packed file promises an extended header: then its bytes are counted.

    Raises
    ------
    UserError, FileFormatError
        As `map_header.first_kilobyte`.
    """
    header = first_kilobyte(path)
    return with_offset(header) if header.mode in MODES else header


def read_map(path: Path) -> DensityMap:
    """Read a .mrc, .map, .ccp4 or .rec map, plain or packed by gzip, bzip2, xz or zip, of mode 0, 1, 2, 6, 12 or 101 and either byte order.

    What the header leaves open or contradicts is decided as in `map_geometry`, `extended_header`, `map_bytes` and `map_gaps`, and said in
    the map's ``notes``; so is what the archive's entry says, where `map_entries` finds that beside the file. Where that says no resolution,
    the header or the file's name may (`map_words`). Values are read slab by slab
    into the result, in its final axis order, so that memory stays at the result plus a few megabytes (plus one copy where the grid is
    resampled).

    Raises
    ------
    UserError
        If the file is absent or may not be read.
    FileFormatError
        If it is not such a map, is truncated or damaged, holds several images or maps, or is constant.
    """
    header = read_header(Path(path))
    check_header(header)
    geometry = place(header)
    read = read_values(header, geometry)
    low, high = float(read.values.min()), float(read.values.max())
    if low == high:
        raise FileFormatError(f"{header.path}: a map must have density that varies, got {low:g} in every voxel")
    found = on_grid(header, geometry, read)
    entry, told = read_entry(header.path)
    if told:
        found = replace(found, entry=entry, notes=(*found.notes, told))
    if found.resolution is not None:
        return found
    return replace(found, resolution=resolution_told(header.path, header.labels, float(found.voxel_size.max())))


def on_grid(header: MapHeader, geometry: MapGeometry, read: MapValues) -> DensityMap:
    """The map of values that were read, which it takes, resampled where its axes are not those of space.

    Raises
    ------
    FileFormatError
        If the cell is so oblique that it does not fit in an upright box of reasonable size.
    """
    lattice = lattice_of(header, geometry, read.values, geometry.origin)
    notes = [*header.notes, *geometry.notes, *read.notes]
    if lattice is not None:
        notes.append(note_of(lattice))
    contrast = inverted(read.values)
    if contrast is not None:
        notes.append(MapNote("contrast", contrast))
    if geometry.is_upright:
        values, voxel_size, origin = read.take(), geometry.step, geometry.origin
    else:
        x, y, z = header.sampling if geometry.covers_cell else header.shape_xyz
        values, voxel_size, origin = to_orthogonal(header.path, lambda: read.take()[:z, :y, :x], geometry)
    sentences = tuple(note.sentence for note in notes)
    return DensityMap(values, voxel_size, origin, stem_of(header.path), header.path, sentences, lattice)


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
        what = f", {REFUSED_MODES[header.mode]}" if header.mode in REFUSED_MODES else ""
        raise FileFormatError(f"{path}: mode must be one of {allowed}, got {header.mode}{what}")
    nx, ny, nz = header.shape
    if min(header.shape) < 2:
        raise FileFormatError(f"{path}: a map must have at least 2 voxels along each axis, got {nx} x {ny} x {nz}, which is an image")
    mx, my, mz = header.sampling
    if header.space_group == 0 and mz == 1 and max(mx, my) > 1 and header.axes[2] == 3:
        raise FileFormatError(f"{path}: must be one map, got a stack of {nz} images of {nx} x {ny}")
    if 401 <= header.space_group <= 630 and 0 < mz < nz:
        raise FileFormatError(f"{path}: must be one map, got a stack of {nz // mz} maps of {nx} x {ny} x {mz}")
    if header.extended_bytes < 0 and not header.notes:
        raise FileFormatError(f"{path}: the extended header's size (nsymbt) must not be negative, got {header.extended_bytes}")
    needed = header.data_offset + header.data_bytes
    available = _available(header, needed)
    if needed > available:
        held = f"at most {available} unpacked" if header.packing else str(available)
        raise FileFormatError(
            f"{path}: {nx} x {ny} x {nz} voxels of mode {header.mode} after {header.data_offset} bytes of header need {needed} bytes, "
            f"got {held}; the file is truncated or its header is damaged"
        )


def _available(header: MapHeader, needed: int) -> int:
    """Upper bound in bytes of what the file holds; counted, without keeping anything, where a packed file claims implausibly much."""
    if header.packing is None:
        return header.file_size
    bound = header.file_size * MAX_DEFLATE_RATIO
    if needed <= _PLAUSIBLE_RATIO * header.file_size + HEADER_BYTES or (header.packing == "gzip" and needed > bound):
        return bound
    return count_unpacked(header.path, needed)


def write_map(path: Path, density_map: DensityMap) -> None:
    """Write a map as MRC2014, mode 2, gzipped if the name ends in .gz; the file appears whole or not at all.

    The position goes into the header's origin, and into nstart too where it is a whole number of voxels, so that programs that look at
    only one of them agree. The first label says the resolution, where it is known.

    Raises
    ------
    UserError
        If the name has another suffix, or the file cannot be written.
    """
    path = Path(path)
    check_suffix(path, MAP_SUFFIXES, "map", to_write=True)
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
            file.header.label[0], file.header.nlabl = label_of(density_map.resolution), 1  # instead of mrcfile's, which holds the time
