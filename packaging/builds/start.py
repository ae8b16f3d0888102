"""Where a frozen build begins: the `difffit` command; without arguments, as from a menu, the window."""

import multiprocessing
import os
import sys

if __name__ == "__main__":
    multiprocessing.freeze_support()
    if "NUMBA_CACHE_DIR" not in os.environ:  # the build has no folder of sources beside which compiled code could be kept
        import platformdirs

        os.environ["NUMBA_CACHE_DIR"] = os.path.join(platformdirs.user_cache_dir("difffit", False), "compiled")
    if len(sys.argv) == 1:
        sys.argv.append("open")
    from difffit_core.cli import main

    main()
