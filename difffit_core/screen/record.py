"""What a screen found of a model, as a fit of a project; and the command line that repeats a screen."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import matrix_to_quaternion
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.settings import FitSettings
from difffit_core.placement import Placement
from difffit_core.project.arrays import FitArrays
from difffit_core.project.schema import FitRecord, PlacementRecord
from difffit_core.provenance import library_versions
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import seed_of
from difffit_core.screen.recipe import ScreenRecipe

OUT = "difffit-screen"


def screened_fit(
    identifier: str,
    map_id: str,
    model_id: str,
    model: AtomicModel,
    record: Mapping[str, Any],
    placements: Sequence[Placement],
    *,
    device: str = "cpu",
    screen: str,
    command: str,
) -> tuple[FitRecord, FitArrays]:
    """A fit of the placements that a screen found for a model, with which a project can be written.

    Parameters
    ----------
    identifier, map_id, model_id : of the fit and of its inputs in the project
    model : what was tried, as `listing.read_entry` gives it
    record : the screen's, `ScreenStore.record`
    placements : `ScreenStore.placements` of the model
    device : where it was computed
    screen : what to call the screen
    command : the command line that repeats the screen
    """
    rotations = np.array([placement.pose.rotation for placement in placements], np.float64).reshape(-1, 3, 3)
    translations = np.array([placement.pose.translation for placement in placements], np.float64).reshape(-1, 3)
    centre = model.fit_coordinates.mean(axis=0)
    fit = FitRecord(
        id=identifier,
        recipe=FitRecipe(
            map=map_id,
            model=model_id,
            chains=tuple(dict.fromkeys(model.chain_names[model.in_fit].tolist())),
            resolution=record["resolution"],
            level=record["level"],
            settings=FitSettings.checked(record["settings"]),
            seed=seed_of(model, record["seed"]),
            device=device,
        ),
        evidence=(f"found by the screen {screen}",),
        versions=library_versions(),
        timing={},
        finished=datetime.now(UTC).isoformat(timespec="seconds"),
        cancelled=False,
        command=command,
        placements=tuple(PlacementRecord.model_validate(placement.to_dict()) for placement in placements),
        screen=screen,
    )
    quaternions = matrix_to_quaternion(rotations)
    return fit, FitArrays(rotations, translations, quaternions, rotations @ centre + translations, centre)


def recipe_of(record: Mapping[str, Any], details: Mapping[str, Any], library: str = "LIBRARY", device: str = "auto") -> ScreenRecipe:
    """What a screen was asked for, by the record and the details of its store, of one of its libraries.

    Raises
    ------
    UserError
        If it is of another version of the program.
    """
    settings, filters = FitSettings.checked(record["settings"]), Filters.checked(record["filters"])
    own = {"map": details["map"] or "MAP", "library": library, "settings": settings, "filters": filters, "device": device}
    return ScreenRecipe.checked({**record, **own})


def command_lines(
    record: Mapping[str, Any], details: Mapping[str, Any], out: Path = Path(OUT), jobs: int | None = None, device: str = "auto"
) -> list[str]:
    """The command lines that repeat a screen, one for each library that its models came from.

    Parameters
    ----------
    record, details : those of its store
    out : folder for the results
    jobs, device : as for `difffit screen`
    """
    more = [*(["--jobs", str(jobs)] if jobs is not None else []), "--out", str(out)]
    libraries = details.get("libraries") or ["LIBRARY"]
    recipes = [recipe_of(record, details, library, device) for library in libraries]
    return [recipe.command(*more, *(["--resume"] if number else [])) for number, recipe in enumerate(recipes)]
