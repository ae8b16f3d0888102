"""An assembly as plain data: that of its composite, with what the folder adds to it."""

from collections.abc import Mapping
from typing import Any

from difffit_core.assemble.bending import bent_document
from difffit_core.assemble.entry import Entry
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.result import AssembleResult
from difffit_core.compose.output.document import composite_document


def assembly_document(
    request: AssembleRequest, result: AssembleResult, details: Mapping[str, Any], timing: Mapping[str, float]
) -> dict[str, Any]:
    """Everything that is known of an assembly but its arrays, as `composite.json` holds it.

    Beside what a composite's has: ``bent`` of each placement that was; ``alternatives`` by place, counted from 1 as the placements are;
    ``resembling``, models that fit but are only like what stands there; ``known``, what was given of the assembly before, and how the
    ``cross_links`` stand; ``screens``, how many models were tried and stood out; ``untried``, which were not, and why.
    """
    asked, composite = result.request, result.composite
    document = composite_document(asked, composite, details, timing)
    for placement, copy in zip(document["placements"], composite.copies, strict=True):
        placement |= part_of(result.entries[copy.body])
    for one in result.bent:
        document["placements"][one.place]["bent"] = bent_document(one.result)
    document["notes"] = [*result.notes, *document["notes"]]
    document["settings"] |= {
        "searches": request.searches,
        "like_others": request.like_others,
        "bend": request.bend,
        "alike": request.alike,
        "promising": request.promising,
        "filters": request.filters.model_dump(mode="json"),
    }
    return document | {
        "alternatives": [
            {
                "place": place,
                "models": [
                    {
                        **named(one.entry),
                        "local_correlation": one.local_correlation,
                        "p_value": one.p_value,
                        "rotation": one.pose.rotation.tolist(),
                        "translation": one.pose.translation.tolist(),
                    }
                    for one in others
                ],
            }
            for place, others in enumerate(result.alternatives, start=1)
            if others
        ],
        "resembling": [
            {
                **named(entry),
                "why": why,
                "local_correlation": entry.placements[0].metrics.local_correlation,
                "p_value": entry.p_value,
                "rotation": entry.placements[0].pose.rotation.tolist(),
                "translation": entry.placements[0].pose.translation.tolist(),
            }
            for entry, why in result.resembling
            if entry.placements
        ],
        "known": {
            "stoichiometry": str(request.stoichiometry),
            "fixed": str(request.fixed.path or request.fixed.name) if request.fixed else None,
            "cross_links": len(request.links),
        },
        "cross_links": [
            {"link": one.link.name, "longest": one.link.longest, "distance": one.distance, "satisfied": one.satisfied}
            for one in result.links
        ],
        "screens": [
            {"tried": one.tried, "failed": one.failed, "left_out": one.left_out, "stood_out": one.stood_out} for one in result.screens
        ],
        "untried": [
            {"model": one.path, **({"part": one.part} if one.part else {}), "why": one.why, "failed": one.failed}
            for one in (result.screens[0].untried if result.screens else ())
        ],
    }


def part_of(entry: Entry) -> dict[str, str]:
    """Which part of its file a model is, where it is one."""
    return {"part": entry.part} if entry.part else {}


def named(entry: Entry) -> dict[str, str]:
    """A model by its file, and the part of it."""
    return {"model": entry.path, **part_of(entry)}
