"""What one points at, in the words of commands."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from difffit_app.commands.registry import Commands
from difffit_app.state.parts import text_of_part
from difffit_app.state.selection import residues_of
from difffit_app.state.session import Session
from difffit_app.state.subjects import ChainSubject, CopySubject, MapSubject, ModelSubject, PlacementSubject, ResidueSubject, Subject
from difffit_core.errors import UserError
from difffit_core.number_words import whole_number


def words_of(subject: Subject, session: Session) -> list[str]:
    """What is typed for it, with its id; nothing for what has no name of its own."""
    match subject:
        case MapSubject(identifier) | ModelSubject(identifier):
            return [identifier]
        case ChainSubject(model, chain):
            one = session.models[model].model
            return text_of_part(model, one, residues_of(one, [chain]).tolist())
        case ResidueSubject(model, residue):
            return text_of_part(model, session.models[model].model, [residue])
        case PlacementSubject() | CopySubject():
            return []


def doing_to(commands: Commands, verb: str, subject: Subject, session: Session) -> AbstractContextManager[None]:
    """Echo what is done to one thing: ``view #1``, ``view placement 3 fit 1``; of an accepted copy nothing can be typed."""
    values: dict[str, Any] = {"what": tuple(words_of(subject, session))}
    if isinstance(subject, PlacementSubject):
        placement = {"rank": str(subject.rank)} if verb == "placement" else {"placement": subject.rank}
        values = {**placement, "fit": number_of_fit(subject.fit)}
    elif not values["what"]:
        return nullcontext()
    return commands.doing(verb, values)


def number_of_fit(identifier: str) -> int | None:
    """2 of ``fit-2``; None of another name."""
    name, _, number = identifier.rpartition("-")
    return whole_number(number) if name == "fit" else None


def fit_of(number: int | None, session: Session) -> str:
    """Id of a fit, or of that which is shown.

    Raises
    ------
    UserError
        If there is none.
    """
    if number is None and session.fit is not None:
        return session.fit.id
    if f"fit-{number}" in session.fits:
        return f"fit-{number}"
    raise UserError(f"there is no {'fit' if number is None else f'fit {number}'}{_there(session.fits)}")


def _there(names: Iterable[str]) -> str:
    known = ", ".join(str(number) for number in map(number_of_fit, names) if number is not None)
    return f"; there are the fits {known}" if known else ""
