"""Where the predicted aligned errors of a model lie: beside it, under the names that predictors give them."""

import re
from collections.abc import Iterator
from pathlib import Path

from difffit_core.io.files import stem_of
from difffit_core.pae.arrays import holds
from difffit_core.pae.matrix import MATRICES

_NAMES: tuple[tuple[str, str], ...] = (
    # the AlphaFold database: AF-P12345-F1-model_v4
    (r"(AF-.+)-model_(v\d+)", r"\1-predicted_aligned_error_\2"),
    # AlphaFold 3, the server and the program: fold_NAME_model_0, NAME_model, NAME_seed-1_sample-0_model
    (r"(.+)_model_(\d+)", r"\1_full_data_\2"),
    (r"(.+)_model", r"\1_confidences"),
    (r"model", "confidences"),
    # Boltz (NAME_model_0 is its own, too) and Chai: pred.model_idx_0; Protenix: NAME_sample_0
    (r"(.+_model_\d+)", r"pae_\1"),
    (r"pred\.((?:model_idx|rank)_\d+)", r"scores.\1"),
    (r"pred\.((?:model_idx|rank)_\d+)", r"pae.\1"),
    (r"(.+)_sample_(\d+)", r"\1_full_data_sample_\2"),
    # ColabFold: NAME_unrelaxed_rank_001_alphafold2_ptm_model_3_seed_000, and before version 1.5 NAME_unrelaxed_rank_1_model_3
    (r"(.+)_(?:un)?relaxed_(rank_\d+.*)", r"\1_scores_\2"),
    (r"(.+_(?:un)?relaxed_rank_\d+.*)", r"\1_scores"),
    (r"(.+)_relaxed_(rank_\d+.*)", r"\1_unrelaxed_\2_scores"),
    # AlphaFold 2: unrelaxed_model_1_ptm_pred_0
    (r"(?:un)?relaxed_(model_\d+.*)", r"pae_\1"),
    # by hand
    (r"(.+)", r"\1_pae"),
    (r"(.+)", r"\1.pae"),
    (r"(.+)", r"pae_\1"),
    (r"(.+)", r"\1_predicted_aligned_error"),
)
"""What the name of a model is like, and what that of its errors is then, both without suffixes; the first that is there counts."""


_SUFFIXES = (".json", ".json.gz", ".json.bz2", ".json.xz", ".json.zst", ".npz", ".npy")
"""AlphaFold 3 can pack its JSON with zstandard, which is refused in a sentence when it is read rather than passed over in silence."""


def find_pae(model: Path) -> Path | None:
    """The file of the errors of a model, JSON (plain or packed), .npz or .npy; None where none lies beside it.

    An .npz file without such errors, as Chai writes for its scores, is passed over.
    """
    return next((path for path in _places(Path(model)) if path.is_file() and (path.suffix != ".npz" or holds(path, MATRICES))), None)


def _places(model: Path) -> Iterator[Path]:
    stem = stem_of(model)
    for pattern, name in _NAMES:
        match = re.fullmatch(pattern, stem)
        if match:
            for suffix in _SUFFIXES:
                yield model.with_name(match.expand(name) + suffix)
