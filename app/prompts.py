"""Questions that interrupt: what a feature may ask of the user before it goes on."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeVar

from difffit_app.state.figure import Figure

_Answer = TypeVar("_Answer")


class Unsaved(StrEnum):
    """What is done with work that is not saved."""

    SAVE = "save"
    DISCARD = "discard"
    STAY = "stay"


class PromptsView(Protocol):
    """Questions that must be answered before it can go on. None means that the user thought better of it."""

    def ask_for_input(self, sentence: str, kind: str) -> Path | None:
        """Have the user find a file that is missing; None to go on without."""

    def ask_for_models(self, question: str, numbers: Sequence[int], now: str) -> str | None:
        """Which of the models of a file to read: all, or numbers with commas between them, as now at first; None to leave it so."""

    def confirm(self, question: str, accept: str) -> bool:
        """Ask a question that is answered by the words of ``accept``, or by leaving things as they are."""

    def ask_to_save(self, question: str, discard: str) -> Unsaved:
        """What to do with work that is not saved; ``discard`` are the words for going on without it."""

    def ask_for_files(self) -> list[Path]:
        """Files to open; none for none."""

    def ask_for_file(self, title: str, filters: str) -> Path | None:
        """A file that is there; ``filters`` as Qt writes them."""

    def ask_for_folder(self, title: str) -> Path | None:
        """A folder that is there."""

    def ask_where_to_save(self, title: str, suggestion: str, filters: str) -> Path | None:
        """A file to write, which may be there already: that was asked about."""

    def ask_for_colour(self, title: str, colour: str) -> str | None:
        """``#rrggbb``, starting from one."""

    def ask_for_figure(self, start: Figure, with_placements: bool) -> Figure | None:
        """What a figure shall be like."""

    def show_about(self, version: str) -> None:
        """Tell what this program is."""


class Heard:
    """Passes questions on, and has it heard when the user thinks better of what was begun.

    What goes on without an answer, as it does without a file that is missing, is not heard.
    """

    def __init__(self, prompts: PromptsView, refused: Callable[[], object]) -> None:
        self._prompts, self._refused = prompts, refused

    def ask_for_input(self, sentence: str, kind: str) -> Path | None:
        return self._prompts.ask_for_input(sentence, kind)

    def ask_for_models(self, question: str, numbers: Sequence[int], now: str) -> str | None:
        return self._heard(self._prompts.ask_for_models(question, numbers, now))

    def confirm(self, question: str, accept: str) -> bool:
        return self._heard(self._prompts.confirm(question, accept))

    def ask_to_save(self, question: str, discard: str) -> Unsaved:
        answer = self._prompts.ask_to_save(question, discard)
        self._heard(answer is not Unsaved.STAY)
        return answer

    def ask_for_files(self) -> list[Path]:
        return self._heard(self._prompts.ask_for_files())

    def ask_for_file(self, title: str, filters: str) -> Path | None:
        return self._heard(self._prompts.ask_for_file(title, filters))

    def ask_for_folder(self, title: str) -> Path | None:
        return self._heard(self._prompts.ask_for_folder(title))

    def ask_where_to_save(self, title: str, suggestion: str, filters: str) -> Path | None:
        return self._heard(self._prompts.ask_where_to_save(title, suggestion, filters))

    def ask_for_colour(self, title: str, colour: str) -> str | None:
        return self._heard(self._prompts.ask_for_colour(title, colour))

    def ask_for_figure(self, start: Figure, with_placements: bool) -> Figure | None:
        return self._heard(self._prompts.ask_for_figure(start, with_placements))

    def show_about(self, version: str) -> None:
        self._prompts.show_about(version)

    def _heard(self, answer: _Answer) -> _Answer:
        if not answer:
            self._refused()
        return answer
