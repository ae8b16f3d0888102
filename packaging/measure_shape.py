"""How the code is laid out, in a line: ``python packaging/measure_shape.py [FOLDER]``, of this checkout or of another."""

import ast
import statistics
import sys
from pathlib import Path


def measure(root: Path) -> str:
    """Files, largest file, median file, modules per folder and longest function, in lines; ``__init__.py`` counts for nothing."""
    files = [path for top in ("app", "difffit_core") for path in (root / top).rglob("*.py") if path.name != "__init__.py"]
    texts = {path: path.read_text(encoding="utf-8") for path in files}
    lines = {path: len(text.splitlines()) for path, text in texts.items()}
    folders: dict[Path, int] = {}
    for path in files:
        folders[path.parent] = folders.get(path.parent, 0) + 1
    functions = [
        ((node.end_lineno or node.lineno) - node.lineno + 1, f"{path.relative_to(root)}: {node.name}")
        for path, text in texts.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
    ]
    largest, fullest = max(files, key=lines.__getitem__), max(folders, key=folders.__getitem__)
    length, name = max(functions)
    return (
        f"{len(files)} files; largest {lines[largest]} ({largest.relative_to(root)}); median {statistics.median(lines.values()):g}; "
        f"modules per folder: median {statistics.median(folders.values()):g}, most {folders[fullest]} ({fullest.relative_to(root)}), "
        f"{sum(number > 15 for number in folders.values())} folders above 15; longest function {length} ({name})"
    )


if __name__ == "__main__":
    sys.stdout.write(measure(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent) + "\n")
