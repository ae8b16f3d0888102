"""All that an alignment depends on besides its maps."""

from typing import Annotated, Any, Literal

from difffit_core.align.request import AlignRequest
from difffit_core.density_map import DensityMap
from difffit_core.settings import Settings, setting

HandChoice = Literal["both", "same", "mirrored"]


class AlignRecipe(Settings):
    """How to lay one map onto another; the only description of that job."""

    resolution: Annotated[float, setting("Resolution of the maps, of the coarser one where they differ", "Å", ge=0.5, le=100, basic=True)]
    level: Annotated[float | None, setting("Contour level of the fixed map, in its units; none for the suggested one", basic=True)] = None
    moving_level: Annotated[
        float | None, setting("Contour level of the moving map, in its units; none for the suggested one", basic=True)
    ] = None
    hand: Annotated[HandChoice, setting("Which hand of the moving map to try: both, as it is, or mirrored", basic=True)] = "both"
    preset: Annotated[
        Literal["fast", "balanced", "exhaustive"], setting("How much work the search does: fast, balanced or exhaustive", basic=True)
    ] = "balanced"
    points: Annotated[int, setting("Points drawn from the moving map's density, which lead the search", ge=100, le=1_000_000)] = 4000
    seed: Annotated[int, setting("Seed of every random draw", ge=0, lt=2**63)] = 0
    device: Annotated[str, setting("Where to compute: auto, cpu, cuda or mps")] = "auto"
    threads: Annotated[int | None, setting("CPU threads; none for all", ge=1)] = None

    def bind(self, fixed: DensityMap, moving: DensityMap) -> AlignRequest:
        """The job itself, with the levels that were left to be suggested.

        Raises
        ------
        UserError
            If a level is not below its map's maximum, or a map is constant.
        """
        return AlignRequest.make(fixed, moving, self)

    def command(self, fixed: str, moving: str, out: str = "") -> str:
        """The command line that repeats it."""
        import shlex

        words = ["difffit", "align", fixed, moving]
        for name, value in self.changed().items():
            words += [f"--{name.replace('_', '-')}", f"{value:g}" if isinstance(value, float) else str(value)]
        return shlex.join([*words, *(["--out", out] if out else [])])

    def changed(self) -> dict[str, Any]:
        """Fields that are not at their defaults, the resolution among them."""
        fields = type(self).model_fields
        return {name: value for name, value in self if fields[name].is_required() or value != fields[name].default}
