"""A line that is typed: its commands and their words, and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from difffit_core.errors import UserError


@dataclass(frozen=True)
class Word:
    """A word; one that stood in quotes is never taken for the name of an option."""

    text: str
    quoted: bool = False


def split_line(line: str) -> list[list[Word]]:
    """The commands of a line, which semicolons part, each as its words.

    Words stand apart by spaces, or in double or single quotes, in which the quote itself is written twice; a backslash is a letter as
    any other, as paths on Windows want it. What follows a # with a space behind it is a comment, and so is a line that begins with #.

    Raises
    ------
    UserError
        If a quote is not closed.
    """
    found: list[list[Word]] = [[]]
    letters: list[str] = []
    quote, quoted, i = "", False, 0
    line = "" if line.lstrip().startswith("#") else line
    while i < len(line):
        one, after = line[i], line[i + 1 : i + 2]
        if quote:
            if one == quote and after == quote:
                letters.append(one)
                i += 1
            elif one == quote:
                quote = ""
            else:
                letters.append(one)
        elif one == '"' or (one == "'" and not letters):
            quote, quoted = one, True
        elif one.isspace() or one == ";":
            _end(found, letters, quoted)
            quoted = False
            if one == ";":
                found.append([])
        elif one == "#" and not letters and (not after or after.isspace()):
            break
        else:
            letters.append(one)
        i += 1
    if quote:
        raise UserError(f"a quote is not closed in: {line.strip()}")
    _end(found, letters, quoted)
    return [words for words in found if words]


def _end(found: list[list[Word]], letters: list[str], quoted: bool) -> None:
    if letters or quoted:
        found[-1].append(Word("".join(letters), quoted))
        letters.clear()


def join_words(words: Iterable[Word | str]) -> str:
    """The line that reads back as these words; one that is said to be quoted stands in quotes, needed or not."""
    return " ".join(_written(one if isinstance(one, Word) else Word(one)) for one in words)


def _written(word: Word) -> str:
    text = word.text
    plain = text and not any(one.isspace() or one in "\"';" for one in text) and text != "#"
    return text if plain and not word.quoted else '"' + text.replace('"', '""') + '"'


def meant(text: str, known: Sequence[str]) -> str:
    """``; did you mean fit?``, where one of the known words is near; else nothing."""
    near = get_close_matches(text.lower(), known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]}?" if near else ""


def only_beginning(text: str, known: Iterable[str], least: int) -> str | None:
    """The one known word that begins so; None where there are several, or fewer letters than ``least``."""
    found = [one for one in known if one.startswith(text)] if len(text) >= least else []
    return found[0] if len(found) == 1 else None
