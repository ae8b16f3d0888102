"""Chapters and sections of the user guide, as HTML to show and as words to search."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from posixpath import dirname, join, normpath
from typing import TYPE_CHECKING

from difffit_app.features.guide.generated import GENERATED

if TYPE_CHECKING:
    from markdown_it.token import Token

CHAPTERS = (
    "start", "installing", "tutorial_fit", "tutorial_composite", "tutorial_screen", "journeys",
    "opening", "fetching", "files", "map", "editing", "models", "fitting", "moving", "placements", "views", "judging",
    "composites", "screening", "assembling", "aligning", "halves", "refining", "projects", "console", "commands", "python", "settings",
    "conventions", "method",
    "handover", "chimerax", "troubleshooting", "keyboard", "since", "develop/architecture", "develop/method",
)  # fmt: skip
"""Files of ``resources/help``, in the order of the contents."""

CHAPTER_OF_PANEL = {
    "Open": "opening",
    "Map": "map",
    "Edit Map": "editing",
    "Split": "models",
    "Fit": "fitting",
    "Fetch": "fetching",
    "Placements": "placements",
    "Residues": "judging",
    "Screen": "screening",
    "Ranking": "screening",
    "Views": "views",
    "Move by Hand": "moving",
    "Fit in Sphere": "moving",
    "Rounds": "composites",
    "Zero Out": "composites",
    "Compose": "composites",
    "Assemble": "assembling",
    "Assembly": "assembling",
    "Align": "aligning",
    "Alignment": "aligning",
    "Symmetry": "aligning",
    "Half Maps": "halves",
    "Half Map FSC": "halves",
    "Refine": "refining",
    "Bent": "refining",
    "Command Line": "console",
    "Python": "console",
}
"""Where the help of a panel stands, by its title."""

_PICTURE = re.compile(r'src="([^":]+)"')
_PLACE = re.compile(r"^\{\{(\w+)\}\}$", re.MULTILINE)


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it, up to the next; ``anchor`` is empty for the head of a chapter."""

    chapter: str
    anchor: str
    title: str
    text: str


@dataclass(frozen=True)
class Chapter:
    """``html`` has an anchor at each heading."""

    id: str
    title: str
    html: str
    sections: tuple[Section, ...]


@cache
def guide() -> tuple[Chapter, ...]:
    """Every chapter, in order."""
    return tuple(_read(name) for name in CHAPTERS)


def chapter(identifier: str) -> Chapter:
    """A chapter by its id; `KeyError` if there is none."""
    return {one.id: one for one in guide()}[identifier]


def search(words: str) -> list[Section]:
    """Sections that hold all words, those with most of them in their title first."""
    wanted = words.casefold().split()
    if not wanted:
        return []
    found = [
        (sum(word in section.title.casefold() for word in wanted), section)
        for one in guide()
        for section in one.sections
        if all(word in f"{section.title} {section.text}".casefold() for word in wanted)
    ]
    return [section for _, section in sorted(found, key=lambda pair: -pair[0])]


def _read(name: str) -> Chapter:
    source = files("difffit_resources").joinpath("help", f"{name}.md").read_text(encoding="utf-8")
    return _chapter(name, _PLACE.sub(lambda match: GENERATED[match[1]](), source))


def _chapter(name: str, source: str) -> Chapter:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": True}).enable("table")
    tokens = parser.parse(source)
    for token in tokens:
        if token.type == "table_open":
            token.attrSet("width", "100%")
    sections = _sections(name, tokens)
    if not sections or tokens[0].tag != "h1":
        raise ValueError(f"{name}.md must begin with its title")
    html = _PICTURE.sub(
        lambda found: f'src="{normpath(join(dirname(name), found[1]))}"', parser.renderer.render(tokens, parser.options, {})
    )
    return Chapter(name, sections[0].title, html, tuple(sections))


def _sections(name: str, tokens: list["Token"]) -> list[Section]:
    """Cut at headings, and give each heading below the first an id."""
    heads = [number for number, token in enumerate(tokens) if token.type == "heading_open"]
    found: list[Section] = []
    for number, end in zip(heads, [*heads[1:], len(tokens)], strict=True):
        title = _plain(tokens[number + 1])
        anchor = anchor_of(title) if found else ""
        if anchor:
            tokens[number].attrSet("id", anchor)
        text = " ".join(_plain(token) for token in tokens[number + 2 : end] if token.type in {"inline", "fence", "code_block"})
        found.append(Section(name, anchor, title, text))
    return found


def target_of(identifier: str, link: str) -> tuple[str, str]:
    """Chapter and anchor to which a link in a chapter leads; links are relative to the chapter's file."""
    path, _, anchor = link.partition("#")
    return (normpath(join(dirname(identifier), path)).removesuffix(".md") if path else identifier), anchor


def anchor_of(title: str) -> str:
    """What a link to a heading says after the ``#``."""
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")


def _plain(token: "Token") -> str:
    if token.children is None:
        return token.content
    kinds: dict[str, Callable[[Token], str]] = {"text": lambda one: one.content, "code_inline": lambda one: one.content}
    return "".join(kinds.get(one.type, lambda one: " " if one.type == "softbreak" else "")(one) for one in token.children)
