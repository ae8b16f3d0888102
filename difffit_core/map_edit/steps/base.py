"""What every step has: how it is asked for, how it is done, and how it is told."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Self

from pydantic import ConfigDict

from difffit_core.map_resolution import MapResolution
from difffit_core.settings import Settings

if TYPE_CHECKING:
    from difffit_core.atomic_model import AtomicModel
    from difffit_core.density_map import DensityMap

Models = Mapping[tuple[str, str], "AtomicModel"]
"""Models by what they are called, and which of those in the file they are."""
Say = Callable[[str], None]


class Step(Settings):
    """One thing that is done to a map.

    ``tag`` is a few words for the name of what comes of it, ``done`` says in the past what was done.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, arbitrary_types_allowed=True)

    def settled(self, density_map: "DensityMap") -> Self:
        """The same with a number for whatever the map was to tell; `UserError` where it cannot."""
        return self

    def apply(self, density_map: "DensityMap", models: Models, say: Say) -> "DensityMap":
        """The map after this step, settled before; ``say`` is told what is to be known of it.

        Raises
        ------
        UserError
            If it cannot be done to this map.
        """
        raise NotImplementedError

    @property
    def tag(self) -> str:
        raise NotImplementedError

    @property
    def done(self) -> str:
        raise NotImplementedError


def no_finer(density_map: "DensityMap", finest: float, source: str) -> MapResolution:
    """What the map can show once ``source`` leaves out all that is finer than so many Å."""
    before = density_map.resolution
    return MapResolution(finest, source) if before is None else before.at_least(finest, source)
