"""What can be done about what a fit noticed: a model split where it breaks, a map put right; written to files, and opened."""

import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.state.items import OpenFit
from difffit_app.workers.lane import Context, Job
from difffit_core.broken import BrokenStretch
from difffit_core.correction import Correction
from difffit_core.errors import UserError
from difffit_core.io.map_header import MAP_SUFFIXES


class RemediesController:
    """``open_paths`` opens what was written."""

    def __init__(self, desk: Desk, open_paths: Callable[[Sequence[Path]], None]) -> None:
        self._session, self._jobs, self._messages, self._open_paths = desk.session, desk.jobs, desk.messages, open_paths
        self._exports = desk.exports

    def split(self, fit: OpenFit, folder: Path) -> None:
        """Write the model's parts, cut where the fit breaks, into a folder, and open them."""
        model = self._session.models[fit.record.model].model.select_chains(fit.record.chains)
        inputs = self._exports.inputs()
        stretches = [BrokenStretch(**one.model_dump()) for one in fit.record.broken]

        def work(_: Context) -> list[Path]:
            from difffit_core.io.models import write_model
            from difffit_core.output import claim_folder
            from difffit_core.split.cuts import at_cuts, cuts_round

            cuts = cuts_round(model, stretches)
            if not cuts:
                raise UserError(f"{model.name} is not split: what does not fit, or what is left, is too short to be found alone")
            parts = at_cuts(model, cuts)
            writers = {f"{part.name.replace(' ', '_')}.cif": partial(write_model, model=part.model) for part in parts}
            names = "|".join(map(re.escape, writers))
            return claim_folder(folder, command="split", names=names, inputs=inputs, offered="").write(writers)

        self._run(f"splitting {model.name}", work, f"{model.name} is split")

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
