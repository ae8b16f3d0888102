"""Fetching in the background, and opening what came."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.features.fetch.views import FetchView, Kept, KeptView
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_core.errors import FitCancelled
from difffit_core.fetch.cache import Cache
from difffit_core.fetch.recipe import FetchRecipe

if TYPE_CHECKING:  # brings httpx, which the window does not need to come up
    from difffit_core.fetch.run import Fetched

logger = logging.getLogger(__name__)

OPENED = ("map", "entry", "assembly", "prediction")
"""Kinds of files that are opened when they are there; half maps and predicted aligned errors go with these."""
PATIENCE_S = 8.0
"""Longest wait for an answer, so that the window need not wait longer when it is closed."""


class FetchController:
    """One download at a time, beside everything else."""

    def __init__(self, desk: Desk, view: FetchView, kept: KeptView, open_paths: Callable[[Sequence[Path]], None]) -> None:
        self._jobs, self._messages, self._prompts = desk.jobs, desk.messages, desk.prompts
        self._view, self._kept, self._open = view, kept, open_paths
        self._job: Job | None = None

    def start(self, recipe: FetchRecipe, folder: Path | None) -> None:
        """Fetch entries into the cache, and copies of them into a folder if there is one; then open maps and models."""
        if self._job is not None:
            self._messages.show_notice("Entries are being fetched; cancel that first.", "error")
            return
        logger.info("fetch: %s", command_of(recipe, folder))

        def work(context: Context) -> "Fetched":
            from difffit_core.fetch.run import fetch_entries

            access = replace(recipe.access(), patience_s=PATIENCE_S)
            return fetch_entries(recipe.accessions(), folder, access, recipe.options(), context.report, context.cancel)

        self._view.show_running(True)
        self._job = Job("fetching", work, self._done, self._failed, self._view.show_progress)
        self._jobs.fetch(self._job)

    def cancel(self) -> None:
        """Stop; what came in part is gone on with the next time."""
        if self._job is not None:
            self._job.cancel.set()

    def look(self) -> None:
        """Show what the cache holds."""
        self._jobs.read(Job("looking at fetched files", _look, lambda kept: self._kept.show_kept(*kept)))

    def clear(self) -> None:
        """Remove all that the cache holds, after asking."""
        question = "Remove all fetched files from the cache? What is open stays so; projects that refer to them will ask for them."
        if self._prompts.confirm(question, "Remove"):
            self._jobs.read(Job("clearing fetched files", _clear, lambda kept: self._kept.show_kept(*kept)))

    def _done(self, found: "Fetched") -> None:
        self._settle()
        for sentence in dict.fromkeys(sentence for _, sentence in found.failures):
            self._messages.show_notice(sentence, "error")
        self._view.show_outcome(outcome(found))
        self._open([file.path for file in found.files if file.kind in OPENED])

    def _failed(self, error: BaseException) -> object:
        self._settle()
        if not isinstance(error, FitCancelled):
            return None
        self._view.show_outcome("Stopped; what came in part is gone on with the next time.")
        return SETTLED

    def _settle(self) -> None:
        self._job = None
        self._view.show_running(False)


def command_of(recipe: FetchRecipe, folder: Path | None) -> str:
    """The command line that fetches the same."""
    return recipe.command(*(() if folder is None else ("--out", str(folder))))


def outcome(found: "Fetched") -> str:
    """What came, what did not, and what else there is to know; what its entry says of a map is told where that is opened."""
    files = [file for file in found.files if file.kind != "map entry"]
    kept = sum(not file.fresh for file in files)
    parts = [f"{len(files)} {'file' if len(files) == 1 else 'files'}, {sum(file.size for file in files) / 1e6:.1f} MB"] if files else []
    if kept:
        parts.append("all from the cache" if kept == len(files) else f"{kept} from the cache")
    failures = [f"Not fetched: {sentence}" for sentence in dict.fromkeys(sentence for _, sentence in found.failures)]
    notes = [note for note in dict.fromkeys(found.notes) if not note.startswith("the entry ")]
    return "\n".join(["  ·  ".join(parts)] * bool(parts) + failures + notes)


def _look(_: Context) -> tuple[Path, float, Kept]:
    cache = Cache()
    return cache.folder, cache.limit_gb, cache.contents()


def _clear(context: Context) -> tuple[Path, float, Kept]:
    Cache().clear()
    return _look(context)
