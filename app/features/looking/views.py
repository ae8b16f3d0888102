"""What looking needs of the views."""

from collections.abc import Sequence
from typing import Protocol

from numpy.typing import NDArray

from difffit_core.pose import Pose

Box = Sequence[float]
"""xmin, xmax, ymin, ymax, zmin, zmax in Å."""


class LookingView(Protocol):
    """Where things are drawn, and where one looks."""

    def bounds_of_map(self, identifier: str) -> Box: ...

    def bounds_of_residues(self, model: str, residues: NDArray, pose: Pose | None = None) -> Box | None:
        """Around residues by their `AtomicModel.residue_index`, where the model is drawn or in a pose; None around none."""

    def chains_drawn(self, model: str) -> tuple[str, ...]: ...

    def look_at_everything(self) -> None: ...

    def look_at_box(self, box: Box | None, *, alone: bool = False) -> None: ...

    def centre_on(self, point: Sequence[float], within: float | None = None) -> None: ...
