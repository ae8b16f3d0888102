"""Compiling functions so that the next start finds them compiled."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba as nb

from difffit_core.errors import UserError

_logger = logging.getLogger(__name__)
_folders: set[Path] = set()
"""Where the compiled functions that have been imported are kept."""


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """`numba.njit` with these options, kept on disk; where that cannot be written or is full, compiled anew at every start."""

    def compile_(function: Callable[..., Any]) -> Any:
        try:
            kept = nb.njit(cache=True, **options)(function)
        except RuntimeError as error:
            _logger.info("compiled code is not kept: %s", error)
            return nb.njit(**options)(function)
        _folders.add(Path(kept._cache.cache_path))
        kept._cache.save_overload = _if_possible(kept._cache.save_overload)
        return kept

    return compile_


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


def _if_possible(save: Callable[..., None]) -> Callable[..., None]:
    """The same saving, with no more than a note where the disk refuses."""

    def try_to_save(*arguments: Any) -> None:
        try:
            save(*arguments)
        except OSError as error:
            _logger.info("compiled code is not kept: %s", error)

    return try_to_save
