"""Where a result comes from: program, versions, machine, device, seed, what was asked for and read. Nothing of it is sent anywhere."""

import os
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from difffit_core import __version__
from difffit_core.io.files import checksum
from difffit_core.output.inputs import words_of
from difffit_core.recipes.base import Recipe

_LIBRARIES = ("numpy", "scipy", "numba", "torch", "gemmi", "mrcfile")
_WINDOW = ("PySide6-Essentials", "vtk", "pyvista")
_BOTH = ("difffit-desktop", "difffit-core")
"""Names under which the core can be installed: with the window, or alone."""


def library_versions(window: bool = False) -> dict[str, str]:
    """Versions of Python and of the libraries that take part in a fit (and, if asked for, in the window), without importing them."""
    found = {"python": platform.python_version(), "platform": platform.platform()}
    for name in (*_LIBRARIES, *(_WINDOW if window else ())):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def provenance(recipe: Recipe, *, device: str, command: str, more: Iterable[Path] = ()) -> dict[str, Any]:
    """What a document of results says about how it came to be, under the key ``provenance``.

    Each key has its counterpart in an RO-Crate: ``program`` and ``versions`` are the instrument of a CreateAction, ``inputs`` its objects
    with sha256, ``finished`` its endTime, and ``command`` and ``recipe`` its description.

    Parameters
    ----------
    recipe : what was asked for; every file that it names is an input
    device : on which it was computed
    command : the command line that repeats it
    more : inputs that the recipe does not name, such as errors that were found beside a model

    Raises
    ------
    UserError
        If an input can no longer be read.
    """
    asked = {"job": recipe.job, **recipe.model_dump(mode="json")}
    return {
        **without_recipe(command, _files(recipe, more)),
        "device": device,
        "seed": getattr(recipe, "seed", None),
        "recipe": asked,
    }


def without_recipe(command: str, inputs: Iterable[Path]) -> dict[str, Any]:
    """The same of what computes nothing that depends on settings, device or seed; raises as `provenance` does."""
    return {
        "program": f"difffit {__version__}",
        "versions": library_versions(),
        "machine": machine(),
        "command": command,
        "inputs": [_input(path) for path in inputs],
        "finished": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def machine() -> str:
    """The processor in words, and its threads."""
    from difffit_core.device import cpu_in_words

    return cpu_in_words()


def about() -> list[tuple[str, str]]:
    """What ``difffit --version`` tells under its first line: label and text."""
    from difffit_core.device import describe_devices

    versions = library_versions(window=True)
    rows = [("python", f"{versions.pop('python')} on {versions.pop('platform')}")]
    rows.append(("with", ", ".join(f"{name} {number}" for name, number in versions.items())))
    rows += [("device", f"{one.name}: {one.text}") for one in describe_devices()]
    if all(_is_installed(name) for name in _BOTH):
        rows.append(("note", f"{' and '.join(_BOTH)} are both installed and hold the same files: uninstall both, then install one"))
    return rows


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def _files(recipe: Recipe, more: Iterable[Path]) -> Sequence[Path]:
    words = [Path(word) for word in words_of(recipe.model_dump(mode="json"))]
    return list(dict.fromkeys(path for path in (*words, *more) if path.is_file()))


def _input(path: Path) -> dict[str, Any]:
    return {"path": os.path.abspath(path), "size": path.stat().st_size, "sha256": checksum(path)}
