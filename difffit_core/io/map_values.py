"""The values of a map, read slab by slab into their final axis order, so that memory stays at the result plus a few megabytes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.map_bytes import ByteTally, bytes_are_signed
from difffit_core.io.map_gaps import LARGEST, mend
from difffit_core.io.map_geometry import MapGeometry
from difffit_core.io.map_header import MapHeader
from difffit_core.io.map_note import MapNote
from difffit_core.io.packing import READ_ERRORS, open_binary

_SLAB_BYTES = 8 << 20
_TALLIED = 1 << 20
"""Bytes of a slab of mode 0, which are looked at one by one."""


@dataclass(eq=False)
class MapValues:
    """``values`` float32 [z, y, x] along the cell's own axes, whatever the order in the file; ``notes`` say how they were read."""

    values: NDArray[np.float32]
    notes: tuple[MapNote, ...]

    def take(self) -> NDArray[np.float32]:
        """The values, of which nothing is kept here, so that who takes them can let go of them."""
        values, self.values = self.values, np.empty((0, 0, 0), np.float32)
        return values


def read_values(header: MapHeader, geometry: MapGeometry) -> MapValues:
    """Read the values; a constant map is let through, for an examination of the file.

    Raises
    ------
    UserError
        If there is not enough memory.
    FileFormatError
        If the file is truncated or damaged, or too many voxels are not finite.
    """
    columns, rows, sections = header.shape
    try:
        values = np.empty(header.shape_xyz[::-1], np.float32)
    except MemoryError as error:
        raise UserError(f"{header.path}: reading the map needs {header.voxels * 4 / 1e9:.3g} GB of memory, more than there is") from error
    in_file_order = values.transpose([3 - axis for axis in reversed(geometry.axes)])
    section_bytes = header.row_bytes * rows
    per_slab = max(1, (_TALLIED if header.mode == 0 else _SLAB_BYTES) // section_bytes)
    tally, all_finite = ByteTally(), True
    try:
        with open_binary(header.path) as stream:
            stream.seek(header.data_offset)
            for first in range(0, sections, per_slab):
                slab = in_file_order[first : first + per_slab]
                raw = stream.read(len(slab) * section_bytes)
                if len(raw) < len(slab) * section_bytes:
                    got = first * section_bytes + len(raw)
                    raise FileFormatError(f"{header.path}: must hold {header.data_bytes} bytes of values, got {got}; the file is truncated")
                if header.mode == 101:
                    _unpack_nibbles(raw, slab, columns)
                elif header.mode == 0:
                    stored = np.frombuffer(raw, np.uint8).reshape(slab.shape)
                    tally.add(stored)
                    slab[...] = stored
                else:
                    slab[...] = np.frombuffer(raw, header.dtype).reshape(slab.shape)
                    all_finite = all_finite and -LARGEST <= slab.min() <= slab.max() <= LARGEST
            stream.read(1)  # gzip compares its checksum only at the end
    except READ_ERRORS as error:
        raise FileFormatError(f"{header.path}: cannot be read to its end, the file is truncated or damaged ({error})") from error
    notes: tuple[MapNote, ...] = ()
    if header.mode == 0:
        signed, note = bytes_are_signed(header, tally)
        notes = () if note is None else (note,)
        for section in values if signed else ():
            np.subtract(section, 256, out=section, where=section > 127)
    elif not all_finite:
        notes = mend(header, values)
    return MapValues(values, notes)


def _unpack_nibbles(raw: bytes, slab: NDArray[np.float32], columns: int) -> None:
    """Two values a byte, the first in the lower four bits; each row begins a byte (IMOD, SerialEM)."""
    pairs = np.frombuffer(raw, np.uint8).reshape(*slab.shape[:2], (columns + 1) // 2)
    slab[..., 0::2] = pairs & 15
    slab[..., 1::2] = pairs[..., : columns // 2] >> 4
