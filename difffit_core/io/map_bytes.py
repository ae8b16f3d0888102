"""Whether the bytes of a mode 0 map are signed.

MRC2014 says that they are. Before it they mostly were not; IMOD keeps a flag; EMAN and others write either; and flags and statistics are
copied from file to file. So the values have the first word: density is smooth, and neighbouring voxels on both sides of where the two
readings part (127 beside 128, or 0 beside 255) lie close together in the right reading and far apart in the wrong one.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from difffit_core.io.map_header import MapHeader
from difffit_core.io.map_note import MapNote

_ENOUGH_PAIRS = 16
_ENOUGH_VALUES = 16
_BACKGROUND = 0.2
_CLOSE, _FAR = 96.0, 160.0
_ROWS_APART = 4
"""Every fourth row is looked at."""


@dataclass
class ByteTally:
    """What is counted while bytes (0 to 255) are read: ``counts`` (256,) of each, and ``pairs`` (256, 256) of each beside each in a row."""

    counts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(256, np.int64))
    pairs: NDArray[np.int64] = field(default_factory=lambda: np.zeros((256, 256), np.int64))

    def add(self, slab: NDArray[np.uint8]) -> None:
        """Count a slab [section, row, column]."""
        self.counts += np.bincount(slab.ravel(), minlength=256)
        rows = slab.reshape(-1, slab.shape[-1])[::_ROWS_APART]
        both = rows[:, :-1].astype(np.uint16) << 8 | rows[:, 1:]
        self.pairs += np.bincount(both.ravel(), minlength=1 << 16).reshape(256, 256)

    def apart(self) -> float | None:
        """Mean difference, as unsigned bytes, of neighbours of which one is above 127; as signed bytes it is 256 less that.

        What a mask has left on the outside (0, and what more than a fifth of the box holds) does not count, for its edge may be steep.
        None where there are too few.
        """
        value = np.arange(256)
        counts = (self.counts <= _BACKGROUND * self.counts.sum()) & (value > 0)
        across = np.logical_xor.outer(value > 127, value > 127) & np.logical_and.outer(counts, counts)
        number = int(self.pairs[across].sum())
        difference = np.abs(np.subtract.outer(value, value))
        return float((self.pairs * difference)[across].sum()) / number if number >= _ENOUGH_PAIRS else None


def bytes_are_signed(header: MapHeader, tally: ByteTally) -> tuple[bool, MapNote | None]:
    """How to read the bytes of a map, and what to say of it."""
    present = np.flatnonzero(tally.counts)
    if not len(present) or present[-1] < 128:
        return True, None  # the same either way
    as_signed = present[present < 128].max(initial=-1) > 0  # else its highest value is 0 or less: no density
    stated, source = _stated(header)
    shown = _shown(tally, len(present)) if as_signed else False
    if shown is not None:
        if stated is None or stated == shown:
            return shown, None if shown else MapNote("bytes", f"Bytes are read as unsigned, 0 to 255{_since(source)}.", "note")
        claim = f"{source[:1].upper()}{source[1:]} that bytes are {_word(stated)}"
        sentence = f"{claim}, but the density is whole only if they are {_word(shown)}; read so."
        return shown, MapNote("bytes", sentence)
    if stated is not None:
        return stated, None if stated else MapNote("bytes", f"Bytes are read as unsigned, 0 to 255{_since(source)}.", "note")
    if header.is_old:
        return False, MapNote("bytes", "Bytes are read as unsigned, 0 to 255, as in files from before 2000.")
    return True, MapNote("bytes", "Nothing tells whether bytes are signed; read as MRC2014 has them, -128 to 127.")


def _word(signed: bool) -> str:
    return "signed" if signed else "unsigned"


def _since(source: str) -> str:
    return f"; {source} so" if source else ", since the density is not whole otherwise"


def _stated(header: MapHeader) -> tuple[bool | None, str]:
    """Whether the header says that bytes are signed, and what in it does."""
    if header.imod_flags is not None:
        return bool(header.imod_flags & 1), "IMOD's flag says"
    low, high = header.minimum, header.maximum
    if low < high and float(low).is_integer() and float(high).is_integer():
        if low >= 0 and 127 < high <= 255:
            return False, "the header's extremes say"
        if -128 <= low < 0 and high <= 127:
            return True, "the header's extremes say"
    return None, ""


def _shown(tally: ByteTally, values: int) -> bool | None:
    """Whether the values show that bytes are signed; None where they show neither."""
    apart = tally.apart()
    if apart is None or values < _ENOUGH_VALUES:
        return None
    return False if apart < _CLOSE else True if apart > _FAR else None
