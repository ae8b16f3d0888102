"""What can be done about what a fit noticed: a model split where it breaks, a map put right; written to files, and opened."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.state.items import OpenFit
from difffit_app.workers.lane import Context, Job
from difffit_core.broken import BrokenStretch
from difffit_core.correction import Correction
from difffit_core.errors import UserError


class RemediesController:
    """``open_paths`` opens what was written."""

    def __init__(self, desk: Desk, open_paths: Callable[[Sequence[Path]], None]) -> None:
        self._session, self._jobs, self._messages, self._open_paths = desk.session, desk.jobs, desk.messages, open_paths

    def split(self, fit: OpenFit, folder: Path) -> None:
        """Write the model's parts, cut where the fit breaks, into a folder, and open them."""
        model = self._session.models[fit.record.model].model.select_chains(fit.record.chains)
        stretches = [BrokenStretch(**one.model_dump()) for one in fit.record.broken]

        def work(_: Context) -> list[Path]:
            from difffit_core.io.models import write_model
            from difffit_core.output import write_together
            from difffit_core.split.cuts import at_cuts, cuts_round

            cuts = cuts_round(model, stretches)
            if not cuts:
                raise UserError(f"{model.name} is not split: what does not fit, or what is left, is too short to be found alone")
            parts = at_cuts(model, cuts)
            taken = [name for name in (f"{part.name.replace(' ', '_')}.cif" for part in parts) if (folder / name).exists()]
            if taken:
                raise UserError(f"{folder / taken[0]} is there already; nothing was written. Choose another folder")
            writers = {f"{part.name.replace(' ', '_')}.cif": partial(write_model, model=part.model) for part in parts}
            return write_together(folder, writers, command="split")

        self._run(f"splitting {model.name}", work, f"{model.name} is split")

    def correct(self, fit: OpenFit, correction: Correction, path: Path) -> None:
        """Write a corrected copy of the fit's map, and open it."""
        item = self._session.maps[fit.record.map]
        open_files = [one.stamp.path for one in self._session.maps.values() if one.stamp is not None]

        def work(_: Context) -> list[Path]:
            from difffit_core.io.maps import write_map

            if path.exists() and any(place.exists() and path.samefile(place) for place in open_files):
                raise UserError(f"{path} is a map that is open; choose another name")
            write_map(path, correction.of(item.density))
            return [path]

        self._run(f"writing {path.name}", work, "Corrected map")

    def _run(self, what: str, work: Callable[[Context], list[Path]], made: str) -> None:
        def done(written: list[Path]) -> None:
            self._messages.show_notice(f"{made}: {', '.join(path.name for path in written)} written and opened.", "info")
            self._open_paths(written)

        self._jobs.read(Job(what, work, done))
