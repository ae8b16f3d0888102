"""Where the predicted aligned errors of a model lie: beside it, under the names that predictors give them."""

import re
from collections.abc import Iterator
from pathlib import Path

from difffit_core.io.files import stem_of

_NAMES: tuple[tuple[str, str], ...] = (
    # the AlphaFold database: AF-P12345-F1-model_v4
    (r"(AF-.+)-model_(v\d+)", r"\1-predicted_aligned_error_\2"),
    # AlphaFold 3, the server and the program: fold_NAME_model_0, NAME_model, NAME_seed-1_sample-0_model
    (r"(.+)_model_(\d+)", r"\1_full_data_\2"),
    (r"(.+)_model", r"\1_confidences"),
    (r"model", "confidences"),
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


def find_pae(model: Path) -> Path | None:
    """The JSON file, plain or gzipped, of the errors of a model; None where none lies beside it."""
    return next((path for path in _places(Path(model)) if path.is_file()), None)


def _places(model: Path) -> Iterator[Path]:
    stem = stem_of(model)
    for pattern, name in _NAMES:
        match = re.fullmatch(pattern, stem)
        if match:
            for suffix in (".json", ".json.gz"):
                yield model.with_name(match.expand(name) + suffix)
