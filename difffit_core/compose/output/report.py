"""The report of a composite: one HTML file with pictures, table, settings, timings and the command that repeats it."""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from difffit_core import __version__
from difffit_core.colours import copy_colour
from difffit_core.compose.output.of_library import library_parts
from difffit_core.compose.residual import Residual
from difffit_core.escaping.html import escape
from difffit_core.io.html import data_table, facts_table, write_page

_READING = """
<p><em>Local correlation</em> is that of the map with the model's own density over the voxels it covers, about the mean. <em>z</em> is how
far it rises above wrong poses of the same model, in standard deviations of Fisher's z, and <em>p</em> the chance of such a z for a model
that does not belong; both are of where a copy stood once all was placed, and a fit of the same model, which meets other wrong poses, has
others. <em>Clash</em> is the share of a copy's atoms closer than 2 Å to an atom of another. The <em>score</em> of an
assembly is the summed evidence z²/2 of its copies, less what two of them count twice; the next best assembly has at least one copy missing
or elsewhere. Density is <em>explained</em> where the models put at least a quarter of the contour level.</p>
"""


def write_report(
    path: Path,
    document: Mapping[str, Any],
    left: Residual,
    pictures: Sequence[tuple[str, bytes]],
    *,
    command: str,
    evidence: Sequence[str],
    turning: str = "",
) -> None:
    """Write the report.

    Parameters
    ----------
    document : of `composite_document`, or of `assembly_document`
    left : what is left of the map
    pictures : captions and PNG files
    command, evidence : what repeats the composite, and what speaks for the contour level
    turning : HTML of a view that turns

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    name = Path(document["map"]).name
    parts = [
        f"<h1>Composite in {escape(name)}</h1>",
        f"<p>{escape(_answer(document))} {escape(left.sentence())}.</p>",
        turning,
        _pictures(pictures),
        "<h2>Placements</h2>",
        _placements(document),
        *_symmetries(document),
        *_pieces(left),
        *library_parts(document),
        *_notes(document),
        "<h2>How it was made</h2>",
        facts_table(_facts(document, evidence)),
        f"<p>The command that repeats it:</p><p><code>{escape(command)}</code></p>",
        "<h2>How to read this</h2>",
        _READING,
    ]
    write_page(path, f"{name}: composite", parts)


def _answer(document: Mapping[str, Any]) -> str:
    placed, symmetry = len(document["placements"]), document["symmetry"]
    where = "." if symmetry == "C1" else f", in {symmetry}."
    sure = f" The chance that models which do not belong do as well together is {document['p_value']:.1g}." if placed else ""
    return f"{placed} {'copy' if placed == 1 else 'copies'} placed{where}{sure}"


def _pictures(pictures: Sequence[tuple[str, bytes]]) -> str:
    figures = "".join(
        f"<figure><img alt='{escape(caption)}' src='data:image/png;base64,{base64.b64encode(content).decode()}'>"
        f"<figcaption>{escape(caption)}</figcaption></figure>"
        for caption, content in pictures
    )
    return f"<div class='pictures'>{figures}</div>" if figures else ""


def _placements(document: Mapping[str, Any]) -> str:
    rows = [
        (
            f"<span class='swatch' style='background:{copy_colour(number)}'></span>{escape(Path(one['model']).name)}",
            str(one["copy"]),
            escape(one["chain"]),
            f"{one['local_correlation']:.3f}",
            f"{one['z_score']:.1f}",
            f"{one['p_value']:.1g}",
            f"{one['clash']:.1%}",
            escape(one["source"]),
        )
        for number, one in enumerate(document["placements"])
    ]
    headings = ("model", "copy", "chain", "local corr.", "z", "p", "clash", "found by")
    return data_table(headings, rows, text=("model", "chain", "found by")) if rows else "<p>Nothing was placed.</p>"


def _symmetries(document: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            escape(Path(one["model"]).name),
            escape(one["group"]),
            ", ".join(f"{x + 0:.3f}" for x in (round(x, 3) for x in one["axis"])),
            ", ".join(f"{x + 0:.1f}" for x in (round(x, 1) for x in one["centre"])),
            f"{one['rise']:.2f} Å, {one['twist']:.2f}°" if "rise" in one else "",
            f"{one['rmsd']:.2f}",
        )
        for one in document["symmetries"]
    ]
    headings = ("model", "group", "axis", "through", "rise, twist", "off by, Å")
    return ["<h2>Symmetry</h2>", data_table(headings, rows, text=headings[:4])] if rows else []


def _pieces(left: Residual) -> list[str]:
    if not left.islands:
        return []
    rows = [(escape(str(one)), f"{one.share:.1%}", f"{one.peak:.3g}") for one in left.islands]
    return ["<h2>What is left</h2>", data_table(("piece", "of the density", "peak"), rows, text=("piece",))]


def _notes(document: Mapping[str, Any]) -> list[str]:
    return ["<h2>Notes</h2>", *(f"<p>{escape(note)}</p>" for note in document["notes"])] if document["notes"] else []


def _score(document: Mapping[str, Any]) -> str:
    second = document["alternative"]
    return f"{document['score']:.1f}" + (f"; the next best assembly {second['score']:.1f}" if second else "")


def _facts(document: Mapping[str, Any], evidence: Sequence[str]) -> dict[str, str]:
    settings = document["settings"]
    plain = {name: value for name, value in settings.items() if not isinstance(value, (dict, list)) and name != "command"}
    facts = {
        "map": document["map"],
        "models": ", ".join(f"{one['model']} ({one['copies'] or 'as many as there are'})" for one in settings["wanted"]),
        "contour level": " — ".join(evidence),
        **({} if document["score"] is None else {"score": _score(document)}),
        "settings": ", ".join(f"{name} {value}" for name, value in plain.items()),
        "settings of the fits": ", ".join(f"{name} {value}" for name, value in settings["fit"].items()),
        "device": document["device"],
        "seconds": ", ".join(f"{name.removesuffix('_s')} {seconds:.1f}" for name, seconds in document["timing"].items()),
    }
    return facts | {"made": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC by difffit {__version__}"}
