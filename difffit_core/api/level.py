"""The contour level: given, or suggested by the map; and the resolution: given, or what the map is known to have."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from difffit_core.errors import UserError
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import number_or_auto

if TYPE_CHECKING:
    from difffit_core.api.reading import MapLike
    from difffit_core.atomic_model import AtomicModel
    from difffit_core.contour import ContourSuggestion
    from difffit_core.density_map import DensityMap


Level = float | Literal["auto"]
_PAIR = 2
AnyRecipe = TypeVar("AnyRecipe", bound=Recipe)


def number_of(level: float | str) -> float | None:
    """The level that was given, or None for auto; `UserError` for anything else."""
    return number_or_auto("level", level)


def choose_level(density_map: "DensityMap", model: "AtomicModel | None", level: float | None) -> "tuple[float, ContourSuggestion | None]":
    """The given level, or for None the suggested one, for a model or for any, with its evidence."""
    if level is not None:
        return level, None
    from difffit_core.contour import mass, suggest_level

    suggestion = suggest_level(density_map, None if model is None or model.body is not None else mass(model))
    return suggestion.level, suggestion


def evidence_of(level: float, suggestion: "ContourSuggestion | None") -> tuple[str, ...]:
    """What speaks for a level, one sentence each."""
    return suggestion.lines() if suggestion else (f"level {level:g} was given",)


def with_halves(density_map: "DensityMap", recipe: Recipe) -> "DensityMap":
    """The map with the evidence of the half maps that a recipe names, if it names any."""
    names: tuple[str, str] | None = getattr(recipe, "half_maps", None)
    if names is None:
        return density_map
    from difffit_core.halves.attach import with_half_maps

    return with_half_maps(density_map, Path(names[0]), Path(names[1]), getattr(recipe, "resolution"))  # noqa: B009


def with_pair_of(density_map: "DensityMap", half_maps: "tuple[MapLike, MapLike] | None", resolution: float) -> "DensityMap":
    """The map with the evidence of two half maps, as they were read or are to be read now, if they are given."""
    if half_maps is None:
        return density_map
    from difffit_core.api.reading import as_map
    from difffit_core.halves.attach import with_pair

    first, second = _two(half_maps)
    return with_pair(density_map, as_map(first, "each of half_maps"), as_map(second, "each of half_maps"), resolution)


def _two(half_maps: Any) -> "tuple[MapLike, MapLike]":
    if isinstance(half_maps, tuple | list) and len(half_maps) == _PAIR:
        return half_maps[0], half_maps[1]
    from difffit_core.api.reading import in_words

    raise UserError(f"half_maps must be two maps, or the names of their files, got {in_words(half_maps)}")


def settle(recipe: AnyRecipe, density_map: "DensityMap", model: "AtomicModel | None") -> tuple[AnyRecipe, tuple[str, ...]]:
    """A recipe with its ``level`` as a number, suggested for the model, or for any, where it was auto; and what speaks for it."""
    level, suggestion = choose_level(density_map, model, getattr(recipe, "level"))  # noqa: B009
    return recipe.changed(level=level), evidence_of(level, suggestion)


def resolution_of(resolution: float | None, *maps: "DensityMap") -> float:
    """The resolution in Å that was given, or that of the maps, of several the coarsest; `UserError` where nothing is known.

    What a header or the name of a file says is told by `DiffFitWarning`; of an entry the notes of the map have told.
    """
    from difffit_core.api.reading import tell
    from difffit_core.recipes.of_map import known_resolution

    if resolution is not None:
        return resolution
    found = max((known_resolution(str(one.path or one.name), one.resolution) for one in maps), key=lambda one: one.value)
    if not found.of_entry:
        tell([found.sentence()])
    return found.value
