"""Splitting models into files, which are opened."""

import logging
import re
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from difffit_app.desk import Desk
from difffit_app.features.splitting.views import SplitView
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.workers.lane import Context, Job
from difffit_core.split.recipe import SplitRecipe

logger = logging.getLogger(__name__)


class SplitController:
    """Parts are files, as `difffit split` writes them, so that fits and projects name them as any other model."""

    def __init__(self, desk: Desk, view: SplitView, open_paths: Callable[[Sequence[Path]], None]) -> None:
        self._session, self._view_state, self._jobs, self._history = desk.session, desk.view_state, desk.jobs, desk.history
        self._exports = desk.exports
        self._messages, self._view, self._open_paths = desk.messages, view, open_paths

    def start(self, asked: SplitRecipe, folder: Path) -> None:
        """Write the parts of a model, by its id, into a folder, open them, and hide the whole."""
        item = self._session.models.get(asked.model)
        if item is None:
            return
        model, opening = item.model, self._session.opening
        command = asked.changed(model=str(model.path or "MODEL"), models=model.models).command("--out", str(folder))
        logger.info("split: %s", command)
        self._view.show_running(True)

        inputs = self._exports.inputs()

        def work(_: Context) -> tuple[list[Path], str]:
            from difffit_core.escaping.file_names import file_names
            from difffit_core.io.models import write_model
            from difffit_core.output import claim_folder

            parts = asked.parts(model)
            named = zip(file_names((part.name for part in parts), ".cif"), parts, strict=True)
            writers = {name: partial(write_model, model=part.model) for name, part in named}
            names = "|".join(map(re.escape, writers))
            told = "; ".join(f"{part.name.removeprefix(model.name).strip()}: {part.ranges()}" for part in parts)
            left = model.residue_count - sum(part.model.residue_count for part in parts)
            words = f"{len(parts)} part{'' if len(parts) == 1 else 's'} ({told})"
            written = claim_folder(folder, command="split", names=names, inputs=inputs, offered="").write(writers)
            return written, f"{words}; {left} residues are left out" if left else words

        def done(result: tuple[list[Path], str]) -> None:
            written, told = result
            self._view.show_running(False)
            self._view.show_outcome(f"Written and opened: {told}.")
            self._messages.show_notice(f"{item.name} is split: {told}; written and opened.", "info")
            self._open_paths(written)
            there = opening == self._session.opening and asked.model in self._session.models
            if there and self._view_state.models[asked.model].visible:
                self._history.do(ChangeStyle.of(self._session, asked.model, {"visible": False}))

        self._jobs.read(Job(f"splitting {item.name}", work, done, lambda _: self._view.show_running(False)))
