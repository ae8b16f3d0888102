"""Cartoons: closed, facing outwards, where the atoms are, and of the right kind."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from difffit_app.geometry.build import build_model_mesh
from difffit_app.geometry.cartoon import COIL_RADIUS, HELIX, protein_cartoon
from difffit_app.geometry.colours import COLOURINGS, CONFIDENCE_COLOURS, colour_atoms, rgb
from difffit_app.geometry.mesh import Mesh
from difffit_app.geometry.polymer import nucleic_stretches, protein_stretches
from difffit_app.geometry.secondary_structure import Structure, assign, runs, without_short_runs
from difffit_app.geometry.sticks import ION_RADIUS, STICK_RADIUS, TRACE_RADIUS, joined_sticks, sticks_of
from difffit_app.state.items import OpenModel
from difffit_core.atomic_model import AtomicModel
from difffit_core.io.models import read_model

ANGLE = np.arange(12) * np.radians(100.0)
HELIX_CA = np.stack([2.3 * np.cos(ANGLE), 2.3 * np.sin(ANGLE), 1.5 * np.arange(12)], axis=1)


def make_model(coordinates: np.ndarray, names: list[str], residues: list[int], elements: list[int], kind: str = "ALA") -> AtomicModel:
    count = len(coordinates)
    return AtomicModel(
        coordinates=np.asarray(coordinates, float),
        atomic_numbers=np.array(elements, np.int16),
        atom_names=np.array(names),
        residue_names=np.array([kind] * count),
        chain_names=np.array(["A"] * count),
        residue_numbers=np.array(residues, np.int32) + 1,
        residue_index=np.array(residues, np.int32),
        b_factors=np.linspace(1, 50, count).astype(np.float32),
        in_fit=np.ones(count, bool),
    )


def ca_helix() -> AtomicModel:
    return make_model(HELIX_CA, ["CA"] * 12, list(range(12)), [6] * 12)


def nucleotides() -> AtomicModel:
    """Purines of sugar and flat base on a helix; lengths as in nucleic acids."""
    ring = ("N1", "C2", "N3", "C4", "C5", "C6")
    angle = np.radians(60.0) * np.arange(6)
    hexagon = np.stack([1.4 * np.cos(angle), 1.4 * np.sin(angle), np.zeros(6)], axis=1)
    five = np.array([[1.4, -2.2, 0], [0.4, -3.3, 0], [-0.9, -2.6, 0]])
    base = np.concatenate([hexagon, five]) + np.array([1.5, 0, 0])
    names = [*ring, "N7", "C8", "N9", "C1'", "C4'"]
    one = np.concatenate([base, [[5.3, -4.2, 0.0], [7.3, -4.0, 1.0]]])
    atoms, numbers = [], []
    for i in range(8):
        turn = np.radians(34.0 * i)
        spin = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
        atoms.append(one @ spin.T + [0, 0, 3.4 * i])
        numbers += [i] * len(names)
    elements = [7 if name.startswith("N") else 6 for name in names]
    return make_model(np.concatenate(atoms), names * 8, numbers, elements * 8, "DA")


def volume(mesh: Mesh) -> float:
    """Signed volume; positive for closed surfaces that face outwards."""
    a, b, c = np.moveaxis(mesh.vertices[mesh.faces].astype(float), 1, 0)
    return float(np.einsum("fi,fi->", a, np.cross(b, c)) / 6)


def assert_sound(mesh: Mesh) -> None:
    """Unit normals on the side of the faces, and every edge of the surface met by two triangles."""
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-4)
    corners = mesh.vertices[mesh.faces].astype(float)
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    solid = np.linalg.norm(across, axis=1) > 1e-6
    agree = np.einsum("fi,fi->f", across, mesh.normals[mesh.faces].mean(axis=1).astype(float))[solid] > 0
    assert agree.mean() > 0.99
    _, place = np.unique(np.round(mesh.vertices, 3), axis=0, return_inverse=True)
    faces = place[mesh.faces[solid]]
    edges = np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1)
    edges = edges[edges[:, 0] != edges[:, 1]]
    counts = np.unique(edges, axis=0, return_counts=True)[1]
    assert (counts % 2 == 0).mean() > 0.99


def test_the_example_is_drawn_as_its_records_say(open_model: OpenModel) -> None:
    model, built = open_model.model, open_model.mesh
    assert_sound(built.mesh)
    assert volume(built.mesh) > 0
    assert model.structure is not None
    helix = model.structure.helices[0]
    inside = (model.chain_names == helix.start.chain_name) & (model.residue_numbers == helix.start.res_id.seqid.num + 3)
    assert set(built.structure[model.residue_index[inside]]) == {Structure.HELIX}
    counts = np.bincount(built.structure, minlength=3)
    assert counts[Structure.STRAND] > 250, "two antibody-like chains and an MHC are mostly strands"


def test_without_records_hydrogen_bonds_say_nearly_the_same(open_model: OpenModel) -> None:
    model = open_model.model.select_chains(["D"])
    stretches = protein_stretches(model)
    recorded, found = assign(model, stretches), assign(replace(model, structure=None), stretches)
    drawn = np.unique(model.residue_index[np.concatenate([stretch.trace for stretch in stretches])])
    assert (recorded[drawn] == found[drawn]).mean() > 0.75
    assert (found[drawn] == Structure.STRAND).sum() > 60


def test_the_cartoon_passes_through_the_atoms(open_model: OpenModel) -> None:
    model, mesh = open_model.model, open_model.mesh.mesh
    for stretch in protein_stretches(model):
        for atom in stretch.trace[1:-1:7]:
            reach = np.linalg.norm(mesh.vertices - model.coordinates[atom], axis=1).min()
            assert reach < HELIX[0] + 0.6
    distance = np.linalg.norm(mesh.vertices - model.coordinates[mesh.atoms], axis=1)
    assert distance.max() < 5.5


def test_chains_can_be_shown_alone(open_model: OpenModel) -> None:
    mesh = open_model.mesh.mesh
    chosen = open_model.model.chain_names == "E"
    part = mesh.subset(chosen)
    assert chosen[part.atoms].all()
    assert 0 < len(part.faces) < len(mesh.faces)
    assert_sound(part)
    assert len(mesh.subset(np.zeros_like(chosen)).faces) == 0


def test_a_gap_breaks_the_chain(open_model: OpenModel) -> None:
    model = open_model.model.select_chains(["D"])
    before = protein_stretches(model)
    longest = max(before, key=lambda stretch: len(stretch.trace))
    middle = model.residue_index[longest.trace[40]]
    cut = replace(model, in_fit=model.in_fit & (model.residue_index != middle))
    lengths = [len(stretch.trace) for stretch in protein_stretches(cut)]
    assert len(lengths) == len(before) + 1
    assert 40 in lengths
    assert len(longest.trace) - 41 in lengths


def test_a_trace_of_ca_alone_is_drawn() -> None:
    model = ca_helix()
    (stretch,) = protein_stretches(model)
    assert not stretch.complete
    coil = build_model_mesh(model).mesh
    assert_sound(coil)
    length = np.linalg.norm(np.diff(HELIX_CA, axis=0), axis=1).sum()
    assert volume(coil) == pytest.approx(np.pi * COIL_RADIUS**2 * length, rel=0.1)


def test_helices_are_wide_along_their_axis_and_strands_end_in_arrows() -> None:
    model = ca_helix()
    (stretch,) = protein_stretches(model)
    band = protein_cartoon(model, stretch, np.full(12, Structure.HELIX, np.int8))
    assert_sound(band)
    radius = np.linalg.norm(band.vertices[:, :2], axis=1)
    assert np.median(radius) == pytest.approx(2.3, abs=0.4), "a band winds around the axis"
    line = make_model(np.stack([np.arange(8) * 3.3, np.zeros(8), np.zeros(8)], axis=1), ["CA"] * 8, list(range(8)), [6] * 8)
    (stretch,) = protein_stretches(line)
    arrow = protein_cartoon(line, stretch, np.full(8, Structure.STRAND, np.int8))
    assert_sound(arrow)
    across = np.linalg.norm(arrow.vertices[:, 1:], axis=1)
    tip, body = across[arrow.vertices[:, 0] > 3.3 * 6.95], across[arrow.vertices[:, 0] < 3.3 * 5]
    assert tip.max() < body.max() < across.max()


def test_nucleic_acids_have_a_tube_rungs_and_bases() -> None:
    model = nucleotides()
    (stretch,) = nucleic_stretches(model)
    assert len(stretch.trace) == 8
    assert protein_stretches(model) == []
    mesh = build_model_mesh(model).mesh
    assert volume(mesh) > 0
    reached = set(model.atom_names[np.unique(mesh.atoms)])
    assert {"C4'", "C1'", "N9", "C8", "C2", "N3"} <= reached
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-4)


def test_ligands_are_sticks_and_ions_are_spheres() -> None:
    model = make_model(
        np.array([[0, 0, 0], [1.5, 0, 0], [2.2, 1.2, 0], [9.0, 0, 0]]), ["C1", "C2", "O1", "ZN"], [0, 0, 0, 1], [6, 6, 8, 30], "LIG"
    )
    mesh = build_model_mesh(model).mesh
    reach = [np.linalg.norm(mesh.vertices[mesh.atoms == i] - model.coordinates[i], axis=1) for i in range(4)]
    np.testing.assert_allclose(reach[3], ION_RADIUS, rtol=1e-3)
    assert reach[0].max() == pytest.approx(np.hypot(0.75, STICK_RADIUS), rel=1e-3), "half a bond belongs to each atom"
    assert len(sticks_of(model, np.zeros(0, np.int64)).faces) == 0


def test_the_backbone_goes_from_residue_to_residue(open_model: OpenModel) -> None:
    model = open_model.model
    mesh = open_model.mesh.drawn_as("trace", model)
    assert open_model.mesh.drawn_as("trace", model) is mesh, "made once"
    np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1, atol=1e-4)
    for stretch in protein_stretches(model):
        for atom in stretch.trace[::9]:
            reach = np.linalg.norm(mesh.vertices[mesh.atoms == atom] - model.coordinates[atom], axis=1)
            assert reach.min() == pytest.approx(TRACE_RADIUS, rel=1e-3)


@pytest.mark.parametrize(("count", "vertices"), [(10, 20), (7_000, 16), (31_000, 10)])
def test_many_sticks_are_drawn_less_finely(count: int, vertices: int) -> None:
    xyz = np.stack([np.arange(count + 1) * 1.5, np.zeros(count + 1), np.zeros(count + 1)], axis=1)
    mesh = joined_sticks(xyz, np.stack([np.arange(count), np.arange(1, count + 1)], axis=1))
    ends = {10: 162, 7_000: 42, 31_000: 0}[count]
    assert len(mesh.vertices) == 2 * count * vertices + (count + 1) * ends


def test_all_atoms_of_a_fit_are_sticks_or_centres_of_spheres(open_model: OpenModel) -> None:
    model = open_model.model
    assert set(open_model.mesh.drawn_as("sticks", model).atoms) == set(np.flatnonzero(model.in_fit))
    spheres = open_model.mesh.drawn_as("spheres", model)
    np.testing.assert_allclose(spheres.vertices, model.coordinates[spheres.atoms], atol=1e-4)
    assert len(spheres.atoms) == model.in_fit.sum()


def test_predicted_models_have_the_colours_of_their_confidence(open_model: OpenModel) -> None:
    b = np.array([30, 60, 80, 95], np.float32)[open_model.model.residue_index % 4]
    model = replace(open_model.model, b_factors=b, prediction="the head of the file names alphafold")
    colours = colour_atoms(model, open_model.mesh.structure, "b_factor")
    for value, colour in zip((30, 60, 80, 95), CONFIDENCE_COLOURS, strict=True):
        assert (colours[b == value] == rgb(colour)).all()


@pytest.mark.parametrize("colouring", COLOURINGS)
def test_every_colouring_colours_every_atom(open_model: OpenModel, colouring: str) -> None:
    colours = colour_atoms(open_model.model, open_model.mesh.structure, colouring)
    assert colours.shape == (len(open_model.model), 3)
    assert colours.dtype == np.uint8
    assert len(np.unique(colours, axis=0)) >= (1 if colouring in ("plain", "local_fit") else 3)


def test_chains_differ_and_elements_are_those_of_the_field(open_model: OpenModel) -> None:
    model = open_model.model
    colours = colour_atoms(model, open_model.mesh.structure, "chain")
    assert len({tuple(colours[model.chain_names == chain][0]) for chain in model.chains}) == 5
    elements = colour_atoms(model, open_model.mesh.structure, "element")
    assert (elements[model.atomic_numbers == 8] == rgb("#e0433b")).all()


def test_runs_and_what_is_too_short() -> None:
    values = np.array([0, 1, 1, 0, 2, 0, 2, 2, 1, 1, 1], np.int8)
    assert runs(values)[:2] == [(0, 0, 0), (1, 1, 2)]
    np.testing.assert_array_equal(without_short_runs(values), [0, 0, 0, 0, 0, 0, 2, 2, 1, 1, 1])
    assert runs(np.zeros(0, np.int8)) == []


def test_real_models_of_other_kinds_are_drawn(shared_data: Path) -> None:
    for name in ("difffit_demo/I7MLV6_D3.pdb", "domain_library/1ema_A.pdb.gz", "domain_library/1bvi_C.pdb.gz"):
        model = read_model(shared_data / name)
        built = build_model_mesh(model)
        assert_sound(built.mesh)
        drawn = np.unique(model.residue_index[built.mesh.atoms])
        assert len(drawn) >= 0.97 * model.residue_count, f"{name}: residues are missing from the drawing"
