"""Build the guide and the API reference as a site: ``python packaging/make_docs.py``, into docs-out.

The chapters are those of the window's help, with the parts that the program knows best filled in; the reference has a page for each public
name of `difffit_core` and for each recipe, from their docstrings. Any warning of mkdocs is an error.
"""

import logging
import re
import shutil
import sys
from pathlib import Path

from mkdocs.commands.build import build
from mkdocs.config import load_config

from difffit_app.features.guide.generated import GENERATED
from difffit_core.public import PUBLIC

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "docs-source"
_PLACE = re.compile(r"^\{\{(\w+)\}\}$", re.MULTILINE)
RECIPES = {
    "FitRecipe": "difffit_core.fit.recipe",
    "ComposeRecipe": "difffit_core.compose.recipe",
    "ScreenRecipe": "difffit_core.screen.recipe",
    "QualityRecipe": "difffit_core.quality.recipe",
    "SplitRecipe": "difffit_core.split.recipe",
    "Recipe": "difffit_core.recipes.base",
}


def write_sources() -> None:
    """Fill docs-source: chapters, pictures, reference, and what lies in the root of the repository."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    shutil.copytree(ROOT / "resources" / "help", SOURCE)
    for chapter in SOURCE.rglob("*.md"):
        text = chapter.read_text(encoding="utf-8")
        chapter.write_text(_PLACE.sub(lambda place: GENERATED[place[1]](), text), encoding="utf-8")
    for name, target in (("README", "index"), ("CONTRIBUTING", "contributing"), ("CHANGELOG", "changelog")):
        text = (ROOT / f"{name}.md").read_text(encoding="utf-8")
        (SOURCE / f"{target}.md").write_text(_linked(text), encoding="utf-8")
    shutil.copy(ROOT / "packaging" / "site.css", SOURCE)
    names = {**PUBLIC, **RECIPES}
    folder = SOURCE / "reference"
    folder.mkdir()
    lines = [
        "# API reference",
        "",
        "Functions and classes are attributes of `difffit_core`; recipes live in `recipe.py` beside their job.",
        "",
    ]
    for name, module in sorted(names.items(), key=lambda pair: (pair[0].lower(), pair[0])):
        lines += [f"::: {module}.{name}", ""]
    (folder / "index.md").write_text("\n".join(lines), encoding="utf-8")


def _linked(text: str) -> str:
    """With links into the repository turned to pages of the site, or to plain text where there is none."""
    known = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}

    def target(link: re.Match[str]) -> str:
        words, path = link[1], link[2]
        if "://" in path or path.startswith("#"):
            return link[0]
        if path.startswith("resources/help/"):
            return f"{words}({path.removeprefix('resources/help/')})"
        return f"{words}({known[path]})" if path in known else words.strip("[]")

    return re.sub(r"(!?\[[^\]]*\])\(([^)\s]+)\)", target, text)


def main() -> int:
    """Build the site; 1 if anything was warned of."""
    write_sources()
    counter = _Counter()
    logging.getLogger("mkdocs").addHandler(counter)
    config = load_config(str(ROOT / "mkdocs.yml"), strict=True)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return 1 if counter.told else 0


class _Counter(logging.Handler):
    """Prints and counts warnings."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.told += 1
        sys.stderr.write(f"{record.levelname}: {record.getMessage()}\n")


if __name__ == "__main__":
    sys.exit(main())
