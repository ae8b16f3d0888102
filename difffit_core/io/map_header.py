"""The header of an MRC2014/CCP4 map, read without its values.

mrcfile supplies the layout and the modes. Opening the file is done here because mrcfile allocates what a header claims before it looks at
the file's size, and unpacks a gzipped map whole: a damaged header could then ask for any amount of memory.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from mrcfile.dtypes import HEADER_DTYPE
from mrcfile.utils import dtype_from_mode

from difffit_core.errors import FileFormatError
from difffit_core.io.files import READ_ERRORS, check_readable, check_suffix, is_gzipped, open_binary

MAP_SUFFIXES = (".mrc", ".map", ".ccp4")
MODES = {0: "int8", 1: "int16", 2: "float32", 6: "uint16", 12: "float16"}
HEADER_BYTES = 1024
_STAMPS = {b"\x44\x44": "<", b"\x44\x41": "<", b"\x11\x11": ">"}

Triple = tuple[int, int, int]
Lengths = tuple[float, float, float]


@dataclass(frozen=True)
class MapHeader:
    """What the header says, as it stands there. File order is (column, row, section); x, y, z otherwise.

    Attributes
    ----------
    path, file_size, gzipped : the file, its bytes on disk, and whether its content is gzip
    byte_order : '<' or '>', as the sizes and the mode make sense; ``machine_stamp`` may say otherwise
    machine_stamp : the four bytes
    has_map_word : whether 'MAP ' stands where MRC2014 wants it
    shape : number of columns, rows, sections
    mode : 0 int8, 1 int16, 2 float32, 6 uint16, 12 float16 (others cannot be read)
    start : nxstart, nystart, nzstart, (column, row, section), in voxels
    sampling : mx, my, mz: voxels along the whole cell
    cell, angles : in Å and degrees
    axes : mapc, mapr, maps: which of x (1), y (2), z (3) runs along columns, rows, sections
    origin : in Å
    minimum, maximum, mean, rms : the header's own statistics, which may be wrong
    space_group, extended_bytes, version : ispg, nsymbt, nversion
    labels : the non-empty ones
    """

    path: Path
    file_size: int
    gzipped: bool
    byte_order: str
    machine_stamp: bytes
    has_map_word: bool
    shape: Triple
    mode: int
    start: Triple
    sampling: Triple
    cell: Lengths
    angles: Lengths
    axes: Triple
    origin: Lengths
    minimum: float
    maximum: float
    mean: float
    rms: float
    space_group: int
    extended_bytes: int
    version: int
    labels: tuple[str, ...]

    @property
    def stamp_agrees(self) -> bool:
        """Whether the machine stamp names the byte order the file has."""
        return _STAMPS.get(self.machine_stamp[:2]) == self.byte_order

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of a value as stored, with its byte order.

        Mode 0 is signed in MRC2014, but many older files hold unsigned bytes, which the header's maximum gives away.
        """
        dtype = dtype_from_mode(self.mode).newbyteorder(self.byte_order)
        return np.dtype("u1") if self.unsigned_bytes else dtype

    @property
    def unsigned_bytes(self) -> bool:
        """Whether a mode 0 file holds 0 to 255 (its own statistics say so) instead of -128 to 127."""
        return self.mode == 0 and self.minimum >= 0 and 127 < self.maximum <= 255

    @property
    def voxels(self) -> int:
        """How many voxels the header claims."""
        return self.shape[0] * self.shape[1] * self.shape[2]

    @property
    def data_offset(self) -> int:
        """Bytes before the first value."""
        return HEADER_BYTES + self.extended_bytes

    @property
    def data_bytes(self) -> int:
        """Bytes of values that the header claims."""
        return self.voxels * self.dtype.itemsize

    @property
    def shape_xyz(self) -> Triple:
        """Voxels along x, y, z."""
        return self._to_xyz(self.shape)

    @property
    def start_xyz(self) -> Triple:
        """nstart along x, y, z, in voxels."""
        return self._to_xyz(self.start)

    def _to_xyz(self, triple: Triple) -> Triple:
        axes = self.axes if sorted(self.axes) == [1, 2, 3] else (1, 2, 3)
        by_axis = dict(zip(axes, triple, strict=True))
        return by_axis[1], by_axis[2], by_axis[3]


def read_header(path: Path) -> MapHeader:
    """Read the header of a map; costs a kilobyte, whatever the map's size.

    Raises
    ------
    UserError
        If the file is absent or may not be read.
    FileFormatError
        If it is no map at all: a wrong suffix, empty, shorter than a header, text, or sizes and mode that make no sense
        in either byte order.
    """
    path = Path(path)
    size = check_readable(path)
    check_suffix(path, MAP_SUFFIXES, "map")
    try:
        with open_binary(path) as stream:
            raw = stream.read(HEADER_BYTES)
    except READ_ERRORS as error:
        raise FileFormatError(f"{path}: cannot be unpacked, the gzip data are damaged ({error})") from error
    if _is_text(raw):
        raise FileFormatError(f"{path}: must be a binary MRC/CCP4 map, got a text file that begins with '{_first_words(raw)}'")
    if len(raw) < HEADER_BYTES:
        raise FileFormatError(f"{path}: must hold a header of {HEADER_BYTES} bytes, got {len(raw)} bytes; the file is truncated")
    stamp = raw[212:216]
    likely = _STAMPS.get(stamp[:2], "<")
    for order in (likely, ">" if likely == "<" else "<"):
        record = np.frombuffer(raw, HEADER_DTYPE.newbyteorder(order))[0]
        shape = (int(record["nx"]), int(record["ny"]), int(record["nz"]))
        if min(shape) > 0 and max(shape) < 2**20 and 0 <= int(record["mode"]) <= 101:
            return _from_record(path, size, is_gzipped(path), order, stamp, record)
    record = np.frombuffer(raw, HEADER_DTYPE.newbyteorder(likely))[0]
    sizes = ", ".join(str(int(record[name])) for name in ("nx", "ny", "nz"))
    raise FileFormatError(
        f"{path}: must be an MRC/CCP4 map with three positive sizes and a mode of 0, 1, 2, 6 or 12, "
        f"got sizes {sizes} and mode {int(record['mode'])}"
    )


def _is_text(raw: bytes) -> bool:
    return bool(raw) and all(32 <= byte < 127 or byte in b"\t\r\n\f" for byte in raw[:256])


def _first_words(raw: bytes) -> str:
    return " ".join(raw[:60].decode("ascii").split())[:40]


def _from_record(path: Path, size: int, gzipped: bool, order: str, stamp: bytes, record: Any) -> MapHeader:
    def integers(*names: str) -> Triple:
        a, b, c = (int(record[name]) for name in names)
        return a, b, c

    def lengths(name: str) -> Lengths:
        a, b, c = (float(value) for value in record[name].item())
        return a, b, c

    count = min(max(int(record["nlabl"]), 0), 10)
    texts = (bytes(label).decode("latin-1").strip(" \0") for label in record["label"][:count])
    return MapHeader(
        path=path,
        file_size=size,
        gzipped=gzipped,
        byte_order=order,
        machine_stamp=stamp,
        has_map_word=bytes(record["map"])[:3] == b"MAP",
        shape=integers("nx", "ny", "nz"),
        mode=int(record["mode"]),
        start=integers("nxstart", "nystart", "nzstart"),
        sampling=integers("mx", "my", "mz"),
        cell=lengths("cella"),
        angles=lengths("cellb"),
        axes=integers("mapc", "mapr", "maps"),
        origin=lengths("origin"),
        minimum=float(record["dmin"]),
        maximum=float(record["dmax"]),
        mean=float(record["dmean"]),
        rms=float(record["rms"]),
        space_group=int(record["ispg"]),
        extended_bytes=int(record["nsymbt"]),
        version=int(record["nversion"]),
        labels=tuple("".join(ch if ch.isprintable() else "?" for ch in text) for text in texts if text),
    )
