"""The header of an MRC2014/CCP4 map, read without its values.

mrcfile supplies the layout. Opening the file is done here because mrcfile allocates what a header claims before it looks at the file's
size, and unpacks a packed map whole: a damaged header could then ask for any amount of memory.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from mrcfile.dtypes import HEADER_DTYPE

from difffit_core.errors import FileFormatError
from difffit_core.io.byte_order import STAMPS, byte_order
from difffit_core.io.files import check_readable, check_suffix
from difffit_core.io.map_note import MapNote
from difffit_core.io.packing import READ_ERRORS, open_binary, packing_of
from difffit_core.io.strangers import stranger

MAP_SUFFIXES = (".mrc", ".map", ".ccp4", ".rec")
MODES = {0: "bytes", 1: "int16", 2: "float32", 6: "uint16", 12: "float16", 101: "4 bits"}
REFUSED_MODES = {3: "a Fourier transform of 16-bit integers", 4: "a Fourier transform of floats", 16: "a colour picture"}
HEADER_BYTES = 1024
_TYPES = {0: "i1", 1: "i2", 2: "f4", 6: "u2", 12: "f2", 101: "u1"}
_WORDS = 224
"""Bytes before the labels."""
_IMOD_STAMP = 1146047817

Triple = tuple[int, int, int]
Lengths = tuple[float, float, float]


@dataclass(frozen=True)
class MapHeader:
    """What the header says, as it stands there. File order is (column, row, section); x, y, z otherwise.

    Attributes
    ----------
    path, file_size, packing : the file, its bytes on disk, and how it is packed ('gzip', 'bzip2', 'xz', 'zip' or None)
    byte_order : '<' or '>', as the sizes and the mode make sense; ``machine_stamp`` may say otherwise
    machine_stamp : the four bytes
    has_map_word : whether 'MAP ' stands where MRC2014 wants it
    is_old : whether no machine stamp stands there either: a file from before 2000, with other words there
    shape : number of columns, rows, sections
    mode : 0 bytes, 1 int16, 2 float32, 6 uint16, 12 float16, 101 4 bits (others cannot be read)
    start : nxstart, nystart, nzstart, (column, row, section), in voxels
    sampling : mx, my, mz: voxels along the whole cell
    cell, angles : in Å and degrees
    axes : mapc, mapr, maps: which of x (1), y (2), z (3) runs along columns, rows, sections
    origin : in Å
    minimum, maximum, mean, rms : the header's own statistics, which may be wrong
    space_group, extended_bytes, version : ispg, nsymbt, nversion
    imod_flags : IMOD's flags, where its stamp is there; their first bit says that bytes are signed
    skew : (3, 4) of CCP4's skew transformation, the matrix and the translation, where its flag is set
    labels : the non-empty ones of those that are counted
    rotation_label : Chimera's label of a rotation of the grid, wherever it stands
    data_offset : bytes before the first value
    notes : what had to be decided
    """

    path: Path
    file_size: int
    packing: str | None
    byte_order: str
    machine_stamp: bytes
    has_map_word: bool
    is_old: bool
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
    imod_flags: int | None
    skew: tuple[tuple[float, ...], ...] | None
    labels: tuple[str, ...]
    rotation_label: str | None
    data_offset: int = HEADER_BYTES
    notes: tuple[MapNote, ...] = ()

    @property
    def stamp_agrees(self) -> bool:
        """Whether the machine stamp names the byte order the file has."""
        return STAMPS.get(self.machine_stamp[:2]) == self.byte_order

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of a value as stored, with its byte order; of mode 101, of a byte that holds two."""
        kind = {1: "u2", 6: "i2"}[self.mode] if self.other_sign else _TYPES[self.mode]
        return np.dtype(kind).newbyteorder(self.byte_order)  # type: ignore[arg-type]

    @property
    def other_sign(self) -> bool:
        """Whether the header's extremes say that mode 1 holds numbers without sign, or mode 6 numbers with one."""
        low, high = self.minimum, self.maximum
        if not (low < high and float(low).is_integer() and float(high).is_integer()):
            return False
        return (self.mode == 1 and low >= 0 and 2**15 <= high < 2**16) or (self.mode == 6 and -(2**15) <= low < 0 and high < 2**15)

    @property
    def voxels(self) -> int:
        """How many voxels the header claims."""
        return self.shape[0] * self.shape[1] * self.shape[2]

    @property
    def row_bytes(self) -> int:
        """Bytes of a row of values; of 4 bits, it ends with a byte."""
        return (self.shape[0] + 1) // 2 if self.mode == 101 else self.shape[0] * self.dtype.itemsize

    @property
    def data_bytes(self) -> int:
        """Bytes of values that the header claims."""
        return self.row_bytes * self.shape[1] * self.shape[2]

    @property
    def axes_known(self) -> bool:
        """Whether the axis words name each of x, y and z once."""
        return sorted(self.axes) == [1, 2, 3]

    @property
    def shape_xyz(self) -> Triple:
        """Voxels along x, y, z."""
        return self._to_xyz(self.shape)

    @property
    def start_xyz(self) -> Triple:
        """nstart along x, y, z, in voxels."""
        return self._to_xyz(self.start)

    def _to_xyz(self, triple: Triple) -> Triple:
        by_axis = dict(zip(self.axes if self.axes_known else (1, 2, 3), triple, strict=True))
        return by_axis[1], by_axis[2], by_axis[3]


def first_kilobyte(path: Path) -> MapHeader:
    """The header as it stands; where the values begin is left open (`extended_header.with_offset`).

    Raises
    ------
    UserError
        If the file is absent or may not be read.
    FileFormatError
        If it is no map at all: a wrong suffix, empty, shorter than a header, text or of another format, packed in a way that
        cannot be read, or sizes and mode that make no sense in either byte order.
    """
    path = Path(path)
    size = check_readable(path)
    check_suffix(path, MAP_SUFFIXES, "map")
    packing = packing_of(path)
    try:
        with open_binary(path) as stream:
            raw = stream.read(HEADER_BYTES)
    except READ_ERRORS as error:
        raise FileFormatError(f"{path}: cannot be unpacked, the {packing or 'file'} data are damaged ({error})") from error
    if other := stranger(raw):
        raise FileFormatError(f"{path}: must be a binary MRC/CCP4 map, got {other}")
    if len(raw) < HEADER_BYTES:
        raise FileFormatError(f"{path}: must hold a header of {HEADER_BYTES} bytes, got {len(raw)} bytes; the file is truncated")
    order = byte_order(raw, None if packing else size)
    record = np.frombuffer(raw, HEADER_DTYPE.newbyteorder(order or STAMPS.get(raw[212:214], "<")))[0]
    if order is None:
        sizes = ", ".join(str(int(record[name])) for name in ("nx", "ny", "nz"))
        raise FileFormatError(
            f"{path}: must be an MRC/CCP4 map with three positive sizes and a mode of {_spoken(list(MODES))}, "
            f"got sizes {sizes} and mode {int(record['mode'])}"
        )
    return _from_record(path, size, packing, order, raw, record)


def _spoken(numbers: list[int]) -> str:
    return f"{', '.join(map(str, numbers[:-1]))} or {numbers[-1]}"


def _from_record(path: Path, size: int, packing: str | None, order: str, raw: bytes, record: Any) -> MapHeader:
    def integers(*names: str) -> Triple:
        a, b, c = (int(record[name]) for name in names)
        return a, b, c

    def lengths(name: str) -> Lengths:
        a, b, c = (float(value) for value in record[name].item())
        return a, b, c

    def word(number: int, kind: str = "i4", count: int = 1) -> Any:
        return np.frombuffer(raw, f"{order}{kind}", count, 4 * (number - 1))

    texts = ["".join(ch if ch.isprintable() else "?" for ch in bytes(one).decode("latin-1").strip(" \0")) for one in record["label"]]
    count = min(max(int(record["nlabl"]), 0), 10)
    stamp, word_map = raw[212:216], raw[208:212].strip(b" \0").upper()
    with np.errstate(invalid="ignore"):  # any four bytes may stand there
        skew = np.column_stack([word(26, "f4", 9).reshape(3, 3), word(35, "f4", 3)]).astype(float)
    return MapHeader(
        path=path,
        file_size=size,
        packing=packing,
        byte_order=order,
        machine_stamp=stamp,
        has_map_word=word_map in (b"MAP", b"PAM"),
        is_old=word_map not in (b"MAP", b"PAM") and stamp[:2] not in STAMPS,
        shape=integers("nx", "ny", "nz"),
        mode=0 if int(record["mode"]) == 5 else int(record["mode"]),  # CCP4's other name for signed bytes
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
        imod_flags=int(word(40)[0]) if int(word(39)[0]) == _IMOD_STAMP else None,
        skew=tuple(map(tuple, skew.tolist())) if int(word(25)[0]) != 0 else None,
        labels=tuple(text for text in texts[:count] if text),
        rotation_label=next((text for text in texts if text.startswith("Chimera rotation:")), None),
    )
