"""Known answers: copies of a small protein in a known symmetry, and the map they make."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.body import Body
from difffit_core.density_map import DensityMap
from difffit_core.groups.group import Group
from difffit_core.io.models import read_model
from difffit_core.ops.simulate import simulate_on_grid
from difffit_core.pose import Pose, PoseBatch

VOXEL = np.array([2.1, 2.0, 2.2])
RESOLUTION = 8.0
FRAME = Pose(Rotation.from_euler("xyz", [20, -35, 70], degrees=True).as_matrix(), np.array([61.0, -14.0, 33.0]))


@dataclass(frozen=True, eq=False)
class Known:
    """A map in which models stand at ``truth``: by index of ``models``, each at its pose."""

    density_map: DensityMap
    models: tuple[AtomicModel, ...]
    truth: tuple[tuple[int, Pose], ...]
    resolution: float = RESOLUTION
    level: float = 0.25

    @property
    def bodies(self) -> list[Body]:
        return [Body(model) for model in self.models]

    def errors(self, index: int, poses: Sequence[Pose]) -> np.ndarray:
        """RMSD (P,) of each pose to the nearest true one of that model."""
        truth = [pose for which, pose in self.truth if which == index]
        return Body(self.models[index]).rmsd(PoseBatch.of(poses), PoseBatch.of(truth)).min(axis=1)


def make_map(models: Sequence[AtomicModel], placed: Sequence[tuple[int, Pose]], noise: float = 0.03) -> DensityMap:
    """Their map at 8 Å, scaled to a maximum of 1, with noise of that share."""
    points = np.concatenate([pose.apply(models[index].fit_coordinates) for index, pose in placed])
    weights = np.concatenate([models[index].fit_atomic_numbers for index, _ in placed]).astype(float)
    origin = points.min(axis=0) - 14
    shape = tuple(int(n) for n in np.ceil((np.ptp(points, axis=0) + 28) / VOXEL).astype(int)[::-1])
    part = simulate_on_grid(points, weights, RESOLUTION, VOXEL, origin, shape)
    values = np.zeros(shape, np.float32)
    part.add_to(values, 1 / float(part.values.max()))
    values += np.random.default_rng(1).normal(0, noise, shape).astype(np.float32)
    return DensityMap(values, VOXEL, origin, name="made")


def nudged(pose: Pose, centre: np.ndarray, shift: float, degrees: float, rng: np.random.Generator) -> Pose:
    """A pose moved by ``shift`` Å and turned by ``degrees`` about where it puts ``centre``."""
    step, axis = rng.normal(size=3), rng.normal(size=3)
    turn = Rotation.from_rotvec(np.radians(degrees) * axis / np.linalg.norm(axis)).as_matrix()
    at = pose.apply(centre)
    return Pose(turn, at - turn @ at + shift * step / np.linalg.norm(step)).compose(pose)


@pytest.fixture(scope="session")
def example(repository: Path) -> AtomicModel:
    """1BD2: HLA-A2 (A), β2-microglobulin (B), a peptide (C) and a T-cell receptor (D, E)."""
    return read_model(repository / "resources" / "example" / "1bd2.pdb.gz")


@pytest.fixture(scope="session")
def beta2(example: AtomicModel) -> AtomicModel:
    return example.select_chains(["B"])


@pytest.fixture(scope="session")
def arranged(beta2: AtomicModel) -> Callable[[Group, float], list[Pose]]:
    """Poses of β2-microglobulin as the orbit of a group, its centre ``radius`` Å off the axis (and off the dyads)."""

    def make(group: Group, radius: float, elements: Sequence[int] | None = None) -> list[Pose]:
        body = Body(beta2)
        turn = Rotation.from_euler("xyz", [35, 10, 25], degrees=True).as_matrix()
        start = Pose(turn, np.array([radius, 0.15 * radius, 20.0]) - turn @ body.centre)
        index = np.arange(group.size) if elements is None else np.asarray(elements)
        images = group.images(index, FRAME, PoseBatch.of([FRAME.compose(start)]))
        return [images[i] for i in range(len(images))]

    return make


@pytest.fixture(scope="session")
def tetramer(beta2: AtomicModel, arranged: Callable[..., list[Pose]]) -> Known:
    """Four copies in D2."""
    placed = tuple((0, pose) for pose in arranged(Group("D", 2), 24.0))
    return Known(make_map([beta2], placed), (beta2,), placed)


@pytest.fixture(scope="session")
def pair(example: AtomicModel) -> Known:
    """The heavy chain of HLA-A2 and β2-microglobulin, where they lie in the crystal, moved away from there in their files."""
    rng = np.random.default_rng(4)
    models, truth = [], []
    for index, name in enumerate("AB"):
        turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
        away = Pose(turn * np.sign(np.linalg.det(turn)), rng.uniform(-50, 50, 3))
        model = example.select_chains([name])
        models.append(replace(model, coordinates=away.apply(model.coordinates), name=f"chain {name}"))
        truth.append((index, away.invert()))
    return Known(make_map(models, truth), tuple(models), tuple(truth))
