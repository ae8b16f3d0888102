"""Compiling functions so that the next start finds them compiled."""

import logging
from collections.abc import Callable
from typing import Any

import numba as nb

_logger = logging.getLogger(__name__)


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """`numba.njit` with these options, kept on disk; where that cannot be written or is full, compiled anew at every start."""

    def compile_(function: Callable[..., Any]) -> Any:
        try:
            kept = nb.njit(cache=True, **options)(function)
        except RuntimeError as error:
            _logger.info("compiled code is not kept: %s", error)
            return nb.njit(**options)(function)
        kept._cache.save_overload = _if_possible(kept._cache.save_overload)
        return kept

    return compile_


def _if_possible(save: Callable[..., None]) -> Callable[..., None]:
    """The same saving, with no more than a note where the disk refuses."""

    def try_to_save(*arguments: Any) -> None:
        try:
            save(*arguments)
        except OSError as error:
            _logger.info("compiled code is not kept: %s", error)

    return try_to_save
