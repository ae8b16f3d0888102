"""What a user should know of how an assembly came to be, in sentences."""

from collections.abc import Sequence

from difffit_core.assemble.entry import Entry
from difffit_core.assemble.result import AssembleResult, Screened, Untried
from difffit_core.assemble.turning import predicted_domains
from difffit_core.compose.result import ComposeResult
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.io.files import stem_of
from difffit_core.screen.filters import Filters
from difffit_core.screen.rows import ScreenRow

_NAMED = 5
_CLASHES = 0.01
"""Share of its atoms from which a copy that may lie otherwise is told to clash."""
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


def turned_away(result: AssembleResult, filters: Filters) -> list[str]:
    """Of placed copies that clash as they were predicted, and may lie otherwise in the map, by which residues they stand."""
    bent = {one.place for one in result.bent}
    found = []
    for place, copy in enumerate(result.composite.copies):
        if result.request.wanted[copy.body].bends is None or copy.clash < _CLASHES:
            continue
        entry = result.entries[copy.body]
        largest = max(predicted_domains(entry, filters), key=lambda part: part.model.residue_count)
        end = "is bent out of their way" if place in bent else "would have to be bent out of their way, which was not done"
        found.append(
            f"{entry.name} stands by its residues {largest.ranges()}; the rest of it, as it was predicted, clashes with others "
            f"({copy.clash:.0%} of its atoms) and {end}"
        )
    return found
