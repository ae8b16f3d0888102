"""What controllers may ask of views. Protocols, because Qt's metaclass leaves no room for abstract base classes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from difffit_app.preferences import Preferences
from difffit_app.state.composing import Examined
from difffit_app.state.items import OpenMap, OpenModel
from difffit_core.device import Device
from difffit_core.fit.request import FitProgress
from difffit_core.placement import FitMetrics
from difffit_core.pose import Pose
from difffit_core.project.schema import Layout

Severity = Literal["info", "warning", "error"]


Scene = Literal["fit", "clusters", "both", "offset", "gallery"]
"""What a picture shows: a view, both side by side, both in one scene, or the gallery."""


@dataclass(frozen=True)
class Figure:
    """A picture to be made: ``width`` and ``height`` in pixels, ``scale`` of them for a point of words and lines.

    ``samples`` a side are averaged in each pixel; ``dots_per_inch`` is written into the file, nothing if None.
    """

    scene: Scene = "fit"
    width: int = 1600
    height: int = 1000
    scale: float = 1.0
    samples: int = 2
    transparent: bool = False
    dark: bool = False
    legend: bool = True
    scale_bar: bool = False
    soft_shadows: bool = False
    silhouettes: bool = False
    dots_per_inch: float | None = None

    @property
    def layout(self) -> Layout:
        """That of the window which shows the same."""
        return self.scene if self.scene in ("offset", "gallery") else "views"


class MessagesView(Protocol):
    """Sentences to the user that interrupt nothing."""

    def show_notice(self, text: str, severity: Severity, details: str = "") -> None:
        """Show a sentence until it is dismissed (errors, warnings) or for a while; ``details`` can be copied for a report."""

    def show_offer(self, text: str, choices: Mapping[str, Callable[[], object]]) -> None:
        """Show a sentence with a button for each choice, until one is taken or the sentence is dismissed."""

    def show_activity(self, text: str) -> None:
        """Say in the status bar what is going on; empty for nothing."""


class PromptsView(Protocol):
    """Questions that must be answered before it can go on."""

    def ask_for_input(self, sentence: str, kind: str) -> Path | None:
        """Have the user find a file that is missing; None to go on without."""

    def ask_for_models(self, question: str, numbers: Sequence[int], now: str) -> str | None:
        """Which of the models of a file to read: all, or numbers with commas between them, as now at first; None to leave it so."""

    def confirm(self, question: str, accept: str) -> bool:
        """Ask a question that is answered by the words of ``accept``, or by leaving things as they are."""


class FitPanelView(Protocol):
    """Where a fit is set up and followed."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: FitProgress) -> None: ...

    def show_outcome(self, text: str) -> None: ...


class PreviewView(Protocol):
    """Where a running fit shows its best pose."""

    def show_preview(self, model_id: str, chains: Sequence[str], pose: Pose) -> None: ...

    def clear_preview(self) -> None: ...


class ComposePanelView(Protocol):
    """Where models are placed together, and it is told what a composite is like."""

    def show_running(self, running: bool) -> None: ...

    def show_progress(self, progress: FitProgress) -> None: ...

    def show_outcome(self, text: str) -> None: ...

    def show_examined(self, examined: Examined | None) -> None: ...


class RoundsView(Protocol):
    """Where composites and their rounds are listed."""

    def show_comparison(self, text: str) -> None:
        """How two rounds differ, in lines; empty for nothing."""


class ZeroOutView(Protocol):
    """Where it is chosen how accepted copies are taken out of the map."""

    def show_zeroing(self, text: str) -> None:
        """Name what is to be taken out; empty where nothing is."""

    def show_preview(self, text: str, losses: Sequence[tuple[str, float, float]], *, ready: bool) -> None:
        """What would go, in a sentence, and for each neighbour its name, the share of its density and that of its atoms which lose some."""


class MovingView(Protocol):
    """Where a model is moved by hand, with its scores."""

    def show_subject(self, text: str, step: float) -> None:
        """Name what is moved, and show by how many Å the keys move it."""

    def show_score(self, score: FitMetrics | None, start: FitMetrics | None) -> None:
        """Scores of the pose that is shown and of the one it started from; None while they are not known."""


class CameraView(Protocol):
    """The two linked views."""

    def current_camera(self) -> tuple[Sequence[float], Sequence[float], Sequence[float], float]:
        """Position, focal point, view up, view angle."""

    def look_at_everything(self) -> None: ...


class PreferencesView(Protocol):
    """Where the preferences are shown and changed."""

    def ask(self, preferences: Preferences) -> None: ...

    def show_devices(self, devices: Sequence[Device]) -> None: ...

    def show_kept_code(self, text: str, *, can_clear: bool) -> None: ...


class ReplayView(Protocol):
    """Where the steps of a fit are replayed."""

    def show_replay(self, shown: bool) -> None: ...

    def show_progress(self, fraction: float) -> None:
        """The steps are being computed."""

    def show_steps(self, count: int, stages: Sequence[tuple[str, int]], note: str) -> None:
        """There are ``count`` steps, and each stage begins at its own; the last is shown."""

    def show_step(self, step: int) -> None:
        """Stand at a step, as if it had been chosen."""

    def show_nothing(self, text: str) -> None:
        """There are no steps, and why."""


class PicturesView(Protocol):
    """Draws what it shows into files."""

    def draw_later(self, path: Path, figure: Figure) -> Callable[[], None]:
        """What draws and writes the figure as things are now; it may be called in any thread."""


class ScreenPanelView(Protocol):
    """Where a screen is set up."""

    def show_set_up(self, map_id: str | None, record: Mapping[str, Any], libraries: Sequence[str], store: Path) -> None:
        """Show how a screen was set up, by the record of its store."""


class ThumbnailsView(Protocol):
    """Draws small pictures of placed models."""

    def draw_thumbnail_later(self, item: OpenMap, level: float, model: OpenModel, pose: Pose) -> Callable[[], NDArray[np.uint8]]:
        """What draws a model in its place in a map, (height, width, 3); it may be called in any thread."""
