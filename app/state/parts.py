"""Parts of models as they are typed: ``#2/A,B:10-20``, with ids of the session in place of numbers."""

import re
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from difffit_app.state.selection import chains_of, residues_of, runs_of, whole_chains
from difffit_app.state.session import Session
from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_words import chains_in_words
from difffit_core.errors import UserError
from difffit_core.recipes.words import join_names, split_names

_RANGE = re.compile(r"(-?[0-9]{1,9})(?:-(-?[0-9]{1,9}))?")
_NAMED = re.compile(r"[/@:]")
"""What ends the name of a map or model."""


Ranges = tuple[tuple[int, int], ...]


def part_of(text: str, session: Session) -> tuple[str, NDArray[np.int64] | None]:
    """Id of a map or model, and `AtomicModel.residue_index` (n,) of those of its residues that are meant; None for all of it.

    ``model-2/A,B`` are chains, ``model-2/A:10-20,35`` residues of chains by the numbers of their file, ``model-2:10-20`` those of all
    chains, and ``model-2@5-9`` residues by their place in the file, for what numbers do not tell apart.

    Raises
    ------
    UserError
        If it is not open, or has no such chain or residue.
    """
    whole, at, places = ("", "", "") if "/" in text else text.partition("@")
    if at:
        _check_open(whole, session)
        if whole not in session.models:
            raise _is_a_map(whole, text, session)
        wanted = [one for first, last in _ranges(places, called(text, session)) for one in range(first, last + 1)]
        there = np.unique(session.models[whole].model.residue_index).astype(np.int64)
        return whole, there[np.isin(there, wanted)]
    name, names, ranges = chains_and_residues(text, session)
    if not names:
        return name, None
    model = session.models[name].model
    found = residues_of(model, names)
    if ranges:
        number_of = _number_of(model)
        kept = [one for one in found.tolist() if any(first <= number_of[one] <= last for first, last in ranges)]
        if not kept:
            numbers = ",".join(_run(*one) for one in ranges)
            raise UserError(f"{chains_in_words(names)} of {session.models[name].name} has no residue {numbers}")
        found = np.array(kept, np.int64)
    return name, found


def chains_and_residues(text: str, session: Session) -> tuple[str, tuple[str, ...], Ranges]:
    """Id of a map or model, the chains of it that are meant, none for all, and the numbers of their residues, none for all.

    Raises
    ------
    UserError
        If it is not open, or has no such chain.
    """
    name = _NAMED.split(text, maxsplit=1)[0]
    _check_open(name, session)
    slash, chains = text[len(name) : len(name) + 1], text[len(name) + 1 :]
    if not slash:
        return name, (), ()
    if name not in session.models:
        raise _is_a_map(name, text, session)
    model = session.models[name].model
    names, colon, numbers = _cut(chains) if slash == "/" else (tuple(model.chains), slash, chains)
    unknown = [one for one in names if one not in model.chains]
    if unknown or not names:
        raise UserError(f"{session.models[name].name} has the chains {', '.join(model.chains)}, got {', '.join(unknown) or 'none'}")
    return name, names, tuple(_ranges(numbers, called(text, session))) if colon else ()


def group_of(chains: Iterable[str], ranges: Ranges) -> str:
    """``A:10-50+A:60``: residues of chains, as recipes have them."""
    return "+".join(f"{chain}:{_run(*one)}" for chain in chains for one in ranges)


def called(text: str, session: Session) -> str:
    """``#2/A`` for ``model-2/A``: as it was typed."""
    name = _NAMED.split(text, maxsplit=1)[0]
    return f"#{session.numbers[name]}{text.removeprefix(name)}" if name in session.numbers else text


def _check_open(name: str, session: Session) -> None:
    if name not in session.maps and name not in session.models:
        known = ", ".join(f"#{number}" for one, number in session.numbers.items() if one in session.maps or one in session.models)
        raise UserError(f"nothing that is open is called {name}; there {f'are {known}' if known else 'is nothing'}")


def _is_a_map(name: str, text: str, session: Session) -> UserError:
    return UserError(f"{session.maps[name].name} is a map, and has no chains or residues, got {called(text, session)}")


def _number_of(model: AtomicModel) -> dict[int, int]:
    """The number in the file by `AtomicModel.residue_index`."""
    _, first_atoms = np.unique(model.residue_index, return_index=True)
    return dict(zip(model.residue_index[first_atoms].tolist(), model.residue_numbers[first_atoms].tolist(), strict=True))


def text_of_part(identifier: str, model: AtomicModel, residues: Iterable[int]) -> list[str]:
    """What is typed for residues, by their `AtomicModel.residue_index`: a word for each chain, or one for all of the model."""
    wanted = np.array(sorted(residues), np.int64)
    if np.array_equal(wanted, residues_of(model)):
        return [identifier]
    whole = whole_chains(model, wanted)
    if whole:
        return [f"{identifier}/{join_names(whole)}"]
    by_place = [f"{identifier}@{','.join(_run(*one) for one in runs_of(wanted.tolist()))}"]
    if not np.isin(wanted, residues_of(model)).all():
        return by_place  # chains and numbers name what counts in a fit
    number_of = _number_of(model)
    words = []
    for chain in chains_of(model, wanted.tolist()):
        of_chain = residues_of(model, [chain])
        mine = [one for one in of_chain.tolist() if one in set(wanted.tolist())]
        runs = _runs([number_of[one] for one in mine])
        told = [one for one in of_chain.tolist() if any(first <= number_of[one] <= last for first, last in runs)]
        if told != mine:  # numbers are given twice, as by insertion codes
            return by_place
        words.append(f"{identifier}/{join_names((chain,))}:{','.join(_run(*one) for one in runs)}")
    return words


def _cut(chains: str) -> tuple[tuple[str, ...], str, str]:
    """Chains, the colon if there is one, and numbers; a colon in quotes is of a name."""
    place, quoted = len(chains), False
    for i, one in enumerate(chains):
        if one == '"':
            quoted = not quoted
        elif one == ":" and not quoted:
            place = i
            break
    return split_names(chains[:place]), chains[place : place + 1], chains[place + 1 :]


def _ranges(text: str, whole: str) -> list[tuple[int, int]]:
    found = []
    for part in text.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match is None:
            raise UserError(f"residues must be numbers and ranges with commas between them, as 10-20,35, got {whole}")
        found.append((int(match[1]), int(match[2] or match[1])))
    return found


def _runs(numbers: list[int]) -> list[tuple[int, int]]:
    """First and last of neighbouring numbers, as they follow one another."""
    runs: list[list[int]] = []
    for one in numbers:
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    return [(first, last) for first, last in runs]


def _run(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}-{last}"
