"""Text for people's eyes: without what moves the cursor, turns the reading order or is no character at all."""

import re

_UNSAFE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but tab and line feed: escape sequences begin with one of them
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # what turns the reading order, so that a name shows as another
    "\u2028\u2029\ud800-\udfff\ufeff]"  # other ends of lines; bytes of file names that are no text
)

_LONG_WORD, _WORD = 1000, (200, 80)  # a path may be long, and is read to its end
_LONG_SENTENCE, _SENTENCE = 3000, (1500, 400)  # what is allowed comes first, and what came last


def printable(text: str) -> str:
    r"""The text with a visible stand-in, as ``\x1b``, for every character that is none to be shown; lines and tabs stay.

    >>> print(printable("A" + chr(27) + "[31m"))
    A\x1b[31m
    """
    return _UNSAFE.sub(_shown, text)


def one_line(text: str) -> str:
    """The same as one line: whatever separates words is one space."""
    return printable(" ".join(text.split()))


def sentence(text: str) -> str:
    """One line that people can read: of a word, or of a whole, that goes on for pages, its begin, its end, and how long it is.

    >>> sentence("seed must be a number, got " + 10_000 * "9").endswith(f"got {200 * '9'} … {80 * '9'} (10000 characters)")
    True
    """
    words = [_shortened(word, *_WORD) if len(word) > _LONG_WORD else word for word in one_line(text).split(" ")]
    line = " ".join(words)
    return _shortened(line, *_SENTENCE) if len(line) > _LONG_SENTENCE else line


def _shortened(text: str, begin: int, end: int) -> str:
    return f"{text[:begin]} … {text[-end:]} ({len(text)} characters)"


def _shown(found: "re.Match[str]") -> str:
    code = ord(found.group())
    if 0xDC80 <= code <= 0xDCFF:  # a byte of a file name that is not UTF-8
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
