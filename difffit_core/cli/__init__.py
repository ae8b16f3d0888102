"""The command `difffit`: the same requests as the window's, without a window.

Each command is imported when it is asked for, and imports what it needs when it runs, so that help answers at once.
"""

import logging
import re
import shlex
import sys
from collections.abc import Sequence
from itertools import pairwise

import typer

from difffit_core.cli.commands import OnDemand
from difffit_core.cli.console import PlainFormatter, guarded_output, say
from difffit_core.cli.recipes import sentence_of
from difffit_core.environment import check_environment
from difffit_core.errors import FitCancelled, UserError
from difffit_core.escaping.terminal import sentence as as_sentence
from difffit_core.ops.compiling import tell_of_compiling

__all__ = ["app", "main"]

BAD_INPUT = 2
INTERRUPTED = 130
NOT_PRINTED = 1

STATUS = (
    "Ends with status 0 where what was asked is answered and its results are written, also where the answer is that nothing was found; 1 "
    "where a check fails (validate, replay, selftest) or only a part could be had (fetch, benchmark); 2, and one sentence, where what was "
    "given cannot be used; 130 where it was stopped."
)
app = typer.Typer(
    name="difffit",
    cls=OnDemand,
    help="Fit atomic models into cryo-EM density maps.",
    epilog=STATUS,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: bool = typer.Option(False, "--version", help="Print the version, with those of what it is made of, and the devices."),
    verbose: bool = typer.Option(False, "--verbose", "-v", help="Log what is done, on standard error."),
) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(PlainFormatter("%(levelname)s %(name)s: %(message)s" if verbose else "difffit: %(message)s"))
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])
    if verbose:
        from difffit_core.provenance import library_versions

        logging.getLogger(__name__).info("%s", ", ".join(f"{name} {number}" for name, number in library_versions().items()))
        logging.getLogger(__name__).info("%s", shlex.join(sys.argv))
    if context.invoked_subcommand != "warm-up":
        tell_of_compiling(lambda sentence: say(f"difffit: {sentence}", err=True))
    if version:
        from difffit_core import __version__

        say(f"difffit {__version__}")
        from difffit_core.provenance import about

        for label, text in about():
            say(f"{label:<8}{text}")
    elif context.invoked_subcommand is None:
        from difffit_core.cli import window

        window.open_window([])


def main() -> None:
    """Run the command line; bad input ends with one sentence on standard error and status 2."""
    with guarded_output() as output:
        status = _run()
        output.flush()
        if output.error is not None:
            if not isinstance(output.error, BrokenPipeError):
                _complain(f"standard output cannot be written ({output.error.strerror or output.error}); files that were written stay", 1)
            status = status or NOT_PRINTED
    sys.exit(status)


def check_words(words: Sequence[str]) -> None:
    """Refuse a word that is empty, as a variable of a script that is not set gives it: it would count as not given, in silence.

    Raises
    ------
    UserError
    """
    for before, word in pairwise(["difffit", *words]):
        if word == "" or re.fullmatch(r"--[a-z-]+=", word):
            where = f"after {before}" if word == "" else f"by {word}"
            raise UserError(f"nothing is given {where}, where a value or a name belongs (is a variable of a script not set?)")


def _run() -> int:
    try:
        check_environment()
        check_words(sys.argv[1:])
        status = app(standalone_mode=False)
    except typer.TyperException as error:
        return _complain(sentence_of(error), BAD_INPUT)
    except UserError as error:
        return _complain(str(error), BAD_INPUT)
    except FitCancelled as error:
        return _complain(str(error), INTERRUPTED)
    except (KeyboardInterrupt, typer.Abort):
        return _complain("interrupted", INTERRUPTED)
    except OSError as error:
        what = error.strerror or type(error).__name__
        return _complain(f"{error.filename}: {what}" if error.filename else f"the system refuses: {what}", BAD_INPUT)
    except MemoryError:
        return _complain("there is not enough memory for this; a smaller map, or fewer starts, needs less", BAD_INPUT)
    return status if isinstance(status, int) else 0


def _complain(sentence: str, status: int) -> int:
    say(f"difffit: {as_sentence(sentence)}", err=True)
    return status
