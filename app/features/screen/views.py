"""What the controllers ask of views."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from difffit_app.state.items import OpenMap, OpenModel
from difffit_core.pose import Pose


class ScreenPanelView(Protocol):
    """Where a screen is set up."""

    def show_set_up(self, map_id: str | None, record: Mapping[str, Any], libraries: Sequence[str], store: Path) -> None:
        """Show how a screen was set up, by the record of its store."""


class ThumbnailsView(Protocol):
    """Draws small pictures of placed models."""

    def draw_thumbnail_later(self, item: OpenMap, level: float, model: OpenModel, pose: Pose) -> Callable[[], NDArray[np.uint8]]:
        """What draws a model in its place in a map, (height, width, 3); it may be called in any thread."""
