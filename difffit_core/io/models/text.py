"""From the bytes of a model file to lines of text, whatever wrote them: UTF-8 or UTF-16 with or without a mark, Latin-1, CR, CRLF."""

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LOOKED_AT = 200
_PAGES = b"\x0b\x0c"
"""Feeds of printers."""


def clean_text(content: bytes) -> tuple[bytes, list[str]]:
    """The content as UTF-8 with lines that end in LF and no control characters but tabs; and what had to be done to it, a sentence each.

    Lines that are not UTF-8 are taken as Windows' Latin-1, line by line, since joined files mix them.
    """
    notes: list[str] = []
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            content = content.removeprefix(mark)
            if encoding != "utf-8":
                content = content.decode(encoding, "replace").encode()
            break
    else:
        head = content[:_LOOKED_AT]
        for encoding, zeros, others in (("utf-16-le", head[1::2], head[::2]), ("utf-16-be", head[::2], head[1::2])):
            if len(head) > 3 and not any(zeros) and all(others):
                content = content.decode(encoding, "replace").encode()
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    content = content.translate(None, _PAGES)
    if not content.isascii():
        content = _as_utf8(content, notes)
    if any(byte in content for byte in _CONTROLS):
        content = content.translate(_WITHOUT_CONTROLS)
        notes.append("control characters in the text were read as question marks")
    return content, notes


_CONTROLS = tuple(bytes([code]) for code in (*range(9), *range(11, 32), 127))
_WITHOUT_CONTROLS = bytes(ord("?") if bytes([code]) in _CONTROLS else code for code in range(256))


def _as_utf8(content: bytes, notes: list[str]) -> bytes:
    try:
        content.decode()
    except UnicodeDecodeError:
        lines = content.split(b"\n")
        for number, line in enumerate(lines):
            if not line.isascii():
                lines[number] = _decode(line).encode()
        notes.append("letters that are not UTF-8 were read as Latin-1")
        return b"\n".join(lines)
    return content


def _decode(line: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")
