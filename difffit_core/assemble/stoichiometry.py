"""How many copies of which models an assembly has, as far as that is known before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from difffit_core.errors import UserError
from difffit_core.recipes.words import join_names, split_names

_LETTERS = re.compile(r"([A-Z])([0-9]{0,5})")
_REST = "*"


@dataclass(frozen=True)
class Stoichiometry:
    """Copies of models, by name or by letters that stand for any.

    Attributes
    ----------
    copies : name of each model (file name without suffixes, or that with ``:CHAIN``) or letter, and how many copies of it there are
    letters : whether the names are letters, as in A2B2, which stand for whatever models have so many copies unless files are called so
    others : whether models that are not named may belong, too
    """

    copies: tuple[tuple[str, int], ...] = ()
    letters: bool = False
    others: bool = True

    def __bool__(self) -> bool:
        return bool(self.copies)

    def __str__(self) -> str:
        if not self.copies:
            return "auto"
        if self.letters:
            return "".join(f"{letter}{count if count > 1 else ''}" for letter, count in self.copies)
        return join_names((*(f"{name}:{count}" for name, count in self.copies), *([_REST] if self.others else [])))

    def among(self, names: Sequence[str]) -> "Stoichiometry":
        """The same by name where letters are names of models, of which there are ``names``.

        Raises
        ------
        UserError
            If a name is none of them.
        """
        there = set(names)
        if self.letters and all(letter in there for letter, _ in self.copies):
            return Stoichiometry(self.copies, letters=False, others=False)
        strange = [] if self.letters else [name for name, _ in self.copies if name not in there and name.partition(":")[0] not in there]
        if strange:
            some = ", ".join(sorted(there)[:8]) + (" and more" if len(there) > 8 else "")
            raise UserError(f"stoichiometry must name models of the folder ({some}), got {strange[0]}")
        return self

    def of(self, name: str) -> int | None:
        """How many copies of a model of that name there are; None where that is not told."""
        return None if self.letters else dict(self.copies).get(name)

    def names_all(self) -> bool:
        """Whether only models that are named belong."""
        return bool(self.copies) and not self.letters and not self.others


def parse_stoichiometry(text: str) -> Stoichiometry:
    """``auto``; letters with numbers, ``A2B2``; or names with numbers, ``heavy:2,light:2``, and ``*`` behind them if there may be others.

    Raises
    ------
    UserError
        If it is none of these.
    """
    given = text.strip()
    if text == "" or given == "auto":
        return Stoichiometry()
    if _LETTERS.sub("", given) == "" and ":" not in given:
        found = [(letter, int(count or 1)) for letter, count in _LETTERS.findall(given)]
        _check(text, found)
        return Stoichiometry(tuple(found), letters=True, others=False)
    words = split_names(given)
    named = [_name_and_copies(word, text) for word in words if word != _REST]
    _check(text, named)
    return Stoichiometry(tuple(named), others=_REST in words)


def _name_and_copies(word: str, text: str) -> tuple[str, int]:
    name, colon, count = word.rpartition(":")
    if not colon or not name or not re.fullmatch(r"\d{1,5}", count):
        raise UserError(f"stoichiometry must be auto, letters with numbers (A2B2), or names with numbers (heavy:2,light:2), got {text}")
    return name, int(count)


def _check(text: str, copies: Sequence[tuple[str, int]]) -> None:
    names = [name for name, _ in copies]
    if not copies or len(set(names)) < len(names) or min(count for _, count in copies) < 1:
        raise UserError(f"stoichiometry must name at least one model, each once and with at least one copy, got {text}")


def by_letters(asked: Stoichiometry, evidence: Mapping[str, Sequence[float]]) -> dict[str, int]:
    """Which models the letters stand for: name and copies of each, so that most evidence has a place.

    Parameters
    ----------
    evidence : of each model its placed copies' evidence
    """
    import numpy as np  # here, since recipes should be made without it
    from scipy.optimize import linear_sum_assignment

    names = sorted(evidence)
    counts = [count for _, count in asked.copies]
    best = {name: np.sort(np.asarray(evidence[name], np.float64))[::-1] for name in names}
    worth = np.array([[float(best[name][:count].sum()) for count in counts] for name in names]).reshape(len(names), len(counts))
    chosen, letter = linear_sum_assignment(worth, maximize=True)
    return {names[i]: counts[j] for i, j in zip(chosen.tolist(), letter.tolist(), strict=True) if worth[i, j] > 0}
