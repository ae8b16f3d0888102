"""How what is known before takes part in an assembly: fixed chains, models asked for by name, and letters for copies."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from difffit_core.align.body import is_map
from difffit_core.assemble.entry import Entry
from difffit_core.assemble.priors import check_links
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.stoichiometry import Stoichiometry, by_letters
from difffit_core.compose.result import ComposeResult
from difffit_core.errors import UserError
from difffit_core.fit.judge.significance import SIGNIFICANT
from difffit_core.io.files import stem_of
from difffit_core.quality.sample import sample
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import read_row
from difffit_core.screen.results import Results
from difffit_core.screen.store import ScreenStore


def check_known(request: AssembleRequest, library: Sequence[Path]) -> AssembleRequest:
    """The request, with the letters of its stoichiometry as names where files are called so.

    Raises
    ------
    UserError
        If something that is known is not there: a name in the library, or a fixed chain in the density. If the library holds a map.
    """
    for path in library:
        if is_map(path):
            raise UserError(f"{path}: an assembly is of models, got a map; compose and screen take maps in their place")
    names = [stem_of(path) for path in library]
    fixed = request.fixed
    check_links(request.links, [*names, *([stem_of(fixed.path or fixed.name)] if fixed else [])])
    if fixed is not None:
        _check_fixed(request)
    return replace(request, stoichiometry=request.stoichiometry.among(names))


def _check_fixed(request: AssembleRequest) -> None:
    fixed = request.fixed
    if fixed is None:
        return
    if not fixed.in_fit.any():
        raise UserError(f"{fixed.path or fixed.name}: fixed chains must have atoms to fit, got none")
    above = float(np.mean(sample(request.density_map, fixed.fit_coordinates) > request.level))
    if above < _IN_DENSITY:
        raise UserError(
            f"{fixed.path or fixed.name}: fixed chains must stand in the map's density, got {above:.0%} of their atoms above the level"
        )


_IN_DENSITY = 0.2


def fixed_entry(request: AssembleRequest) -> list[Entry]:
    """The chains that stand already as an entry; none where there are none."""
    fixed = request.fixed
    if fixed is None:
        return []
    return [Entry(str(fixed.path or fixed.name), "", fixed, (), 0.0, 0.0, SIGNIFICANT, 0, copies=1, stands=True)]


def asked_for(stoichiometry: Stoichiometry, library: Sequence[Path]) -> tuple[Path, ...]:
    """Of a library what can belong: all, or only what a complete stoichiometry names."""
    if not stoichiometry.names_all():
        return tuple(library)
    files = {name for name, _ in stoichiometry.copies} | {name.partition(":")[0] for name, _ in stoichiometry.copies}
    return tuple(path for path in library if stem_of(path) in files)


def with_named(
    stoichiometry: Stoichiometry, store: ScreenStore, results: Results, filters: Filters, out: Sequence[Entry], *, beside: bool
) -> tuple[list[Entry], list[str]]:
    """What stands out and what a stoichiometry names, with copies; and what has to be said of it.

    A model that is asked for by name is not one of many that were tried: it has to be significant alone, or beside the others.
    """
    if not stoichiometry or stoichiometry.letters:
        return list(out), []
    found = [
        replace(one, copies=stoichiometry.of(one.called), below=SIGNIFICANT) if stoichiometry.of(one.called) else one
        for one in out
        if stoichiometry.others or stoichiometry.of(one.called)
    ]
    there = {one.called for one in found}
    rows = {row.name: row for row in results.ranking.rows}
    notes = []
    for name, copies in stoichiometry.copies:
        if name in there:
            continue
        row = rows.get(name)
        if row is None:
            notes.append(f"{name}, which the stoichiometry names, was not tried: it was left out, split into parts or could not be read")
            continue
        model = read_row(row, filters)
        placements = store.placements(row.id) if row.z_score is not None else ()
        entry = Entry(row.path, row.part, model, placements, 1.0, 1.0, SIGNIFICANT, 1, beside and bool(placements), copies)
        found.append(entry)
    return found, notes


def lettered(stoichiometry: Stoichiometry, entries: Sequence[Entry], result: ComposeResult) -> dict[str, int]:
    """Which of the entries, by what they are called, the letters of a stoichiometry stand for, and with how many copies."""
    evidence: dict[str, list[float]] = {}
    for copy in result.copies:
        if not entries[copy.body].stands:
            evidence.setdefault(entries[copy.body].called, []).append(0.5 * max(copy.z_score, 0.0) ** 2)
    return by_letters(stoichiometry, evidence)


def short_of(stoichiometry: Stoichiometry, entries: Sequence[Entry], result: ComposeResult) -> list[str]:
    """What a stoichiometry asks for and an assembly lacks, one sentence each."""
    placed: dict[str, int] = {}
    for copy in result.copies:
        if not entries[copy.body].stands:
            name = entries[copy.body].called
            placed[name] = placed.get(name, 0) + 1
    if stoichiometry.letters:
        asked = sorted((count for _, count in stoichiometry.copies), reverse=True)
        got = sorted(placed.values(), reverse=True)
        missing = sum(asked) - sum(got)
        return [f"stoichiometry {stoichiometry}: {sum(got)} of {sum(asked)} copies are placed"] if missing else []
    return [
        f"stoichiometry: {placed.get(name, 0)} of {count} of {name} are placed"
        for name, count in stoichiometry.copies
        if placed.get(name, 0) < count
    ]
