"""What of requirements.txt the Python that runs this lacks, a line each; nothing where it can be used as it is.

A version that pyproject.toml allows will do. A torch that does not see the device is lacking, and with it everything: whoever brings
another torch brings its libraries. Needs nothing but Python 3.11.
"""

import argparse
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent


def pins() -> dict[str, str]:
    """Lines of requirements.txt by name."""
    lines = (line.partition("#")[0].strip() for line in (HERE / "requirements.txt").read_text(encoding="utf-8").splitlines())
    return {line.partition("==")[0]: line for line in lines if line}


def bounds() -> dict[str, tuple[int, ...]]:
    """The lowest version of each package that pyproject.toml names; of several lines for one package, the first counts."""
    project = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    found: dict[str, tuple[int, ...]] = {}
    for line in (*project["dependencies"], *project["optional-dependencies"]["test"]):
        if lowest := re.match(r"([\w.-]+)>=([\d.]+)", line):
            found.setdefault(lowest[1], numbers(lowest[2]))
    return found


def numbers(text: str) -> tuple[int, ...]:
    """Of a version, as far as it is numbers."""
    return tuple(int(part) for part in re.match(r"[\d.]*\d|", text)[0].split(".") if part)


def is_there(name: str, lowest: tuple[int, ...]) -> bool:
    try:
        return numbers(version(name)) >= lowest
    except PackageNotFoundError:
        return False


def torch_sees(device: str) -> bool:
    try:
        import torch
    except (ImportError, OSError):
        return False
    return device == "cpu" or torch.cuda.is_available()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--device", required=True)
    device = parser.parse_args().device
    lines, lowest = pins(), bounds()
    if not (is_there("torch", lowest["torch"]) and torch_sees(device)):
        missing = list(lines.values())
    else:
        missing = [line for name, line in lines.items() if not is_there(name, lowest.get(name, ()))]
    sys.stdout.write("".join(line + "\n" for line in missing))


if __name__ == "__main__":
    main()
