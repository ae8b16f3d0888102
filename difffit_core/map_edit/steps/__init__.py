"""What can be done to a map, one step each: what it is asked for with, and how it is done. They are spelled in `words`."""

from typing import Annotated

from pydantic import Field

from difffit_core.map_edit.steps.base import Models, Step
from difffit_core.map_edit.steps.filters import LowPass, Mirror, Sharpen
from difffit_core.map_edit.steps.grid import Resample, VoxelSize
from difffit_core.map_edit.steps.keep import Crop, Zone
from difffit_core.map_edit.steps.moves import Place, Symmetrise

__all__ = ["AnyStep", "Crop", "LowPass", "Mirror", "Models", "Place", "Resample", "Sharpen", "Step", "Symmetrise", "VoxelSize", "Zone"]

AnyStep = Annotated[LowPass | Sharpen | Mirror | Resample | VoxelSize | Crop | Zone | Place | Symmetrise, Field(discriminator="step")]
