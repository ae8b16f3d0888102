"""A prediction whose second domain lies in a neighbour's place stands by its first, where it is to be bent."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import gemmi
import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.assemble.entry import Entry
from difffit_core.assemble.found import Found
from difffit_core.assemble.progress import AssemblyProgress
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.saying import turned_away
from difffit_core.assemble.screening import Screening
from difffit_core.assemble.turning import in_the_way, may_turn
from difffit_core.compose.body import Body
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.run import run_compose
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.density_map import DensityMap
from difffit_core.fit.settings import FitSettings
from difffit_core.io.models import read_model
from difffit_core.ops.simulate import simulate_on_grid
from difffit_core.placement import FitMetrics, Placement, Verdict
from difffit_core.pose import Pose
from difffit_core.screen.filters import Filters
from difffit_core.screen.workers import ThisProcess
from difffit_core.target import Target

RESOLUTION, HINGE = 8.0, 180
BEND = Filters()


@pytest.fixture(scope="module")
def folder(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Chain A of 1BD2 as it is, and as a prediction whose third domain is turned by 50° into chain B; with errors beside it; and B."""
    folder = tmp_path_factory.mktemp("turned")
    whole = gemmi.read_structure(str(repository / "resources" / "example" / "1bd2.pdb.gz"))
    whole.remove_ligands_and_waters()
    whole.remove_empty_chains()
    for kept, name in (("A", "true"), ("A", "turned"), ("B", "light")):
        structure = whole.clone()
        for other in [chain.name for chain in structure[0] if chain.name != kept]:
            structure[0].remove_chain(other)
        chain = structure[0][0]
        if name == "turned":
            moves = [residue for residue in chain if residue.seqid.num > HINGE]
            pivot = np.array(moves[0].find_atom("CA", "*").pos.tolist())
            centre, light = (
                np.array([atom.pos.tolist() for residue in part for atom in residue]).mean(axis=0) - pivot
                for part in (moves, whole[0]["B"])
            )
            axis = np.cross(centre, light)
            turn = Rotation.from_rotvec(np.radians(50) * axis / np.linalg.norm(axis)).as_matrix()
            for atom in [atom for residue in moves for atom in residue]:
                atom.pos = gemmi.Position(*(turn @ (np.array(atom.pos.tolist()) - pivot) + pivot))
            first = np.array([residue.seqid.num <= HINGE for residue in chain])
            errors = np.where(first[:, None] == first, 1.5, 18.0)
            (folder / "turned_pae.json").write_text(json.dumps([{"predicted_aligned_error": errors.tolist()}]), encoding="utf-8")
        structure.write_pdb(str(folder / f"{name}.pdb"))
    return folder


@pytest.fixture(scope="module")
def request_of_two(folder: Path) -> AssembleRequest:
    """The map of the true two at 8 Å."""
    models = [read_model(folder / name) for name in ("true.pdb", "light.pdb")]
    points = np.concatenate([model.fit_coordinates for model in models])
    weights = np.concatenate([model.fit_atomic_numbers for model in models]).astype(float)
    origin, voxel = points.min(axis=0) - 14, np.full(3, 2.0)
    shape = tuple(int(n) for n in np.ceil((np.ptp(points, axis=0) + 28) / 2).astype(int)[::-1])
    values = np.zeros(shape, np.float32)
    part = simulate_on_grid(points, weights, RESOLUTION, voxel, origin, shape)
    part.add_to(values, 1 / float(part.values.max()))
    return AssembleRequest(Target(DensityMap(values, voxel, origin), RESOLUTION, 0.25), bend=True, symmetry="none", device="cpu")


def entry(path: Path, correlation: float, z_score: float) -> Entry:
    """A model that was found where it stands in its file."""
    here = Placement(1, Pose.identity(), 9, FitMetrics(0.5, 0.5, 0.5, 0.5, 0.5, correlation), z_score, 1e-9, Verdict.UNIQUE)
    return Entry(str(path), "", read_model(path), (here,), 1e-9, 1e-9, 0.05, 1, copies=1)


def test_what_lies_outside_the_largest_predicted_domain_may_turn(folder: Path) -> None:
    turned, light = entry(folder / "turned.pdb", 0.7, 6.0), entry(folder / "light.pdb", 0.9, 8.0)
    mask = may_turn(turned, BEND)
    assert mask is not None
    numbers = turned.model.residue_numbers[turned.model.in_fit]
    assert np.array_equal(mask, numbers > HINGE)
    assert may_turn(light, BEND) is None
    assert may_turn(turned, Filters(split="domain")) is None
    assert may_turn(replace(turned, stands=True), BEND) is None


def test_it_is_in_nobodys_way_where_it_is_to_be_bent(folder: Path, request_of_two: AssembleRequest) -> None:
    entries = [entry(folder / "turned.pdb", 0.7, 6.0), entry(folder / "light.pdb", 0.9, 8.0)]
    mask = may_turn(entries[0], BEND)
    assert mask is not None
    whole = run_compose(request_of_two.compose(entries, 0))
    assert [copy.body for copy in whole.copies] == [1]
    asked = request_of_two.compose(entries, 0, {0: mask})
    both = run_compose(asked)
    assert [copy.body for copy in both.copies] == [0, 1]
    held = entries[0].model.fit_coordinates[~mask]
    assert np.sqrt(((both.copies[0].pose.apply(held) - held) ** 2).sum(axis=1).mean()) < 2.0
    assert in_the_way(asked, both, [0]) == [0]
    assert in_the_way(asked, both, []) == []
    result: Any = SimpleNamespace(request=asked, composite=both, entries=entries, bent=())
    (told,) = turned_away(result, BEND)
    assert told.startswith(f"turned stands by its residues A 1-{HINGE}; the rest of it")
    assert told.endswith("which was not done")


def test_what_does_not_stand_out_whole_is_tried_by_its_domains(folder: Path, request_of_two: AssembleRequest, tmp_path: Path) -> None:
    """In what the light chain leaves: both domains of the turned prediction, each where it belongs, in its stead."""
    files = [folder / "light.pdb", folder / "turned.pdb"]
    found = Found([entry(folder / "turned.pdb", 0.7, 6.0)])
    request = replace(request_of_two, settings=FitSettings.preset("fast", starts=1500))
    screening = Screening(request, files, tmp_path, lambda asked: ThisProcess(asked, 1), AssemblyProgress(None, bends=True), Event(), found)
    assert screening.could_be_split({(str(files[0]), "")}) == [files[1]]
    assert screening.could_be_split({(str(files[1]), "")}) == []
    light = read_model(files[0])
    left = zero_out(request.target, [Body(light)], [(0, Pose.identity())], ZeroOutMethod.SOFT).density_map
    new = screening.search(left, 2, 0.9, [files[1]])
    assert sorted(one.name for one in new) == ["turned:D1", "turned:D2"]
    true = read_model(folder / "true.pdb")
    there = {(n, a): x for n, a, x in zip(true.residue_numbers.tolist(), true.atom_names.tolist(), true.coordinates, strict=True)}
    for one in new:
        keys = list(zip(one.model.residue_numbers.tolist(), one.model.atom_names.tolist(), strict=True))
        here = one.placements[0].pose.apply(one.model.coordinates)
        assert np.sqrt(np.mean([((x - there[key]) ** 2).sum() for key, x in zip(keys, here, strict=True)])) < 1.5
        assert one.beside
    found.take_domains(new)
    assert sorted(one.part for one in found.entries) == ["D1", "D2"]
    assert {one.part_of for one in request.compose(found.entries, 0).wanted} == {str(files[1])}
