"""`symmetry`: what symmetry a map has."""

from functools import partial

from difffit_core.align.symmetry import MapSymmetry
from difffit_core.api.level import Level, choose_level, number_of, resolution_of
from difffit_core.api.progress import ProgressChoice, follow
from difffit_core.api.reading import MapLike, as_map, tell
from difffit_core.target import Target


def symmetry(
    density_map: MapLike,
    *,
    resolution: float | None = None,
    level: Level = "auto",
    seed: int = 0,
    device: str = "auto",
    threads: int | None = None,
    progress: ProgressChoice = False,
) -> MapSymmetry:
    """Find the symmetry of a map from the map alone: Cn, Dn, T, O or I with its axes, or a helix with its rise and twist.

    Parameters
    ----------
    density_map : as it was read, or its file
    resolution : of the map, in Å; may be left out for a map that was fetched with its entry
    level : contour level in the map's units; "auto" for the suggested one
    seed : of every random draw
    device, threads : auto, cpu, cuda or mps; CPU threads, all if None
    progress : True for a bar, or a function that is told of each `FitProgress`

    Raises
    ------
    UserError
        If something is not allowed, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> s = df.symmetry(df.example_map(), resolution=4)
    >>> s.name, s.helix
    ('C1', None)
    """
    from difffit_core.align.symmetry import find_symmetry
    from difffit_core.align.symmetry_recipe import SymmetryRecipe

    read = as_map(density_map)
    chosen, _ = choose_level(read, None, number_of(level))
    known = {"map": str(read.path or read.name), "resolution": resolution_of(resolution, read)}
    asked = SymmetryRecipe.checked({**known, "seed": seed, "device": device, "threads": threads})
    target = Target(read, asked.resolution, chosen)
    found = follow(partial(find_symmetry, target, asked.seed, asked.device, asked.threads), progress)
    tell(found.warnings)
    return found
