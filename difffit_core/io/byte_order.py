"""The byte order of a map, by what makes sense in it rather than by the machine stamp, which many programs write wrong."""

import numpy as np

STAMPS = {b"\x44\x44": "<", b"\x44\x41": "<", b"\x41\x44": "<", b"\x11\x11": ">"}
"""The first two bytes of a machine stamp, and the byte order they name."""

_BYTES = {0: 1, 1: 2, 2: 4, 3: 4, 4: 8, 5: 1, 6: 2, 12: 2, 16: 3, 101: 1}
_LARGEST = 2**20


def byte_order(raw: bytes, file_size: int | None) -> str | None:
    """'<' or '>', in which the header ``raw`` makes sense; None where it does in neither.

    Sizes must be positive and the mode one of 0 to 101. Where that leaves both (mode 0 and sizes that are multiples of 256), the one counts
    in which the axis words are 1, 2 and 3, the sampling is like the sizes, and the values fit into the file; then the machine stamp.
    """
    stamped = STAMPS.get(raw[212:214], "<")
    orders = (stamped, ">" if stamped == "<" else "<")
    merits = [_merit(np.frombuffer(raw, f"{order}i4", 24), file_size) for order in orders]
    best = max(merits)
    return None if best < 0 else orders[merits.index(best)]


def _merit(words: np.ndarray[tuple[int], np.dtype[np.int32]], file_size: int | None) -> int:
    """How much sense the words make; negative for none."""
    sizes, mode, sampling, axes = words[:3].astype(int), int(words[3]), words[7:10], words[16:19]
    if not ((sizes > 0) & (sizes < _LARGEST)).all() or not 0 <= mode <= 101:
        return -1
    merit = 2 * (sorted(axes.tolist()) == [1, 2, 3]) + bool(((sampling > 0) & (sampling < _LARGEST)).all())
    if (
        file_size is not None
        and int(sizes[0]) * int(sizes[1]) * int(sizes[2]) * _BYTES.get(mode, 1) // (2 if mode == 101 else 1) <= file_size
    ):
        merit += 2
    return merit
