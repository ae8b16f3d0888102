"""Buttons, fields, panels and words of the program that the guide and the README quote are such as the program shows."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from difffit_app.features.guide.chapters import guide

_JOURNALS = {"AIMS Biophysics", "Journal of Structural Biology", "Nature Methods"}
_TITLE = "DiffFit: Visually-Guided"
_WORDS_OF_A_SENTENCE = 3


def _as_read(text: str) -> str:
    """Without what marks keys, what goes on in a dialog, and the end of a label."""
    return " ".join(text.replace("&", "").split()).removesuffix("…").strip(" :.").lower()


@cache
def _shown(repository: Path) -> tuple[frozenset[str], str]:
    """Every text in the code: each on its own, and all of them."""
    found = set()
    for top in ("app", "difffit_core"):
        for path in (repository / top).rglob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {_as_read(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return frozenset(found), "\n".join(found)


def _quoted(html: str) -> Iterator[str]:
    """What stands in italics and begins with a capital letter; paths of menus are the affair of another test."""
    for words in re.findall(r"<em>([^<]+)</em>", html):
        text = " ".join(unescape(words).split())
        if ">" not in text and text[:1].isupper() and len(text) > 1 and text not in _JOURNALS and not text.startswith(_TITLE):
            yield text


def _is_shown(text: str, repository: Path) -> bool:
    texts, all_of_them = _shown(repository)
    label = _as_read(text)
    return label in texts or (label.count(" ") >= _WORDS_OF_A_SENTENCE and label in all_of_them)


def test_every_label_that_is_quoted_is_one_of_the_programs(repository: Path) -> None:
    pages = {one.id: one.html for one in guide() if one.id != "settings" and not one.id.startswith("develop")}
    readme = MarkdownIt().render((repository / "README.md").read_text(encoding="utf-8").partition("## Two commands")[2])
    quoted = [(text, page) for page, html in {**pages, "README": readme}.items() for text in _quoted(html)]
    assert len(quoted) > 50
    assert [one for one in quoted if not _is_shown(one[0], repository)] == []


@pytest.mark.parametrize("text", ["Fit it again", "Frobnicate …"])
def test_a_label_that_is_none_would_be_noticed(text: str, repository: Path) -> None:
    assert not _is_shown(text, repository)
    assert list(_quoted(f"<p>Press <em>{text}</em>, then <em>File &gt; Open</em>.</p>")) == [text]
