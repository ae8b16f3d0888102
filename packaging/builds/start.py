"""Where a frozen build begins: the `difffit` command; without arguments, as from a menu, the window."""

import multiprocessing
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    if len(sys.argv) == 1:
        sys.argv.append("open")
    from difffit_core.start import main

    main()
