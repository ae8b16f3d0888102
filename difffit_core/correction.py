"""What is put right in a copy of a map: its hand, its voxel size, or detail finer than it can hold."""

from dataclasses import dataclass, replace

from difffit_core.density_map import DensityMap


@dataclass(frozen=True)
class Correction:
    """One copy; its `str` are the options of ``difffit correct`` that make it.

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
        options = ["--mirror"] if self.mirror else []
        options += [f"--voxel-scale {self.voxel_scale:.4f}"] if self.voxel_scale != 1 else []
        options += [f"--low-pass {self.low_pass:.4g}"] if self.low_pass else []
        return " ".join(options)

    def of(self, density_map: DensityMap) -> DensityMap:
        """The corrected copy."""
        corrected = density_map
        if self.low_pass:
            from difffit_core.low_pass import low_passed  # scipy, which a warning that is only shown does not need

            corrected = corrected.with_values(low_passed(corrected.values, corrected.voxel_size, self.low_pass))
            told = corrected.resolution.at_least(self.low_pass, "its low-pass") if corrected.resolution else None
            corrected = replace(corrected, entry=None, resolution=told)  # the entry's words are those of the map as it was
        if self.mirror:
            corrected = corrected.mirrored()
        return corrected if self.voxel_scale == 1 else corrected.rescaled(self.voxel_scale)
