"""Mol*: a MolViewSpec archive, which holds model, map and how they are shown."""

import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from difffit_core.handover.handed import MAP, MODEL, Handed
from difffit_core.io.maps import write_map
from difffit_core.io.models import mmcif_document

_EPOCH = (1980, 1, 1, 0, 0, 0)
_VERSION = "1.8"
"""Of MolViewSpec's tree."""


def files(handed: Handed) -> Mapping[str, bytes]:
    """The archive: a zip of the tree, the model and the map, with the same bytes for the same result."""
    with TemporaryDirectory() as folder:
        write_map(Path(folder, MAP), handed.target.density_map)
        density = Path(folder, MAP).read_bytes()
    members = {
        "index.mvsj": json.dumps(state(handed), indent=1).encode(),
        MODEL: mmcif_document(handed.structure).as_string().encode(),
        MAP: density,
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name, _EPOCH), content, zipfile.ZIP_DEFLATED)
    return {"view.mvsx": buffer.getvalue()}


def state(handed: Handed) -> dict[str, Any]:
    """The tree: the polymer as a cartoon coloured by chain, what else there is as sticks, and the map as an isosurface."""
    colours = [
        _node("color", {"selector": {"auth_asym_id": one.name}, "color": handed.colour(number)}) for number, one in enumerate(handed.chains)
    ]
    shown = [
        _node("component", {"selector": "polymer"}, [_node("representation", {"type": "cartoon"}, colours)]),
        _node("component", {"selector": "ligand"}, [_node("representation", {"type": "ball_and_stick"})]),
    ]
    isosurface = {
        "type": "isosurface",
        "absolute_isovalue": float(f"{handed.target.level:.6g}"),
        "show_wireframe": False,
        "show_faces": True,
    }
    look = [_node("color", {"color": "#b0b0b0"}), _node("opacity", {"opacity": 0.4})]
    children = [
        _node("download", {"url": MODEL}, [_node("parse", {"format": "mmcif"}, [_node("structure", {"type": "model"}, shown)])]),
        _node(
            "download",
            {"url": MAP},
            [_node("parse", {"format": "map"}, [_node("volume", {}, [_node("volume_representation", isosurface, look)])])],
        ),
        _node("canvas", {"background_color": "white"}),
    ]
    metadata = {"title": handed.name, "version": _VERSION, "timestamp": "1980-01-01T00:00:00+00:00"}
    return {"kind": "single", "root": {"kind": "root", "children": children}, "metadata": metadata}


def _node(kind: str, params: dict[str, Any], children: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"kind": kind, "params": params, **({"children": children} if children else {})}
