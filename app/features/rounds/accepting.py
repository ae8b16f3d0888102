"""Accepting placements into a composite."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from difffit_app.commands.subjects import number_of_fit
from difffit_app.desk import Desk
from difffit_app.state.changes.of_session import AddComposite, ReplaceComposite
from difffit_app.state.items import OpenFit
from difffit_app.state.names import name_of_placement
from difffit_app.workers.lane import Context, Job
from difffit_core.chain_words import list_chains
from difffit_core.compose.edit.edits import accept, accepted_copies
from difffit_core.placement import Placement, Verdict
from difffit_core.project.base import PoseRecord, now
from difffit_core.project.composites import AcceptedRecord, CompositeRecord

_NAMED = 6
"""Placements that are named in a sentence about many."""


@dataclass(frozen=True, eq=False)
class Weighed:
    """Of each placement that is to be accepted: share of its atoms that clash, and largest overlap with what was accepted (P,)."""

    clash: NDArray[np.float64]
    overlap: NDArray[np.float64]


class AcceptingController:
    """What is accepted goes into the chosen composite of the fit's map, or into a new one; see `compose.edits` for the round."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._history, self._commands = desk.messages, desk.history, desk.commands

    def accept(self, ranks: Sequence[int]) -> None:
        """Accept placements of the selected fit."""
        fit = self._session.fit
        if fit is None:
            return
        copies = self._accepted_beside(fit)
        before = {(copy.fit, copy.rank) for copy in copies}
        chosen = [one for one in fit.placements if one.rank in set(ranks) and (fit.id, one.rank) not in before]
        if not chosen:
            self._messages.show_notice("This placement is accepted already." if ranks else "Select a placement to accept it.", "info")
            return
        words = {"ranks": tuple(str(one.rank) for one in chosen), "fit": number_of_fit(fit.id)}
        with self._commands.doing("accept", words):
            self._weigh(fit, chosen, copies)

    def _weigh(self, fit: OpenFit, chosen: Sequence[Placement], copies: Sequence[AcceptedRecord]) -> None:
        models = {identifier: item.model for identifier, item in self._session.models.items()}
        model, poses = models[fit.record.model].select_chains(fit.record.chains), [one.pose for one in chosen]

        def work(_: Context) -> Weighed:
            from difffit_core.compose.edit.accepted import clash_with, overlap_with

            return Weighed(clash_with(copies, models, model, poses), overlap_with(copies, models, model, poses))

        self._jobs.draw(
            Job(
                "accepting",
                work,
                lambda weighed: self._done(fit, chosen, weighed),
            )
        )

    def _accepted_beside(self, fit: OpenFit) -> list[AcceptedRecord]:
        composite = self._composite_for(fit)
        return [] if composite is None else accepted_copies(composite, composite.current)

    def _composite_for(self, fit: OpenFit) -> CompositeRecord | None:
        """The composite that takes a placement of a fit, standing where that belongs: at or after the round that the fit searched.

        None if it is to be a new one.
        """
        session, record = self._session, fit.record
        own = next((one for one in session.composites.values() if any(step.id == record.round for step in one.rounds)), None)
        if own is not None:
            on_the_way = any(step.id == record.round for step in own.path(own.current))
            return own if on_the_way else own.model_copy(update={"current": record.round})
        chosen = session.composite
        return chosen if chosen is not None and chosen.map == record.map else None

    def _done(self, fit: OpenFit, chosen: Sequence[Placement], weighed: Weighed) -> None:
        session = self._session
        if session.fits.get(fit.id) is not fit:
            self._messages.show_notice("The fit was changed or closed meanwhile; nothing was accepted.", "warning")
            return
        copies = [
            _copy(fit, one, float(clash), name_of_placement(session, fit.id, one.rank))
            for one, clash in zip(chosen, weighed.clash, strict=True)
        ]
        reserved = {name for item in session.models.values() for name in item.model.chains}
        before = self._composite_for(fit)
        identifier = session.new_id("composite") if before is None else before.id
        new = CompositeRecord(id=identifier, name=f"Composite {identifier.rpartition('-')[2]}", map=fit.record.map, rounds=())
        composite = accept(before or new, copies, {fit.id: fit.record.round}, reserved)
        name = f"{session.models[fit.record.model].name} {list_chains(fit.record.chains)}"
        what = f"placement {chosen[0].rank} of {name}" if len(chosen) == 1 else f"{len(chosen)} placements of {name}"
        change = AddComposite if before is None else ReplaceComposite
        self._history.do(change(composite, f"Accept {what}"))
        self._messages.show_notice(f"Accepted {what}. Compose > Zero Out takes its density out of the map for the next round.", "info")
        for text in _doubts(chosen, weighed.overlap, self._view_state.most_overlap):
            self._messages.show_notice(text, "warning", about=(composite.id,))


def _doubts(chosen: Sequence[Placement], overlaps: NDArray[np.float64], most: float) -> list[str]:
    """What speaks against placements that were accepted, in a sentence each for one, or one for all."""
    chance = [one for one in chosen if one.verdict.is_chance]
    over = [(one.rank, share) for one, share in zip(chosen, overlaps, strict=True) if share > most]
    told = []
    if len(chance) == 1:
        (one,) = chance
        why = (
            f"is not significant (p = {one.p_value:.2g}) and may be chance" if one.verdict is Verdict.NOT_SIGNIFICANT else str(one.verdict)
        )
        told.append(f"Placement {one.rank} {why}; it was accepted all the same.")
    elif chance:
        ranks = ", ".join(str(one.rank) for one in chance[:_NAMED]) + (" …" if len(chance) > _NAMED else "")
        told.append(f"{len(chance)} of these placements ({ranks}) may be chance; they were accepted all the same.")
    if len(over) == 1:
        told.append(f"Placement {over[0][0]} lies by {over[0][1]:.0%} where something is accepted; it was accepted all the same.")
    elif over:
        ranks = ", ".join(f"{rank} by {share:.0%}" for rank, share in over[:_NAMED]) + (" …" if len(over) > _NAMED else "")
        told.append(f"{len(over)} of these placements lie where something is accepted ({ranks}); they were accepted all the same.")
    return told


def _copy(fit: OpenFit, placement: Placement, clash: float, source: str) -> AcceptedRecord:
    return AcceptedRecord(
        model=fit.record.model,
        chains={name: name for name in fit.record.chains},
        pose=PoseRecord.of(placement.pose),
        accepted=now(),
        source=f"{source}, {placement.verdict}" if placement.verdict.is_chance else source,
        fit=fit.id,
        rank=placement.rank,
        by_hand=True,
        local_correlation=placement.metrics.local_correlation,
        z_score=placement.z_score,
        p_value=placement.p_value,
        clash=clash,
    )
