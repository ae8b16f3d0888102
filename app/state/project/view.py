"""What is on the screen, as a project keeps it, and back."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from difffit_app.state.depth import Clip, Fixed
from difffit_app.state.filters import Condition, PlacementFilter
from difffit_app.state.items import HandPose
from difffit_app.state.metrics import FILTERED, METRICS
from difffit_app.state.project.view_record import ClipRecord, ConditionRecord, HandRecord, SphereRecord, View
from difffit_app.state.selection import Selection, runs_of
from difffit_app.state.session import Session
from difffit_app.state.view_state import GALLERY_SIZES, ViewState
from difffit_app.styles import Camera
from difffit_core.errors import UserError
from difffit_core.project.base import PoseRecord


class CameraView(Protocol):
    """The two linked views."""

    def current_camera(self) -> tuple[Sequence[float], Sequence[float], Sequence[float], float]:
        """Position, focal point, view up, view angle."""

    def look_at_everything(self) -> None: ...


def view_of(session: Session, view_state: ViewState, camera: CameraView) -> View:
    """What is on the screen now."""
    hand, frame, chosen = session.hand, view_state.frame, view_state.filter
    return View(
        camera=_camera(camera),
        selected_map=session.map.id if session.map else None,
        selected_model=session.model.id if session.model else None,
        selected_fit=session.fit.id if session.fit else None,
        selected_rank=session.placement.rank if session.placement else None,
        selected_composite=session.composite.id if session.composite else None,
        selected_refinement=session.refinement.id if session.refinement else None,
        raw=session.raw,
        replay_step=frame.step if frame else None,
        hand=HandRecord(model=hand.model, chains=hand.chains, pose=PoseRecord.of(hand.pose)) if hand else None,
        brought={name: PoseRecord.of(pose) for name, pose in session.brought.items()},
        clip=_clip_record(view_state.clip),
        sphere=SphereRecord.of(view_state.sphere) if view_state.sphere else None,
        significant_only=chosen.significant_only,
        conditions=tuple(ConditionRecord(metric=one.metric, at_least=one.at_least, value=one.value) for one in chosen.conditions),
        layout=view_state.layout,
        metric=view_state.metric,
        gallery_size=view_state.gallery_size,
        resolutions={one: value for one, value in session.resolutions.items() if one in session.maps},
        selection={name: runs_of(some) for name, some in view_state.selection.residues.items()},
        saved_views=dict(view_state.saved_views),
        maps={**session.absent.maps, **view_state.maps},
        models={**session.absent.models, **view_state.models},
    )


def _camera(camera: CameraView) -> Camera | None:
    """Where it is; None for one that has lost its way (no numbers), as nothing else that is open shall be lost with it."""
    position, focal_point, view_up, angle = camera.current_camera()
    try:
        return Camera.model_validate({"position": position, "focal_point": focal_point, "view_up": view_up, "view_angle": angle})
    except ValidationError:
        return None


def show_view(view: View, session: Session, view_state: ViewState) -> None:
    """Show it again; what is not there, or is unknown to this version, is passed over."""
    with session.at_once():
        _choose(view, session)
    if view.metric in METRICS:
        view_state.set_metric(view.metric)
    if view.gallery_size in GALLERY_SIZES:
        view_state.set_gallery_size(view.gallery_size)
    conditions = tuple(Condition(one.metric, one.at_least, one.value) for one in view.conditions if one.metric in FILTERED)
    view_state.set_filter(PlacementFilter(view.significant_only, conditions))
    view_state.saved_views.update(view.saved_views)
    view_state.select(_selection(view, session))
    view_state.set_sphere(view.sphere.sphere() if view.sphere else None)
    view_state.set_layout(view.layout)
    view_state.set_clip(_clip(view))
    session.set_brought({name: record.pose() for name, record in view.brought.items() if name in session.models})
    _show_hand(view, session)
    if view.selected_refinement in session.refinements:
        session.select_refinement(view.selected_refinement)
    if view.camera is not None:
        view_state.ask_camera(view.camera)
    view_state.ask_replay(view.replay_step)


def _choose(view: View, session: Session) -> None:
    for identifier, value in view.resolutions.items():
        if identifier in session.maps and 0.5 <= value <= 100:
            session.set_resolution(identifier, value)
    if view.selected_composite in session.composites:
        session.select_composite(view.selected_composite)
    elif "selected_composite" in view.model_fields_set:  # none was chosen; the command line leaves that open
        session.select_composite(None)
    session.set_raw(view.raw)
    if view.selected_map in session.maps:
        session.select_map(view.selected_map)
    if view.selected_model in session.models:
        session.select_model(view.selected_model)
    if view.selected_fit in session.fits:
        session.select_fit(view.selected_fit)
        if session.fit and view.selected_rank and session.fit.index_of_rank(view.selected_rank) is not None:
            session.select_placement(view.selected_rank)


def _selection(view: View, session: Session) -> Selection:
    """What of it there is."""
    found: dict[str, NDArray[np.int64]] = {}
    for name, runs in view.selection.items():
        if name in session.models:
            there = np.unique(session.models[name].model.residue_index).astype(np.int64)
            chosen = np.zeros(len(there), bool)
            for first, last in runs:
                chosen |= (there >= first) & (there <= last)
            found[name] = there[chosen]
    return Selection.of({name: some.tolist() for name, some in found.items()})


def _clip_record(clip: Clip | None) -> ClipRecord | None:
    if clip is None:
        return None
    place = {} if clip.fixed is None else {"point": clip.fixed.point, "direction": clip.fixed.direction}
    return ClipRecord(front=clip.front, back=clip.back, **place)


def _clip(view: View) -> Clip | None:
    """None for planes that leave nothing between them, too."""
    kept = view.clip
    if kept is None:
        return None
    try:
        fixed = Fixed(kept.point, kept.direction) if kept.point is not None and kept.direction is not None else None
        return Clip(kept.front, kept.back, fixed)
    except ValueError:
        return None


def _show_hand(view: View, session: Session) -> None:
    hand = view.hand
    if hand is None or hand.model not in session.models:
        return
    try:
        model = session.models[hand.model].model.select_chains(hand.chains)
    except UserError:
        return
    session.set_hand(HandPose(hand.model, hand.chains, model.fit_coordinates.mean(axis=0), hand.pose.pose()))
