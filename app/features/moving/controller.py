"""Moving a model by hand, with its scores, and fitting it from where it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from difffit_app.desk import Desk
from difffit_app.features.moving.views import MovingView
from difffit_app.messages import tell
from difffit_app.offered import SubjectOf
from difffit_app.state.apart import brought, far_from
from difffit_app.state.changes.of_session import Bring, MoveByHand
from difffit_app.state.items import HandPose
from difffit_app.workers.lane import Context, Job
from difffit_core.chain_words import chains_in_words
from difffit_core.errors import UserError
from difffit_core.fit.place_words import pose_numbers
from difffit_core.fit.request import FitRequest
from difffit_core.placement import FitMetrics
from difffit_core.pose import Pose
from difffit_core.recipes.words import join_names
from difffit_core.target import Target

Array = NDArray[np.float64]
STEP_VOXELS, STEP_DEGREES = 0.5, 2.0
KEPT = {"refine_steps": 0, "polish_steps": 0}
"""Settings with which a fit from a pose keeps the pose."""


@dataclass(frozen=True)
class Subject:
    """What the fit panel is set up for, the level of its map, and the round whose working map stands in for that, if one does."""

    map_id: str
    model_id: str
    chains: tuple[str, ...]
    resolution: float
    level: float
    working: str | None = None


class MovingController:
    """Moves what the fit panel is set up for. Until a drag `settle`s it is no step that can be undone."""

    def __init__(self, desk: Desk, view: MovingView, set_up: SubjectOf, fit_from: Callable[[Pose, dict[str, Any]], None]) -> None:
        self._session, self._view_state, self._jobs, self._history = desk.session, desk.view_state, desk.jobs, desk.history
        self._commands = desk.commands
        self._messages, self._view, self._set_up, self._fit_from = desk.messages, view, set_up, fit_from
        self._settled: HandPose | None = None
        self._is_moving = False
        self._scorer: Any = None
        self._scored: Subject | None = None
        self._wanted: Subject | None = None
        self._preparing: Job | None = None
        self._step: float | None = None
        events = desk.session.events
        for signal in (events.hand_moved, events.brought_changed, events.placement_selected, events.fit_selected):
            signal.connect(self.refresh)
        desk.session.events.model_removed.connect(self._leave_if_gone)
        desk.session.events.map_removed.connect(self._leave_if_gone)
        desk.session.events.working_changed.connect(self.refresh)
        desk.view_state.map_style_changed.connect(self.refresh)

    def toggle(self) -> None:
        """Begin to move by hand, or end it, leaving the model where it is."""
        if self._view_state.moving is not None:
            self._view_state.set_moving(None)
            return
        subject = self._subject()
        if subject is None:
            self._messages.show_notice("Open a map and a model, and choose at least one chain, to move it by hand.", "info")
            return
        self._view_state.set_model_style(subject.model_id, visible=True)
        self._bring_if_far(subject)
        self._view_state.set_moving(subject.model_id)
        self.refresh()

    def _bring_if_far(self, subject: Subject) -> None:
        """What is drawn beside the map, since it lies far from it, begins in its middle."""
        session, item = self._session, self._session.models[subject.model_id]
        placed = subject.model_id in session.brought or (session.hand is not None and session.hand.model == subject.model_id)
        placed |= session.fit is not None and session.placement is not None and session.fit.record.model == subject.model_id
        if not placed and far_from(item.model, [one.density for one in session.maps.values()]) is not None:
            chains = {subject.model_id: item.model.select_chains(subject.chains)}
            poses = brought(chains, session.density(subject.map_id), subject.level)
            self._history.do(Bring({**session.brought, **poses}, f"Bring {item.name} to {session.maps[subject.map_id].name}"))

    def follow_set_up(self) -> None:
        """Another map, model or chain was chosen: move that."""
        if self._view_state.moving is not None:
            subject = self._subject()
            self._view_state.set_moving(subject.model_id if subject else None)
            self.refresh()

    def set_step(self, step: float) -> None:
        """How far, in Å, a key moves."""
        self._step = step

    def turn(self, rotation: Array) -> None:
        """Turn the model about its middle by a rotation (3, 3) in the map's frame."""
        hand = self._hand()
        if hand is not None:
            middle = hand.centre
            self._show(hand, Pose(rotation, middle - rotation @ middle).compose(hand.pose))

    def shift(self, by: Array) -> None:
        """Shift the model by (3,) Å."""
        hand = self._hand()
        if hand is not None:
            self._show(hand, Pose(np.eye(3), by).compose(hand.pose))

    def step(self, direction: Array) -> None:
        """Shift it by one step along a unit vector (3,)."""
        self.shift(self._step_size() * direction)

    def turn_step(self, axis: Array) -> None:
        """Turn it by two degrees about a unit vector (3,)."""
        from scipy.spatial.transform import Rotation

        self.turn(Rotation.from_rotvec(np.radians(STEP_DEGREES) * axis).as_matrix())

    def settle(self) -> None:
        """What was moved since the last time is one step that can be undone."""
        was_moving, self._is_moving = self._is_moving, False
        hand = self._session.hand
        if was_moving and hand is not self._settled and hand is not None:
            self._put(hand, self._settled)

    def place(self, hand: HandPose) -> None:
        """Put a model into a pose, as a step."""
        self.settle()
        self._put(hand, self._session.hand)

    def _put(self, hand: HandPose, before: HandPose | None) -> None:
        with self._commands.doing("place", {"what": f"{hand.model}/{join_names(hand.chains)}", "pose": pose_numbers(hand.pose)}):
            self._history.do(MoveByHand(before, hand))

    def put_back(self) -> None:
        """Back to the placement, or to where it was brought, or else where the file has it; what was brought, where nothing was moved."""
        if not self._put_back_hand() and self._session.brought:
            self._history.do(Bring({}, "Put Back"))

    def _put_back_hand(self) -> bool:
        """Whether anything was moved by hand."""
        self.settle()
        hand = self._session.hand
        if hand is not None:
            self._history.do(MoveByHand(hand, None, "Put Back"))
        return hand is not None

    def escape(self) -> None:
        """Put it back and end moving."""
        self._put_back_hand()
        self._view_state.set_moving(None)

    def refine(self) -> None:
        """Climb to the nearest optimum from the pose that is shown."""
        self._fit({})

    def keep(self) -> None:
        """Make the pose that is shown a placement as it is."""
        self._fit(KEPT)

    def refresh(self, *_: object) -> None:
        """Show the scores of the pose that is shown, from a scorer made for what is set up; make one if there is none."""
        subject = None if self._view_state.moving is None else self._subject()
        if subject is None:
            return
        self._view.show_subject(f"{self._session.models[subject.model_id].name}, {chains_in_words(subject.chains)}", self._step_size())
        if self._scored == subject:
            start = self._shown_pose(subject, by_hand=False)
            pose = self._shown_pose(subject, by_hand=True)
            self._view.show_score(self._score(pose), self._score(start))
        elif self._wanted != subject:
            self._prepare(subject)

    def _fit(self, changes: dict[str, Any]) -> None:
        self.settle()
        subject = self._subject()
        if subject is not None:
            self._fit_from(self._shown_pose(subject, by_hand=True), changes)

    def _score(self, pose: Pose) -> FitMetrics:
        metrics: FitMetrics = self._scorer.score(pose)
        return metrics

    def _subject(self) -> Subject | None:
        set_up = self._set_up()
        session, styles = self._session, self._view_state.maps
        if set_up is None or set_up[0] not in session.maps or set_up[0] not in styles or set_up[1] not in session.models:
            return None
        working = session.shown_working(set_up[0])
        return Subject(*set_up, styles[set_up[0]].level, working.round if working else None)

    def _shown_pose(self, subject: Subject, by_hand: bool) -> Pose:
        hand, fit, placement = self._session.hand, self._session.fit, self._session.placement
        if by_hand and hand is not None and (hand.model, hand.chains) == (subject.model_id, subject.chains):
            return hand.pose
        if fit is not None and placement is not None and (fit.record.model, fit.record.chains) == (subject.model_id, subject.chains):
            return placement.pose
        return self._session.brought.get(subject.model_id, Pose.identity())

    def _hand(self) -> HandPose | None:
        """What is moved, as it stands."""
        hand = self._session.hand
        if self._is_moving and hand is not None:
            return hand
        subject = self._subject()
        if subject is None:
            return None
        self._settled, self._is_moving = hand, True
        if hand is not None and (hand.model, hand.chains) == (subject.model_id, subject.chains):
            return hand
        model = self._session.models[subject.model_id].model.select_chains(subject.chains)
        middle = model.fit_coordinates.mean(axis=0)
        return HandPose(subject.model_id, subject.chains, middle, self._shown_pose(subject, by_hand=False))

    def _show(self, hand: HandPose, pose: Pose) -> None:
        self._session.set_hand(HandPose(hand.model, hand.chains, hand.middle, pose))

    def _step_size(self) -> float:
        subject = self._subject()
        if self._step is not None or subject is None:
            return self._step or 1.0
        return STEP_VOXELS * float(self._session.maps[subject.map_id].density.voxel_size.mean())

    def _prepare(self, subject: Subject) -> None:
        self._wanted = subject
        self._view.show_score(None, None)
        try:
            request = FitRequest(
                Target(self._session.density(subject.map_id), subject.resolution, subject.level),
                self._session.models[subject.model_id].model.select_chains(subject.chains),
            )
        except UserError as error:
            tell(self._messages, "scoring the model", error)
            return

        def work(context: Context) -> object:
            from difffit_core.fit.judge.score import PoseScorer

            return None if context.cancel.is_set() else PoseScorer(request)

        def done(scorer: object) -> None:
            if job is not self._preparing:
                return
            self._preparing = None
            if self._wanted == subject and scorer is not None:
                self._scorer, self._scored = scorer, subject
                self.refresh()

        self._stop_preparing()  # as a number is typed, each digit asks for another
        job = self._preparing = Job("scoring the model", work, done)
        self._jobs.draw(job)

    def _stop_preparing(self) -> None:
        """It holds the map and the model, which may be closed by now, and another may have their ids."""
        if self._preparing is not None:
            self._preparing.cancel.set()
            self._preparing = None

    def _leave_if_gone(self, _: str) -> None:
        if self._view_state.moving is not None and self._subject() is None:
            self._view_state.set_moving(None)
        self._stop_preparing()
        self._scorer = self._scored = self._wanted = None
        self._is_moving = False
