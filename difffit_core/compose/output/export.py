"""The files of a composite: models, what is left of the map, scripts for other programs, and its data."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from difffit_core.align.body import is_map
from difffit_core.colours import copy_colour
from difffit_core.compose.assembly import composite_structure
from difffit_core.compose.body import Body
from difffit_core.compose.output.pictures import draw_pictures
from difffit_core.compose.output.report import write_report
from difffit_core.compose.output.scripts import Shown, chimerax_script, pymol_script
from difffit_core.compose.record import write_composite_project
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.density_map import DensityMap
from difffit_core.escaping import mmcif
from difffit_core.io.maps import write_map
from difffit_core.io.models import beyond_pdb, mmcif_document, write_structure, write_text
from difffit_core.io.tables import write_json_atomic
from difffit_core.output import Place, write_together

if TYPE_CHECKING:
    import gemmi

NAMES = (
    r"composite\.(cif|pdb|json|mrc)|bent\.(cif|pdb)|copy_\d+\.mrc|(residual|working)\.mrc|report\.html"
    r"|composite\.(cxc|pml)|project\.difffit"
)
"""Names of the files of a composite."""


def write_composite(
    place: Place,
    request: ComposeRequest,
    result: ComposeResult,
    document: Mapping[str, Any],
    *,
    command: str,
    evidence: Sequence[str],
    pictures: Sequence[tuple[str, bytes]] = (),
    with_project: bool = True,
    bent: "gemmi.Structure | None" = None,
    working: DensityMap | None = None,
    in_project: ComposeRequest | None = None,
) -> list[Path]:
    """Write the composite as mmCIF (and PDB where that holds it), the map that is left, scripts, report, project and data, together.

    Where nothing was placed there is no model and no script, and where nothing was to be placed no project. ``document`` is that of
    `composite_document`, ``command`` the command line that repeats it, ``evidence`` what speaks for the contour level; ``pictures``,
    captions and PNG files, come first in the report; ``bent`` is the assembly as it was bent, ``working`` what is left of the map where
    copies were zeroed out by hand; ``in_project`` the request as a project is to hold it, where models of it are parts of files.

    Raises
    ------
    UserError
        If the place is in use, or something cannot be written; nothing is left then.
    """
    writers: dict[str, Any] = {}
    moved = _moved_maps(request, result)
    writers |= {name: partial(write_map, density_map=one) for name, one in moved.items()}
    if any(request.wanted[one.body].model.body is None for one in result.copies):
        structure = placed_structure(request, result)
        writers["composite.cif"] = partial(_write_mmcif, structure=structure, document=document)
        if not beyond_pdb(structure):
            writers["composite.pdb"] = partial(write_structure, structure=structure)
        map_file = (request.density_map.path or Path("map.mrc")).absolute()
        shown = Shown("composite.cif", "residual.mrc", map_file, request.level, result.copies, tuple(result.symmetries.values()))
        writers["composite.cxc"] = partial(write_text, text=chimerax_script(shown))
        writers["composite.pml"] = partial(write_text, text=pymol_script(shown))
    if bent is not None:
        writers["bent.cif"] = partial(write_structure, structure=bent)
        if not beyond_pdb(bent):
            writers["bent.pdb"] = partial(write_structure, structure=bent)
    writers["residual.mrc"] = partial(write_map, density_map=result.residual.density_map)
    if working is not None:
        writers["working.mrc"] = partial(write_map, density_map=working)
    drawn = draw_pictures(
        request.density_map,
        request.level,
        [Body(wanted.model) for wanted in request.wanted],
        [(one.body, one.pose) for one in result.copies],
    )
    writers["report.html"] = partial(
        write_report, document=document, left=result.residual, pictures=[*pictures, *drawn], command=command, evidence=evidence,
        turning=_turning(request, result),
    )  # fmt: skip
    of_models = all(one.model.body is None for one in request.wanted)  # a project keeps models, not maps in their place
    if with_project and request.wanted and of_models:
        writers["project.difffit"] = partial(
            write_composite_project, request=in_project or request, result=result, command=command, evidence=evidence
        )
    writers["composite.json"] = partial(write_json_atomic, data=document)
    return write_together(place, writers, command="compose", names=NAMES)


def _moved_maps(request: ComposeRequest, result: ComposeResult) -> dict[str, DensityMap]:
    """Copies of maps on the map's grid, and all of them together, by the names of their files."""
    grid, moved = request.density_map, {}
    total = np.zeros(grid.values.shape, np.float32)
    for number, one in enumerate(result.copies, start=1):
        body = request.wanted[one.body].model.body
        if body is not None:
            moved[f"copy_{number:03d}.mrc"] = body.moved(one.pose, grid)
            total = np.maximum(total, moved[f"copy_{number:03d}.mrc"].values)
    return {**moved, "composite.mrc": grid.with_values(total)} if moved else {}


def _turning(request: ComposeRequest, result: ComposeResult) -> str:
    """The view of the map and of each copy."""
    from difffit_core.report import view as turning
    from difffit_core.report.surface import surface_of

    density_map = request.density_map
    things = [turning.Shown(f"{density_map.name} at {request.level:.4g}", "#8a94a6", surface_of(density_map, request.level))]
    for number, one in enumerate(result.copies):
        model = request.wanted[one.body].model
        things.append(turning.placed(f"{model.name} {number + 1}", copy_colour(number), model, one.pose))
    return turning.view(things)


def placed_structure(request: ComposeRequest, result: ComposeResult) -> "gemmi.Structure":
    """The whole composite, but for maps in the place of models."""
    atoms = [one for one in result.copies if request.wanted[one.body].model.body is None]
    return composite_structure([wanted.model for wanted in request.wanted], atoms, "composite")


def _write_mmcif(path: Path, structure: "gemmi.Structure", document: Mapping[str, Any]) -> None:
    """As mmCIF, with a category of its own that says where each chain comes from."""
    cif = mmcif_document(structure)
    columns = ["chain", "model", "model_chain", "copy", "local_correlation", "p_value", "source"]
    columns += [f"matrix[{i}][{j}]" for i in "123" for j in "123"] + [f"vector[{i}]" for i in "123"]
    loop = cif.sole_block().init_loop("_difffit_placement.", columns)
    for placement in document["placements"]:
        if is_map(Path(placement["model"])):
            continue
        numbers = [f"{x:.9g}" for row in placement["rotation"] for x in row] + [f"{x:.9g}" for x in placement["translation"]]
        for own, name in placement["chains"].items():
            row = [name, Path(placement["model"]).name, own, str(placement["copy"])]
            row += [f"{placement['local_correlation']:.4f}", f"{placement['p_value']:.3g}", placement["source"]]
            loop.add_row([mmcif.value(text) for text in row] + numbers)
    write_text(path, cif.as_string())
