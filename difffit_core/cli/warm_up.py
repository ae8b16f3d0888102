"""`difffit warm-up`: compile for this machine, before the first fit."""

import os
from contextlib import suppress

import typer

from difffit_core.cli.console import say

_GENTLY = 10


def compile_before_workers() -> None:
    """Before several processes start that would each compile the same: do it here, which is told if it takes time."""
    from difffit_core.warm_up import warm_up as compile_all

    compile_all()


def warm_up(
    again: bool = typer.Option(False, "--again", help="Go through it also where that was done before."),
    gently: bool = typer.Option(False, "--gently", help="Leave the processors to other programs, on Linux and macOS."),
) -> None:
    """Compile for this machine what fits need, so that the first takes no longer than the second; once after installing is enough.

    The window does it by itself at its first start. Where all users share an installation, who may write there does it for all of them.
    """
    from difffit_core.warm_up import is_warm
    from difffit_core.warm_up import warm_up as compile_all

    if not again and is_warm():
        say("compiled for this machine already")
        return
    if gently and hasattr(os, "nice"):
        with suppress(OSError):
            os.nice(_GENTLY)
    say("compiling for this machine (once)", err=True)
    seconds = compile_all(again=True)
    from difffit_core.ops.compiled import kept_code

    kept = kept_code()
    if not kept.count:
        say(f"compiled in {seconds:.1f} s, but no folder can keep it: set NUMBA_CACHE_DIR to one that can be written", err=True)
        raise typer.Exit(1)
    say(f"compiled in {seconds:.1f} s; {kept.size / 1e6:.1f} MB in {', '.join(map(str, kept.folders))}")
