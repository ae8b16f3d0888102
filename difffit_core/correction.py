"""What is put right in a copy of a map: its hand, its voxel size, or detail finer than it can hold."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Correction:
    """One copy, which `map_edit.corrected` makes; its `str` are the options of ``difffit map`` that make it.

    Attributes
    ----------
    mirror : the other hand, with the x axis reversed
    voxel_scale : by what the voxel size is multiplied; the middle of the box stays
    low_pass : resolution in Å beyond which detail is left out, before the voxels are scaled; 0 keeps all
    """

    mirror: bool = False
    voxel_scale: float = 1.0
    low_pass: float = 0.0

    def __bool__(self) -> bool:
        return self != Correction()

    def __str__(self) -> str:
        options = [f"--low-pass {self.low_pass:.4g}"] if self.low_pass else []
        options += ["--mirror"] if self.mirror else []
        options += [f"--voxel-scale {self.voxel_scale:.4f}"] if self.voxel_scale != 1 else []
        return " ".join(options)
