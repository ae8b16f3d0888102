"""Zeroing out: the density of what a round accepted is taken out of the map, as was looked at before."""

from dataclasses import dataclass

import numpy as np

from difffit_app.desk import Desk
from difffit_app.features.rounds.views import ZeroOutView
from difffit_app.offered import ResolutionOf
from difffit_app.state.changes.of_session import ReplaceComposite
from difffit_app.state.items import OpenFit, ZeroOutPreview
from difffit_app.state.searched import searched_now
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_words import chains_in_words, list_chains
from difffit_core.compose.edit.edits import accepted_copies, round_to_zero_out, zero_out_round
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled, UserError
from difffit_core.placement import Placement
from difffit_core.pose import Pose
from difffit_core.project.base import now
from difffit_core.project.composites import CompositeRecord, RoundRecord, ZeroOutRecord
from difffit_core.target import Target

MOST_NEIGHBOURS = 12


@dataclass(frozen=True)
class Choice:
    """How it is to be done: a method of `compose.subtract`, and the threshold of that by threshold."""

    method: str
    threshold: float


@dataclass(frozen=True, eq=False)
class Neighbour:
    """A placement that is not accepted, and what it is called."""

    name: str
    model: AtomicModel
    pose: Pose


@dataclass(frozen=True, eq=False)
class Looked:
    """What was previewed: of which state of the composite, how, and what it would remove."""

    composite: CompositeRecord
    choice: Choice
    cut: ZeroOutRecord


class ZeroingController:
    """From `toggle` to `close`, what `choose` says is shown in the views; `apply` makes it so."""

    def __init__(self, desk: Desk, view: ZeroOutView, resolution_of: ResolutionOf) -> None:
        self._session, self._view_state, self._jobs, self._messages = desk.session, desk.view_state, desk.jobs, desk.messages
        self._view, self._history, self._resolution_of = view, desk.history, resolution_of
        self._is_open = False
        self._unseen = False
        self._commands = desk.commands
        self._choice = Choice("covered", 0.0)
        self._job: Job | None = None
        self._looked: Looked | None = None
        desk.session.events.composite_selected.connect(self._follow)
        desk.view_state.map_style_changed.connect(self._follow_level)

    @property
    def is_open(self) -> bool:
        return self._is_open

    def toggle(self) -> None:
        """Show what zeroing out the current round would do, or stop showing it."""
        if self._is_open:
            self.close()
            return
        try:
            self._subject()
        except UserError as error:
            self._messages.show_notice(str(error), "info")
            return
        self._is_open = True
        self._session.set_raw(False)
        self._look()

    def close(self) -> None:
        """Show the maps as they are."""
        self._is_open = self._unseen = False
        self._looked = None
        self._stop()
        self._view_state.set_zeroing(None)
        self._view.show_zeroing("")

    def choose(self, method: str, threshold: float) -> None:
        """Show what another way would do."""
        self._choice = Choice(method, threshold)
        if self._is_open:
            self._look()

    def apply(self) -> None:
        """Do what is shown."""
        looked = self._looked
        if looked is None or looked.composite is not self._session.composite or looked.choice != self._choice:
            return
        name = round_to_zero_out(looked.composite).name
        self.close()
        with self._commands.doing("zero-out", {"method": looked.choice.method, "threshold": looked.choice.threshold}):
            self._replace(looked, name)

    def zero_out(self, method: str, threshold: float) -> None:
        """Do it in that way, once it is known what it does; `UserError` where nothing can be zeroed out."""
        self._subject()
        self._choice, self._is_open, self._unseen = Choice(method, threshold), True, True
        self._session.set_raw(False)
        self._look()

    def _replace(self, looked: Looked, name: str) -> None:
        self._history.do(ReplaceComposite(zero_out_round(looked.composite, looked.cut), f"Zero Out {name}"))
        text = f"{name} is zeroed out: {looked.cut.removed:.0%} of the density above the level is gone. The next fit looks in what is left."
        self._messages.show_notice(text, "info")

    def _subject(self) -> tuple[CompositeRecord, RoundRecord, float]:
        """What is to be zeroed out, and the resolution in Å; `UserError` if nothing can be."""
        composite = self._session.composite
        if composite is None:
            raise UserError("Accept a placement first: zeroing out takes the density of accepted placements out of the map.")
        one = round_to_zero_out(composite)
        if composite.map not in self._session.maps or not self._session.models.keys() >= set(composite.models()):
            raise UserError(f"{composite.name} cannot be zeroed out, because its map or one of its models is not open.")
        resolution = self._resolution_of(composite)
        if resolution is None:
            raise UserError(f"The resolution at which {composite.name} was made is not known any more: fit its models again.")
        return composite, one, resolution

    def _follow(self, _: object) -> None:
        """The composite changed, or another is chosen."""
        if self._is_open and (self._looked is None or self._looked.composite is not self._session.composite):
            self._look()

    def _follow_level(self, identifier: str, _: object) -> None:
        composite, looked = self._session.composite, self._looked
        moved = looked is None or looked.cut.level != self._view_state.maps[identifier].level
        if self._is_open and composite is not None and composite.map == identifier and moved:
            self._look()

    def _look(self) -> None:
        self._stop()
        self._looked = None
        try:
            composite, one, resolution = self._subject()
        except UserError:
            self.close()
            return
        level, choice = self._view_state.maps[composite.map].level, self._choice
        names = [name for copy in one.accepted for name in copy.chains.values()]
        chains = chains_in_words(names)
        self._view.show_zeroing(f"{one.name}: {len(one.accepted)} {'copy' if len(one.accepted) == 1 else 'copies'}, {chains}")
        self._view.show_preview("Computing …", (), ready=False)
        searched, neighbours = searched_now(self._session, composite.map), self._neighbours(composite)
        models = {identifier: item.model for identifier, item in self._session.models.items()}
        most_overlap = self._view_state.most_overlap

        def work(context: Context) -> tuple[ZeroOutPreview, ZeroOutRecord, list[tuple[str, float, float]]]:
            from difffit_app.geometry.overview import Overview
            from difffit_core.compose.body import Body
            from difffit_core.compose.edit.accepted import overlap_with, placed_models
            from difffit_core.compose.edit.subtract import zero_out
            from difffit_core.compose.settings import ZeroOutMethod

            if context.cancel.is_set():
                raise FitCancelled("another choice was made")
            before = searched.read()
            bodies, placed = placed_models(one.accepted, models)
            near = [each for each in neighbours if overlap_with(one.accepted, models, each.model, [each.pose])[0] <= most_overlap]
            others = [(len(bodies) + number, each.pose) for number, each in enumerate(near)]
            bodies += [Body(each.model) for each in near]
            cut = zero_out(Target(before, resolution, level), bodies, placed, ZeroOutMethod(choice.method), choice.threshold, others)
            going = _going(before, cut.density_map, level)
            preview = ZeroOutPreview(composite.map, cut.density_map, Overview.of(cut.density_map), going, Overview.of(going))
            record = ZeroOutRecord(
                method=ZeroOutMethod(choice.method).value, threshold=choice.threshold, resolution=resolution, level=level,
                removed=min(max(cut.removed, 0.0), 1.0), done=now(),
            )  # fmt: skip
            losses = [(each.name, loss.share, loss.atoms) for each, loss in zip(near, cut.losses, strict=True)]
            return preview, record, losses

        self._job = job = Job(
            "previewing",
            work,
            lambda found: self._show(job, Looked(composite, choice, found[1]), found[0], found[2]),
            lambda _: self._failed(job),
        )
        self._jobs.draw(job)

    def _neighbours(self, composite: CompositeRecord) -> list[Neighbour]:
        """Significant placements that are not accepted, the best of each fit first; some may lie where something is accepted."""
        session = self._session
        accepted = {(copy.fit, copy.rank) for copy in accepted_copies(composite, composite.current)}
        found: list[tuple[Placement, OpenFit]] = []
        for fit in session.fits.values():
            if fit.record.map == composite.map:
                shown = [fit.placements[i] for i in self._view_state.shown(fit)]
                found += [(one, fit) for one in shown if not one.verdict.is_chance and (fit.id, one.rank) not in accepted]
        found.sort(key=lambda pair: (pair[0].rank, pair[1].id))
        return [
            Neighbour(
                f"placement {one.rank} of {session.models[fit.record.model].name} {list_chains(fit.record.chains)}",
                session.models[fit.record.model].model.select_chains(fit.record.chains),
                one.pose,
            )
            for one, fit in found[:MOST_NEIGHBOURS]
        ]

    def _show(self, job: Job, looked: Looked, preview: ZeroOutPreview, losses: list[tuple[str, float, float]]) -> None:
        if job is not self._job:
            return
        self._job = None
        if looked.composite is not self._session.composite or not self._is_open:
            self._follow(None)
            return
        self._looked = looked
        if self._unseen:
            with self._commands.quietly():
                self.apply()
            return
        self._view_state.set_zeroing(preview)
        text = f"{looked.cut.removed:.1%} of the density above {looked.cut.level:.4g} would go (orange in the view)"
        self._view.show_preview(text, losses, ready=True)

    def _failed(self, job: Job) -> object:
        if job is not self._job:
            return SETTLED
        self._job = None
        if self._unseen:
            self.close()
            return None
        self._view_state.set_zeroing(None)
        self._view.show_preview("", (), ready=False)
        return None

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel.set()
            self._job = None


def _going(before: DensityMap, after: DensityMap, level: float) -> DensityMap:
    """The map where it would fall below the level, and less than that elsewhere."""
    below = np.float32(level - 0.5 * max(abs(level), 1e-6))
    return before.with_values(np.where(after.values <= level, before.values, below))
