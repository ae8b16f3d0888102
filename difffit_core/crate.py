"""A folder of results as an RO-Crate (version 1.1, profile Process Run Crate 0.5): what was run, with what, on what, and what came of it.

All of it is in the results already, under ``provenance``, and in the manifest; this is the form in which archives and workflow programs
read it. Nothing is sent anywhere.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from difffit_core import __version__
from difffit_core.errors import UserError
from difffit_core.io.json_text import read_json
from difffit_core.output.manifest import LIVE, MANIFEST, Run, is_unchanged, read_manifest

CRATE = "ro-crate-metadata.json"
_FORM = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_PAPER = "https://doi.org/10.1109/TVCG.2024.3456404"
_TITLE = "DiffFit: Visually-Guided Differentiable Fitting of Molecule Structures to a Cryo-EM Map"
_LARGEST = 256 << 20
_KINDS = {
    ".json": "application/json", ".csv": "text/csv", ".html": "text/html", ".cif": "chemical/x-mmcif", ".pdb": "chemical/x-pdb",
    ".png": "image/png", ".mrc": "application/x-mrc-map", ".txt": "text/plain", ".difffit": "application/x-difffit-project",
}  # fmt: skip
Entity = dict[str, Any]


@dataclass(frozen=True)
class Crate:
    """``document`` is what ro-crate-metadata.json holds: it tells of ``files``, not of those that were ``changed`` since, or are gone."""

    document: dict[str, Any]
    files: tuple[str, ...]
    changed: tuple[str, ...]


def crate_of(folder: Path) -> Crate:
    """The crate of a folder of results, of all runs whose files lie in it.

    Raises
    ------
    UserError
        If there is no manifest, or nothing that it names is there as it was written.
    """
    if not (folder / MANIFEST).is_file():
        raise UserError(f"{folder}: must be a folder of results, with {MANIFEST} in it, which difffit writes beside them")
    runs = [run for run in read_manifest(folder).runs if CRATE not in run.files]
    state = {name: is_unchanged(folder / name, checksum) for run in runs for name, checksum in run.files.items()}
    files = tuple(name for name, unchanged in state.items() if unchanged)
    if not files:
        raise UserError(f"{folder}: nothing that {MANIFEST} names is there as it was written")
    graph: dict[str, Entity] = {}
    actions = [_action(graph, folder, number, run, files) for number, run in enumerate(runs, start=1)]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"Results of difffit in {folder.absolute().name}",
        "description": "Atomic models fitted into cryo-EM density maps, with all that is needed to repeat it.",
        "datePublished": datetime.now(UTC).isoformat(timespec="seconds"),
        "license": {"@id": "#licence"},
        "conformsTo": {"@id": _PROFILE},
        "hasPart": _refer([one["@id"] for one in graph.values() if one["@type"] == "File"]),
        "mentions": _refer(actions),
        "citation": {"@id": _PAPER},
    }
    about = {"@id": CRATE, "@type": "CreativeWork", "conformsTo": {"@id": _FORM}, "about": {"@id": "./"}}
    fixed = [
        about,
        root,
        {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {"@id": "#licence", "@type": "CreativeWork", "name": "not stated", "description": "Name a licence before this is published."},
        {
            "@id": _PAPER,
            "@type": "ScholarlyArticle",
            "name": "DiffFit: Visually-Guided Differentiable Fitting of Molecule Structures to a Cryo-EM Map",
        },
    ]
    document = {"@context": f"{_FORM}/context", "@graph": [*fixed, *graph.values()]}
    return Crate(document, files, tuple(name for name, unchanged in state.items() if not unchanged))


def _action(graph: dict[str, Entity], folder: Path, number: int, run: Run, files: tuple[str, ...]) -> str:
    """Put a run into the graph, with its program, inputs, parameters and files; the identifier of the action."""
    made = _provenance(folder, run)
    versions: Mapping[str, str] = made.get("versions", {})
    name, _, version = str(made.get("program", f"difffit {__version__}")).partition(" ")
    program = f"#{name}-{version}"
    libraries = {f"#{library}-{one}": (library, one) for library, one in versions.items()}
    graph[program] = {
        "@id": program, "@type": "SoftwareApplication", "name": name, "softwareVersion": version,
        "softwareRequirements": _refer(libraries),
    }  # fmt: skip
    for one, (library, number_of) in libraries.items():
        graph[one] = {"@id": one, "@type": "SoftwareApplication", "name": library, "softwareVersion": number_of}
    inputs = [_input(graph, one) for one in made.get("inputs", ())]
    asked = {**made.get("recipe", {}), "device": made.get("device"), "machine": made.get("machine")}
    parameters = []
    for key, value in asked.items():
        if value is not None and key != "job":
            parameters.append(f"#run-{number}-{key}")
            text = value if isinstance(value, str | int | float | bool) else json.dumps(value)
            graph[parameters[-1]] = {"@id": parameters[-1], "@type": "PropertyValue", "name": key, "value": text}
    results = [file for file in run.files if file in files]
    for file in results:
        checksum = run.files[file]
        entity = {"@id": file, "@type": "File", "name": file, "contentSize": str((folder / file).stat().st_size)}
        kind = _KINDS.get(Path(file).suffix.lower())
        graph[file] = entity | ({"sha256": checksum} if checksum != LIVE else {}) | ({"encodingFormat": kind} if kind else {})
    action = f"#run-{number}"
    graph[action] = {
        "@id": action,
        "@type": "CreateAction",
        "name": f"difffit {run.command}",
        "description": str(made.get("command", f"difffit {run.command}")),
        "endTime": str(made.get("finished", run.finished)),
        "instrument": {"@id": program},
        "object": _refer([*inputs, *parameters]),
        "result": _refer(results),
        "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
    }
    return action


def _refer(names: Iterable[str]) -> Any:
    """To entities by their identifiers: one stands alone, as the specification asks for."""
    listed = [{"@id": name} for name in names]
    return listed[0] if len(listed) == 1 else listed


def _input(graph: dict[str, Entity], told: Mapping[str, Any]) -> str:
    path = Path(str(told["path"]))
    place = path.as_uri() if path.is_absolute() else f"#{path}"
    graph[place] = {"@id": place, "@type": "File", "name": path.name, "contentSize": str(told["size"]), "sha256": told["sha256"]}
    return place


def _provenance(folder: Path, run: Run) -> Mapping[str, Any]:
    return next(_told(folder, run), {})


def _told(folder: Path, run: Run) -> Iterator[Mapping[str, Any]]:
    for name in run.files:
        path = folder / name
        if path.suffix == ".json" and path.is_file() and path.stat().st_size < _LARGEST:
            try:
                document = read_json(path.read_bytes())
            except (OSError, ValueError):
                continue
            if isinstance(document, dict) and isinstance(document.get("provenance"), dict):
                yield document["provenance"]
