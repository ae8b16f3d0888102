"""Set up, demonstrate, test, measure, check and package the program: ``python packaging/bootstrap.py COMMAND``, without one it lists them.

Needs nothing but Python 3.11 or newer; works on Linux, macOS and Windows. `make` calls this and does nothing itself. This first file is
written so that old Pythons can read it, and say that they are too old.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036
    sys.exit("DiffFit Desktop needs Python 3.11 or newer; %s is Python %d.%d." % ((sys.executable,) + sys.version_info[:2]))  # noqa: UP031, RUF005

from commands import main

if __name__ == "__main__":
    sys.exit(main())
