"""Judging the selected placement: its residues' scores, what it explains of the density, and how it differs from another."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from difffit_app.desk import Desk
from difffit_app.features.residues.colours import ResidueColours
from difffit_app.features.residues.work import Case, Scored, displacement, judge
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.state.judging import RESIDUE_METRICS, Judgement, JudgingState
from difffit_app.styles import MapStyle, ModelStyle
from difffit_app.workers.lane import SETTLED, Job
from difffit_core.errors import FitCancelled
from difffit_core.placement import Placement

if TYPE_CHECKING:
    from difffit_core.quality.explained import Explained
    from difffit_core.quality.score import ResidueScores

_KEPT = 64


class JudgingController:
    """Scores residues in the worker that reads files, so that a running fit is not in the way; only the last one asked for is shown.

    Nothing is computed until somebody looks: `watch` tells whether the residues are on the screen, and a model coloured by local fit
    counts as looking too.
    """

    def __init__(self, desk: Desk, judging: JudgingState) -> None:
        self._session, self._view_state, self._judging = desk.session, desk.view_state, judging
        self._jobs, self._messages, self._history, self._exports = desk.jobs, desk.messages, desk.history, desk.exports
        self._colours = ResidueColours(desk.session, desk.view_state, judging)
        self._watchers: set[str] = set()
        self._job: Job | None = None
        self._weighing: Job | None = None
        self._colouring_before: dict[str, str] = {}
        self._scores: OrderedDict[tuple[str, Placement], ResidueScores] = OrderedDict()
        desk.session.events.placement_selected.connect(self._follow)
        desk.session.events.fit_removed.connect(self._forget)
        desk.view_state.chosen_changed.connect(self._on_chosen)
        desk.view_state.map_style_changed.connect(self._on_map_style)
        desk.view_state.model_style_changed.connect(self._on_model_style)

    def _forget(self, fit: str) -> None:
        """Let go of what is known of a fit that is gone."""
        for key in [key for key in self._scores if key[0] == fit]:
            del self._scores[key]

    @property
    def state(self) -> JudgingState:
        """What is known."""
        return self._judging

    def watch(self, watched: bool, by: str = "panel") -> None:
        """Whether the residues are looked at in some part of the window."""
        (self._watchers.add if watched else self._watchers.discard)(by)
        if watched and not self._is_shown():
            self._start()

    def compare(self, ranks: Sequence[int]) -> bool:
        """Put the other one of two placements beside the selected one; False, and said why, where these are not two."""
        fit, selected = self._session.fit, self._session.placement
        others = [rank for rank in ranks if selected is not None and rank != selected.rank]
        index = None if fit is None or len(ranks) != 2 or len(others) != 1 else fit.index_of_rank(others[0])
        if fit is None or index is None:
            now = "" if not ranks else "; one is selected" if len(ranks) == 1 else f"; {len(ranks)} are selected"
            self._messages.show_notice(f"To compare, select two rows in the table of placements, with Ctrl{now}.", "info")
            return False
        self._judging.set_other(fit.placements[index])
        self._start()
        return True

    def stop_comparing(self) -> None:
        """Show the selected placement alone, whether the other one is known already or not."""
        if self._judging.other is None:
            return
        self._judging.set_other(None)
        shown = self._is_shown()
        self._cancel()
        if not shown:
            if self._session.placement is not None and self._wanted():
                self._start()
        elif self._judging.judgement is not None:
            self._judging.show(replace(self._judging.judgement, comparison=None))
            self._weigh_again()

    def step(self, by: int) -> None:
        """Mark the next or the previous residue; the first where none is marked."""
        judgement, marked = self._judging.judgement, self._judging.marked
        if judgement is not None:
            self._judging.mark(0 if marked is None else max(0, min(len(judgement.residues) - 1, marked + by)))

    def next_poor(self) -> None:
        """Mark the next residue below the middle of the scale, and after the last the first again; the lowest where none is."""
        judgement, marked = self.shown(), self._judging.marked
        if judgement is None:
            return
        poor = judgement.poor(self._judging.metric)
        values = judgement.values(self._judging.metric)
        if len(poor) == 0 and np.isfinite(values).any():
            poor = np.array([np.nanargmin(values)])
            self._messages.show_notice("No residue is below the middle of the scale; this is the lowest.", "info")
        after = poor[poor > (-1 if marked is None else marked)]
        if len(poor):
            self._judging.mark(int(after[0] if len(after) else poor[0]))

    def mark(self, model_id: str, residue_index: int) -> None:
        """Mark a residue by its model and its `AtomicModel.residue_index`; nothing happens where it is not judged."""
        judgement = self._judging.judgement
        position = None if judgement is None or judgement.model_id != model_id else judgement.position_of(residue_index)
        if position is not None:
            self._judging.mark(position)

    def score_of(self, model_id: str, residue_index: int) -> str:
        """What is known of a residue of the placement that is shown: ``Local correlation 0.71``; nothing where nothing is."""
        judgement = self._judging.judgement
        known = judgement is not None and judgement.model_id == model_id and self._is_shown() and self._view_state.frame is None
        position = judgement.position_of(residue_index) if known and judgement is not None else None
        return "" if position is None else f"{RESIDUE_METRICS[self._judging.metric].title} {self._judging.told(position)}"

    def toggle_colours(self) -> None:
        """Colour the placed model by its local fit, or as it was before."""
        if self._session.fit is None:
            return
        model = self._session.fit.record.model
        now = self._view_state.models[model].colour_by
        if now == "local_fit":
            after = self._colouring_before.get(model, "chain")
        else:
            self._colouring_before[model] = now
            after = "local_fit"
        self._history.do(ChangeStyle.of(self._session, model, {"colour_by": after}))

    def export(self, path: Path) -> None:
        """Write the table of residues as CSV."""
        judgement = self.shown()
        if judgement is None:
            return

        def write(place: Path) -> None:
            from difffit_core.quality.score import write_residues_csv

            write_residues_csv(place, judgement.scores, displacement(judgement))

        self._exports.write(path, (".csv",), "table", write)

    def as_text(self) -> str:
        """The table of residues as tab-separated lines, for a spreadsheet; empty where there is none."""
        from difffit_core.quality.score import as_text

        judgement = self.shown()
        return "" if judgement is None else as_text(judgement.scores, displacement(judgement))

    def shown(self) -> Judgement | None:
        """What is known of the selected placement; where that is nothing, the user is told how to get it."""
        if self._is_shown():
            return self._judging.judgement
        text = "The residues are being judged." if self._judging.busy else "No residues are judged: select a placement, and open Residues."
        self._messages.show_notice(text, "info")
        return None

    def _follow(self, placement: Placement | None) -> None:
        """Another placement is selected, or none; a comparison goes on only the other way round."""
        before, fit = self._judging.judgement, self._session.fit
        turned_round = before is not None and fit is not None and fit.id == before.fit_id and placement is self._judging.other
        self._judging.set_other(before.placement if turned_round and before is not None else None)
        self._cancel()
        if placement is not None and self._wanted():
            self._start()
        else:
            self._judging.show(None)

    def _on_chosen(self, ranks: tuple[int, ...]) -> None:
        """Two rows are compared for as long as both are selected."""
        if self._judging.other is not None and (len(ranks) < 2 or self._judging.other.rank not in ranks):
            self.stop_comparing()

    def _is_shown(self) -> bool:
        shown, fit = self._judging.judgement, self._session.fit
        return shown is not None and fit is not None and shown.fit_id == fit.id and shown.placement is self._session.placement

    def _wanted(self) -> bool:
        style = None if self._session.fit is None else self._view_state.models.get(self._session.fit.record.model)
        return bool(self._watchers) or (style is not None and style.colour_by == "local_fit")

    def _on_model_style(self, identifier: str, _: ModelStyle) -> None:
        fit = self._session.fit
        if fit is not None and fit.record.model == identifier and self._job is None and self._wanted() and not self._is_shown():
            self._start()

    def _on_map_style(self, identifier: str, _: MapStyle) -> None:
        fit = self._session.fit
        if fit is not None and fit.record.map == identifier and self._job is None and self._is_shown():
            self._weigh_again()

    def _weigh_again(self) -> None:
        """What is explained depends on the level; all else stays."""
        self._stop_weighing()
        case, shown = self._case(self._session.placement), self._judging.judgement
        if case is None or shown is None or shown.level == case.level:
            return

        def take(explained: "Explained | None") -> None:
            if job is not self._weighing:
                return
            self._weighing = None
            if self._is_shown() and self._judging.judgement is not None:
                self._judging.show(replace(self._judging.judgement, level=case.level, explained=explained))

        def failed(error: BaseException) -> object:
            return SETTLED if isinstance(error, FitCancelled) else None

        job = self._weighing = Job("weighing the density", lambda context: case.explained(context.cancel), take, failed)
        self._jobs.read(job)

    def _stop_weighing(self) -> None:
        if self._weighing is not None:
            self._weighing.cancel.set()
            self._weighing = None

    def _case(self, placement: Placement | None) -> Case | None:
        fit = self._session.fit
        if fit is None or placement is None:
            return None
        density, model = self._session.maps[fit.record.map].density, self._session.models[fit.record.model].model
        kept = self._scores.get((fit.id, placement))
        return Case(fit.record, placement, density, model, self._view_state.maps[fit.record.map].level, kept)

    def _cancel(self) -> None:
        self._stop_weighing()
        if self._job is not None:
            self._job.cancel.set()
            self._job = None
        self._judging.set_busy(False)

    def _start(self) -> None:
        """Judge the selected placement, and the other one if there is one."""
        self._cancel()
        case, other = self._case(self._session.placement), self._case(self._judging.other)
        if case is None:
            return
        job = Job(
            f"judging placement {case.placement.rank}",
            lambda context: judge(case, other, context.cancel),
            lambda found: self._done(job, *found),
            lambda error: self._failed(job, error),
        )
        self._job = job
        self._judging.set_busy(True)
        self._jobs.read(job)

    def _done(self, job: Job, judgement: Judgement, scored: Scored) -> None:
        for placement, scores in scored:
            self._scores[judgement.fit_id, placement] = scores
            self._scores.move_to_end((judgement.fit_id, placement))
        while len(self._scores) > _KEPT:
            self._scores.popitem(last=False)
        if self._finish(job):
            self._judging.show(judgement)
            self._weigh_again()

    def _failed(self, job: Job, error: BaseException) -> object:
        if not self._finish(job) or isinstance(error, FitCancelled):
            return SETTLED
        self._judging.set_other(None)
        self._judging.show(None)
        return None

    def _finish(self, job: Job) -> bool:
        """Whether this is the job that is waited for."""
        if job is not self._job:
            return False
        self._job = None
        self._judging.set_busy(False)
        return True
