"""Predicted aligned errors in NumPy's files, read without ever opening a pickle."""

import struct
import zipfile
from pathlib import Path
from tokenize import TokenError

import numpy as np

from difffit_core.conventions import Array
from difffit_core.errors import FileFormatError
from difffit_core.io.packing import READ_ERRORS

_PICKLES = (".pkl", ".pickle", ".pt", ".pth", ".ckpt")
_LARGEST = 1 << 30
_DAMAGE = (ValueError, IndexError, KeyError, struct.error)
"""What zipfile makes of some damaged archives, beside what it says it does; numpy raises errors of Python's grammar for some headers."""
_NPY = b"\x93NUMPY"


def is_array_file(path: Path) -> bool:
    """Whether it is a file of NumPy's, by its content.

    Raises
    ------
    FileFormatError
        If it is a pickle, by its name or its content: reading one may run whatever it says.
    """
    path = Path(path)
    with open(path, "rb") as stream:
        head = stream.read(8)
    named = any(suffix in _PICKLES for suffix in (path.suffix.lower(), Path(path.stem).suffix.lower()))
    if named or (head[:1] == b"\x80" and head[1:2] in (b"\2", b"\3", b"\4", b"\5")):
        raise FileFormatError(
            f"{path}: predicted aligned errors must be JSON, .npz or .npy, got a Python pickle, which may run anything when it is read; "
            "save its 'predicted_aligned_error' or 'pae' with json.dump or numpy.savez where it was made"
        )
    if head.startswith(_NPY):
        return True
    return head.startswith(b"PK") and (path.suffix.lower() == ".npz" or _is_npz(path))


def _is_npz(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(".npy") for name in archive.namelist())
    except (*READ_ERRORS, *_DAMAGE):
        return False


def holds(path: Path, names: tuple[str, ...]) -> bool:
    """Whether an .npz file holds an array of one of these names."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(f"{name}.npy" in archive.namelist() for name in names)
    except (*READ_ERRORS, *_DAMAGE):
        return False


def array_of(path: Path, names: tuple[str, ...]) -> Array:
    """The array of one of these names, or the only one.

    Raises
    ------
    ValueError
        If there is none, or it is too large, or of objects.
    FileFormatError
        If the file is damaged.
    """
    try:
        with open(path, "rb") as stream:
            plain = stream.read(6) == _NPY
        if plain:
            if path.stat().st_size > _LARGEST:
                raise ValueError(f"the errors must take at most {_LARGEST >> 20} MiB, got more")
            return np.asarray(np.load(path, allow_pickle=False), np.float64)
        with zipfile.ZipFile(path) as archive:
            held = [name.removesuffix(".npy") for name in archive.namelist()]
            chosen = [name for name in names if name in held] or (held if len(held) == 1 else [])
            if not chosen:
                raise ValueError(f"one of {', '.join(names)} must be there, got {', '.join(held[:8]) or 'nothing'}")
            if archive.getinfo(f"{chosen[0]}.npy").file_size > _LARGEST:
                raise ValueError(f"the errors must take at most {_LARGEST >> 20} MiB, got more")
        with np.load(path, allow_pickle=False) as arrays:
            return np.asarray(arrays[chosen[0]], np.float64)
    except (*READ_ERRORS, MemoryError, SyntaxError, TokenError, struct.error) as error:
        raise FileFormatError(f"{path}: cannot be read to its end, the file is truncated or damaged ({error})") from error
