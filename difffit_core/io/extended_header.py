"""Where the values of a map begin, which is not always where its header's nsymbt says."""

from dataclasses import replace

import numpy as np

from difffit_core.io.map_header import HEADER_BYTES, MapHeader
from difffit_core.io.map_note import MapNote
from difffit_core.io.packing import READ_ERRORS, open_binary, unpacked_size

_LOOKED_AT = 1 << 16
_LIKE_VALUES = 0.95
_UNLIKE_VALUES = 0.8
_TINY, _HUGE = 1e-9, 30.0
"""Shares of the largest value known between which values lie, but for exact zeros."""


def with_offset(header: MapHeader) -> MapHeader:
    """The header with the place of the first value.

    Some files promise an extended header that is not there, or one of another length. The last bytes of the file are believed to be the
    values if what stands before them is text (symmetry operators in lines of 80 characters), or if the bytes by which the two readings
    differ show it: numbers of floats are told from those of a header. Otherwise a file that was cut short would look the same.
    """
    promised, data = header.extended_bytes, header.data_bytes
    stated = HEADER_BYTES + promised
    if promised == 0 and header.packing:
        return header  # not looked for: it would cost the unpacking of every map
    held = unpacked_size(header.path, likely=stated + data) if promised else header.file_size
    there = held - HEADER_BYTES - data
    if there == promised:
        return replace(header, data_offset=stated)
    if there == 0:
        sentence = f"The header promises {promised} bytes of extended header that are not there; values are read from behind the header."
        return _noted(header, HEADER_BYTES, MapNote("extended header", sentence))
    if there > 0 and (_is_text(header, there) or _stands_before(header, promised, there)):
        sentence = f"The header promises {promised} bytes of extended header and {there} bytes stand there; values are read from behind."
        return _noted(header, HEADER_BYTES + there, MapNote("extended header", sentence))
    if promised < 0:
        return header
    if there > promised:
        more = there - promised
        sentence = f"The file holds {more} bytes more than its header explains; they are taken to follow the values and ignored."
        return _noted(header, stated, MapNote("file size", sentence, "note"))
    return replace(header, data_offset=stated)


def _noted(header: MapHeader, offset: int, note: MapNote) -> MapHeader:
    return replace(header, data_offset=offset, notes=(*header.notes, note))


def _is_text(header: MapHeader, count: int) -> bool:
    """Whether that many bytes behind the header are lines of text in which symmetry operators stand."""
    if count % 80:
        return False
    text = _bytes_at(header, HEADER_BYTES, min(count, 80 * 192))
    return all(32 <= byte < 127 or byte == 0 for byte in text) and b"X" in text.upper() and b"," in text


def _stands_before(header: MapHeader, promised: int, there: int) -> bool:
    """Whether ``there`` bytes rather than those promised stand before the values of a map of floats.

    Where more are there than promised, the first of them must be unlike values and the last of the file like them; where fewer are, what
    would be the end of the extended header must be like values.
    """
    if header.mode not in (2, 12) or promised < 0:
        return False
    first, last = sorted((HEADER_BYTES + promised, HEADER_BYTES + there))
    size = header.dtype.itemsize
    middle = HEADER_BYTES + there + header.data_bytes // 2 // size * size
    known = _floats(header, middle, _LOOKED_AT)
    scale = float(np.max(np.abs(known), where=np.isfinite(known), initial=0))
    between = _floats(header, first, min(last - first, _LOOKED_AT))
    if scale == 0 or len(between) < 2:
        return False
    alike = _share_like(between, scale)
    if there < promised:
        return alike > _LIKE_VALUES and bool(np.ptp(between) > 0)
    end = _floats(header, HEADER_BYTES + header.data_bytes + promised, min(there - promised, _LOOKED_AT))
    return alike < _UNLIKE_VALUES and _share_like(end, scale) > _LIKE_VALUES and bool(np.ptp(end) > 0)


def _share_like(values: np.ndarray[tuple[int], np.dtype[np.float64]], scale: float) -> float:
    """Share of numbers that are of the size of a map's values."""
    size = np.abs(values)
    return float(np.mean((size == 0) | ((size > _TINY * scale) & (size < _HUGE * scale))))


def _floats(header: MapHeader, offset: int, count: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    raw = _bytes_at(header, offset, count)
    with np.errstate(invalid="ignore"):
        return np.frombuffer(raw[: len(raw) // header.dtype.itemsize * header.dtype.itemsize], header.dtype).astype(np.float64)


def _bytes_at(header: MapHeader, offset: int, count: int) -> bytes:
    try:
        with open_binary(header.path) as stream:
            stream.seek(offset)
            return stream.read(count)
    except READ_ERRORS:
        return b""
