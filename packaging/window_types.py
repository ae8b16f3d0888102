"""Check the types of the window: ``python packaging/window_types.py``.

mypy knows a package by the folder's name, and `app` is installed as `difffit_app`: it is shown a link of that name, or a copy where links
cannot be made.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def main() -> int:
    """The exit status of mypy."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "difffit_app"
        try:
            package.symlink_to(ROOT / "app", target_is_directory=True)
        except OSError:  # Windows asks for a privilege
            shutil.copytree(ROOT / "app", package)
        command = [sys.executable, "-m", "mypy", "--cache-dir", str(ROOT / ".mypy_cache" / "window"), "-p", "difffit_app"]
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, "MYPYPATH": folder}, check=False, capture_output=True, text=True, encoding="utf-8"
        )
    sys.stdout.write(done.stdout.replace(f"{package}{os.sep}", f"app{os.sep}"))
    sys.stderr.write(done.stderr)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
