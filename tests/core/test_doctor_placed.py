"""What the doctor hears from a model that stands in its place: of the voxel size, and of stretches that do not fit."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.density_map import DensityMap
from difffit_core.doctor.finding import Finding
from difffit_core.doctor.placed import examine_placed
from difffit_core.io.maps import read_map
from difffit_core.io.models import read_model
from difffit_core.target import Target


@pytest.fixture(scope="module")
def density(repository: Path) -> DensityMap:
    return read_map(repository / "resources" / "example" / "1bd2_4A.mrc.gz")


@pytest.fixture(scope="module")
def receptor(repository: Path) -> AtomicModel:
    return read_model(repository / "resources" / "example" / "1bd2.pdb.gz").select_chains(["D", "E"])


def look(model: AtomicModel, density: DensityMap, resolution: float = 4.0) -> dict[str, Finding]:
    findings: list[Finding] = []
    examine_placed(model, Target(density, resolution, 0.4), findings)
    assert len({one.topic for one in findings}) == len(findings)
    return {one.topic: one for one in findings}


def test_a_right_pair_is_well(density: DensityMap, receptor: AtomicModel) -> None:
    assert {topic: one.severity for topic, one in look(receptor, density).items()} == {"breaks": "ok"}


@pytest.mark.parametrize("factor", [1.03, 0.97])
def test_a_wrong_voxel_size_is_told(density: DensityMap, receptor: AtomicModel, factor: float) -> None:
    """The model stands where it would have been put into the map of the wrong header."""
    middle = density.origin + (density.shape_xyz - 1) / 2 * density.voxel_size
    shift = (factor - 1) * (receptor.fit_coordinates.mean(axis=0) - middle)
    placed = replace(receptor, coordinates=receptor.coordinates + shift)
    found = look(placed, density.rescaled(factor))["voxel size"]
    assert found.severity == "warning"
    assert ("too wide" if factor > 1 else "too narrow") in found.sentence
    assert "difffit map" in found.sentence


def test_a_turned_domain_is_told(density: DensityMap, receptor: AtomicModel) -> None:
    part = (receptor.chain_names == "E") & (receptor.residue_numbers >= 118) & (receptor.residue_numbers <= 247)
    pivot = receptor.coordinates[part & (receptor.atom_names == "CA")][0]
    turn = Rotation.from_rotvec([0.6, 0.3, 0.0])
    broken = np.where(part[:, None], turn.apply(receptor.coordinates - pivot) + pivot, receptor.coordinates)
    found = look(replace(receptor, coordinates=broken), density)["breaks"]
    assert found.severity == "warning"
    assert "E 1" in found.sentence


def test_a_model_that_stands_elsewhere_says_nothing(density: DensityMap, receptor: AtomicModel) -> None:
    away = replace(receptor, coordinates=receptor.coordinates + 500.0)
    middle = receptor.coordinates.mean(axis=0)
    turned = replace(receptor, coordinates=Rotation.from_rotvec([np.pi, 0, 0]).apply(receptor.coordinates - middle) + middle)
    assert look(away, density) == {}
    assert look(turned, density) == {}
