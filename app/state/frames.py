"""A step of a replay, for the views to show instead of where the placements ended."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from difffit_app.state.items import OpenFit
from difffit_core.pose import Pose

if TYPE_CHECKING:  # brings the kernels, which the window does not need to come up
    from difffit_core.fit.replay import Replay


@dataclass(frozen=True, eq=False)
class Frame:
    """Step ``step`` of the way of a fit's placements."""

    fit: OpenFit
    way: "Replay"
    step: int

    def pose(self, rank: int) -> Pose | None:
        """Where a placement was; None for one that was not followed."""
        index = self.fit.index_of_rank(rank)
        return None if index is None or index >= len(self.way.missed) else self.way.pose(self.step, index)

    def centres(self) -> NDArray[np.float64]:
        """Where the middle of the fitted atoms was for each placement, (P, 3) in Å; those not followed are where they ended."""
        centres = self.fit.centres()
        followed = self.way.translations[self.step]
        centres[: len(followed)] = followed
        return centres
