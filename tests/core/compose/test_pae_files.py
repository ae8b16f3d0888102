"""Predicted aligned errors are found beside a model under the names that predictors give them."""

from pathlib import Path

import numpy as np
import pytest

from difffit_core.pae.files import find_pae


@pytest.mark.parametrize(
    ("model", "errors"),
    [
        ("AF-P12345-F1-model_v4.cif", "AF-P12345-F1-predicted_aligned_error_v4.json"),
        ("AF-P12345-F12-model_v6.pdb.gz", "AF-P12345-F12-predicted_aligned_error_v6.json.gz"),
        ("fold_my_job_model_3.cif", "fold_my_job_full_data_3.json"),
        ("my_job_model.cif", "my_job_confidences.json"),
        ("my_job_seed-7_sample-2_model.cif", "my_job_seed-7_sample-2_confidences.json"),
        ("model.cif", "confidences.json"),
        (
            "job_ab_unrelaxed_rank_001_alphafold2_multimer_v3_model_4_seed_000.pdb",
            "job_ab_scores_rank_001_alphafold2_multimer_v3_model_4_seed_000.json",
        ),
        ("job_relaxed_rank_002_alphafold2_ptm_model_1_seed_000.pdb", "job_scores_rank_002_alphafold2_ptm_model_1_seed_000.json"),
        ("job_unrelaxed_rank_1_model_3.pdb", "job_unrelaxed_rank_1_model_3_scores.json"),
        ("job_relaxed_rank_1_model_3.pdb", "job_unrelaxed_rank_1_model_3_scores.json"),
        ("relaxed_model_2_ptm_pred_0.pdb", "pae_model_2_ptm_pred_0.json"),
        ("my_job_model.cif.zst", "my_job_confidences.json.zst"),
        ("job_sample_2.cif", "job_full_data_sample_2.json"),
        ("job_model_0.cif", "pae_job_model_0.npy"),
        ("pred.model_idx_3.cif", "pae.model_idx_3.npy"),
        ("mine.pdb", "mine_pae.json"),
        ("mine.cif.gz", "mine.pae.json"),
        ("mine.ent", "pae_mine.json"),
    ],
)
def test_the_usual_names(model: str, errors: str, tmp_path: Path) -> None:
    for other in ("other_pae.json", "AF-P99999-F1-predicted_aligned_error_v4.json", "mine.json", "fold_my_job_full_data_4.json"):
        (tmp_path / other).touch()
    assert find_pae(tmp_path / model) is None
    (tmp_path / errors).touch()
    assert find_pae(tmp_path / model) == tmp_path / errors


def test_arrays_count_only_where_they_hold_errors(tmp_path: Path) -> None:
    """Boltz and Chai write .npz; Chai's scores may hold none."""
    for model, arrays in (("job_model_0.cif", "pae_job_model_0.npz"), ("pred.model_idx_3.cif", "scores.model_idx_3.npz")):
        np.savez(tmp_path / arrays, aggregate_score=np.ones(1))
        assert find_pae(tmp_path / model) is None
        np.savez_compressed(tmp_path / arrays, pae=np.ones((3, 3)), aggregate_score=np.ones(1))
        assert find_pae(tmp_path / model) == tmp_path / arrays
