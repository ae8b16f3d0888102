"""Ids that are each given once: to what is added, and to several things that are counted through."""

from collections.abc import MutableMapping
from typing import Protocol, TypeVar


class _Named(Protocol):
    @property
    def id(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


class Numbering(Protocol):
    """What gives out ids: a session."""

    def new_id(self, kind: str) -> str: ...


def put_new(table: MutableMapping[str, _T], item: _T) -> None:
    """Put something into a table by its id.

    Raises
    ------
    KeyError
        If something has that id already: it would be lost without a word, and stay in every list.
    """
    if item.id in table:
        raise KeyError(f"{item.id} is there already")
    table[item.id] = item


def reserve(session: Numbering, kind: str, count: int) -> int:
    """Number of the first of so many ids of a kind (``fit-7``, ``fit-8``, ...) that follow one another, and are given to nothing else."""
    first = last = _number(session.new_id(kind))
    while last - first + 1 < count:
        before, last = last, _number(session.new_id(kind))
        first = first if last == before + 1 else last
    return first


def _number(identifier: str) -> int:
    return int(identifier.rpartition("-")[2])
