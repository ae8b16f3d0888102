"""Arrays as the bytes of an uncompressed .npz, and back; what is damaged is told as one kind of error, and nothing is ever unpickled."""

import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

_T = TypeVar("_T")
_DAMAGE = (KeyError, EOFError, OSError, MemoryError, zipfile.BadZipFile, zlib.error, NotImplementedError, AttributeError, TypeError)


def packed(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays by name, as an uncompressed .npz."""
    buffer = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez(buffer, **named)
    return buffer.getvalue()


def unpacked(content: bytes, make: Callable[[dict[str, NDArray[Any]]], _T]) -> _T:
    """What ``make`` makes of the arrays by name.

    Raises
    ------
    ValueError
        If the content is no .npz, claims to hold more than it does, or ``make`` cannot take what it holds.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as file:
            if sum(member.file_size for member in file.zip.infolist()) > len(content):
                raise ValueError("an array claims to be larger than the file")
            return make({name: file[name] for name in file.files})
    except _DAMAGE as error:
        raise ValueError(str(error) or type(error).__name__) from error
