"""Loading a library that brings its own copy of what another in the process has, too."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def own_symbols() -> Iterator[None]:
    """Have libraries that are loaded in here use what they bring themselves, where the system can do that (glibc).

    Triton brings LLVM, and so does Mesa, which draws the window where there is no driver of a graphics card (a remote desktop): once a view
    is drawn, Triton would find that of Mesa, of another version, and end the program by a signal.
    """
    deep = getattr(os, "RTLD_DEEPBIND", 0)
    if not deep or not hasattr(sys, "setdlopenflags"):
        yield
        return
    before = sys.getdlopenflags()
    sys.setdlopenflags(before | deep)
    try:
        yield
    finally:
        sys.setdlopenflags(before)
