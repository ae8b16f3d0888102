"""Every score of every residue of a placed model, and the table of them."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.escaping.tables import TableWriter
from difffit_core.fit.request import CancelFlag
from difffit_core.io.files import atomic_write
from difffit_core.pose import Pose
from difffit_core.quality.local import local_correlation
from difffit_core.quality.qscore import q_scores
from difffit_core.residues import Residues

COLUMNS = ("chain", "residue", "name", "local_correlation", "q_score")


@dataclass(frozen=True, eq=False)
class ResidueScores:
    """Scores of the n ``residues``; higher is better, and 1 is perfect.

    ``local_correlation`` (n,) is that of `local.local_correlation`, ``q_score`` (n,) the mean Q-score of a residue's atoms, NaN where none
    has one.
    """

    residues: Residues
    local_correlation: Array
    q_score: Array

    def mean(self, name: str, where: NDArray[np.bool_] | None = None) -> float:
        """Mean of a score over the residues, or over those of ``where`` (n,); NaN if there are none."""
        values: Array = getattr(self, name)
        values = values[np.isfinite(values) if where is None else np.isfinite(values) & where]
        return float(values.mean()) if len(values) else float("nan")

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """One row a residue, in the order of `COLUMNS`; None for NaN."""
        residues = self.residues
        for i, values in enumerate(zip(self.local_correlation.tolist(), self.q_score.tolist(), strict=True)):
            scores = (value if np.isfinite(value) else None for value in values)
            yield (str(residues.chains[i]), int(residues.numbers[i]), str(residues.names[i]), *scores)


def score_residues(
    density_map: DensityMap, model: AtomicModel, pose: Pose, resolution: float, cancel: CancelFlag | None = None
) -> ResidueScores:
    """Local correlation and Q-score of each residue of ``model`` in ``pose``; ``resolution`` of the map in Å. Seconds for 10 000 residues.

    Raises
    ------
    FitCancelled
        If ``cancel``, which is looked at a few times a second, was set.
    """
    residues = Residues.of(model)
    correlation = local_correlation(density_map, model, pose, resolution, residues, cancel)
    return ResidueScores(residues, correlation, residues.mean(q_scores(density_map, model, pose, cancel)))


def write_residues_csv(path: Path, scores: ResidueScores, more: Mapping[str, Array] | None = None) -> None:
    """Write one line a residue under a header of `COLUMNS` and the names of ``more`` columns (n,); numbers in full precision.

    Raises
    ------
    UserError
        If the file cannot be written.
    """
    with atomic_write(Path(path)) as temporary, open(temporary, "w", newline="", encoding="utf-8") as stream:
        _write(TableWriter(stream), scores, more or {})


def as_text(scores: ResidueScores, more: Mapping[str, Array] | None = None) -> str:
    """The same as tab-separated lines, for a spreadsheet."""
    stream = io.StringIO()
    _write(TableWriter(stream, "excel-tab", lineterminator="\n"), scores, more or {})
    return stream.getvalue()


def _write(writer: Any, scores: ResidueScores, more: Mapping[str, Array]) -> None:
    writer.writerow((*COLUMNS, *more))
    columns = [column.tolist() for column in more.values()]
    for i, row in enumerate(scores.rows()):
        writer.writerow((*row, *(column[i] for column in columns)))
