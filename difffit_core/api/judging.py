"""`quality` and `difference`: how well a placed model fits its map, and how far two are apart."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_core.api.fitting import Placed
from difffit_core.api.in_notebook import InNotebook
from difffit_core.api.level import Level, number_of, resolution_of, settle
from difffit_core.api.reading import FilePath, MapLike, ModelLike, as_map, as_model
from difffit_core.api.table import Table
from difffit_core.api.writing import write_file
from difffit_core.atomic_model import AtomicModel
from difffit_core.quality.explained import Explained
from difffit_core.quality.recipe import QualityRecipe
from difffit_core.quality.score import COLUMNS, ResidueScores

if TYPE_CHECKING:
    from difffit_core.quality.difference import Difference


@dataclass(frozen=True, eq=False)
class Quality(InNotebook):
    """How well each residue fits: ``scores`` of the residues, what the model ``explained``, and ``evidence`` for the contour level."""

    model: AtomicModel
    scores: ResidueScores
    explained: Explained
    evidence: tuple[str, ...]

    @property
    def local_correlation(self) -> float:
        """Mean over the residues."""
        return self.scores.mean("local_correlation")

    @property
    def q_score(self) -> float:
        """Mean over the residues."""
        return self.scores.mean("q_score")

    def table(self) -> Table:
        """A row a residue: chain, number, name, local correlation and Q-score; None where there is no score."""
        return Table(dict(zip(COLUMNS, row, strict=True)) for row in self.scores.rows())

    def write(self, path: FilePath) -> Path:
        """Write the same as CSV, in full precision, and give the path; `UserError` if its name does not end in ``.csv``."""
        from difffit_core.quality.score import write_residues_csv

        return write_file(path, (".csv",), "table", lambda to: write_residues_csv(to, self.scores))

    def __repr__(self) -> str:
        means = f"local correlation {self.local_correlation:.3f}, Q-score {self.q_score:.3f}"
        return f"<Quality of {self.model.name}: {means}, {self.explained.density:.0%} of the density explained>"

    def _told(self) -> tuple[str, ...]:
        return tuple(self.explained.lines())


def quality(
    density_map: MapLike,
    model: ModelLike | Placed,
    *,
    resolution: float | None = None,
    level: Level = "auto",
    chains: str | Sequence[str] = (),
) -> Quality:
    """Judge a model where it stands in a map, or where a fit has placed it: local correlation and Q-score of each residue.

    Both are higher for a better fit, and 1 at most. Nothing is moved.

    Parameters
    ----------
    density_map : as it was read, or its file
    model : as it was read, its file, or a placement of a fit
    resolution : of the map, in Å; may be left out for a map that was fetched with its entry
    level : contour level in the map's units; "auto" for the suggested one
    chains : to be judged; all if there are none

    Raises
    ------
    UserError
        If something is not allowed, in one sentence.

    Examples
    --------
    >>> import difffit_core as df
    >>> q = df.quality(df.example_map(), df.example_model(), resolution=4, chains="D,E")
    >>> q.local_correlation < 0.3  # it was moved away
    True
    >>> sorted(q.table()[0])
    ['chain', 'local_correlation', 'name', 'q_score', 'residue']
    """
    read, placed = as_map(density_map), model if isinstance(model, Placed) else None
    subject = as_model(model.model if isinstance(model, Placed) else model, chains)
    resolution = resolution_of(resolution, read)
    recipe = QualityRecipe.checked(
        {
            "map": str(read.path or "MAP"), "model": str(subject.path or "MODEL"), "models": subject.models, "chains": subject.chains,
            "resolution": resolution, "level": number_of(level),
        }
    )  # fmt: skip
    recipe, evidence = settle(recipe, read, subject)
    scores, explained = recipe.bind(read, subject, placed.pose if placed else None).judge()
    return Quality(subject, scores, explained, evidence)


def difference(first: ModelLike | Placed, second: ModelLike | Placed) -> "Difference":
    """Tell how far a model is from another where both stand: RMSD, shift and turn, and the displacement of each residue.

    Parameters
    ----------
    first, second : as they were read, their files, or placements of a fit

    Raises
    ------
    UserError
        If one cannot be read, or they have too few atoms in common.

    Examples
    --------
    >>> import difffit_core as df
    >>> print(df.difference(df.example_model(), df.example_model()).rmsd)
    0.0
    """
    from difffit_core.quality.difference import difference_of_models

    return difference_of_models(_where_it_stands(first, "first"), _where_it_stands(second, "second"))


def _where_it_stands(given: ModelLike | Placed, name: str) -> AtomicModel:
    if isinstance(given, Placed):
        return replace(given.model, coordinates=given.coordinates)
    return as_model(given, name=name)
