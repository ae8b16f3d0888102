"""A triangle mesh that remembers which atom each of its vertices belongs to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Representation = Literal["cartoon", "trace", "sticks", "spheres"]
REPRESENTATIONS: tuple[Representation, ...] = get_args(Representation)
"""What a model can be drawn as."""


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles with smooth normals.

    Attributes
    ----------
    vertices, normals : float32 (V, 3), Å and unit length
    faces : int32 (F, 3), vertex numbers, counter-clockwise from outside
    atoms : int32 (V,), index into the atoms of the model, for colours
    """

    vertices: NDArray[np.float32]
    normals: NDArray[np.float32]
    faces: NDArray[np.int32]
    atoms: NDArray[np.int32]

    @classmethod
    def empty(cls) -> "Mesh":
        points = np.zeros((0, 3), np.float32)
        return cls(points, points, np.zeros((0, 3), np.int32), np.zeros(0, np.int32))

    @classmethod
    def of(cls, vertices: NDArray, normals: NDArray, faces: NDArray, atoms: NDArray) -> "Mesh":
        """From arrays of any leading shape."""
        return cls(
            np.asarray(vertices, np.float32).reshape(-1, 3),
            np.asarray(normals, np.float32).reshape(-1, 3),
            np.asarray(faces, np.int32).reshape(-1, 3),
            np.asarray(atoms, np.int32).reshape(-1),
        )

    def subset(self, atom_mask: NDArray[np.bool_]) -> "Mesh":
        """Only the triangles whose atoms are chosen by ``atom_mask`` (N,)."""
        keep = atom_mask[self.atoms]
        faces = self.faces[keep[self.faces].all(axis=1)]
        number = np.cumsum(keep) - 1
        return Mesh(self.vertices[keep], self.normals[keep], number[faces].astype(np.int32).reshape(-1, 3), self.atoms[keep])


def join(meshes: Iterable[Mesh]) -> Mesh:
    """One mesh of several."""
    parts: Sequence[Mesh] = [mesh for mesh in meshes if len(mesh.vertices)]
    if not parts:
        return Mesh.empty()
    offsets = np.cumsum([0, *(len(mesh.vertices) for mesh in parts[:-1])])
    return Mesh(
        np.concatenate([mesh.vertices for mesh in parts]),
        np.concatenate([mesh.normals for mesh in parts]),
        np.concatenate([mesh.faces + np.int32(offset) for mesh, offset in zip(parts, offsets, strict=True)]),
        np.concatenate([mesh.atoms for mesh in parts]),
    )
