"""How a line that is being typed can go on."""

from collections.abc import Iterable
from typing import get_args

from difffit_app.commands.registry import Commands
from difffit_app.commands.verb import Verb
from difffit_app.commands.words import Word, split_line
from difffit_app.state.session import Session
from difffit_core.errors import UserError
from difffit_core.fit.settings import Preset
from difffit_core.recipes.words import Parameter


def completions(line: str, commands: Commands, session: Session) -> tuple[str, list[str]]:
    """The word that ends the line, as far as it is typed, and what it can become, in order."""
    try:
        parted = split_line(line)
    except UserError:
        return "", []
    words = parted[-1] if parted and not line.rstrip().endswith(";") else []
    last = words.pop().text if words and not line[-1:].isspace() else ""
    if not words:
        own = sorted(name for name, verb in commands.verbs.items() if not verb.is_action)
        return last, _beginning(last, [*own, *sorted(set(commands.verbs) - set(own))])
    try:
        verb, rest = commands.parted(words)
    except UserError:
        return last, []
    if last.startswith("#"):
        return last, _beginning(last, [f"#{number}" for number in sorted(numbers_open(session))])
    option = _option_before(verb, rest)
    if option is not None:
        return last, _beginning(last, _values_of(option))
    given = {one.text.removeprefix("--") for one in rest}
    known = verb.options
    taken = {known[one].name for one in given if one in known and not str(known[one].kind).startswith("list")}
    shown: dict[str, str] = {}
    for word, one in known.items():
        if one.name not in taken:
            shown.setdefault(one.name, word)
    ids = [f"#{number}" for number in sorted(numbers_open(session))] if last == "" and verb.arguments else []
    return last, _beginning(last, [*verb.complete(last), *ids, *shown.values()])


def numbers_open(session: Session) -> set[int]:
    """Of the maps and models that are open."""
    return {session.numbers[name] for name in (*session.maps, *session.models)}


def _beginning(text: str, words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word.startswith(text) and word != text]


def _option_before(verb: Verb, words: list[Word]) -> Parameter | None:
    """The option whose value comes next."""
    if not words or words[-1].quoted:
        return None
    one = verb.options.get(words[-1].text.removeprefix("--"))
    return None if one is None or one.kind is bool else one


def _values_of(one: Parameter) -> list[str]:
    """The words among which an option chooses; none where it is free."""
    if one.name == "preset":
        return [preset.value for preset in Preset]
    if one.name in ("level", "moving_level", "symmetry"):
        return ["auto"]
    for kind in (one.kind, *get_args(one.kind)):
        values = [value for value in get_args(kind) if isinstance(value, str)]
        if values:
            return values
    return ["on", "off"] if one.metavar == "on|off" else []
