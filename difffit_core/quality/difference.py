"""How far two placements of one model are apart."""

from dataclasses import dataclass

import numpy as np

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array, rotation_angle
from difffit_core.pose import Pose
from difffit_core.quality.residues import Residues


@dataclass(frozen=True, eq=False)
class Difference:
    """What takes one placement onto another.

    Attributes
    ----------
    rmsd : over all fitted atoms, Å
    shift : of the centre of the fitted atoms (x, y, z), Å
    angle : of the turn about that centre, degrees, 0 to 180
    axis : unit vector (x, y, z) about which it turns, right-handed; along z where there is no turn
    displacement : (n,), by how much each residue's atoms move, root mean square, Å
    """

    rmsd: float
    shift: Array
    angle: float
    axis: Array
    displacement: Array

    @property
    def distance(self) -> float:
        """Length of the shift, Å."""
        return float(np.linalg.norm(self.shift))


def difference(model: AtomicModel, first: Pose, second: Pose, residues: Residues | None = None) -> Difference:
    """What takes a model from its ``first`` pose to its ``second``; ``residues`` are the model's, if they are at hand."""
    residues = residues or Residues.of(model)
    moves = second.apply(model.fit_coordinates) - first.apply(model.fit_coordinates)
    squares = (moves**2).sum(axis=1)
    return Difference(
        rmsd=float(np.sqrt(squares.mean())),
        shift=moves.mean(axis=0),
        angle=float(rotation_angle(first.rotation, second.rotation)),
        axis=_axis(second.rotation @ first.rotation.T),
        displacement=np.sqrt(residues.mean(squares)),
    )


def _axis(turn: Array) -> Array:
    from scipy.spatial.transform import Rotation

    vector = Rotation.from_matrix(turn).as_rotvec()
    length = float(np.linalg.norm(vector))
    return np.asarray(vector / length if length > 1e-9 else np.array([0.0, 0.0, 1.0]), np.float64)
