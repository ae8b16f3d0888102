"""A density map: values on an orthogonal grid, and where that grid lies."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, index_to_position, reverse_axes
from difffit_core.half_evidence import HalfEvidence
from difffit_core.lattice import Lattice
from difffit_core.map_entry import MapEntry
from difffit_core.map_resolution import MapResolution


@dataclass(frozen=True, eq=False)
class DensityMap:
    """A cryo-EM (or resampled X-ray) map. Arrays are read-only.

    Attributes
    ----------
    values : float32 (nz, ny, nx), indexed [z, y, x]
    voxel_size : float64 (3,), (x, y, z) in Å
    origin : float64 (3,), (x, y, z) in Å: the centre of voxel [0, 0, 0]
    name : what to call it
    path : the file it was read from, if any
    notes : what the reader had to decide or repair, one sentence each
    lattice : of the crystal whose whole cell it holds, so that it repeats; None for all others
    evidence : what its half maps say of its noise; None where there are none
    entry : what the archive's entry says about it (resolution, recommended contour level); None where nothing is known
    resolution : and who says it: that of the entry, if not given; None where nothing is known
    """

    values: NDArray[np.float32]
    voxel_size: Array
    origin: Array
    name: str = "map"
    path: Path | None = None
    notes: tuple[str, ...] = ()
    lattice: Lattice | None = None
    evidence: HalfEvidence | None = None
    entry: MapEntry | None = None
    resolution: MapResolution | None = None

    def __post_init__(self) -> None:
        values = np.ascontiguousarray(self.values, np.float32).view()
        if values.ndim != 3 or 0 in values.shape:
            raise ValueError(f"values must be a non-empty [z, y, x] array, got shape {values.shape}")
        voxel_size = np.array(self.voxel_size, np.float64)
        origin = np.array(self.origin, np.float64)
        if voxel_size.shape != (3,) or not (np.isfinite(voxel_size).all() and (voxel_size > 0).all()):
            raise ValueError(f"voxel_size must be three positive lengths in Å, got {self.voxel_size}")
        if origin.shape != (3,) or not np.isfinite(origin).all():
            raise ValueError(f"origin must be three finite lengths in Å, got {self.origin}")
        if self.resolution is None and self.entry is not None and self.entry.resolution is not None:
            object.__setattr__(self, "resolution", MapResolution(self.entry.resolution, f"its entry {self.entry.accession}", True))
        for name, array in (("values", values), ("voxel_size", voxel_size), ("origin", origin)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __repr__(self) -> str:
        shape = " × ".join(str(number) for number in self.shape_xyz)
        voxel = " × ".join(dict.fromkeys(f"{size:.4g}" for size in self.voxel_size))
        return f"<DensityMap {self.name}: {shape} voxels of {voxel} Å>"

    @property
    def half_maps(self) -> tuple[str, str] | None:
        """The names of its half maps, where it goes with their evidence."""
        return self.evidence.files if self.evidence else None

    @property
    def shape_xyz(self) -> NDArray[np.int64]:
        """Number of voxels along (x, y, z)."""
        return np.array(reverse_axes(np.array(self.values.shape)), np.int64)

    @property
    def box(self) -> Array:
        """Side lengths of the box (x, y, z) in Å: voxels times voxel size."""
        return self.shape_xyz * self.voxel_size

    @property
    def middle(self) -> Array:
        """Of the box (3,) in Å: half way between the first voxel's centre and the last's."""
        return self.origin + (self.shape_xyz - 1) / 2 * self.voxel_size

    @property
    def voxel_volume(self) -> float:
        """Volume of one voxel in Å³."""
        return float(np.prod(self.voxel_size))

    def positions(self, indices_zyx: NDArray[np.int64]) -> Array:
        """Centres (n, 3) in Å, (x, y, z), of the voxels ``indices_zyx`` (n, 3)."""
        return index_to_position(np.asarray(reverse_axes(indices_zyx), np.float64), self.voxel_size, self.origin)

    def rescaled(self, factor: float) -> "DensityMap":
        """The same values on voxels ``factor`` times as wide; the middle of the box stays where it is.

        The entry's words go; the resolution is as much coarser or finer.
        """
        middle = self.middle
        lattice = self.lattice.rescaled(factor, middle) if self.lattice else None
        size = self.voxel_size * factor
        evidence = self.evidence.rescaled(factor) if self.evidence else None
        resolution = self.resolution.scaled(factor) if self.resolution else None
        origin = middle - (self.shape_xyz - 1) / 2 * size
        return replace(self, voxel_size=size, origin=origin, evidence=evidence, entry=None, resolution=resolution, lattice=lattice)

    def mirrored(self) -> "DensityMap":
        """The map with its x axis reversed, in the same box: of the other hand."""
        lattice = self.lattice.mirrored(self.middle) if self.lattice else None
        return replace(self, values=self.values[:, :, ::-1].copy(), lattice=lattice)

    def with_values(self, values: NDArray[np.float32]) -> "DensityMap":
        """The same grid holding other values of the same shape."""
        if values.shape != self.values.shape:
            raise ValueError(f"values must have shape {self.values.shape}, got {values.shape}")
        return replace(self, values=values)
