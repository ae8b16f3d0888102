"""`compose`: several models, or several copies, in one map together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from difffit_core.api.in_notebook import InNotebook
from difffit_core.api.level import Level, number_of, resolution_of, settle, with_pair_of
from difffit_core.api.progress import ProgressChoice, follow, tell_if_stopped
from difffit_core.api.reading import FilePath, MapLike, ModelLike, as_map, as_model, tell
from difffit_core.api.table import Table
from difffit_core.api.writing import write_file
from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.recipe import ComposeRecipe, wanted_model
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.settings import ComposeSettings
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError, shown
from difffit_core.fit.settings import FitSettings


@dataclass(frozen=True, eq=False)
class Composite(InNotebook):
    """What was placed together.

    ``recipe`` is what was asked for, ``request`` that with the map and the models, ``result`` all that came of it, ``evidence`` what
    speaks for the contour level.
    """

    recipe: ComposeRecipe
    request: ComposeRequest
    result: ComposeResult
    evidence: tuple[str, ...]

    @property
    def explained(self) -> float:
        """Share of the density above the level that lies where the models are, 0 to 1."""
        return self.result.explained

    @property
    def residual(self) -> DensityMap:
        """The map without what the models explain."""
        return self.result.residual.density_map

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be known, one sentence each."""
        return self.result.notes

    def command(self) -> str:
        """The command line that repeats it."""
        return self.recipe.changed(device=self.result.device).command()

    def table(self) -> Table:
        """A row a copy: its model, its number, its chains in the composite, scores and clashes."""
        return Table(
            {
                "model": self.request.wanted[one.body].model.name,
                "copy": one.copy,
                "chains": ", ".join(one.chains.values()),
                "local_correlation": one.local_correlation,
                "z_score": one.z_score,
                "p_value": one.p_value,
                "clash": one.clash,
            }
            for one in self.result.copies
        )

    def write(self, path: FilePath) -> Path:
        """Write all copies as one model, as mmCIF or PDB by the name's suffix, and give the path.

        Raises
        ------
        UserError
            If nothing was placed, or it cannot be written, has another suffix, or is a file that a model was read from.
        """
        from difffit_core.compose.output.export import placed_structure
        from difffit_core.io.models import MODEL_SUFFIXES, write_structure

        if not self.result.copies:
            raise UserError(f"{path}: nothing could be placed, so there is no composite to write")
        structure = placed_structure(self.request, self.result)
        read = tuple(one.model.path for one in self.request.wanted)
        return write_file(path, MODEL_SUFFIXES, "model", lambda to: write_structure(to, structure), read)

    def __repr__(self) -> str:
        count = len(self.result.copies)
        copies = f"{count} cop{'y' if count == 1 else 'ies'}"
        return f"<Composite in {self.request.density_map.name}: {copies}, {self.explained:.0%} of the density explained>"

    def _told(self) -> tuple[str, ...]:
        return self.notes


def _wanted(models: "Sequence[ModelLike | tuple[ModelLike, int]] | ModelLike") -> list[tuple[AtomicModel, int | None]]:
    """Each model with at most how many copies of it."""
    given: Any = models
    a_pair = isinstance(given, tuple) and len(given) == 2 and type(given[1]) is int
    listed = given if isinstance(given, Sequence) and not isinstance(given, str) and not a_pair else [given]
    pairs: list[Any] = [one if isinstance(one, tuple) else (one, None) for one in listed]
    if wrong := next((one for one in pairs if len(one) != 2 or not (one[1] is None or type(one[1]) is int)), None):
        raise UserError(f"models must each be a model, its file, or a pair of one and a number of copies, got a tuple {shown(wrong)}")
    if not pairs:
        raise UserError("models must be at least one model, or the name of its file, got none")
    return [(as_model(model, name="each of models"), copies) for model, copies in pairs]


def compose(
    density_map: MapLike,
    models: "Sequence[ModelLike | tuple[ModelLike, int]] | ModelLike",
    *,
    resolution: float | None = None,
    level: Level = "auto",
    half_maps: tuple[MapLike, MapLike] | None = None,
    preset: str = "balanced",
    fit_settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    device: str = "auto",
    threads: int | None = None,
    progress: ProgressChoice = False,
    **settings: Any,
) -> Composite:
    """Place several models, or several copies of one, together in a map: no overlaps, the most density explained.

    Parameters
    ----------
    density_map : as it was read, or its file
    models : one, or a list of several, each as it was read, or its file; or a pair of that and at most how many copies, up to
        99 999; alone, as many as there are
    resolution, level, seed, device, threads, progress : as for `fit`
    half_maps : the map's two half maps, as they were read, or their files: its noise is taken from them rather than guessed
    preset, fit_settings : of the fits, and what is to differ from it
    **settings : any of `ComposeSettings`: symmetry, method, linked, most_overlap, ...

    Raises
    ------
    UserError
        If something is not allowed, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> x = df.read_model(df.example_model(), chains="D,E")
    >>> c = df.compose(df.example_map(), [(x, 1)], resolution=4, preset="fast", fit_settings={"starts": 200}, refine=False)
    >>> print(c.table()[0]["chains"])
    D, E
    >>> 0.2 < c.explained < 0.8
    True
    """
    from difffit_core.compose.run import run_compose

    read = as_map(density_map)
    resolution = resolution_of(resolution, read)
    read = with_pair_of(read, half_maps, resolution)
    pairs = _wanted(models)
    subjects = [model for model, _ in pairs]
    chosen = {model.models for model in subjects} - {""}
    recipe = ComposeRecipe.checked(
        {
            "map": str(read.path or "MAP"), "resolution": resolution, "level": number_of(level),
            "half_maps": read.half_maps, "seed": seed, "device": device,
            "wanted": [wanted_model(model, copies) for model, copies in pairs], "models": chosen.pop() if len(chosen) == 1 else "",
            "threads": threads, "settings": ComposeSettings.checked(settings),
            "fit_settings": FitSettings.preset(preset, **(fit_settings or {})),
        }
    )  # fmt: skip
    recipe, evidence = settle(recipe, read, max(subjects, key=lambda model: model.residue_count))
    request = recipe.bind(read, subjects)
    result = follow(lambda told, cancel: run_compose(request, told, cancel), progress)
    tell_if_stopped(result)
    tell(result.notes)
    return Composite(recipe, request, result, evidence)
