"""`difffit selftest`: known answers on each device."""

import typer

from difffit_core.cli.console import say


def selftest() -> None:
    """Compute known answers on each device of this machine, and say what was seen; ends with status 1 if anything came out otherwise.

    Nothing is written but temporary files, and nothing is sent.
    """
    from difffit_core import __version__
    from difffit_core.provenance import about
    from difffit_core.selftest import run_checks

    say(f"difffit {__version__}")
    for label, text in about():
        say(f"{label:<8}{text}")
    failed = 0
    for check in run_checks():
        failed += not check.passed
        say(f"{'passed' if check.passed else 'FAILED'}  {check.name}: {check.seen}")
    say("all as it must be" if not failed else f"{failed} came out otherwise; please report it with all that stands above")
    if failed:
        raise typer.Exit(1)
