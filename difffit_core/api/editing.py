"""`edit_map`: a working map, step by step."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from difffit_core.api.reading import FilePath, MapLike, ModelLike, as_map, as_model, tell
from difffit_core.api.writing import write_file
from difffit_core.density_map import DensityMap
from difffit_core.map_edit.around import Around
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.map_edit.steps import Crop, LowPass, Mirror, Resample, Sharpen, Step, VoxelSize, Zone
from difffit_core.pose import Pose

if TYPE_CHECKING:
    from difffit_core.atomic_model import AtomicModel

Names = str | Sequence[str]


@dataclass(frozen=True, eq=False)
class EditedMap:
    """A map after some steps; each method does one more and gives another of these. Maps are never changed in place.

    ``map`` is the working map, ``original`` what it was made of, ``steps`` what was done, with a number for whatever was ``auto``.

    Examples
    --------
    >>> import difffit_core as df
    >>> part = df.edit_map(df.example_map()).crop(level="auto", margin=3).low_pass(8)
    >>> part.map.resolution.value
    8.0
    >>> part.edits
    'cropped to the box of what is above 0.4149 and 3 Å more, then low-passed to 8 Å'
    """

    map: DensityMap
    original: DensityMap
    steps: tuple[Step, ...] = ()
    said: tuple[str, ...] = ()
    _models: "dict[tuple[str, str], AtomicModel]" = field(default_factory=dict, repr=False)

    def low_pass(self, finest: float) -> "EditedMap":
        """Without detail finer than ``finest`` Å."""
        return self._after(LowPass.checked({"finest": finest}))

    def sharpen(self, b_factor: float | Literal["auto"] = "auto", *, resolution: float | None = None) -> "EditedMap":
        """Each amplitude times exp(-B s²/4), s in 1/Å: B in Å² is negative to sharpen, positive to blur.

        ``auto`` takes off the fall of amplitudes from 10 Å to the resolution that the plot of Guinier shows.
        """
        step = Sharpen.checked({"b_factor": None if b_factor == "auto" else b_factor})
        return self._after(step, resolution)

    def crop(
        self,
        model: ModelLike | None = None,
        *,
        level: float | Literal["auto"] | None = None,
        box: Sequence[float] | None = None,
        margin: float = 0.0,
        chains: Names = (),
        residues: Names = (),
        pose: Pose | None = None,
    ) -> "EditedMap":
        """The box cut down to that of a model, of what is above a level, or to ``box``: its lowest corner and its highest in Å.

        Of the model only ``chains`` and ``residues`` count, where some are given; ``pose`` is where it stands, if not as its file has it.
        """
        if model is not None:
            around, models = _around(model, chains, residues, pose)
            return self._after(Crop.checked({"around": (around,), "margin": margin}), models=models)
        wanted: dict[str, Any] = {"margin": margin, "box": tuple(box) if isinstance(box, Sequence | np.ndarray) else box}
        if level is not None:
            wanted |= {"to_level": True, "level": None if level == "auto" else level}
        return self._after(Crop.checked(wanted))

    def zone(
        self,
        model: ModelLike,
        within: float = 5.0,
        *,
        outside: bool = False,
        soft_edge: float = 0.0,
        chains: Names = (),
        residues: Names = (),
        pose: Pose | None = None,
    ) -> "EditedMap":
        """Only the density within so many Å of a model's atoms, or all ``outside`` that; the model as in `crop`.

        Over ``soft_edge`` Å more it falls to nothing.
        """
        around, models = _around(model, chains, residues, pose)
        step = Zone.checked({"around": (around,), "within": within, "soft_edge": soft_edge, "outside": outside})
        return self._after(step, models=models)

    def resample(self, voxel_size: float) -> "EditedMap":
        """The same density on voxels of this size in Å."""
        return self._after(Resample.checked({"voxel_size": voxel_size}))

    def voxel_size(self, size: float | None = None, *, scale: float | None = None) -> "EditedMap":
        """The voxels said to be of this size in Å, or so many times as large; the middle of the box stays."""
        return self._after(VoxelSize.checked({"size": size, "scale": scale}))

    def mirror(self) -> "EditedMap":
        """The other hand: x reversed, in the same box."""
        return self._after(Mirror())

    @property
    def edits(self) -> str:
        """What was done, in words."""
        return ", then ".join(step.done for step in self.steps)

    def command(self, *more: str) -> str:
        """The command line that makes it."""
        recipe = MapRecipe.checked({"map": str(self.original.path or "MAP"), "steps": self.steps})
        return recipe.command(*more)

    def write(self, path: FilePath) -> Path:
        """Write the working map, and give the path; `UserError` if it cannot be, or is the map that was read."""
        from difffit_core.io.maps import MAP_SUFFIXES, write_map

        return write_file(path, MAP_SUFFIXES, "map", lambda to: write_map(to, self.map), (self.original.path,))

    def __repr__(self) -> str:
        return f"<EditedMap of {self.original.name}: {self.edits or 'as it is'}>"

    def _after(
        self, step: Step, resolution: float | None = None, models: "dict[tuple[str, str], AtomicModel] | None" = None
    ) -> "EditedMap":
        known = {**self._models, **(models or {})}
        recipe = MapRecipe.checked({"map": str(self.original.path or "MAP"), "steps": (step,), "resolution": resolution})
        made = recipe.make(self.map, known)
        tell(made.said)
        steps = (*self.steps, *made.recipe.steps)
        name = f"{self.original.name}, {', '.join(one.tag for one in steps)}"
        return EditedMap(replace(made.density_map, name=name), self.original, steps, (*self.said, *made.said), known)


def edit_map(density_map: MapLike) -> EditedMap:
    """Begin a working map: zone it, crop it, filter it, sharpen, resample or mirror it, or put its voxel size right.

    Parameters
    ----------
    density_map : as it was read, or its file

    Raises
    ------
    UserError
        If the file cannot be read; each step, if it cannot be done to this map.

    Examples
    --------
    >>> import difffit_core as df
    >>> small = df.edit_map(df.example_map()).crop(level=0.2, margin=4).resample(2.0)
    >>> small.map.voxel_size.tolist()
    [2.0, 2.0, 2.0]
    """
    read = as_map(density_map)
    return EditedMap(read, read)


def _around(model: ModelLike, chains: Names, residues: Names, pose: Pose | None) -> "tuple[Around, dict[tuple[str, str], AtomicModel]]":
    from difffit_core.recipes.words import names_in

    read = as_model(model)
    name = str(read.path or read.name)
    parts = {
        key: names_in(given, key) if isinstance(given, str) else tuple(given) for key, given in (("chains", chains), ("residues", residues))
    }
    return Around.checked({"model": name, "models": read.models, "pose": pose, **parts}), {(name, read.models): read}
