"""How maps and models are drawn, and where the views look from; all of it is kept in projects."""

from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, Field

from difffit_core.project.base import Record, Share, Triple

MOST_RESIDUES = 5_000_000
"""Of a model, and of all runs of its residues together: runs are taken apart into their residues."""
MOST_VOXELS = 1_000_000
"""Of a map along an axis."""
VoxelNumber = Annotated[int, Field(ge=0, le=MOST_VOXELS)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
ResidueIndex = Annotated[int, Field(ge=0, lt=MOST_RESIDUES)]


_Runs = TypeVar("_Runs", bound=tuple[tuple[Any, ...], ...])


def _bounded(runs: _Runs) -> _Runs:
    backwards = next(((first, last) for first, last, *_ in runs if first > last), None)
    if backwards is not None:
        raise ValueError(f"a run of residues must go from its first to its last, got {backwards[0]} to {backwards[1]}")
    if sum(last - first + 1 for first, last, *_ in runs) > MOST_RESIDUES:
        raise ValueError(f"runs of residues must hold at most {MOST_RESIDUES} in all, got more")
    return runs


ResidueRuns = Annotated[tuple[tuple[ResidueIndex, ResidueIndex], ...], AfterValidator(_bounded)]
"""The first and the last of neighbouring residues, for each run of them."""
PaintedRuns = Annotated[tuple[tuple[ResidueIndex, ResidueIndex, Colour], ...], AfterValidator(_bounded)]


class Camera(Record):
    """Where the views look from, Å."""

    position: Triple
    focal_point: Triple
    view_up: Triple
    view_angle: float = Field(gt=0, lt=180, description="degrees")


class MapStyle(Record):
    """How a map is drawn."""

    level: float
    colour: Colour
    opacity: Share
    visible: bool
    mode: Literal["surface", "mesh", "slice"] = "surface"
    box: bool = Field(False, description="whether the edges of the box are drawn too")
    step: int | None = Field(None, ge=1, le=16, description="every so many voxels are contoured; None: as many as can be drawn quickly")
    smallest_island: float = Field(0.0, ge=0, description="Å³; connected pieces of the surface that enclose less are hidden")
    slice_axis: Literal["x", "y", "z"] = Field("z", description="what the slice is at right angles to")
    all_slices: bool = Field(False, description="whether slices along all three axes are drawn")
    slices: tuple[VoxelNumber, VoxelNumber, VoxelNumber] | None = Field(
        None, description="voxel numbers of the slices along x, y, z; None: in the middle"
    )


class ModelStyle(Record):
    """How a model is drawn."""

    colour_by: Literal["structure", "chain", "residue", "b_factor", "element", "plain", "local_fit"]
    visible: bool
    representation: Literal["cartoon", "trace", "sticks", "spheres"] = "cartoon"
    colour: Colour = Field("#9aa7b8", description="of a model in one plain colour")
    opacity: Share = 1.0
    first_colour: int = Field(0, ge=0, le=100_000, description="of its chains, in the row of colours that all models share")
    hidden: ResidueRuns = Field((), description="residues that are not drawn: the first and the last index of each run in the file")
    painted: PaintedRuns = Field(
        (), description="residues in colours of their own: the first and the last index of each run, and its colour; a later one wins"
    )


ViewBackground = Literal["gradient", "white", "black"]
"""What is behind everything in the views: the gradient of the window's theme, or one colour."""
Layout = Literal["views", "offset", "gallery"]
"""Two views side by side, both in one scene beside each other, or the best placements side by side."""
