"""What `bootstrap.py` does when it is told to: one function a command, each beginning with the set-up."""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import environment
from environment import ROOT, SCRIPTS, SetupError, say

EXAMPLE = ROOT / "resources" / "example"
DEMO_OUT = ROOT / "demo-out"
DEMO_ARGUMENTS = ("--resolution", "4", "--chain", "D,E")
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("python", "packaging/window_types.py"),
    ("vulture",),
    ("lint-imports",),
)


def setup(_: list[str]) -> int:
    """Make or update the environment in .venv."""
    environment.ensure()
    return 0


def demo(_: list[str]) -> int:
    """Fit the T-cell receptor of the shipped example into its map, print the placements, and open them where there is a display."""
    environment.ensure()
    inputs = (EXAMPLE / "1bd2_4A.mrc.gz", EXAMPLE / "1bd2_moved.pdb.gz")
    status = _run("difffit", "fit", *map(_relative, inputs), *DEMO_ARGUMENTS, "--out", _relative(DEMO_OUT), "--overwrite")
    if status != 0:
        return status
    if not _has_display():
        say("There is no display here, so the result is not opened.")
        return 0
    return _run("difffit", "open", _relative(DEMO_OUT / "project.difffit"))


def test(arguments: list[str]) -> int:
    """Run the tests, but for the slow ones, a file at a time on up to four processors; further arguments go to pytest (``-n 0`` to debug).

    ``-m slow`` runs the slow ones, and ``-m ""`` all.
    """
    environment.ensure()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # each worker and command of the tests would compile everything anew
    chosen = [] if "-m" in arguments else ["-m", "not slow"]
    return _run("python", "-m", "pytest", "-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", *chosen, *arguments)


def coverage(arguments: list[str]) -> int:
    """Run the test suite as `test` does, and say how much of the program it ran; further arguments go to pytest."""
    environment.ensure()
    covered = [argument for package in ("difffit_core", "difffit_app") for argument in ("--cov", package)]
    return test([*covered, "--cov-report", "term", *arguments])


def bench(arguments: list[str]) -> int:
    """Print measured ratios; further arguments go to the benchmark."""
    environment.ensure()
    return _run("python", "tests/bench", *arguments)


def lint(_: list[str]) -> int:
    """Check style, layout, types and layers, all of them, whatever the first ones find."""
    environment.ensure()
    failed = [Path(command[1]).stem if command[0] == "python" else command[0] for command in CHECKS if _run(*command) != 0]
    if failed:
        say(f"Failed: {', '.join(dict.fromkeys(failed))}.")
    return 1 if failed else 0


def docs(_: list[str]) -> int:
    """Build the guide and the API reference into docs-out; a warning is an error."""
    environment.ensure()
    return _run("python", "packaging/make_docs.py")


def pictures(arguments: list[str]) -> int:
    """Make the pictures of the guide's seven journeys anew, which takes a quarter of an hour; arguments choose among them."""
    environment.ensure()
    return _run("python", "packaging/journey_pictures.py", *arguments)


def package(arguments: list[str]) -> int:
    """Build the wheel, the one-folder program, a Debian package and an AppImage of it into dist; arguments choose among them."""
    environment.ensure()
    return _run("python", "packaging/package.py", *arguments)


def test_package(arguments: list[str]) -> int:
    """Try what `package` built, each without the source tree; arguments choose among them."""
    environment.ensure()
    return _run("python", "packaging/try_packages.py", *arguments)


def clean(_: list[str]) -> int:
    """Remove what the other commands made, but for .venv."""
    names = (
        "demo-out",
        "docs-out",
        "docs-source",
        "build",
        "dist",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".import_linter_cache",
        ".hypothesis",
        ".coverage",
    )
    caches = [path for top in ("app", "difffit_core", "packaging", "resources", "tests") for path in (ROOT / top).rglob("__pycache__")]
    for path in [*(ROOT / name for name in names), *caches]:
        shutil.rmtree(path, ignore_errors=True)
    return 0


COMMANDS = {
    function.__name__.replace("_", "-"): function
    for function in (setup, demo, test, coverage, bench, lint, docs, pictures, package, test_package, clean)
}


def _relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _has_display() -> bool:
    return os.name == "nt" or sys.platform == "darwin" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _run(program: str, *arguments: str) -> int:
    """Run a program of the environment in the root of the repository, and say which."""
    path = SCRIPTS / (program + ".exe" if os.name == "nt" else program)
    say("$ " + shlex.join([_relative(path), *arguments]))
    return subprocess.run([path, *arguments], cwd=ROOT, check=False).returncode


def main() -> int:
    """Run the one command named on the command line."""
    what = "\n".join(f"  {name:<12} {function.__doc__}" for name, function in COMMANDS.items())
    parser = argparse.ArgumentParser(prog="bootstrap.py", epilog=what, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="passed on by test, bench, pictures, package and test-package")
    options = parser.parse_args()
    if options.arguments and options.command not in ("test", "coverage", "bench", "pictures", "package", "test-package"):
        parser.error(f"{options.command} takes no arguments, got {' '.join(options.arguments)}")
    try:
        return COMMANDS[options.command](options.arguments)
    except SetupError as error:
        sys.stdout.flush()
        return _fail(str(error), 1)
    except KeyboardInterrupt:
        return _fail("Stopped.", 130)


def _fail(message: str, status: int) -> int:
    sys.stderr.write(f"bootstrap: {message}\n")
    return status
