"""A bent model with awkward chain names, in a map that begins at a fraction of a voxel."""

from pathlib import Path

import gemmi
import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.handover.subject import Subject
from difffit_core.io.models import read_model
from difffit_core.ops.simulate import simulate_on_grid
from difffit_core.target import Target

VOXEL = np.array([1.6, 1.5, 1.4])


@pytest.fixture(scope="session")
def subject(repository: Path) -> Subject:
    """Chains D and E of the example; that which was E is called after nothing, and one domain of it was turned."""
    model = read_model(repository / "resources" / "example" / "1bd2.pdb.gz").select_chains(["D", "E"])
    reference = model.structure.clone()
    for name in [chain.name for chain in reference[0] if chain.name not in "DE"]:
        reference[0].remove_chain(name)
    reference.rename_chain("E", "")
    bent = reference.clone()
    turn = gemmi.Transform(gemmi.Mat33([[0.8, -0.6, 0], [0.6, 0.8, 0], [0, 0, 1]]), gemmi.Vec3(0, 0, 0))
    for residue in bent[0][""]:
        if residue.seqid.num >= 118:
            for atom in residue:
                atom.pos = gemmi.Position(turn.apply(atom.pos))
    points = np.array([one.atom.pos.tolist() for one in bent[0].all()])
    origin = points.min(axis=0) - 40.3
    shape = tuple(int(n) for n in np.ceil((np.ptp(points, axis=0) + 80) / VOXEL)[::-1])
    values = np.random.default_rng(3).normal(5.0, 0.2, shape).astype(np.float32)
    part = simulate_on_grid(points, np.ones(len(points)), 6.0, VOXEL, origin, shape)
    part.add_to(values, 10 / float(part.values.max()))
    density = DensityMap(values, VOXEL, origin, name="made")
    return Subject("bent", bent, Target(density, 6.0, 8.0), reference, notes=("it was bent",))
