"""Compiling functions so that the next start finds them compiled."""

import logging
from collections.abc import Callable
from typing import Any

import numba as nb


def compiled(**options: Any) -> Callable[[Callable[..., Any]], Any]:
    """`numba.njit` with these options, kept on disk; where no folder for that can be written, compiled anew at every start."""

    def compile_(function: Callable[..., Any]) -> Any:
        try:
            return nb.njit(cache=True, **options)(function)
        except RuntimeError as error:
            logging.getLogger(__name__).info("compiled code is not kept: %s", error)
            return nb.njit(**options)(function)

    return compile_
