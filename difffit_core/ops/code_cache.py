"""What numba's keeping of compiled code lacks: several programs at once, damaged files, and a folder that all users share.

Numba numbers the files of a function's code by what its list of them says. Two programs that compile for different arguments at the same
time take the same number, and each then loads what the other wrote; so only one of them writes at a time here.
"""

import logging
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

_logger = logging.getLogger(__name__)
_PATIENCE_S = 20.0
_DAMAGED = (OSError, EOFError, ValueError, TypeError, KeyError, IndexError, AttributeError, ImportError, pickle.UnpicklingError)
"""What loading a file that another version wrote, or that a full disk cut short, may end with."""


def mend(function: Any, compiling: Callable[[], None]) -> Path:
    """Have a kept function (of ``numba.njit(cache=True)``) load and save as this module says; gives the folder it is kept in.

    ``compiling`` is called before it is compiled, since it is kept nowhere.
    """
    cache = function._cache
    folder = Path(cache.cache_path)
    files = [cache._cache_file, *_shared(cache, folder)]
    load, save = cache.load_overload, cache.save_overload

    def load_from_any(*arguments: Any) -> Any:
        for file in files:
            cache._cache_file = file
            try:
                found = load(*arguments)
            except _DAMAGED as error:
                _logger.info("compiled code cannot be read and is made anew: %s: %s", type(error).__name__, error)
                found = None
            finally:
                cache._cache_file = files[0]
            if found is not None:
                return found
        compiling()
        return None

    def save_alone(*arguments: Any) -> None:
        try:
            with FileLock(folder / "difffit-code.lock", timeout=_PATIENCE_S):
                _save(lambda: save(*arguments), cache)
        except (OSError, Timeout, NotImplementedError) as error:
            _logger.info("compiled code is not kept: %s", error)

    cache.load_overload, cache.save_overload = load_from_any, save_alone
    return folder


def before_compiling(function: Any, compiling: Callable[[], None]) -> None:
    """Have ``compiling`` called before a function that is not kept is compiled."""

    def load_nothing(*_: Any) -> None:
        compiling()

    function._cache.load_overload = load_nothing


def _save(save: Callable[[], None], cache: Any) -> None:
    """Save; where the list of files is damaged, begin a new one."""
    try:
        save()
    except OSError:
        raise
    except _DAMAGED:
        cache.flush()
        save()


def _shared(cache: Any, folder: Path) -> list[Any]:
    """The files beside the program, where they cannot be written but may have been compiled for all users by who installed it."""
    beside = Path(cache._py_func.__code__.co_filename).parent / "__pycache__"
    if beside == folder or not beside.is_dir():
        return []
    own = cache._cache_file
    return [type(own)(str(beside), cache._impl.filename_base, own._source_stamp)]
