"""Chains that are typed behind a model, ``#2/A,B``, where a command has a word of its own for them: ``chain A,B``."""

from collections.abc import Mapping, Sequence
from typing import Any, get_origin

from difffit_app.commands.verb import Verb
from difffit_app.commands.words import Word
from difffit_app.state.parts import called, chains_and_residues, group_of
from difffit_app.state.session import Session
from difffit_core.errors import UserError
from difffit_core.number_words import is_digits
from difffit_core.recipes.words import join_names


def has_parts(verb: Verb, words: Sequence[Word]) -> bool:
    """Whether chains stand behind a model."""
    return bool(verb.models) and any(one.text.startswith("#") and "/" in one.text for one in words)


def with_chains_apart(verb: Verb, given: Mapping[str, Any], session: Session) -> dict[str, Any]:
    """What was given, with the chains that stand behind models where the recipe has them.

    Raises
    ------
    UserError
        For chains that the model has not, that are given twice, or that the command does not take, and for residues.
    """
    found = dict(given)
    for name in verb.models:
        value = given.get(name) or ()
        if isinstance(value, str):
            found[name], chains = _parted(verb, value, session)
            if chains:
                if found.get("chains"):
                    raise UserError(f"{verb.name}: chains are given once, as {called(value, session)} or chain {found['chains']}, got both")
                found["chains"] = join_names(chains)
            continue
        parts = [_parted(verb, text, session) for text in value]
        found[name] = [model for model, _ in parts]
        numbered = [f"{number}={join_names(chains)}" for number, (_, chains) in enumerate(parts, start=1) if chains]
        if numbered:
            found["chains"] = [*found["chains"], *numbered]
    return found


def _parted(verb: Verb, text: str, session: Session) -> tuple[str, tuple[str, ...]]:
    """The model, with its copies, and the chains."""
    takes = next((one.kind for one in verb.parameters if one.name == "chains"), None)
    whole, colon, copies = text.rpartition(":")
    copied = bool(colon) and (not copies or is_digits(copies)) and get_origin(takes) is list
    if not any((whole if copied else text).startswith((f"{one}/", f"{one}:")) for one in session.models):
        return text, ()
    model, chains, ranges = chains_and_residues(whole if copied else text, session)
    number = session.numbers[model]
    if takes is None:
        raise UserError(f"{verb.name} takes whole models, as #{number}, got {called(text, session)}")
    if ranges:
        some = f"#{number}/{join_names(chains)}" if "/" in text else f"#{number}/{join_names(chains[:1])}"
        raise UserError(
            f"{verb.name} takes whole chains, as {some}, got {called(text, session)};"
            f" split #{number} keep {group_of(chains, ranges)} makes a model of these residues"
        )
    return f"{model}:{copies}" if copied else model, chains
