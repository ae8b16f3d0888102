"""What the report of an assembly from a library has beside that of a composite: what else would fit, links, and what was tried."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from difffit_core.escaping.html import escape
from difffit_core.io.html import data_table


def library_parts(document: Mapping[str, Any]) -> list[str]:
    """HTML of the parts of `assembly_document` that a composite has not; none for a composite."""
    return [*_bent(document), *_alternatives(document), *_resembling(document), *_links(document), *_screens(document), *_untried(document)]


def _bent(document: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            str(place),
            escape(_named(one)),
            f"{one['bent']['rmsd_moved']:.2f}",
            f"{one['bent']['local_correlation']['before']:.3f}",
            f"{one['bent']['local_correlation']['after']:.3f}",
            escape("; ".join(step["sentence"] for step in one["bent"]["steps"])),
        )
        for place, one in enumerate(document["placements"], start=1)
        if "bent" in one
    ]
    headings = ("place", "model", "moved, Å", "residues' corr. placed", "bent", "what was done")
    return ["<h2>Bent</h2>", data_table(headings, rows, text=("model", headings[-1]))] if rows else []


def _alternatives(document: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            str(place["place"]),
            escape(_named(document["placements"][place["place"] - 1])),
            escape(_named(one)),
            f"{one['local_correlation']:.3f}",
            f"{one['p_value']:.1g}",
        )
        for place in document.get("alternatives", ())
        for one in place["models"]
    ]
    headings = ("place", "held by", "could also hold", "local corr.", "p")
    return ["<h2>What else would fit</h2>", data_table(headings, rows, text=headings[1:3])] if rows else []


def _resembling(document: Mapping[str, Any]) -> list[str]:
    rows = [
        (escape(_named(one)), f"{one['local_correlation']:.3f}", f"{one['p_value']:.1g}", escape(one["why"]))
        for one in document.get("resembling", ())
    ]
    headings = ("model", "local corr.", "p", "why it is not placed")
    return ["<h2>What only resembles it</h2>", data_table(headings, rows, text=("model", headings[-1]))] if rows else []


def _links(document: Mapping[str, Any]) -> list[str]:
    def standing(one: Mapping[str, Any]) -> str:
        if one["distance"] is None:
            return "an end is not placed"
        return "satisfied" if one["satisfied"] else "not satisfied"

    rows = [
        (escape(one["link"]), "" if one["distance"] is None else f"{one['distance']:.1f}", f"{one['longest']:g}", standing(one))
        for one in document.get("cross_links", ())
    ]
    headings = ("cross-link", "apart, Å", "at most, Å", "standing")
    return ["<h2>Cross-links</h2>", data_table(headings, rows, text=("cross-link", "standing"))] if rows else []


def _screens(document: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            "the map" if number == 0 else f"what was left ({number})",
            *(str(one[name]) for name in ("tried", "stood_out", "failed", "left_out")),
        )
        for number, one in enumerate(document.get("screens", ()))
    ]
    headings = ("screened", "models tried", "stand out", "could not be tried", "left out")
    return ["<h2>What was tried</h2>", data_table(headings, rows, text=("screened",))] if rows else []


def _untried(document: Mapping[str, Any]) -> list[str]:
    rows = [
        (escape(_named(one)), "could not be tried" if one["failed"] else "left out", escape(one["why"]))
        for one in document.get("untried", ())
    ]
    headings = ("model", "what became of it", "why")
    return ["<h2>What was not tried</h2>", data_table(headings, rows, text=headings)] if rows else []


def _named(one: Mapping[str, Any]) -> str:
    part = one.get("part")
    return Path(one["model"]).name + (f" ({part})" if part else "")
