"""What a user should know of how an assembly came to be, in sentences."""

from collections.abc import Sequence
from pathlib import Path

from difffit_core.assemble.entry import Entry
from difffit_core.assemble.result import Screened, Untried
from difffit_core.compose.result import ComposeResult
from difffit_core.errors import UserError
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.io.files import stem_of
from difffit_core.pae.files import find_pae
from difffit_core.screen.domains import domains_of
from difffit_core.screen.filters import Filters
from difffit_core.screen.outcome import LeftOut
from difffit_core.screen.rows import ScreenRow
from difffit_core.split.parts import Part

_NAMED = 5
_IN_THE_WAY = ("clashes with", "comes too near")


def listed(names: Sequence[str]) -> str:
    """The first of some names, and how many more there are."""
    return ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")


def not_placed(new: Sequence[Entry], number: int) -> str:
    """That models which stand out in a screen, by its number, are not placed, since it was stopped before they were."""
    where = "the map" if number == 1 else "what is left"
    return f"stopped before what stands out in {where} was placed: {listed([one.name for one in new])}"


def nothing_placed(screens: Sequence[Screened], *, cancelled: bool) -> str:
    """Why an assembly is empty, by its screens."""
    if cancelled or not screens:
        return "stopped before anything was placed"
    tried, out = screens[0].tried, screens[0].stood_out
    if out == 0:
        none = "the one model does not stand out" if tried == 1 else f"none of {tried} models stands out"
        return f"{none} in the map, so that nothing was placed"
    return f"{out} of {tried} models {'stands' if out == 1 else 'stand'} out in the map, and nothing could be placed"


def untried(failed: Sequence[Untried]) -> str:
    """Which models could not be tried, and of the first why; empty where there are none."""
    if not failed:
        return ""
    count = f"{len(failed)} model{'' if len(failed) == 1 else 's'} could not be tried"
    why = failed[0].why if len(failed) == 1 else f"the first for this: {failed[0].why}"
    return f"{count} ({listed([stem_of(one.path) for one in failed])}); {why}"


def by_the_whole(row: ScreenRow, tried: int, p_value: float) -> str:
    """Why a small part is placed that does not stand out alone; ``tried`` others were, and do not fit."""
    return (
        f"{row.name} does not stand out alone: it is placed since the assembly with it is clearly better than without, where "
        f"none of {tried} others fits (local correlation {row.first_correlation:.2f} with what the others leave, p = {p_value:.1g} "
        "beside pieces of others of its size); of such a part one copy is placed, unless a stoichiometry asks for more"
    )


def unsupported(entries: Sequence[Entry], result: ComposeResult) -> list[str]:
    """Fixed chains for which the map does not speak, one sentence each."""
    return [
        f"{entry.name} stands where it was given, though nothing in the map speaks for it there (p = {copy.p_value:.2g})"
        for copy in result.copies
        if (entry := entries[copy.body]).stands and copy.p_value >= SIGNIFICANT
    ]


def predicted_domains(entry: Entry, filters: Filters) -> tuple[Part, ...]:
    """The domains of a whole model, where predicted errors beside its file tell of several; else none."""
    path = Path(entry.path)
    if filters.split != "none" or entry.stands or find_pae(path) is None:
        return ()
    try:
        found = domains_of(path, filters.min_plddt, filters.models)
    except (LeftOut, UserError):
        return ()
    return found if len(found) > 1 else ()


def could_be_split(entries: Sequence[Entry], result: ComposeResult, filters: Filters) -> list[str]:
    """Of whole models that are in another's way, and whose predicted errors tell of several domains, that those can be placed apart."""
    placed = {copy.body for copy in result.copies}
    blocked = dict.fromkeys(one.body for one in result.dropped if one.body not in placed and one.why.startswith(_IN_THE_WAY))
    return [
        f"{entries[body].name} stands out and is in the way of others as it was predicted, in {count} domains that may lie otherwise: "
        "--split domain places each on its own"
        for body in blocked
        if (count := len(predicted_domains(entries[body], filters)))
    ]
