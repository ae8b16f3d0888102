"""`assemble`: from a folder of models to the assembly in a map."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from difffit_core.api.in_notebook import InNotebook
from difffit_core.api.level import Level, number_of, settle
from difffit_core.api.progress import ProgressChoice, follow, tell_if_stopped
from difffit_core.api.reading import FilePath, MapLike, as_map, as_path, tell
from difffit_core.api.table import Table
from difffit_core.api.writing import write_file
from difffit_core.assemble.recipe import AssembleRecipe
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.result import AssembleResult
from difffit_core.fit.settings import FitSettings


@dataclass(frozen=True, eq=False)
class Assembly(InNotebook):
    """What of a folder belongs in a map.

    ``recipe`` is what was asked for, ``request`` that with the map, ``result`` all that came of it, ``evidence`` what speaks for the
    contour level.
    """

    recipe: AssembleRecipe
    request: AssembleRequest
    result: AssembleResult
    evidence: tuple[str, ...]

    @property
    def explained(self) -> float:
        """Share of the density above the level that lies where the models are, 0 to 1."""
        return self.result.composite.explained

    def table(self) -> Table:
        """A row a placed copy: its place, its model, its number, its chains, scores, and what else would fit there."""
        composite = self.result.composite
        return Table(
            {
                "place": place,
                "model": self.result.entries[one.body].name,
                "copy": one.copy,
                "chains": ", ".join(one.chains.values()),
                "local_correlation": one.local_correlation,
                "z_score": one.z_score,
                "p_value": one.p_value,
                "alternatives": ", ".join(other.entry.name for other in others),
            }
            for place, (one, others) in enumerate(zip(composite.copies, self.result.alternatives, strict=True), start=1)
        )

    def write(self, path: FilePath) -> Path:
        """Write all copies as one model, as mmCIF or PDB by the name's suffix, and give the path.

        Raises
        ------
        UserError
            If nothing was placed, or it cannot be written, has another suffix, or is a file that a model was read from.
        """
        from difffit_core.assemble.bending import as_bent
        from difffit_core.compose.output.export import placed_structure
        from difffit_core.errors import UserError
        from difffit_core.io.models import MODEL_SUFFIXES, write_structure

        if not self.result.composite.copies:
            raise UserError(f"{path}: nothing could be placed, so there is no assembly to write")
        structure = placed_structure(*as_bent(self.result.request, self.result.composite, self.result.bent))
        read = tuple(one.model.path for one in self.result.request.wanted)
        return write_file(path, MODEL_SUFFIXES, "model", lambda to: write_structure(to, structure), read)

    def __repr__(self) -> str:
        count = len(self.result.composite.copies)
        tried = self.result.screens[0].tried if self.result.screens else 0
        return f"<Assembly in {self.request.density_map.name}: {count} placed, of {tried} models tried, {self.explained:.0%} explained>"


def assemble(
    density_map: MapLike,
    library: FilePath,
    *,
    resolution: float,
    out: FilePath,
    level: Level = "auto",
    stoichiometry: str = "auto",
    symmetry: str = "auto",
    fixed: FilePath = "",
    cross_links: FilePath = "",
    jobs: int = 1,
    filters: Mapping[str, Any] | None = None,
    preset: str = "balanced",
    promising: float = 0.02,
    searches: int = 3,
    like_others: float = 0.65,
    bend: bool = False,
    alike: bool = False,
    seed: int = 0,
    device: str = "auto",
    progress: ProgressChoice = False,
    **settings: Any,
) -> Assembly:
    """Find out which models of a folder belong in a map, how many of each, and where; strangers among them are not placed.

    Parameters
    ----------
    density_map : as it was read, or its file
    library : a folder of models, or a text file with a path a line
    resolution, level, seed, device, progress : as for `fit`
    out : folder in which the screens are kept as they go; what is finished there is not repeated
    stoichiometry : auto, letters for whichever models have so many copies (A2B2), or names of files (heavy:2,light:2)
    symmetry : auto, map, none, or a point group that is to be looked for and imposed
    fixed : a file of chains that stand already; cross_links : a table of residues that lie near each other, see `assemble.priors`
    jobs, filters, promising, preset, **settings : as for `screen`
    searches : most searches of what is left of the map
    bend, alike : whether what is placed is bent, too, and copies of one chain alike
    like_others : share of the best-supported model's correlation below which a model that fits clearly worse is named, not placed

    Raises
    ------
    UserError
        If something is not allowed, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> paths = [part.write(f"parts/{part.name}.cif") for part in df.split(df.example_model(), by="chain")]
    >>> found = df.assemble(
    ...     df.example_map(), "parts", resolution=4, out="screens", promising=0, searches=0, preset="fast", starts=60
    ... )
    >>> found.result.screens[0].tried
    5
    """
    from difffit_core.assemble.priors import read_priors
    from difffit_core.assemble.run import run_assemble
    from difffit_core.screen.filters import Filters
    from difffit_core.screen.listing import list_library
    from difffit_core.screen.workers import local_workers, number_of_jobs

    folder, source = as_path(out, "out", "the name of a folder"), as_path(library, "library", "the name of a folder or file")
    read = as_map(density_map)
    paths = list_library(source, screened=read)
    recipe = AssembleRecipe.checked(
        {
            "map": str(read.path or "MAP"), "library": str(source), "resolution": resolution, "level": number_of(level), "seed": seed,
            "stoichiometry": stoichiometry, "symmetry": symmetry, "fixed": str(fixed), "cross_links": str(cross_links),
            "searches": searches, "like_others": like_others, "bend": bend, "alike": alike, "filters": Filters.checked(filters or {}),
            "settings": FitSettings.preset(preset, **settings), "promising": promising, "device": device,
        }
    )  # fmt: skip
    recipe, evidence = settle(recipe, read, None)
    request = recipe.bind(read, read_priors(recipe.fixed, recipe.cross_links))
    number_of_jobs(jobs, recipe.device)
    folder.mkdir(parents=True, exist_ok=True)
    result = follow(
        lambda told, cancel: run_assemble(
            request,
            paths,
            folder,
            lambda screen: local_workers(screen, jobs, cancel),
            told,
            cancel,
        ),
        progress,
    )
    tell_if_stopped(result)
    tell((*result.notes, *result.composite.notes))
    return Assembly(recipe, request, result, evidence)
