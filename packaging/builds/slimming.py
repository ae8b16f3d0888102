"""What the one-folder program does without: parts of VTK, Qt and Python that nothing here calls, and symbols that are for debuggers."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

Entry = tuple[str, str, str]
"""Of PyInstaller's lists: where it goes in the build, where it is taken from, what kind it is."""

FORMATS = (
    "CGNSReader", "Chemistry", "EnSight", "Exodus", "ExportGL2PS", "FLUENTCFF", "HDF", "Import", "Infovis", "MINC", "Parallel",
    "ParallelExodus", "ParallelXML", "SegY", "Xdmf2",
)  # fmt: skip
"""Kinds of files that pyvista asks VTK to read, and that this program reads itself or never."""
_OTHERS = ("vtkDomainsChemistry",)
_PLUGINS = ("libqgtk3",)
"""Qt's dressing in the manner of GTK, with all of GTK behind it."""
_STRIPPED = ("libvtk", "vtk", "libpython", "libllvmlite")
"""Nothing else: the OpenBLAS of numpy and scipy, say, does not load any more once it is stripped."""
_CLOSURE = """
import importlib, json, sys
import pyvista.plotting, pyvistaqt
for name in sys.argv[1:]:
    importlib.import_module("vtkmodules." + name)
print(json.dumps(sorted(name.rpartition(".")[2] for name in sys.modules if name.startswith("vtkmodules.vtk"))))
"""


def modules_compiled_at_run_time() -> list[str]:
    """Modules that numba compiles, which must lie there as files: else the code is kept once for each folder that the program runs in."""
    import difffit_core

    root = Path(difffit_core.__file__).parent
    asks = "from difffit_core.ops.compiled import compiled"
    files = [path.relative_to(root.parent) for path in sorted(root.rglob("*.py")) if asks in path.read_text(encoding="utf-8")]
    return [".".join(path.with_suffix("").parts) for path in files]


def slimmed(binaries: Iterable[Entry], work: Path) -> list[Entry]:
    """The binaries without what is left out and what only that needs; symbols are stripped in copies, which go into ``work``."""
    listed = list(binaries)
    wanted = vtk_modules()
    kept = without(listed, {entry[0] for entry in listed if _is_left_out(Path(entry[0]).name, wanted)})
    return [_stripped(entry, work) for entry in kept] if sys.platform == "linux" and shutil.which("strip") else kept


def vtk_modules() -> set[str]:
    """The modules of VTK in which pyvista looks for its classes, but for files of other kinds; those that the window names and that the
    import of pyvista itself brings; and those which these import.
    """
    from pyvista import _vtk

    asked = set(_vtk._VTK_CLASS_TO_MODULE.values())  # the only list there is, since pyvista imports each when first wanted
    import difffit_app

    for path in Path(next(iter(difffit_app.__path__))).rglob("*.py"):
        asked |= set(re.findall(r"vtkmodules\.(vtk\w+)", path.read_text(encoding="utf-8")))
    first = [name for name in sorted(asked) if name.startswith("vtk") and name.removeprefix("vtkIO") not in FORMATS and name not in _OTHERS]
    done = subprocess.run([sys.executable, "-c", _CLOSURE, *first], check=True, capture_output=True, text=True)
    return set(json.loads(done.stdout))


def without(binaries: list[Entry], dropped: set[str]) -> list[Entry]:
    """The binaries without ``dropped``, and without every library which only those need, directly or not."""
    needs = {entry[0]: _needs(entry[1]) for entry in binaries}
    by_name = {Path(place).name.lower(): place for place in needs}
    links = {place: {by_name[name] for name in names if name in by_name} for place, names in needs.items()}
    before = _reached(links, dropped)
    after = _reached(links, set(needs) - before)
    return [entry for entry in binaries if entry[0] in after or entry[0] not in before]


def _reached(links: dict[str, set[str]], first: set[str]) -> set[str]:
    found, to_do = set(first), list(first)
    while to_do:
        new = links[to_do.pop()] - found
        found |= new
        to_do += new
    return found


def _is_left_out(name: str, wanted: set[str]) -> bool:
    stem = name.partition(".")[0]
    return stem in _PLUGINS or (stem.startswith("vtk") and stem not in wanted)


def _needs(path: str) -> set[str]:
    from PyInstaller.depend.bindepend import get_imports

    return {Path(name).name.lower() for name, _ in get_imports(path)}


def _stripped(entry: Entry, work: Path) -> Entry:
    place, source, kind = entry
    if not Path(place).name.startswith(_STRIPPED):
        return entry
    copy = work / "stripped" / place
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, copy)
    done = subprocess.run(["strip", "--strip-unneeded", str(copy)], check=False, capture_output=True)
    return (place, str(copy), kind) if done.returncode == 0 else entry
