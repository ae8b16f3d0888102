"""Rigid moves ``x' = R x + t`` of the coordinates as they stand in the model file, in Å."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array
from difffit_core.number_bounds import FARTHEST


@dataclass(frozen=True, eq=False)
class Pose:
    """One rigid move: ``rotation`` a proper (3, 3) matrix, ``translation`` (3,) in Å. Both read-only."""

    rotation: Array
    translation: Array

    def __post_init__(self) -> None:
        try:
            rotation, translation = np.array(self.rotation, np.float64), np.array(self.translation, np.float64)
        except OverflowError:
            raise ValueError("a pose needs numbers within the range of floats") from None
        if rotation.shape != (3, 3) or translation.shape != (3,):
            raise ValueError(f"a pose needs a (3, 3) rotation and a (3,) translation, got {rotation.shape} and {translation.shape}")
        if not np.abs(rotation @ rotation.T - np.eye(3)).max() < 1e-4 or np.linalg.det(rotation) < 0:
            raise ValueError("rotation must be a proper rotation matrix (orthonormal, determinant +1)")
        if not (np.abs(translation) <= FARTHEST).all():  # the kernels read the map where they are told to, and would crash
            raise ValueError(f"translation must be three finite lengths within {FARTHEST:g} Å, got {translation.tolist()}")
        rotation.flags.writeable = translation.flags.writeable = False
        object.__setattr__(self, "rotation", rotation)
        object.__setattr__(self, "translation", translation)

    def __repr__(self) -> str:
        turn = np.degrees(np.arccos(np.clip((np.trace(self.rotation) - 1) / 2, -1, 1)))
        return f"<Pose: turned by {turn:.4g}°, then moved by {', '.join(f'{x:.4g}' for x in self.translation)} Å>"

    @classmethod
    def identity(cls) -> "Pose":
        return cls(np.eye(3), np.zeros(3))

    def apply(self, points: Array) -> Array:
        """Moved copies of points (..., 3) in Å."""
        return np.asarray(points, np.float64) @ self.rotation.T + self.translation

    def compose(self, first: "Pose") -> "Pose":
        """The move that does ``first`` and then this one."""
        return Pose(self.rotation @ first.rotation, self.rotation @ first.translation + self.translation)

    def invert(self) -> "Pose":
        """The move that undoes this one."""
        return Pose(self.rotation.T, -self.rotation.T @ self.translation)


@dataclass(frozen=True, eq=False)
class PoseBatch:
    """Many rigid moves: ``rotations`` (P, 3, 3), ``translations`` (P, 3) in Å."""

    rotations: Array
    translations: Array

    def __post_init__(self) -> None:
        if self.rotations.shape[1:] != (3, 3) or self.translations.shape != (len(self.rotations), 3):
            raise ValueError(
                f"a batch needs (P, 3, 3) rotations and (P, 3) translations, got {self.rotations.shape} and {self.translations.shape}"
            )

    @classmethod
    def of(cls, poses: Sequence[Pose]) -> "PoseBatch":
        """Single poses, of which there may be none, as a batch."""
        return cls(np.array([p.rotation for p in poses]).reshape(-1, 3, 3), np.array([p.translation for p in poses]).reshape(-1, 3))

    def __len__(self) -> int:
        return len(self.rotations)

    def __getitem__(self, index: int) -> Pose:
        return Pose(self.rotations[index], self.translations[index])

    def apply(self, points: Array) -> Array:
        """Moved copies (P, N, 3) of points (N, 3) in Å."""
        moved: Array = np.einsum("pij,nj->pni", self.rotations, points) + self.translations[:, None]
        return moved

    def compose(self, first: "PoseBatch") -> "PoseBatch":
        """The moves that do those of ``first`` and then these, one by one; a batch of one goes with any number."""
        turned = np.einsum("...ij,...j->...i", self.rotations, first.translations)
        return PoseBatch(self.rotations @ first.rotations, turned + self.translations)

    def invert(self) -> "PoseBatch":
        """The moves that undo these."""
        back = self.rotations.transpose(0, 2, 1)
        return PoseBatch(back, -np.einsum("pij,pj->pi", back, self.translations))

    def take(self, index: NDArray[np.signedinteger]) -> "PoseBatch":
        """Some of these, (I,), in that order."""
        return PoseBatch(self.rotations[index], self.translations[index])
