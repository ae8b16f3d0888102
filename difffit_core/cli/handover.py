"""`difffit handover`: what the next program wants of a result."""

import shlex
import sys
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import typer

from difffit_core.cli.options import OVERWRITE, out_folder, project_argument
from difffit_core.errors import UserError
from difffit_core.target import Target

if TYPE_CHECKING:
    from difffit_core.handover.subject import Subject

DEFAULT = "difffit-handover"
_PADDING_A = 10.0


def handover(
    source: Path = project_argument("A project (.difffit), the folder of results that it lies in, or a map.", "PROJECT|MAP"),
    model: Path | None = typer.Argument(None, help="With a map: the model, as it was placed or bent in it.", metavar="[MODEL]"),
    to: str = typer.Option(
        "all", help="Programs, apart by commas: chimerax, isolde, coot, phenix, servalcat, pymol, molstar, cryoboltz.", metavar="PROGRAMS"
    ),
    what: str = typer.Option("", help="Of a project: which fit, composite or bent model (fit-1, …); what is selected in it if not given."),
    rank: int | None = typer.Option(None, min=1, help="Of a fit: which placement; the selected or the best if not given."),
    resolution: float | None = typer.Option(
        None, min=0.5, max=100, help="With a map: its resolution in Å; that of its entry if not given."
    ),
    level: float | None = typer.Option(None, help="With a map: contour level in its units; suggested if not given."),
    half_maps: tuple[Path, Path] | None = typer.Option(None, help="With a map: its two half maps, for ServalCat."),
    reference: Path | None = typer.Option(None, help="With a map: the model before it was bent, whose geometry is the restraint."),
    padding: float = typer.Option(_PADDING_A, min=0, help="Å of the map kept around the model."),
    whole: bool = typer.Option(False, "--whole-map", help="Keep all of the map."),
    values: bool = typer.Option(False, "--keep-values", help="Keep the map's own units rather than multiples of its noise."),
    out: Path = out_folder(DEFAULT),
    overwrite: bool = OVERWRITE,
) -> None:
    """Write what the next program wants of a result: model, map cut to it, restraints by a reference, and a script for each program.

    ISOLDE, Coot, Phenix, ServalCat and CryoBoltz go on refining, ChimeraX, PyMOL and Mol* show it. README.txt says how to start each.
    """
    from difffit_core.cli.console import new_console
    from difffit_core.handover.programs import PROGRAMS
    from difffit_core.handover.run import NAMES, write_handover
    from difffit_core.output import Inputs, claim_folder
    from difffit_core.provenance import without_recipe

    programs = list(PROGRAMS) if to == "all" else [one.strip().lower() for one in to.split(",") if one.strip()]
    for name in programs or [to]:
        if name not in PROGRAMS:
            raise UserError(f"--to must be all, or some of {', '.join(PROGRAMS)}, got {name}")
    asked = (
        {"--what": what, "--rank": rank}
        if model
        else {"--resolution": resolution, "--level": level, "--half-maps": half_maps, "--reference": reference}
    )
    for option, value in asked.items():
        if value not in (None, ""):
            raise UserError(f"{option} goes with {'a project' if model else 'a map and a model'}")
    files = [source, *([model] if model else []), *([reference] if reference else []), *(half_maps or ())]
    inputs = Inputs(files)
    place = claim_folder(out, DEFAULT, command="handover", names=NAMES, inputs=inputs, overwrite=overwrite)
    with TemporaryDirectory() as scratch:
        if model is None:
            from difffit_core.handover.of_project import of_project

            subject = of_project(source, Path(scratch), what, rank)
        else:
            subject = _of_files(source, model, resolution, level, reference, half_maps)
        made = without_recipe(shlex.join(["difffit", *sys.argv[1:]]), files)
        written = write_handover(place, subject, programs, padding=inf if whole else padding, normalise=not values, provenance=made)
    console = new_console()
    console.print(f"hands over {subject.name}", soft_wrap=True, markup=False)
    import json

    for note in json.loads(written[-1].read_text(encoding="utf-8"))["notes"]:
        console.print(f"  {note}", style="dim", soft_wrap=True, markup=False)
    for name in programs:
        console.print(f"{PROGRAMS[name].title}: {PROGRAMS[name].command}", soft_wrap=True, markup=False)
    console.print(f"written to {written[-1].parent}: {', '.join(path.name for path in written)}", soft_wrap=True, markup=False)


def _of_files(
    map_file: Path,
    model_file: Path,
    resolution: float | None,
    level: float | None,
    reference: Path | None,
    half_maps: tuple[Path, Path] | None,
) -> "Subject":
    from dataclasses import replace

    from difffit_core.api.level import choose_level
    from difffit_core.handover.subject import of_files
    from difffit_core.io.files import check_readable
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import read_model
    from difffit_core.recipes.of_map import known_resolution

    for one in half_maps or ():
        check_readable(one)
    density_map, model = read_map(map_file), read_model(model_file)
    before = None if reference is None else read_model(reference)
    chosen, _ = choose_level(density_map, model, level)
    halves = (half_maps[0].absolute(), half_maps[1].absolute()) if half_maps else None
    found = None if resolution is not None else known_resolution(str(map_file), density_map.resolution)
    subject = of_files(Target(density_map, found.value if found else resolution or 0.0, chosen), model, before, halves)
    return subject if found is None else replace(subject, notes=(found.sentence(), *subject.notes))
