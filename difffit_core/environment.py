"""What the environment asks of the libraries, looked at before they are imported, since some of them end with a traceback or a crash."""

import os
import re
from collections.abc import Callable, Mapping

from difffit_core.errors import UserError
from difffit_core.escaping.terminal import one_line
from difffit_core.number_words import is_digits

_MOST_THREADS = 1024
_LAYERS = ("default", "safe", "forksafe", "threadsafe", "tbb", "omp", "workqueue")
_REAL_LAYERS = ["omp", "tbb", "workqueue"]
_FEATURES = re.compile(r"[+-][\w.-]+(,[+-][\w.-]+)*")
_SWITCHES = (
    "NUMBA_DEBUG", "NUMBA_DEBUGINFO", "NUMBA_DEVELOPER_MODE", "NUMBA_WARNINGS", "NUMBA_DEBUG_CACHE",
    "NUMBA_DISABLE_PERFORMANCE_WARNINGS", "NUMBA_BOUNDSCHECK", "NUMBA_FULL_TRACEBACKS", "NUMBA_DISABLE_CUDA",
)  # fmt: skip


def check_environment(variables: Mapping[str, str] = os.environ) -> None:
    """Refuse variables of numba's that make no sense; it takes them as it is imported.

    Raises
    ------
    UserError
        One sentence: the variable, what is allowed, what it is.
    """
    rules: list[tuple[str, Callable[[str], bool], str]] = [
        ("NUMBA_NUM_THREADS", lambda text: _whole(text, 1, _MOST_THREADS), f"a whole number from 1 to {_MOST_THREADS}"),
        ("NUMBA_THREADING_LAYER", lambda text: text.lower() in _LAYERS, f"one of {', '.join(_LAYERS)}"),
        (
            "NUMBA_THREADING_LAYER_PRIORITY",
            lambda text: sorted(text.split()) == _REAL_LAYERS,
            f"{', '.join(_REAL_LAYERS)} in some order, with blanks between them",
        ),
        ("NUMBA_CPU_FEATURES", lambda text: _FEATURES.fullmatch(text) is not None, "features with commas between them, each after + or -"),
        ("NUMBA_FUNCTION_CACHE_SIZE", lambda text: _whole(text, 0, 10**6), "a whole number from 0 to 1000000"),
        ("NUMBA_DISABLE_JIT", lambda text: text == "0", "0, since the search runs compiled only"),
        ("NUMBA_OPT", lambda text: text == "max" or _whole(text, 0, 3), "a whole number from 0 to 3, or max"),
        *((name, lambda text: _whole(text, 0, 9), "0 or 1") for name in _SWITCHES),
    ]
    for name, is_good, allowed in rules:
        value = variables.get(name, "")
        if value and not is_good(value):
            raise UserError(f"the environment variable {name} must be {allowed}, got {one_line(value)[:60]}")


def _whole(text: str, least: int, most: int) -> bool:
    return is_digits(text) and len(text) < 9 and least <= int(text) <= most
