"""How far two placements of one model are apart."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation

from difffit_core.atomic_model import AtomicModel
from difffit_core.conventions import Array
from difffit_core.errors import UserError
from difffit_core.pose import Pose
from difffit_core.residues import Residues

_FEWEST = 3


@dataclass(frozen=True, eq=False)
class Difference:
    """What takes one placement onto another.

    Attributes
    ----------
    rmsd : over all fitted atoms, without superposing them, Å
    shift : of the centre of the fitted atoms (x, y, z), Å
    angle : of the turn about that centre, degrees, 0 to 180
    axis : unit vector (x, y, z) about which it turns, right-handed; along z where there is no turn
    residues : to whose atoms it applies, n of them
    displacement : (n,), by how much each residue's atoms move, root mean square, Å
    """

    rmsd: float
    shift: Array
    angle: float
    axis: Array
    residues: Residues
    displacement: Array

    def __repr__(self) -> str:
        return f"<Difference: {self.sentence}>"

    @property
    def distance(self) -> float:
        """Length of the shift, Å."""
        return float(np.linalg.norm(self.shift))

    @property
    def sentence(self) -> str:
        """In words."""
        return f"RMSD {self.rmsd:.2f} Å; the centre is {self.distance:.2f} Å away, and turned by {self.angle:.1f}°"


def difference(model: AtomicModel, first: Pose, second: Pose) -> Difference:
    """What takes a model from its ``first`` pose to its ``second``."""
    before, after = first.apply(model.fit_coordinates), second.apply(model.fit_coordinates)
    return _difference(Residues.of(model), before, after, Rotation.from_matrix(second.rotation @ first.rotation.T))


def difference_of_models(first: AtomicModel, second: AtomicModel) -> Difference:
    """The same for two models as they stand, over the atoms that both have by chain, residue number, residue and atom name.

    The turn is that of the rigid move which comes nearest to taking one onto the other.

    Raises
    ------
    UserError
        If they have fewer than three atoms in common.
    """
    names = [_names(model) for model in (first, second)]
    common = names[0].keys() & names[1].keys()
    if len(common) < _FEWEST:
        raise UserError(
            f"{second.path or second.name}: a model to compare must have at least {_FEWEST} atoms in common with "
            f"{first.path or first.name} (by chain, residue number, residue and atom name), got {len(common)}"
        )
    atoms = np.array(sorted(names[0][name] for name in common))
    key = {atom: name for name, atom in names[0].items()}
    before, after = first.coordinates[atoms], second.coordinates[[names[1][key[int(atom)]] for atom in atoms]]
    in_fit = np.zeros(len(first), bool)
    in_fit[atoms] = True
    turn, _ = Rotation.align_vectors(after - after.mean(axis=0), before - before.mean(axis=0))
    return _difference(Residues.of(replace(first, in_fit=in_fit)), before, after, turn)


def _names(model: AtomicModel) -> dict[tuple[str, int, str, str], int]:
    """Index of every fitted atom by what it is called; of residues that are called alike, the first."""
    fitted = np.flatnonzero(model.in_fit)[::-1]
    columns = (model.chain_names, model.residue_numbers, model.residue_names, model.atom_names)
    return dict(zip(zip(*(column[fitted].tolist() for column in columns), strict=True), fitted.tolist(), strict=True))


def _difference(residues: Residues, before: Array, after: Array, turn: Rotation) -> Difference:
    squares = ((after - before) ** 2).sum(axis=1)
    vector = turn.as_rotvec()
    angle = float(np.linalg.norm(vector))
    return Difference(
        rmsd=float(np.sqrt(squares.mean())),
        shift=after.mean(axis=0) - before.mean(axis=0),
        angle=float(np.degrees(angle)),
        axis=np.asarray(vector / angle if angle > 1e-9 else np.array([0.0, 0.0, 1.0]), np.float64),
        residues=residues,
        displacement=np.sqrt(residues.mean(squares)),
    )
