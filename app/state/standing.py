"""Where a model stands now, for what is done near it."""

from dataclasses import dataclass

from difffit_app.state.session import Session
from difffit_core.compose.edit.edits import accepted_copies
from difffit_core.pose import Pose


@dataclass(frozen=True, eq=False)
class Standing:
    """Chains of a model, all of them where there are none, where they stand: None for where the file has them; and that in words."""

    model: str
    chains: tuple[str, ...]
    pose: Pose | None
    words: str


def standing(session: Session, model: str) -> Standing:
    """A model that is open, where it is drawn: moved by hand, in the selected placement, at a map, or as its file has it."""
    hand, fit, placement = session.hand, session.fit, session.placement
    if hand is not None and hand.model == model:
        return Standing(model, hand.chains, hand.pose, "where it was moved by hand")
    if fit is not None and placement is not None and fit.record.model == model:
        return Standing(model, fit.record.chains, placement.pose, f"in placement {placement.rank}")
    if model in session.brought:
        return Standing(model, (), session.brought[model], "where it was brought to")
    return Standing(model, (), None, "as its file has it")


def accepted_standing(session: Session) -> list[Standing]:
    """The copies that the chosen composite has accepted up to the round at which it stands."""
    composite = session.composite
    if composite is None:
        return []
    copies = accepted_copies(composite, composite.current)
    return [Standing(one.model, tuple(one.chains), one.pose.pose(), f"accepted in {composite.name}") for one in copies]
