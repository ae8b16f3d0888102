"""Reports: one HTML file that needs no other, light or dark as the reader's system is."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from difffit_core.escaping.html import escape
from difffit_core.io.files import atomic_write

_STYLE = """
:root { color-scheme: light dark; --good: #1a7f37; --dim: #777; --line: #8884; }
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .6rem; text-align: right; border-bottom: 1px solid var(--line); }
th.text, td.text { text-align: left; overflow-wrap: anywhere; }
tr.significant td { font-weight: 600; color: var(--good); }
svg { width: 100%; height: auto; } svg text { font: 12px system-ui, sans-serif; fill: currentColor; }
.facts td { text-align: left; overflow-wrap: anywhere; } .dim { color: var(--dim); }
.pictures { display: flex; flex-wrap: wrap; gap: 1rem; } .pictures figure { margin: 0; flex: 1 1 16rem; }
.pictures img { width: 100%; height: auto; border-radius: 6px; } figcaption { color: var(--dim); }
.swatch { display: inline-block; width: .8em; height: .8em; border-radius: 50%; margin-right: .4em; }
.view canvas { width: 100%; height: min(70vh, 34rem); touch-action: none; cursor: grab; border: 1px solid var(--line); border-radius: 6px; }
.view label { margin-right: .8em; white-space: nowrap; } thead th { cursor: pointer; }
@media (prefers-color-scheme: dark) { :root { --good: #56d364; --dim: #999; } }
"""

_SORT = """
document.querySelectorAll("thead th").forEach(head => head.addEventListener("click", () => {
  const table = head.closest("table"), body = table.tBodies[0], column = [...head.parentElement.children].indexOf(head);
  const down = head.dataset.order === "up"; head.dataset.order = down ? "down" : "up";
  const value = row => { const text = row.cells[column].textContent.trim(), n = parseFloat(text); return isNaN(n) ? text : n; };
  const rows = [...body.rows].map(row => [value(row), row]);
  rows.sort(([a], [b]) => (typeof a === typeof b ? (a < b ? -1 : a > b ? 1 : 0) : typeof a === "number" ? -1 : 1) * (down ? -1 : 1));
  rows.forEach(([, row]) => body.appendChild(row));
}));
"""


def write_page(path: Path, title: str, parts: Iterable[str]) -> None:
    """Write a page of ``parts``, which are HTML already, under a ``title``, which is text; tables sort by a click on a heading.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    head = "<!doctype html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width'>"
    page = [
        head,
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        *parts,
        f"<script>{_SORT}</script>",
        "</body></html>\n",
    ]
    with atomic_write(path) as temporary:
        temporary.write_text("\n".join(page), encoding="utf-8")


def facts_table(facts: Mapping[str, str]) -> str:
    """Two columns: what, and text."""
    rows = "".join(f"<tr><td class='dim'>{escape(name)}</td><td>{escape(text)}</td></tr>" for name, text in facts.items())
    return f"<table class='facts'>{rows}</table>"


def data_table(headings: Sequence[str], rows: Iterable[Sequence[str]], text: Sequence[str] = ()) -> str:
    """A table of cells that are HTML already; columns named in ``text`` are aligned left."""
    kind = ["<{} class='text'>" if name in text else "<{}>" for name in headings]
    head = "".join(f"{tag.format('th')}{escape(name)}</th>" for tag, name in zip(kind, headings, strict=True))
    body = "".join(
        "<tr>" + "".join(f"{tag.format('td')}{cell}</td>" for tag, cell in zip(kind, row, strict=True)) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
