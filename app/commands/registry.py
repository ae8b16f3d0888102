"""The commands of the window: typed lines are read and done, and what is done otherwise is written as the line that does it."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from psygnal import Signal

from difffit_app.commands.begun import Begun
from difffit_app.commands.chimerax import CALLED_HERE
from difffit_app.commands.parts import has_parts, with_chains_apart
from difffit_app.commands.verb import Verb
from difffit_app.commands.words import Word, join_words, meant, only_beginning, split_line
from difffit_app.state.parts import called
from difffit_app.state.session import Session
from difffit_core.cli.recipes import read_words
from difffit_core.errors import UserError
from difffit_core.map_resolution import MapResolution
from difffit_core.number_words import is_digits
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.of_map import ResolutionOfMap
from difffit_core.recipes.words import spelling_of

_FEWEST = 2
"""Letters of a command, that it may be abbreviated to."""


class Commands:
    """What can be typed. Each feature adds its own, and says by `doing` what its buttons, menus and keys do.

    ``echoed`` gives a line, and whether it stands for the one before it, as the next place of a slider does; ``withdrawn`` tells that
    nothing came of the line that was echoed last; ``typed`` gives a line that was typed before it is done; ``told`` what a command
    answers. ``done`` are all lines that were done, for a script.
    """

    typed = Signal(str)
    echoed = Signal(str, bool)
    withdrawn = Signal()
    told = Signal(str)

    def __init__(self, session: Session) -> None:
        self._session = session
        self.verbs: dict[str, Verb] = {}
        self.writers: dict[str, Callable[[Path, str | None], object]] = {}
        """What writes files of a suffix: of a map or model, by its id, or what is chosen."""
        self.done: list[str] = []
        self.folder = Path.cwd()
        """To which paths in commands are relative."""
        self._depth = 0
        self._line: str | None = None
        self._called_off = self._failed = False
        self._kind: tuple[str, ...] | None = None
        self.begun = Begun(self.done)
        """The jobs that lines began."""

    @property
    def is_typed(self) -> bool:
        """Whether what is done now was typed: then nothing is asked that undo takes back."""
        return self._line is not None

    def add(self, *verbs: Verb) -> None:
        for verb in verbs:
            self.verbs[verb.name] = verb

    def run(self, line: str) -> None:
        """Do what a line says: one command.

        Raises
        ------
        UserError
            In one sentence, if it is none, or nothing came of it.
        """
        commands = split_line(line)
        if not commands:
            return
        if len(commands) > 1:
            raise UserError("one command at a time is run here, got several with ; between them")
        verb, words = self.parted(commands[0])
        recipe, more = self.read(verb, words)
        self.typed.emit(join_words(commands[0]))
        self.note(join_words(commands[0]))
        self._line = "" if has_parts(verb, words) else self.line(verb, recipe, more)
        self._called_off = self._failed = False
        try:
            with self.quietly(), self.begun.by(self.done[-1]):
                verb.run(recipe, **more)
            if self._called_off:
                raise UserError(f"{verb.name} was called off: nothing was done")
        except Exception:
            self.done.pop()
            raise
        else:
            if self._failed:
                self.done.pop()
        finally:
            self._line = None

    def read(self, verb: Verb, words: list[Word]) -> tuple[Recipe, dict[str, Any]]:
        """What is asked for by the words after a command."""
        ids = {number: name for name, number in self._session.numbers.items() if name in self._open()}
        argv = verb.argv(words, ids)
        lacking = verb.missing(argv)
        if lacking:
            raise UserError(f"{verb.name} wants {lacking}: {verb.usage()}")
        try:
            given = read_words(verb.name, verb.parameters, argv)
            given |= {one.name: one.default for one in verb.kind.parameters() if one.name in verb.elsewhere}
            given = with_chains_apart(verb, given, self._session)
            self._check_ids(verb, given)
            self._fill_resolution(verb, given)
            recipe = verb.kind.given(given)
        except UserError as error:
            text = str(error)
            raise UserError(text if text.startswith(verb.name) else f"{verb.name}: {text}") from None
        return recipe, {one.name: given[one.name] for one in verb.more}

    @staticmethod
    def joined(words: list[Word]) -> str:
        """The line of these words."""
        return join_words(words)

    def parted(self, words: list[Word]) -> tuple[Verb, list[Word]]:
        """The command that words begin with, and those after it; a name with a dash may be written as two words."""
        both = "-".join(one.text.lower() for one in words[:2] if not one.quoted)
        if len(words) > 1 and both in self.verbs and words[0].text.lower() not in self.verbs:
            return self.verbs[both], words[2:]
        return self.verb_of(words[0].text), words[1:]

    def verb_of(self, text: str) -> Verb:
        """The command of a name, or the only one whose name begins so."""
        name = text.lower().replace("_", "-")
        if name not in self.verbs and name in CALLED_HERE:
            raise UserError(f"{text} is a command of ChimeraX; here {CALLED_HERE[name]}")
        own = [one for one, verb in self.verbs.items() if not verb.is_action]
        found = name if name in self.verbs else only_beginning(name, own, _FEWEST) or only_beginning(name, self.verbs, _FEWEST)
        if found is None:
            several = [one for one in self.verbs if one.startswith(name)][:6]
            if several and len(name) >= _FEWEST:
                raise UserError(f"{text} is the beginning of several commands: {', '.join(several)}")
            raise UserError(f"{text} is no command{meant(name, list(self.verbs)) or '; help lists them'}")
        return self.verbs[found]

    def line(self, verb: Verb, recipe: Recipe, more: Mapping[str, Any]) -> str:
        """What is typed for it."""
        return join_words(verb.words(recipe, more, self._session.numbers))

    @contextmanager
    def doing(self, name: str, values: Recipe | Mapping[str, Any], kind: tuple[str, ...] | None = None, **more: Any) -> Iterator[None]:
        """Echo a command, by its name and its recipe or the values of that, before what is done in here, of which nothing is echoed.

        Where it fails in here, or that is told as an error, the echo is withdrawn. Echoes of one ``kind`` that follow each other are one
        line, the last.
        """
        verb = self.verbs.get(name)
        line = ""
        if verb is not None and (self._depth == 0 or (self._depth == 1 and self._line is not None)):
            recipe = values if isinstance(values, Recipe) else verb.kind.checked(values)
            line = self.line(verb, recipe, more)
        if line and self._depth == 0:
            with self._echoing(line, kind), self.quietly():
                yield
            return
        if line and line != self._line:  # what was typed left something open: this is how that was settled
            self.done[-1] = line
            self.begun.called(line)
            self.told.emit(f"= {line}")
        with self.quietly():
            yield

    @contextmanager
    def _echoing(self, line: str, kind: tuple[str, ...] | None) -> Iterator[None]:
        before = self.done[-1:]
        follows = self._echo(line, kind)
        self._failed, is_done = False, False
        try:
            with self.begun.by(line):
                yield
            is_done = not self._failed
        finally:
            if not is_done and self.done[-1:] == [line]:
                self.done[-1:] = before if follows else []
                self._kind = None
                self.withdrawn.emit()

    def do(self, name: str, values: Recipe | Mapping[str, Any], act: Callable[[], object], **more: Any) -> None:
        """`doing` of one call."""
        with self.doing(name, values, **more):
            act()

    def echo(self, name: str) -> None:
        """Echo a command without arguments, after it was done."""
        with self.doing(name, {}):
            pass

    @contextmanager
    def echoing_action(self, name: str, state: Callable[[], str]) -> Iterator[None]:
        """Echo an action of the menus by its name where nothing that is done in here echoes itself; ``state`` is on, off or empty."""
        before = len(self.done), self.done[-1:]
        self._called_off = self._failed = False
        yield
        if self._called_off or self._failed:
            return
        if self._depth == 0 and name in self.verbs and self.verbs[name].is_action and before == (len(self.done), self.done[-1:]):
            self._echo(join_words([name, *([state()] if state() else [])]), None)

    def call_off(self) -> None:
        """Say that nothing comes of the action that is being done: it is neither echoed nor kept for a script."""
        self._called_off = True

    def fail(self) -> None:
        """Say that the user was told of an error: what is being done now is neither echoed nor kept for a script."""
        self._failed = True

    def path(self, text: str) -> Path:
        """A path as it is typed: relative to ``folder``, or from the home folder where it begins with a tilde."""
        return self.folder / os.path.expanduser(text)

    def note(self, line: str) -> None:
        """Keep a line that was done."""
        self._kind = None
        self.done.append(line)

    def _echo(self, line: str, kind: tuple[str, ...] | None) -> bool:
        follows = kind is not None and kind == self._kind and bool(self.done)
        if follows:
            self.done[-1] = line
        else:
            self.note(line)
        self._kind = kind
        self.echoed.emit(line, follows)
        return follows

    @contextmanager
    def quietly(self) -> Iterator[None]:
        """Echo nothing of what is done in here: it belongs to what was echoed."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def _open(self) -> set[str]:
        return {*self._session.maps, *self._session.models}

    def _check_ids(self, verb: Verb, given: Mapping[str, Any]) -> None:
        """Say it of what is no id of an open map or model where one is wanted."""
        for names, there, what in ((verb.maps, self._session.maps, "map"), (verb.models, self._session.models, "model")):
            for name in names:
                value = given.get(name) or ()
                for text in (value,) if isinstance(value, str) else value:
                    one, _, copies = text.rpartition(":")
                    if text not in there and (one not in there or (copies and not is_digits(copies))):
                        known = ", ".join(f"#{self._session.numbers[one]} {item.name}" for one, item in there.items())
                        such = f"such as {known}" if known else "and none is open"
                        raise UserError(f"{verb.name} wants an open {what}, {such}, got {called(text, self._session)}")

    def _fill_resolution(self, verb: Verb, given: dict[str, Any]) -> None:
        """Of the map, where none was given; of several the coarsest."""
        info = verb.kind.model_fields.get("resolution")
        if info is None or not isinstance(spelling_of(info), ResolutionOfMap) or given.get("resolution") is not None:
            return
        names = [name for one in verb.maps for name in ([given[one]] if isinstance(given[one], str) else given[one])]
        known: list[MapResolution] = []
        for name in names:
            one = self._session.resolution(name)
            if one is not None:
                known.append(one)
        if len(known) < len(names):
            lacking = next(name for name in names if self._session.resolution(name) is None)
            raise UserError(
                f"the resolution must be given, in Å (resolution 4): nothing says what that of {self._session.maps[lacking].name} is"
            )
        given["resolution"] = max(one.value for one in known)
