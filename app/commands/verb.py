"""A command of the window: a recipe, as the shell's `difffit` reads it, and what is done with it."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, get_args, get_origin

from difffit_app.commands.words import Word, meant, only_beginning
from difffit_core.errors import UserError
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import REQUIRED, Parameter, spelling_of

INTO = ("in", "into", "to", "onto")
"""Before the argument that a command takes first: ``fit #1 in #2``."""
_ID = re.compile(r"(?:map|model)-[0-9]+(?=$|[:/@])")
_TYPED = re.compile(r"#([1-9][0-9]{0,4})(?=$|[:/@])")
_LETTERS = 3
"""Of an option, that it may be abbreviated to."""


@dataclass(frozen=True, eq=False)
class Verb:
    """``run`` is called with the recipe, and with what ``more`` parameters, which are no part of it, were given.

    Attributes
    ----------
    name, help : of the command; ``help`` is a sentence
    maps, models : fields that hold ids of open maps, or of open models
    elsewhere : of parameters that the window takes from elsewhere: a sentence on where to set that
    complete : values to propose for its arguments, where they are no ids
    into : the word before its first argument where that stands last, as it is written: ``fit #2 in #1``
    is_action : whether it is an entry of the menus that takes no more than on or off
    """

    name: str
    kind: type[Recipe]
    run: Callable[..., object]
    help: str = ""
    more: tuple[Parameter, ...] = ()
    maps: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    complete: Callable[[str], Iterable[str]] = lambda _: ()
    into: str = ""
    is_action: bool = False

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return (*(one for one in self.kind.parameters() if one.name not in self.elsewhere), *self.more)

    @property
    def options(self) -> dict[str, Parameter]:
        """By every plain word that stands for it; the first is how it is written."""
        found: dict[str, Parameter] = {}
        for one in self.parameters:
            for flag in one.flag.split("/") if one.flag else ():
                found.setdefault(flag.removeprefix("--"), one)
        for one in self.parameters:
            if one.flag:
                found.setdefault(one.name.replace("_", "-"), one)
        return found

    @property
    def _elsewhere(self) -> dict[str, str]:
        """By every plain word that stands for what is set elsewhere."""
        found = {name.replace("_", "-"): sentence for name, sentence in self.elsewhere.items()}
        named = [one for one in self.kind.parameters() if one.flag and one.name in self.elsewhere]
        return found | {one.flag.removeprefix("--"): self.elsewhere[one.name] for one in named}

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        return tuple(one for one in self.parameters if not one.flag)

    def usage(self) -> str:
        """The command with its arguments and options, as in a line of help."""
        arguments = [str(one.metavar or one.name.upper()) for one in self.arguments]
        shown: dict[str, str] = {}
        for word, one in self.options.items():
            shown.setdefault(one.name, word)
        return " ".join([self.name, *arguments, *(f"[{word}]" for word in shown.values())])

    def argv(self, words: Sequence[Word], ids: Mapping[int, str]) -> list[str]:
        """The words as the shell has them: options with their dashes, ids of the session for ``#1``.

        Raises
        ------
        UserError
            For a word too many, or one that is set elsewhere.
        """
        options, left = self.options, list(words)
        front: list[str] = []
        arguments: list[str] = []
        found: list[str] = []
        while left:
            word = left.pop(0)
            text, equals, value = word.text.partition("=")
            flag = None if word.quoted and not equals else self._flag(text, options, is_typed=not word.quoted)
            if flag is not None and (not equals or _values(options[flag]) == 1):
                found += self._option(flag, options[flag], [value] if equals else None, left, ids)
            elif not word.quoted and word.text in INTO and left and not front and self.arguments:
                front.append(_resolved(left.pop(0).text, ids))
            else:
                arguments.append(_resolved(word.text, ids))
        self._check_count([*front, *arguments], options)
        return [*found, "--", *front, *arguments]

    def words(self, recipe: Recipe, more: Mapping[str, Any], numbers: Mapping[str, int]) -> list[Word]:
        """What is typed for a recipe and what is beside it; ids of the session as ``#1``. What is as it is if not given is left out."""
        arguments: list[str] = []
        options: list[str] = []
        for name, info in type(recipe).model_fields.items():
            value, spelling = getattr(recipe, name), spelling_of(info)
            if name not in self.elsewhere and (info.is_required() or value != info.get_default(call_default_factory=True)):
                arguments += spelling.arguments(name, info, value)
                options += spelling.words(name, info, value)
        for one in self.more:
            value = more.get(one.name)
            if value not in (None, "", False, one.default):
                options += [one.flag] if value is True else [one.flag, str(value)]
        known = self.options
        shown = [_shown(text, numbers) for text in arguments]
        called = [Word(text, text in INTO or self._flag(text.partition("=")[0], known) is not None) for text in shown]
        if self.into and len(called) > 1:
            called = [*called[1:], Word(self.into), called[0]]
        written = [Word(self.name), *called]
        while options:
            text = options.pop(0)
            if "=" in text:
                written.append(Word(text.removeprefix("--")))
                continue
            written.append(Word(text.removeprefix("--")))
            one = known[text.removeprefix("--")]
            written += [Word(_shown(options.pop(0), numbers)) for _ in range(_values(one))]
        return written

    def _flag(self, text: str, options: Mapping[str, Parameter], *, is_typed: bool = True) -> str | None:
        """The option that a word stands for: with its dashes or without, whole or as far as no other begins so."""
        word = text.removeprefix("--").replace("_", "-") if is_typed else text.replace("_", "-")
        if word in options:
            return word
        if is_typed and word in self._elsewhere:
            raise UserError(f"{self.name}: {self._elsewhere[word]}")
        if not is_typed or not word.replace("-", "").isalpha():
            return None
        found = only_beginning(word, options, _LETTERS)
        if found is None and text.startswith("--"):
            raise UserError(f"{self.name} has no option {text}{meant(word, list(options))}")
        return found

    def _option(self, flag: str, one: Parameter, given: list[str] | None, left: list[Word], ids: Mapping[int, str]) -> list[str]:
        count = _values(one)
        flag = flag if f"--{flag}" in one.flag.split("/") else one.flag.split("/")[0].removeprefix("--")
        if given is None:
            if len(left) < count:
                raise UserError(f"{self.name}: {flag} wants {one.metavar or 'a value'} after it, got nothing")
            given = [left.pop(0).text for _ in range(count)]
        if "" in given:  # it would count as not given, in silence
            raise UserError(f"{self.name}: {flag} wants {one.metavar or 'a value'} after it, got an empty text")
        values = [_resolved(text, ids) for text in given]
        return [f"--{flag}={values[0]}"] if count == 1 else [f"--{flag}", *values]

    def _check_count(self, arguments: Sequence[str], options: Mapping[str, Parameter]) -> None:
        most = len(self.arguments)
        if "" in arguments:  # it would count as not given, in silence
            wanted = " ".join(str(one.metavar or one.name.upper()) for one in self.arguments) or "nothing"
            raise UserError(f"{self.name} wants {wanted}, got an empty text")
        if len(arguments) <= most or any(get_origin(one.kind) is list or list[str] in get_args(one.kind) for one in self.arguments):
            return
        unlike_ids = [text for text in arguments if not _ID.match(text)]
        strange = next((text for text in unlike_ids if meant(text, list(options))), [*unlike_ids, arguments[most]][0])
        raise UserError(f"{self.name} does not know what to do with {strange}{meant(strange, list(options))}")

    def missing(self, argv: Sequence[str]) -> str:
        """What must still be given, for a message; empty where nothing must."""
        needed = [one for one in self.arguments if one.default is REQUIRED]
        ends = argv.index("--")
        flags = [one for one in self.parameters if one.flag and one.default is REQUIRED]
        lacking = [one for one in flags if not any(word.partition("=")[0] in one.flag.split("/") for word in argv[:ends])]
        words = [str(one.metavar or one.name.upper()) for one in needed[len(argv) - ends - 1 :]]
        return " ".join([*words, *(f"{one.flag.removeprefix('--')} {one.metavar or one.name.upper()}" for one in lacking)])


def _values(one: Parameter) -> int:
    """How many words an option takes."""
    if one.kind is bool:
        return 0
    return next((len(get_args(kind)) for kind in (one.kind, *get_args(one.kind)) if get_origin(kind) is tuple), 1)


def _resolved(text: str, ids: Mapping[int, str]) -> str:
    """The id for ``#1``, where such is open; else the text as it is."""
    match = _TYPED.match(text)
    return ids[int(match[1])] + text[match.end() :] if match and int(match[1]) in ids else text


def _shown(text: str, numbers: Mapping[str, int]) -> str:
    """``#1`` for an id, where that has a number."""
    match = _ID.match(text)
    return f"#{numbers[match[0]]}{text[match.end() :]}" if match and match[0] in numbers else text
