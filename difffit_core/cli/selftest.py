"""`difffit selftest`: known answers on each device."""

import typer


def selftest() -> None:
    """Compute known answers on each device of this machine, and say what was seen; ends with status 1 if anything came out otherwise.

    Nothing is written but temporary files, and nothing is sent.
    """
    from difffit_core import __version__
    from difffit_core.provenance import about
    from difffit_core.selftest import run_checks

    typer.echo(f"difffit {__version__}")
    for label, text in about():
        typer.echo(f"{label:<8}{text}")
    failed = 0
    for check in run_checks():
        failed += not check.passed
        typer.echo(f"{'passed' if check.passed else 'FAILED'}  {check.name}: {check.seen}")
    typer.echo("all as it must be" if not failed else f"{failed} came out otherwise; please report it with all that stands above")
    if failed:
        raise typer.Exit(1)
