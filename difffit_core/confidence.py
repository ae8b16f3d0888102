"""Whether a model's B factors are the confidence of a prediction (pLDDT), and what says so."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel

PREDICTORS = (
    "alphafold", "colabfold", "esmfold", "openfold", "rosettafold", "omegafold", "helixfold", "simplefold", "protenix", "boltz-", "boltz1",
    "boltz2", "chai-1", "chai1", "plddt", "parent n/a",
)  # fmt: skip
"""Words in the head of a file that name a prediction, in lower case; PARENT N/A is what ESMFold and OpenFold write."""
_OF_EACH_ATOM = ("esmfold", "parent n/a", "protenix", "alphafold 3", "alphafold3", "alphafold server")
"""Those whose values may differ within a residue."""
METRIC = "the file lists pLDDT as its quality metric"
"""What the reader states of a ModelCIF file with such a ``_ma_qa_metric``; then the values may differ within a residue (AlphaFold 3)."""

_UNSTATED = "the B factors are the same in each residue, within 0 to 100 and mostly high, and no experiment is named: taken as pLDDT"
_SPREAD_IN_RESIDUE = 0.011
_SEVERAL = 20
_LEAST_OF_ATOMS = 25.0
_LEAST_MEAN = 60.0
"""Below lie B factors of residues refined in groups."""


@dataclass(frozen=True, eq=False)
class Confidence:
    """pLDDT of a predicted model.

    Attributes
    ----------
    values : float32 (N,), 0 to 100, one an atom
    evidence : what says that the B factors are pLDDT, one sentence
    """

    values: NDArray[np.float32]
    evidence: str


def confidence_of(model: AtomicModel) -> Confidence | None:
    """The pLDDT of a predicted model, or None where the B factors are B factors.

    They are pLDDT if they lie within 0 to 100 (or 0 to 1, as some programs write them) and the file names a metric that is, or if they are
    also the same for all atoms of a residue, and the file names a predictor; ESMFold and a few others give each atom its own. Where it
    says nothing, there must be 20 residues of a mean of 60 at least, and nothing may speak of an experiment: no resolution, no crystal
    cell, no water.
    """
    b = model.b_factors
    scale = 100.0 if b.max(initial=0.0) <= 1.0 else 1.0
    if b.min(initial=0.0) < 0 or b.max(initial=0.0) * scale > 100.0 or not b.any():
        return None
    residues = int(model.residue_index.max()) + 1
    low, high = np.full(residues, np.inf), np.full(residues, -np.inf)
    np.minimum.at(low, model.residue_index, b)
    np.maximum.at(high, model.residue_index, b)
    uniform = bool((high - low).max() * scale <= _SPREAD_IN_RESIDUE)
    values = (b * np.float32(scale)).astype(np.float32)
    shares = "; values of 0 to 1 are taken as shares of 100" if scale > 1 else ""
    if model.prediction is not None:
        of_atoms = any(word in model.prediction for word in _OF_EACH_ATOM) and not _speaks_of_experiment(model)
        stated = model.prediction.startswith(METRIC) or (of_atoms and values.mean() > _LEAST_OF_ATOMS)
        return (
            Confidence(values, f"{model.prediction}, and the B factors are its confidence (pLDDT){shares}") if uniform or stated else None
        )
    several = np.count_nonzero(np.bincount(model.residue_index) > 1) >= _SEVERAL
    if not (uniform and several and np.ptp(low) > 0 and values.mean() >= _LEAST_MEAN) or _speaks_of_experiment(model):
        return None
    return Confidence(values, _UNSTATED + shares)


def _speaks_of_experiment(model: AtomicModel) -> bool:
    if bool(np.isin(model.residue_names, ["HOH", "DOD", "WAT"]).any()):
        return True
    structure = model.structure
    if structure is None:
        return False
    return structure.resolution > 0 or structure.cell.a > 1.5
