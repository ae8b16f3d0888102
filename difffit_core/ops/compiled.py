"""Compiling functions so that the next start finds them compiled."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba as nb

from difffit_core.errors import UserError
from difffit_core.ops.code_cache import before_compiling, mend
from difffit_core.ops.compiling import EACH_TIME, ONCE, compiling

_logger = logging.getLogger(__name__)
_folders: set[Path] = set()
"""Where the compiled functions that have been imported are kept."""
_functions: list[Any] = []


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """`numba.njit` with these options, kept on disk; where that cannot be written or is full, compiled anew at every start."""

    def compile_(function: Callable[..., Any]) -> Any:
        try:
            kept = nb.njit(cache=True, **options)(function)
        except RuntimeError as error:
            _logger.info("compiled code is not kept: %s", error)
            kept = nb.njit(**options)(function)
            before_compiling(kept, lambda: compiling(EACH_TIME))
            return kept
        _folders.add(mend(kept, lambda: compiling(ONCE)))
        _functions.append(kept)
        return kept

    return compile_


def variants() -> set[tuple[str, str]]:
    """What has been compiled or loaded in this process: each function's name, and the types of its arguments."""
    return {(f"{one.__module__}.{one.__qualname__}", str(types)) for one in _functions for types in one.signatures}


@dataclass(frozen=True)
class KeptCode:
    """The files of compiled code on disk: their ``folders``, how many they are, and their ``size`` in bytes."""

    folders: tuple[Path, ...]
    count: int
    size: int


def kept_code() -> KeptCode:
    """What is kept of the functions that `compiled` made in this process."""
    files = _files()
    return KeptCode(tuple(sorted(_folders)), len(files), sum(_size(path) for path in files))


def clear_kept_code() -> KeptCode:
    """Remove the files of compiled code, and give what is left. Code that is loaded stays; the next start compiles anew.

    Raises
    ------
    UserError
        If a file cannot be removed.
    """
    for path in _files():
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise UserError(f"{path}: cannot be removed ({error.strerror or error})") from error
    return kept_code()


def _files() -> list[Path]:
    return [path for folder in _folders for pattern in ("*.nbi", "*.nbc") for path in folder.glob(pattern)]


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0  # another start has just replaced it
