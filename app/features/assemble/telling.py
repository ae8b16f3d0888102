"""What there is to tell of an assembly: how it came to be, step by step, and what speaks for each part of it."""

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.state.assembling import Decision

if TYPE_CHECKING:
    from difffit_core.assemble.entry import Entry
    from difffit_core.assemble.result import AssembleResult
    from difffit_core.compose.candidates.cross_links import LinkStanding
    from difffit_core.compose.residual import Residual
    from difffit_core.refine.request import RefineResult


_NAMED, _PIECES = 20, 5
"""Models that were not tried which are named, and pieces of density that are left."""


def summary_of(result: "AssembleResult") -> str:
    """An assembly in a line."""
    composite = result.composite
    if not composite.copies:
        from difffit_core.assemble.saying import nothing_placed

        why = nothing_placed(result.screens, cancelled=result.cancelled)
        return f"{_begun(why)}  ·  {_left(composite.residual)}"
    from difffit_core.compose.output.document import label, main_symmetry

    models = len({copy.body for copy in composite.copies})
    parts = [
        f"{len(composite.copies)} {'copy' if len(composite.copies) == 1 else 'copies'} of {models} "
        f"{'model' if models == 1 else 'models'} of {result.screens[0].tried if result.screens else models}",
        f"symmetry {label(main_symmetry(composite))}",
        f"{composite.explained:.0%} of the density explained",
        f"p = {composite.p_value:.1g}",
    ]
    return "  ·  ".join([*parts, *(["stopped early"] if result.cancelled else [])])


def verdict_of(entry: "Entry", p: float, others: int) -> str:
    """What speaks for a part, in words."""
    from difffit_core.fit.judge.significance import SIGNIFICANT

    if entry.stands:
        return "fixed" if p < SIGNIFICANT else "fixed, unsupported"
    if entry.pooled:
        return "by the whole"
    if p >= SIGNIFICANT:
        return "not significant alone"
    also = f", {others} more would fit" if others else ""
    return ("beside the others" if entry.beside else "stands out") + also


def decisions_of(result: "AssembleResult") -> tuple[Decision, ...]:
    """How an assembly came to be."""
    found = [_screen(result, number) for number in range(1, len(result.screens) + 1)]
    if result.resembling:
        found.append(Decision("Only like what stands there", tuple(Decision(f"{entry.name} {why}") for entry, why in result.resembling)))
    found += _together(result)
    others = [
        Decision(f"place {place} could also hold {one.entry.name} (p = {one.p_value:.1g}, correlation {one.local_correlation:.3f})")
        for place, here in enumerate(result.alternatives, start=1)
        for one in here
    ]
    if others:
        found.append(Decision("Would fit nearly as well", tuple(others)))
    if result.links:
        from difffit_core.compose.candidates.cross_links import links_in_words

        found.append(Decision(f"{links_in_words(result.links)}", tuple(_link(one) for one in result.links)))
    if result.bent:
        found.append(Decision("Bent together", tuple(_bending(result, one.place, one.result) for one in result.bent)))
    notes = [*result.notes, *result.composite.notes]
    if notes:
        found.append(Decision("To be known", tuple(Decision(note) for note in notes)))
    seconds = ", ".join(f"{name.removesuffix('_s')} {value:.0f} s" for name, value in result.timing.items())
    return (*found, Decision(f"Took {seconds}"))


def _screen(result: "AssembleResult", number: int) -> Decision:
    screened = result.screens[number - 1]
    where = "the map" if number == 1 else f"what was left ({number - 1})"
    told = "".join(
        f", {count} {what}" for count, what in ((screened.failed, "could not be tried"), (screened.left_out, "left out")) if count
    )
    copies = Counter(copy.body for copy in result.composite.copies)
    dropped = {one.body: one.why for one in result.composite.dropped}
    lines = []
    for index, entry in enumerate(result.entries):
        if entry.round == number:
            end = f"{copies[index]} placed" if copies[index] else f"not placed: {dropped.get(index, 'other models have its places')}"
            lines.append(Decision(f"{entry.name}: p = {entry.p_value:.1g}, q = {entry.q_value:.1g}; {end}"))
    lines += [Decision(f"{entry.name}: set aside, {why}") for entry, why in result.resembling if entry.round == number]
    if number == 1:
        lines += [Decision(f"{Path(one.path).name} {one.part}".rstrip() + f": not tried, {one.why}") for one in screened.untried[:_NAMED]]
        more = screened.failed + screened.left_out - _NAMED
        lines += [Decision(f"{more} more were not tried")] if more > 0 else []
    return Decision(
        f"Screen of {where}: {screened.stood_out} of {screened.tried} {'stands' if screened.stood_out == 1 else 'stand'} out{told}",
        tuple(lines),
    )


def _together(result: "AssembleResult") -> list[Decision]:
    composite, asked = result.composite, result.request
    left = tuple(Decision(f"left: {island}") for island in composite.residual.islands[:_PIECES])
    rest = Decision(composite.residual.sentence() if composite.copies else _begun(_left(composite.residual)), left)
    if not composite.copies:
        return [Decision("Nothing was placed"), rest]
    from difffit_core.compose.output.document import label

    lines = [Decision(f"p of the whole {composite.p_value:.1g}, score {composite.score:.4g}")]
    lines.append(Decision("no other choice among the candidates scores higher" if composite.proven else "not proven to be the best choice"))
    for index, symmetry in composite.symmetries.items():
        missing = f", {len(symmetry.missing())} missing" if symmetry.missing() else ""
        lines.append(Decision(f"{asked.wanted[index].model.name}: {label(symmetry)}, copies off by {symmetry.rmsd:.2f} Å{missing}"))
    if composite.alternative is not None:
        second = composite.alternative
        names = ", ".join(asked.wanted[one.body].model.name for one in second.different)
        how = f"{names} elsewhere" if names else f"{second.fewer} fewer"
        lines.append(Decision(f"the next best assembly has {how} and a score of {second.score:.4g}"))
    return [Decision(f"Placed together: {len(composite.copies)} copies", tuple(lines)), rest]


def _begun(text: str) -> str:
    """With a capital letter."""
    return text[0].upper() + text[1:]


def _left(residual: "Residual") -> str:
    """What there is in a map in which nothing is placed."""
    if not residual.islands:
        return "no piece of density of any size lies above the level"
    if len(residual.islands) == 1:
        return f"all of the density is left: {residual.islands[0]}"
    from difffit_core.contour import VOLUME_PER_DALTON

    kilodalton = residual.volume / VOLUME_PER_DALTON / 1000
    of_all = f"{residual.volume:.0f} Å³ in pieces (about {kilodalton:.0f} kDa of protein)"
    return f"all of the density is left: {of_all}, the largest of {residual.islands[0]}"


def _bending(result: "AssembleResult", place: int, bent: "RefineResult") -> Decision:
    name = result.entries[result.composite.copies[place].body].name
    before, after = bent.before.mean(), bent.after.mean()
    return Decision(f"place {place + 1}, {name}: moved {bent.rmsd_moved:.1f} Å, local correlation {before:.3f} → {after:.3f}")


def _link(one: "LinkStanding") -> Decision:
    if one.distance is None:
        return Decision(f"{one.link.name}: one end is not placed")
    end = "satisfied" if one.satisfied else "not satisfied"
    return Decision(f"{one.link.name}: {one.distance:.0f} Å of at most {one.link.longest:g}, {end}")
