"""Telling that code is being compiled; apart from what compiles, so that a command can ask for it before numba is imported."""

import logging
from collections.abc import Callable

ONCE = "compiling for this machine (once; difffit warm-up does it beforehand)"
EACH_TIME = "compiling for this machine, at every start: no folder can keep the code; set NUMBA_CACHE_DIR to one that can be written"
_logger = logging.getLogger(__name__)
_tellers: list[Callable[[str], object]] = []


def tell_of_compiling(teller: Callable[[str], object]) -> None:
    """Have ``teller`` told, once and in a sentence, when code that is kept nowhere must be compiled, which takes some seconds."""
    _tellers[:] = [teller]


def compiling(sentence: str) -> None:
    """Tell it; to be called before compiling, from any thread."""
    _logger.info("%s", sentence)
    while _tellers:
        _tellers.pop()(sentence)
