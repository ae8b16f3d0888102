"""The report of an assembly from a library: what else would fit, what only resembles it, links and screens; nothing for a composite."""

from typing import Any

from difffit_core.compose.output.of_library import library_parts


def document() -> dict[str, Any]:
    return {
        "placements": [{"model": "/lib/heavy.cif"}, {"model": "/lib/light & small.cif", "part": "B"}],
        "alternatives": [
            {"place": 2, "models": [{"model": "/lib/kin.cif", "local_correlation": 0.61, "p_value": 3e-9}]},
        ],
        "resembling": [{"model": "/lib/fold.cif", "local_correlation": 0.44, "p_value": 1e-5, "why": "resembles what stands there"}],
        "cross_links": [
            {"link": "heavy 3 - B 7", "longest": 30.0, "distance": 21.34, "satisfied": True},
            {"link": "heavy 4 - B 9", "longest": 30.0, "distance": 38.0, "satisfied": False},
            {"link": "heavy 5 - C 9", "longest": 25.0, "distance": None, "satisfied": False},
        ],
        "screens": [
            {"tried": 308, "failed": 1, "left_out": 2, "stood_out": 5},
            {"tried": 303, "failed": 0, "left_out": 2, "stood_out": 0},
        ],
        "untried": [
            {"model": "/lib/<torn>.cif", "why": "cannot be read to its end", "failed": True},
            {"model": "/lib/peptide.cif", "part": "D2", "why": "9 residues, fewer than 30", "failed": False},
        ],
    }


def test_each_part_is_told() -> None:
    text = "".join(library_parts(document()))
    for told in (
        "light &amp; small.cif (B)",
        "kin.cif",
        "0.610",
        "3e-09",
        "fold.cif",
        "resembles what stands there",
        "21.3",
        "308",
        "&lt;torn&gt;.cif",
        "to its end",
        "peptide.cif (D2)",
    ):
        assert told in text
    assert [text.count(word) for word in (">satisfied<", ">not satisfied<", ">an end is not placed<")] == [1, 1, 1]
    assert text.index("the map") < text.index("what was left (1)")


def test_a_composite_has_none_of_them() -> None:
    assert library_parts({"placements": document()["placements"]}) == []
