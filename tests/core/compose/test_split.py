"""Models split into chains, predicted domains and compact pieces; and put together again."""

import gzip
import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.assembly import composite_structure
from difffit_core.compose.body import Body
from difffit_core.compose.candidates.linkers import Linkers
from difffit_core.compose.candidates.pool import Candidate
from difffit_core.compose.request import ComposeRequest, Wanted
from difffit_core.compose.run import run_compose
from difffit_core.compose.settings import ComposeSettings
from difffit_core.compose.solid import solid_atoms
from difffit_core.compose.workshop import Workshop
from difffit_core.errors import FileFormatError, UserError
from difffit_core.fit.settings import FitSettings
from difffit_core.io.models import moved_structure, read_model, write_model
from difffit_core.pae.matrix import AlignedErrors, errors_of, read_pae
from difffit_core.pose import Pose
from difffit_core.residues import Residues
from difffit_core.split.parts import by_chain, by_compactness, by_pae, links_between
from difffit_core.split.recipe import SplitRecipe
from difffit_core.target import Target

from .conftest import RESOLUTION, Known, make_map, nudged

DOMAINS = [(1, 116), (117, 203)]
"""The variable and the constant domain of the receptor's chain D."""


@pytest.fixture(scope="module")
def receptor(example: AtomicModel) -> AtomicModel:
    return replace(example.select_chains(["D"]), name="alpha")


def errors_like(model: AtomicModel) -> np.ndarray:
    """What a predictor would say of two domains: sure within each and of neighbours along the chain, unsure between them."""
    residues = Residues.of(model)
    first = residues.numbers <= DOMAINS[0][1]
    away = np.abs(np.arange(len(residues))[:, None] - np.arange(len(residues)))
    errors = np.where(first[:, None] == first, 2.0, 25.0)
    return np.where(away <= 4, 1.0, errors) * (away > 0)


LAYOUTS: dict[str, Callable[[np.ndarray], Any]] = {
    "alphafold database, since version 3": lambda e: [{"predicted_aligned_error": e.tolist(), "max_predicted_aligned_error": 31.75}],
    "alphafold database, before": lambda e: [
        {
            "residue1": np.repeat(np.arange(len(e)) + 1, len(e)).tolist(),
            "residue2": np.tile(np.arange(len(e)) + 1, len(e)).tolist(),
            "distance": e.ravel().tolist(),
            "max_predicted_aligned_error": 31.75,
        }
    ],
    "colabfold": lambda e: {"pae": e.tolist(), "plddt": [90.0] * len(e), "max_pae": 31.0, "ptm": 0.8},
    "alphafold": lambda e: {"predicted_aligned_error": e.tolist()},
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("packed", [False, True])
def test_every_published_layout_reads_alike(layout: str, packed: bool, receptor: AtomicModel, tmp_path: Path) -> None:
    errors = errors_like(receptor)
    errors[3, 50] = 17.0
    content = json.dumps(LAYOUTS[layout](errors)).encode()
    path = tmp_path / "pae.json"
    path.write_bytes(gzip.compress(content) if packed else content)
    np.testing.assert_array_equal(errors_of(receptor, read_pae(path)), errors)


def test_rows_that_are_named_are_found_by_name(receptor: AtomicModel, tmp_path: Path) -> None:
    """AlphaFold 3 names its tokens, in an order of its own, with a ligand's atoms among them."""
    model = replace(receptor, residue_numbers=receptor.residue_index - receptor.residue_index.min() + 1)
    residues, errors = Residues.of(model), errors_like(model)
    count = len(residues)
    order = np.random.default_rng(0).permutation(count)
    wide = np.full((count + 3, count + 3), 30.0)
    wide[:count, :count] = errors[np.ix_(order, order)]
    document = {
        "pae": wide.tolist(),
        "token_chain_ids": [str(residues.chains[i]) for i in order] + ["L"] * 3,
        "token_res_ids": [int(residues.numbers[i]) for i in order] + [1] * 3,
        "atom_plddts": [90.0],
    }
    (tmp_path / "full_data_0.json").write_text(json.dumps(document))
    pae = read_pae(tmp_path / "full_data_0.json")
    np.testing.assert_array_equal(errors_of(model, pae), errors)
    with pytest.raises(FileFormatError, match="got none for residue"):
        errors_of(model, AlignedErrors(pae.errors[:9, :9], (pae.tokens or ())[:9]))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[]", "object or a list of one, got list"),
        ("{", "cannot be read as JSON"),
        ("{}", "one of predicted_aligned_error, pae, token_pair_pae or distance must be there, got nothing"),
        ('{"pae": [[1, 2], [3]]}', "that can be read"),
        ('{"pae": [[1, 2, 3], [3, 4, 5]]}', "square matrix"),
        ('{"pae": [[1, -2], [3, 4]]}', "not negative"),
        ('{"pae": [[1, NaN], [3, 4]]}', "finite"),
        ('{"pae": [["a"]]}', "that can be read"),
        ('[{"residue1": [1, 1], "residue2": [1, 2], "distance": [0, 1]}]', "every pair of residues once"),
        ('{"pae": [[1]], "token_chain_ids": ["A", "A"], "token_res_ids": [1, 2]}', "as many tokens as rows"),
    ],
)
def test_what_is_no_such_file_ends_in_a_sentence(content: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "pae.json"
    path.write_text(content)
    with pytest.raises(FileFormatError, match=message) as caught:
        read_pae(path)
    assert str(path) in str(caught.value)


def test_errors_of_another_model_are_refused(receptor: AtomicModel, beta2: AtomicModel) -> None:
    with pytest.raises(FileFormatError, match="with its 99 residues, got 190"):
        errors_of(beta2, AlignedErrors(errors_like(receptor)))


def numbers_of(model: AtomicModel) -> set[int]:
    return set(Residues.of(model).numbers.tolist())


def test_predicted_domains_come_apart_and_doubtful_residues_go(receptor: AtomicModel) -> None:
    numbers = receptor.residue_numbers
    plddt = np.where((numbers > 112) & (numbers < 120), 40, 95).astype(np.float32)
    sure = replace(receptor, b_factors=plddt, prediction="AlphaFold is named")
    parts = by_pae(sure, AlignedErrors(errors_like(receptor)))
    there = numbers_of(receptor)
    assert [numbers_of(part.model) for part in parts] == [
        {n for n in there if n <= 112},
        {n for n in there if n >= 120},
    ]
    assert [part.name for part in parts] == ["alpha D1", "alpha D2"]
    assert len(by_pae(sure, AlignedErrors(errors_like(receptor)), cutoff=40)) == 1
    assert sum(len(numbers_of(part.model)) for part in by_pae(receptor, AlignedErrors(errors_like(receptor)))) == len(there)
    with pytest.raises(UserError, match="pLDDT 99 and PAE 8 Å leave no part"):
        by_pae(sure, AlignedErrors(errors_like(receptor)), plddt=99)


def test_chains_come_apart(example: AtomicModel) -> None:
    assert [part.model.chains for part in by_chain(example)] == [(name,) for name in "ABCDE"]


def test_compact_domains_come_apart(example: AtomicModel) -> None:
    """Both chains of the receptor have two immunoglobulin domains, the heavy chain of HLA-A2 its groove and a third one; β2m has one."""
    parts = by_compactness(example)
    found = [(part.model.chains[0], min(numbers_of(part.model)), max(numbers_of(part.model))) for part in parts]
    assert [chain for chain, _, _ in found] == ["A", "A", "B", "D", "D", "E", "E"]
    assert found[0][2] == pytest.approx(181, abs=6)
    assert found[3][2] == pytest.approx(116, abs=4)
    assert found[5][2] == pytest.approx(118, abs=6)
    assert len(by_compactness(example, loose=0.0)) == 4


def test_groel_has_three_domains(shared_data: Path) -> None:
    monomer = read_model(shared_data / "groel" / "1oel_fit_top.pdb").select_chains(["A"])
    equatorial, intermediate, apical = by_compactness(monomer)
    for part, inside in ((equatorial, (50, 450)), (intermediate, (160, 395)), (apical, (220, 330))):
        assert set(inside) <= numbers_of(part.model)


def test_a_part_is_a_model_of_its_own(receptor: AtomicModel, tmp_path: Path) -> None:
    for part in by_compactness(receptor):
        write_model(tmp_path / "part.cif", part.model)
        again = read_model(tmp_path / "part.cif")
        assert numbers_of(again) == numbers_of(part.model)
        assert again.in_fit.sum() == part.model.in_fit.sum()
        assert moved_structure(part.model, Pose.identity())[0].count_atom_sites() == len(part.model)


def test_linkers_lead_from_part_to_part(receptor: AtomicModel) -> None:
    parts = [part.model for part in by_compactness(receptor)]
    (link,) = links_between(parts)
    assert (link.first, link.second) == (0, 1)
    assert np.linalg.norm(link.end - link.start) < link.longest + 0.1
    assert link.longest == pytest.approx(3.8 * (min(numbers_of(parts[1])) - max(numbers_of(parts[0]))))
    assert links_between([receptor]) == []


@pytest.fixture(scope="module")
def bent(receptor: AtomicModel) -> Known:
    """Two molecules of the receptor's chain, the second domain turned against the first by 25 degrees about the linker."""
    parts = [part.model for part in by_compactness(receptor)]
    (link,) = links_between(parts)
    turn = nudged(Pose.identity(), link.start, 0.0, 25.0, np.random.default_rng(8))
    other = nudged(Pose(np.eye(3), np.array([70.0, 5.0, 0.0])), link.start, 0.0, 140.0, np.random.default_rng(9))
    truth = ((0, Pose.identity()), (1, turn), (0, other), (1, other.compose(turn)))
    return Known(make_map(parts, truth), tuple(parts), truth)


@pytest.mark.parametrize("method", ["together", "rounds"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_parts_of_one_molecule_are_placed_and_put_together_again(bent: Known, method: str, seed: int) -> None:
    wanted = tuple(Wanted(model, 1) for model in bent.models)
    settings = ComposeSettings.checked({"linked": True, "method": method})
    quick = FitSettings.preset("fast", starts=1500)
    result = run_compose(ComposeRequest(Target(bent.density_map, RESOLUTION, bent.level), wanted, settings, quick, seed, "cpu"))
    assert [copy.body for copy in result.copies] == [0, 1]
    assert [copy.chains for copy in result.copies] == [{"D": "D"}] * 2
    assert max(bent.errors(copy.body, [copy.pose])[0] for copy in result.copies) < 1.2
    (link,) = links_between(bent.models)
    first, second = (copy.pose for copy in result.copies)
    assert np.linalg.norm(first.apply(link.end) - second.apply(link.start)) < 8
    structure = composite_structure(bent.models, result.copies, "whole")
    assert [chain.name for chain in structure[0]] == ["D"]
    numbers = [residue.seqid.num for residue in structure[0]["D"]]
    assert numbers == sorted(numbers)


def test_a_linker_costs_the_more_the_farther_it_is_drawn_and_forbids_nothing(bent: Known) -> None:
    linkers = Linkers(bent.models, 2.0)
    apart = [Pose(np.eye(3), np.array([far, 0.0, 0.0])) for far in (0, 15, 25, 40, 90)]
    candidates = [made(0, Pose.identity(), 30.0), *(made(1, pose, 30.0) for pose in apart)]
    cost = linkers.strain(candidates).toarray()
    assert (cost == cost.T).all()
    assert cost[0, 1] == 0
    assert (np.diff(cost[0, 1:]) > 0).all()
    assert cost[0, 5] == pytest.approx(0.9 * candidates[0].evidence)
    assert cost[0, 3] < 10
    settings = ComposeSettings(linked=True)
    request = ComposeRequest(Target(bent.density_map, RESOLUTION, bent.level), tuple(Wanted(model, 1) for model in bent.models), settings)
    shop = Workshop(request, None, threading.Event())
    assert shop.overlaps(list(bent.truth)).toarray().max() < 0.1
    assert shop.linkers.torn([(0, Pose.identity()), (1, apart[2])]) == []
    (told,) = shop.linkers.torn([(0, Pose.identity()), (1, apart[4])])
    assert "alpha D1 and alpha D2: the linker between residues D 11" in told
    assert "and reaches 4" in told


def test_what_may_lie_otherwise_takes_no_room(bent: Known, receptor: AtomicModel) -> None:
    """Five residues beside a cut; residues of low confidence; a tail that sticks out."""
    (link,) = links_between(bent.models)
    bends = Linkers(bent.models, 2.0).flexible(0, bent.models[0])
    assert set(bent.models[0].residue_numbers[bent.models[0].in_fit][bends].tolist()) == set(range(link.last - 4, link.last + 1))
    body = Body(bent.models[0], bends)
    assert len(body.sure) == len(body.coordinates) - bends.sum() >= len(body.solid)
    numbers = receptor.residue_numbers
    low = replace(receptor, b_factors=np.where(numbers > 190, 40, 95).astype(np.float32), prediction="AlphaFold is named")
    solid = solid_atoms(low)
    assert not solid[numbers[low.in_fit] > 190].any()
    assert solid.mean() > 0.8
    last = int(numbers[receptor.in_fit].max())
    tail = receptor.in_fit & (numbers > last - 12)
    coordinates = receptor.coordinates.copy()
    coordinates[tail] += np.array([40.0, 0.0, 0.0]) * ((numbers[tail] - last + 12) / 12)[:, None] + np.array([25.0, 0.0, 0.0])
    assert solid_atoms(replace(receptor, coordinates=coordinates))[tail[receptor.in_fit]].mean() < 0.2


def made(body: int, pose: Pose, z: float) -> Candidate:
    return Candidate(body, pose, 0.5, z, 0.0, "made")


def test_linked_parts_are_there_once(bent: Known) -> None:
    with pytest.raises(UserError, match="copies must be 1"):
        ComposeRequest(Target(bent.density_map, RESOLUTION, bent.level), (Wanted(bent.models[0]),), ComposeSettings(linked=True))


def test_residues_are_picked_and_unsure_ones_trimmed(example: AtomicModel, receptor: AtomicModel) -> None:
    parts = SplitRecipe.checked({"model": "m.cif", "keep": ("D:10-60+E", "D")}).parts(example)
    first = parts[0].model
    numbers = first.residue_numbers[first.chain_names == "D"]
    assert numbers.min() == 10
    assert 55 < numbers.max() <= 60
    with pytest.raises(UserError, match="at least 30 residues"):
        SplitRecipe.checked({"model": "m.cif", "keep": ("D:10-20",)}).parts(example)
    with pytest.raises(UserError, match="without --by"):
        SplitRecipe.checked({"model": "m.cif", "keep": ("D",), "by": "chain"})
    trim = SplitRecipe.checked({"model": "m.cif", "by": "confidence"})
    with pytest.raises(UserError, match="must be a predicted model"):
        trim.parts(example)
    values = np.where(receptor.residue_numbers < 100, 91, 42).astype(np.float32)
    sure = replace(receptor, b_factors=values, prediction="AlphaFold")
    (part,) = trim.parts(sure)
    assert part.model.residue_numbers.max() == 96, "the last one below 100"
    with pytest.raises(UserError, match="which have 42 to 91, got 30"):
        trim.changed(plddt=30.0).parts(sure)
