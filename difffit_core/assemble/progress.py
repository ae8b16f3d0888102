"""How far an assembly is, of which nobody knows before how many searches it takes."""

from collections.abc import Callable
from dataclasses import replace

from difffit_core.assemble.small_parts import MOST_HOPEFUL
from difffit_core.fit.request import FitProgress, OnProgress
from difffit_core.screen.request import ScreenProgress

_SCREENED, _COMPOSING = 0.3, 0.35
"""Of what is to be done up to the next search, shares at which the screen is done, and at which placing together begins."""
_BEFORE_BENDING = 0.7
"""Share of it all at which bending begins, where that is asked for."""


class AssemblyProgress:
    """Turns the progress of each stage into that of the whole, which never goes back; each search is half of what is left to do.

    What is left of a stage is told with its name: nobody knows how long the whole will take.

    Parameters
    ----------
    on_progress : told, or None
    bends : whether copies are bent at the end
    """

    def __init__(self, on_progress: OnProgress | None, *, bends: bool) -> None:
        self._on_progress, self._placing = on_progress, _BEFORE_BENDING if bends else 1.0
        self._told = 0.0
        self._search = 1

    def screening(self, number: int) -> Callable[[ScreenProgress], None]:
        """Who is told of a screen: that of the map, number 1, or of what is left."""
        self._search = number
        where = "screening the map" if number == 1 else f"screening what is left ({number - 1})"

        def tell(progress: ScreenProgress) -> None:
            share = progress.done / max(progress.total, 1)
            half = 0.0 if progress.stage == "first pass" else 0.5
            stage = f"{where}: {progress.stage}, {progress.done} of {progress.total}"
            self._tell(_SCREENED * (half + share / 2), FitProgress(_timed(stage, progress.remaining_s), 0.0))

        return tell

    def pieces(self, name: str, number: int, done: int, total: int) -> None:
        """How far the search is for what chance gives to the size of a small part, the ``number``-th, from 1, that is looked at."""
        share = (min(number, MOST_HOPEFUL) - 1 + done / max(total, 1)) / MOST_HOPEFUL
        stage = f"is {name} more than chance? pieces of others of its size, {done} of {total}"
        self._tell(_SCREENED + (_COMPOSING - _SCREENED) * share, FitProgress(stage, 0.0))

    def composing(self, progress: FitProgress) -> None:
        """How far placing together is."""
        stage = _timed(f"placing together: {progress.stage}", progress.remaining_s)
        self._tell(_COMPOSING + (1 - _COMPOSING) * progress.fraction, replace(progress, stage=stage, remaining_s=None))

    def bending(self, stage: str, share: float) -> None:
        """How far bending is."""
        self._say(FitProgress(stage, self._placing + (1 - self._placing) * share))

    def _tell(self, share: float, progress: FitProgress) -> None:
        """Share of this search and of placing what it found; the next one, if there is any, has half of what is left."""
        before = 1 - 0.5 ** (self._search - 1)
        self._say(replace(progress, fraction=self._placing * (before + 0.5**self._search * share)))

    def _say(self, progress: FitProgress) -> None:
        if self._on_progress:
            self._told = max(self._told, min(progress.fraction, 0.99))
            self._on_progress(replace(progress, fraction=self._told))


def _timed(stage: str, seconds: float | None) -> str:
    """A stage with the time that it, and not the whole, will take."""
    if not seconds:
        return stage
    return f"{stage}, {f'{seconds:.0f} s' if seconds < 90 else f'{seconds / 60:.0f} min'} left of this stage"
