"""Where the command `difffit` begins: Ctrl-C while its parts are still being read is a sentence, too."""

import sys


def main() -> None:
    """Run the command line; ends the process with its status."""
    try:
        from difffit_core.cli import main as run
    except KeyboardInterrupt:
        sys.stderr.write("difffit: interrupted\n")
        sys.exit(130)
    run()
