"""Draw which package imports which: ``python packaging/draw_packages.py OUT.png [FOLDER]``, of this checkout or of another.

What imports stands above what is imported; packages that import one another, over others or not, stand in one row, joined in red.
"""

import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

import grimp
import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

mpl.rcParams["font.size"] = 9
ROOTS = {"difffit_app": "app", "difffit_core": "difffit_core"}
COLOURS = {"difffit_app": "#8a5a9e", "difffit_core": "#2f6f9f"}


def packages_of(folder: Path) -> dict[str, set[str]]:
    """By name, as ``core.fit``, the packages and single modules below the two roots, each with those that it imports."""
    with tempfile.TemporaryDirectory() as place:
        for name, source in ROOTS.items():
            shutil.copytree(folder / source, Path(place) / name, ignore=shutil.ignore_patterns("__pycache__"))
        sys.path.insert(0, place)
        graph = grimp.build_graph(*ROOTS, cache_dir=None)
        sys.path.remove(place)
    found: dict[str, set[str]] = defaultdict(set)
    for module in graph.modules - set(ROOTS):
        mine = ".".join(module.split(".")[:2])
        found[mine] |= {".".join(one.split(".")[:2]) for one in graph.find_modules_directly_imported_by(module)} - {mine, *ROOTS}
    return {name: others for name, others in found.items() if _is_folder(folder, name)}


def _is_folder(folder: Path, name: str) -> bool:
    root, own = name.split(".")
    return (folder / ROOTS[root] / own).is_dir()


def rows_of(imports: dict[str, set[str]]) -> tuple[dict[str, int], dict[str, int]]:
    """The row of each package, 0 at the bottom, and the number of the circle that it belongs to, alone or with others."""
    names = sorted(imports)
    pairs = [(names.index(one), names.index(other)) for one in names for other in imports[one] if other in imports]
    matrix = csr_array((np.ones(len(pairs)), np.array(pairs).T), (len(names), len(names)))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    below: dict[int, set[int]] = {label: set() for label in labels}
    for one, other in pairs:
        if labels[one] != labels[other]:
            below[labels[one]].add(labels[other])

    def height(label: int) -> int:
        return max((height(other) + 1 for other in below[label]), default=0)

    return {name: height(label) for name, label in zip(names, labels, strict=True)}, dict(zip(names, map(int, labels), strict=True))


def draw(imports: dict[str, set[str]], out: Path) -> None:
    """Write the picture of `packages_of` as PNG."""
    rows, circle = rows_of(imports)
    places: dict[str, tuple[float, float]] = {}
    for row in range(max(rows.values()) + 1):
        line = sorted(name for name in rows if rows[name] == row)
        for number, name in enumerate(line):
            places[name] = ((number + 1) / (len(line) + 1) + 0.012 * (row % 2), row)
    figure = Figure(figsize=(12, 0.62 * (max(rows.values()) + 2)), layout="tight")
    axes = figure.subplots()
    for name, others in imports.items():
        for other in others & imports.keys():
            bad = circle[name] == circle[other]
            line = {"color": "#c0392b" if bad else "#9aa5b1", "lw": 1.6 if bad else 0.5, "alpha": 0.9 if bad else 0.55}
            axes.annotate("", places[other], places[name], arrowprops={"arrowstyle": "-|>", "shrinkA": 9, "shrinkB": 9, **line})
    for name, place in places.items():
        root, own = name.split(".")
        box = {"boxstyle": "round,pad=0.3", "fc": "white", "ec": COLOURS[root], "lw": 1.4}
        axes.text(*place, own, ha="center", va="center", color=COLOURS[root], bbox=box)
    axes.set(xlim=(0, 1.02), ylim=(-0.7, max(rows.values()) + 0.7))
    axes.axis("off")
    figure.savefig(out, dpi=100)


if __name__ == "__main__":
    draw(packages_of(Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).resolve().parent.parent), Path(sys.argv[1]))
