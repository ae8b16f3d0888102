"""pLDDT is told from B factors by what a file says, else by what the values are like."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.confidence import confidence_of
from difffit_core.io.models import read_model

LINE = "ATOM  {:5d} {:4s} ALA A{:4d}    {:8.3f}{:8.3f}{:8.3f}  1.00{:6.2f}           C  \n"


def pdb(folder: Path, b: np.ndarray, head: str = "", name: str = "model.pdb") -> Path:
    """Residues of two atoms with the B factors (residues, 2)."""
    lines = [
        LINE.format(2 * i + k + 1, name, i + 1, 3.8 * i, k, 0, b[i, k]) for i in range(len(b)) for k, name in enumerate((" CA ", " CB "))
    ]
    path = folder / name
    path.write_text(head + "".join(lines) + "END\n")
    return path


@pytest.fixture
def plddt() -> np.ndarray:
    return np.repeat(np.random.default_rng(3).uniform(40, 98, (40, 1)).round(2), 2, axis=1)


@pytest.fixture
def predicted(tmp_path: Path, plddt: np.ndarray) -> AtomicModel:
    return read_model(pdb(tmp_path, plddt))


def test_values_alike_in_each_residue_and_no_experiment_are_plddt(predicted: AtomicModel, plddt: np.ndarray) -> None:
    confidence = confidence_of(predicted)
    assert confidence is not None
    assert "taken as pLDDT" in confidence.evidence
    np.testing.assert_allclose(confidence.values, plddt.ravel(), atol=1e-3)


@pytest.mark.parametrize(
    "head",
    [
        "CRYST1   50.000   60.000   70.000  90.00  90.00  90.00 P 21 21 21    4\n",
        "REMARK   2\nREMARK   2 RESOLUTION.    3.10 ANGSTROMS.\n",
    ],
)
def test_an_experiment_has_b_factors(tmp_path: Path, plddt: np.ndarray, head: str) -> None:
    assert confidence_of(read_model(pdb(tmp_path, plddt, head))) is None


def test_what_differs_within_residues_or_is_low_or_beyond_100_is_none(tmp_path: Path, plddt: np.ndarray) -> None:
    for b in (plddt + np.array([0, 0.5]), plddt - 35, plddt + 20, np.full_like(plddt, 80)):
        assert confidence_of(read_model(pdb(tmp_path, b))) is None


def test_a_named_predictor_is_enough_for_low_values_and_shares_of_one(tmp_path: Path, plddt: np.ndarray) -> None:
    head = "TITLE     ESMFOLD V1 PREDICTION FOR SOMETHING\n"
    for b in (plddt - 35, plddt / 100):
        confidence = confidence_of(read_model(pdb(tmp_path, b, head)))
        assert confidence is not None
        assert "esmfold" in confidence.evidence
        assert confidence.values.max() > 50
    head = "TITLE     ALPHAFOLD MONOMER V2.0 PREDICTION FOR SOMETHING\n"
    assert confidence_of(read_model(pdb(tmp_path, plddt + np.array([0, 5]), head))) is None, "refined since"


@pytest.mark.parametrize("head", ["TITLE     ESMFOLD V1 PREDICTION FOR INPUT\n", "PARENT N/A\n", "TITLE     PROTENIX PREDICTION\n"])
@pytest.mark.parametrize("scale", [1, 100])
def test_some_predictors_give_each_atom_its_own(tmp_path: Path, plddt: np.ndarray, head: str, scale: int) -> None:
    each = np.clip(plddt - np.random.default_rng(0).uniform(0, 9, plddt.shape), 0, 100).round(2)
    confidence = confidence_of(read_model(pdb(tmp_path, (each / scale).round(2), head)))
    assert confidence is not None
    np.testing.assert_allclose(confidence.values, each.ravel(), atol=0.51)
    crystal = "CRYST1   50.000   60.000   70.000  90.00  90.00  90.00 P 21 21 21    4\n"
    assert confidence_of(read_model(pdb(tmp_path, each, head + crystal))) is None


@pytest.mark.parametrize(
    "word", ["COLABFOLD", "OPENFOLD", "OMEGAFOLD", "ROSETTAFOLD2", "BOLTZ-2", "BOLTZ1X", "CHAI-1", "HELIXFOLD3", "SIMPLEFOLD"]
)
@pytest.mark.parametrize("scale", [1, 100])
def test_predictors_of_today(tmp_path: Path, plddt: np.ndarray, word: str, scale: int) -> None:
    confidence = confidence_of(read_model(pdb(tmp_path, (plddt - 30).clip(0) / scale, f"REMARK   1 {word} 2.1\n")))
    assert confidence is not None
    np.testing.assert_allclose(confidence.values, (plddt - 30).clip(0).ravel(), atol=0.51)


def test_model_cif_states_its_metric(tmp_path: Path, predicted: AtomicModel) -> None:
    assert predicted.structure is not None
    path = tmp_path / "model.cif"
    text = predicted.structure.make_mmcif_document().as_string()
    path.write_text(text + "\nloop_\n_ma_qa_metric.id\n_ma_qa_metric.name\n_ma_qa_metric.type\n1 pLDDT pLDDT\n")
    model = read_model(path)
    uneven = model.b_factors.copy()
    uneven[::2] -= 3
    for one in (model, replace(model, b_factors=uneven)):
        confidence = confidence_of(one)
        assert confidence is not None
        assert "quality metric" in confidence.evidence


def test_real_files(shared_data: Path) -> None:
    stated = confidence_of(read_model(shared_data / "difffit_demo" / "I7MLV6_D3.pdb"))
    assert stated is not None
    assert "alphafold" in stated.evidence
    for name in ("secretase_5fn5/5fn5_box_complete.pdb", "actin_emd5168/3MFP.pdb", "emd30342_7cec/390_7cec_A.cif"):
        assert confidence_of(read_model(shared_data / name)) is None, name
