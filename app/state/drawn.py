"""Where models are drawn now."""

from difffit_app.state.session import Session
from difffit_core.pose import Pose


def pose_drawn(session: Session, model: str) -> Pose:
    """The pose in which a model is drawn: moved by hand, in the placement that is shown, at a map, or where its file has it."""
    if session.hand is not None and session.hand.model == model:
        return session.hand.pose
    if session.fit is not None and session.placement is not None and session.fit.record.model == model:
        return session.placement.pose
    return session.brought.get(model, Pose.identity())


def is_bent(session: Session, model: str) -> bool:
    """Whether it is drawn bent, which no pose tells."""
    return session.refinement is not None and session.refinement.record.model == model
