"""What can be done about what a fit noticed: a model split where it breaks, a map put right; written to files, and opened."""

from collections.abc import Callable, Sequence
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.messages import tell
from difffit_app.offered import Splits
from difffit_app.state.items import OpenFit
from difffit_app.workers.lane import Context, Job
from difffit_core.broken import BrokenStretch
from difffit_core.correction import Correction
from difffit_core.errors import UserError
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.split.recipe import SplitRecipe


class RemediesController:
    """``open_paths`` opens what was written."""

    def __init__(self, desk: Desk, open_paths: Callable[[Sequence[Path]], None], splits: Splits) -> None:
        self._session, self._jobs, self._messages, self._open_paths = desk.session, desk.jobs, desk.messages, open_paths
        self._exports, self._splits = desk.exports, splits

    def split(self, fit: OpenFit, folder: Path) -> None:
        """Split the model into a folder, where the fit breaks, as the panel Split does it."""
        model = self._session.models[fit.record.model].model
        stretches = [BrokenStretch(**one.model_dump()) for one in fit.record.broken]
        try:
            self._splits.start(SplitRecipe.at_breaks(fit.record.model, model, stretches, fit.record.chains), folder)
        except UserError as error:
            tell(self._messages, f"splitting {model.name}", error)

    def correct(self, fit: OpenFit, correction: Correction, path: Path) -> None:
        """Write a corrected copy of the fit's map, and open it."""
        item = self._session.maps[fit.record.map]
        place = self._exports.claim(path, MAP_SUFFIXES, "map")
        if place is None:
            return

        def work(_: Context) -> list[Path]:
            from difffit_core.io.maps import write_map
            from difffit_core.map_edit.corrected import corrected

            return [place.write(lambda to: write_map(to, corrected(item.density, correction)))]

        self._run(f"writing {place.path.name}", work, "Corrected map")

    def _run(self, what: str, work: Callable[[Context], list[Path]], made: str) -> None:
        def done(written: list[Path]) -> None:
            self._messages.show_notice(f"{made}: {', '.join(path.name for path in written)} written and opened.", "info")
            self._open_paths(written)

        self._jobs.read(Job(what, work, done))
