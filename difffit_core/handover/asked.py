"""Doing what a recipe of a hand-over asks for."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory

from difffit_core.handover.recipe import HandoverRecipe
from difffit_core.handover.run import write_handover
from difffit_core.handover.subject import Subject
from difffit_core.io.json_text import read_json
from difffit_core.io.regular import read_text
from difffit_core.output import Place
from difffit_core.provenance import provenance
from difffit_core.target import Target


@dataclass(frozen=True)
class HandedOver:
    """What was written: the name of what was handed over, the files, and what should be known, one sentence each."""

    name: str
    files: tuple[Path, ...]
    notes: tuple[str, ...]

    def __repr__(self) -> str:
        return f"<HandedOver {self.name}: {len(self.files)} files in {self.folder}>"

    @property
    def folder(self) -> Path:
        return self.files[-1].parent


def hand_over(recipe: HandoverRecipe, place: Place, command: str, subject: Callable[[], Subject] | None = None) -> HandedOver:
    """Write what a recipe asks for into a folder.

    Parameters
    ----------
    recipe : the hand-over
    place : a folder, made if it is not there; all of the files appear, or none
    command : the command line that repeats it; empty where none does
    subject : gives what is handed over, where it need not be read from the files that the recipe names

    Raises
    ------
    UserError
        If something that is named is not there or cannot be read, the model does not lie in the map, or something cannot be written.
    """
    with TemporaryDirectory() as scratch:
        handed = subject() if subject is not None else _subject(recipe, Path(scratch))
        made = provenance(recipe, device="cpu", command=command) if command else None
        padding = inf if recipe.whole_map else recipe.padding
        written = write_handover(place, handed, recipe.programs, padding=padding, normalise=not recipe.keep_values, provenance=made)
    notes = read_json(read_text(written[-1]))["notes"]
    return HandedOver(handed.name, tuple(written), tuple(notes))


def project_in(path: Path) -> Path:
    """A project, or the one that lies in a folder of results."""
    inside = path / "project.difffit"
    return inside if path.is_dir() and inside.is_file() else path


def _subject(recipe: HandoverRecipe, scratch: Path) -> Subject:
    if not recipe.model:
        from difffit_core.handover.of_project import of_project

        return of_project(project_in(Path(recipe.source)), scratch, recipe.what, recipe.rank)
    return _of_files(recipe)


def _of_files(recipe: HandoverRecipe) -> Subject:
    from difffit_core.contour import mass, suggest_level
    from difffit_core.handover.subject import of_files
    from difffit_core.io.files import check_readable
    from difffit_core.io.maps import read_map
    from difffit_core.io.models import read_model
    from difffit_core.recipes.of_map import known_resolution

    for one in recipe.half_maps or ():
        check_readable(Path(one))
    density_map, model = read_map(Path(recipe.source)), read_model(Path(recipe.model))
    before = read_model(Path(recipe.reference)) if recipe.reference else None
    level = suggest_level(density_map, mass(model)).level if recipe.level is None else recipe.level
    halves = (Path(recipe.half_maps[0]).absolute(), Path(recipe.half_maps[1]).absolute()) if recipe.half_maps else None
    found = None if recipe.resolution is not None else known_resolution(recipe.source, density_map.resolution)
    subject = of_files(Target(density_map, found.value if found else recipe.resolution or 0.0, level), model, before, halves)
    return subject if found is None else replace(subject, notes=(found.sentence(), *subject.notes))
