"""A composite as plain data, as `composite.json` and the report hold it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.symmetry.find import Symmetry

SCHEMA = 1


def composite_document(
    request: ComposeRequest, result: ComposeResult, details: Mapping[str, Any], timing: Mapping[str, float]
) -> dict[str, Any]:
    """Everything that is known of a composite but its arrays.

    ``details`` stand beside the settings, ``timing`` holds seconds by stage. ``symmetry`` is that of the model with the most copies, or C1.
    """
    models = [str(wanted.model.path or wanted.model.name) for wanted in request.wanted]
    return {
        "schema": SCHEMA,
        "map": str(request.density_map.path or request.density_map.name),
        "explained": round(result.explained, 6),
        "subtracted": round(result.residual.subtracted, 6),
        "symmetry": label(main_symmetry(result)),
        "p_value": result.p_value,
        "score": result.score,
        "proven": result.proven,
        "placements": [
            {
                "model": models[copy.body],
                "chain": ",".join(copy.chains.values()),
                "copy": copy.copy,
                "rotation": copy.pose.rotation.tolist(),
                "translation": copy.pose.translation.tolist(),
                "local_correlation": copy.local_correlation,
                "z_score": copy.z_score,
                "p_value": copy.p_value,
                "clash": copy.clash,
                "chains": dict(copy.chains),
                "source": copy.source,
            }
            for copy in result.copies
        ],
        "symmetries": [{"model": models[index], **_symmetry(symmetry)} for index, symmetry in result.symmetries.items()],
        "alternative": _alternative(result, models),
        "residual": {"volume": result.residual.volume, "pieces": [asdict(island) for island in result.residual.islands]},
        "dropped": [{"model": models[one.body], "why": one.why} for one in result.dropped],
        "notes": list(result.notes),
        "settings": {
            **details,
            **request.settings.model_dump(mode="json"),
            "fit": request.fit_settings.model_dump(mode="json"),
            "wanted": [{"model": name, "copies": wanted.copies} for name, wanted in zip(models, request.wanted, strict=True)],
        },
        "device": result.device,
        "timing": {name: round(seconds, 4) for name, seconds in timing.items()},
    }


def main_symmetry(result: ComposeResult) -> Symmetry | None:
    """The symmetry of the model with the most copies."""
    return max(result.symmetries.values(), key=lambda one: len(one.members), default=None)


def label(symmetry: Symmetry | None) -> str:
    """Its group in a word."""
    if symmetry is None:
        return "C1"
    return "helix" if symmetry.group.kind == "helix" else str(symmetry.group)


def _symmetry(symmetry: Symmetry) -> dict[str, Any]:
    group = symmetry.group
    told = {"group": label(symmetry), "axis": symmetry.axis.tolist(), "centre": symmetry.centre.tolist(), "rmsd": symmetry.rmsd}
    if group.kind == "helix":
        told |= {"rise": group.rise, "twist": group.twist}
    members = [{"orbit": orbit, "element": element} for orbit, element in symmetry.members]
    return told | {"copies": len(members), "missing": len(symmetry.missing()), "members": members}


def _alternative(result: ComposeResult, models: list[str]) -> dict[str, Any] | None:
    second = result.alternative
    if second is None:
        return None
    return {
        "score": second.score,
        "copies": len(second.candidates),
        "fewer": second.fewer,
        "different": [
            {
                "model": models[one.body],
                "rotation": one.pose.rotation.tolist(),
                "translation": one.pose.translation.tolist(),
                "local_correlation": one.correlation,
                "p_value": one.p_value,
            }
            for one in second.different
        ],
    }
