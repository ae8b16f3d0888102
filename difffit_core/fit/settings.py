"""Everything about a search that a user may set, with its bounds, unit and help; the window's fit panel is built from this."""

from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from pydantic import Field

from difffit_core.errors import UserError
from difffit_core.settings import Settings, setting


class Preset(StrEnum):
    """How much work a search does."""

    FAST = "fast"
    BALANCED = "balanced"
    EXHAUSTIVE = "exhaustive"
    PAPER = "paper"


FieldName = Literal["paper", "mixed", "fine"]


class FitSettings(Settings):
    """The hyper-parameters of a fit.

    The defaults are the `balanced` preset. Sources: paper, section 4, for the field, the loss and the clustering; design, method section 5,
    for the portfolio of fields and the ranking by local correlation.
    """

    fields: Annotated[
        tuple[FieldName, ...],
        setting("Search fields: the paper's, mixed with a Laplacian of the map, mixed with a finer one", min_length=1),
    ] = (
        "paper",
        "mixed",
        "fine",
    )
    starts: Annotated[int, setting("Random starting poses for each field", ge=1, le=5_000_000, basic=True)] = 10_000
    positions: Annotated[
        int,
        setting(
            "Positions that share the starts, each with the same rotations; 0 gives every start a position of its own", ge=0, le=5_000_000
        ),
    ] = 0
    steps: Annotated[int, setting("Optimiser steps of each starting pose", ge=1, le=10_000)] = 60
    atoms: Annotated[
        Literal["all", "backbone"], setting("Atoms that are sampled: all, or the backbone alone (of nucleic acids P, C4', N1/N9)")
    ] = "all"
    search_atoms: Annotated[int, setting("Atoms drawn for the search; 0 takes every one", ge=0, le=10_000_000)] = 300
    turn_rate: Annotated[float, setting("Optimiser step of the quaternion", gt=0, le=1)] = 0.04
    shift_rate: Annotated[
        float,
        setting("Optimiser step of the translation; 0 takes 1 % of the mean side of the box, as the paper does", "voxel", ge=0, le=100),
    ] = 0.6
    decay: Annotated[float, setting("Share by which the optimiser's steps have shrunk at the end", ge=0, le=1)] = 1.0
    candidates: Annotated[
        int,
        setting("Best poses of each field, by field and again by local correlation, that are refined; 0 takes all", ge=0, le=1_000_000),
    ] = 150
    refine_atoms: Annotated[int, setting("Atoms drawn for the refinement; 0 takes every one", ge=0, le=10_000_000)] = 4000
    refine_steps: Annotated[int, setting("Optimiser steps of each candidate in its own field; 0 leaves that out", ge=0, le=10_000)] = 40
    polish_steps: Annotated[
        int, setting("Optimiser steps of each candidate towards the best local correlation; 0 leaves that out", ge=0, le=10_000)
    ] = 40
    polished: Annotated[int, setting("Most candidates, the best by local correlation, that are polished", ge=1, le=1_000_000)] = 150
    stop_p: Annotated[
        float,
        setting(
            "A unique best placement with a p-value below this, found twice by a fifth of the starts, ends the search; 0 searches on",
            ge=0,
            le=0.01,
        ),
    ] = 1e-4
    further: Annotated[
        int,
        setting(
            "Most further searches where nothing is significant, each as large and with half of the atoms; 0 for none",
            ge=0,
            le=1000,
        ),
    ] = 6
    negative_value: Annotated[float, setting("Value of the field outside the footprint of the density", ge=-100, le=0)] = -0.5
    negative_order: Annotated[
        Literal["auto", "shrink", "expand"],
        setting("Negative value inside the smoothing (shrink), after it (expand), or by resolution: shrink below 5 Å, as the paper does"),
    ] = "expand"
    smoothings: Annotated[int, setting("How many times the map is smoothed, keeping each", ge=0, le=20)] = 3
    smoothing_sigma: Annotated[float, setting("Standard deviation of that smoothing", "voxel", gt=0, le=20)] = 1.0
    smoothing_weights: Annotated[
        tuple[Annotated[float, Field(ge=0, le=1000)], ...], setting("Weight of the raw map and of each smoothed one; empty for 1 each")
    ] = ()
    laplacian_sigma: Annotated[float, setting("Standard deviation of the Laplacian of Gaussian of the mixed field", "Å", gt=0, le=50)] = 2.0
    fine_laplacian_sigma: Annotated[
        float, setting("Standard deviation of the Laplacian of Gaussian of the fine field", "Å", gt=0, le=50)
    ] = 1.2
    finest_detail: Annotated[
        float,
        setting("Detail finer than this share of the stated resolution is not used, where a map holds much of it; 0 uses all", ge=0, le=5),
    ] = 0.9
    padding: Annotated[
        Literal["negative", "border"], setting("What lies outside the box: no density, or its border going on, as in the paper")
    ] = "negative"
    smallest_island: Annotated[float, setting("Connected density above the level smaller than this is left out", "Å³", ge=0, le=1e9)] = 0.0
    cluster_shift: Annotated[float, setting("Poses closer than this, and than the angle, are one placement", "Å", gt=0, le=100)] = 3.0
    cluster_angle: Annotated[float, setting("Poses closer than this, and than the shift, are one placement", "°", gt=0, le=180)] = 6.0
    rank_by: Annotated[
        Literal["local_correlation", "density", "overlap", "correlation", "correlation_about_mean", "hits"],
        setting("Metric by which placements are ranked", basic=True),
    ] = "local_correlation"

    @classmethod
    def preset(cls, name: str, **changes: Any) -> Self:
        """The settings of a preset, some of them changed.

        Raises
        ------
        UserError
            If the preset or a setting is unknown, or a value is out of bounds.
        """
        if str(name) not in PRESETS:
            raise UserError(f"preset must be one of {', '.join(PRESETS)}, got {name}")
        return cls.checked({**PRESETS[Preset(name)], **changes})


BEFORE: dict[str, Any] = {"finest_detail": 0.0, "further": 0}
"""With which versions of the program computed that did not know a setting."""

PRESETS: dict[Preset, dict[str, Any]] = {
    Preset.FAST: {
        "fields": ("mixed", "fine"),
        "starts": 1500,
        "steps": 45,
        "search_atoms": 200,
        "turn_rate": 0.15,
        "shift_rate": 2.0,
        "candidates": 60,
        "refine_atoms": 1500,
        "refine_steps": 30,
        "further": 0,
    },
    Preset.BALANCED: {},
    Preset.EXHAUSTIVE: {"starts": 60_000, "candidates": 1000, "steps": 80, "stop_p": 0.0},
    Preset.PAPER: {
        "fields": ("paper",),
        "starts": 1000,
        "positions": 10,
        "stop_p": 0.0,
        "steps": 201,
        "search_atoms": 0,
        "turn_rate": 0.01,
        "shift_rate": 0.0,
        "decay": 0.0,
        "candidates": 0,
        "refine_steps": 0,
        "polish_steps": 0,
        "further": 0,
        "negative_order": "auto",
        "padding": "border",
        "finest_detail": 0.0,
        "rank_by": "correlation",
    },
}
