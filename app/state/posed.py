"""What shows a model elsewhere than its file has it, and is no placement: a hand, a map it was brought to, a bending."""

from collections.abc import Mapping

from difffit_app.state.items import HandPose, OpenRefinement
from difffit_app.state.saving import Saving
from difffit_core.pose import Pose


class Posed(Saving):
    """``hand`` is where a model was moved by hand, shown until another placement is chosen.

    ``brought`` has where models stand, by their ids, that lay in a frame of their own and were brought to a map: shown where there is
    neither hand nor placement. ``refinement`` is the bent model that is shown instead of its rigid one, until a placement of that model is
    chosen.
    """

    def __init__(self) -> None:
        super().__init__()
        self.hand: HandPose | None = None
        self.brought: Mapping[str, Pose] = {}
        self.refinements: dict[str, OpenRefinement] = {}
        self.refinement: OpenRefinement | None = None

    def set_hand(self, hand: HandPose | None) -> None:
        """Show a model in a pose that is no placement; None puts it back."""
        if hand is not self.hand:
            if hand is not None:
                self._show_unbent({hand.model})
            self.hand = hand
            self._tell(self.events.hand_moved)

    def set_brought(self, brought: Mapping[str, Pose]) -> None:
        """Have these models, and no others, stand elsewhere than in their files."""
        moved = {name for name in {*brought, *self.brought} if brought.get(name) is not self.brought.get(name)}
        if moved:
            self._show_unbent(moved)
            self.brought = dict(brought)
            self._tell(self.events.brought_changed)

    def select_refinement(self, identifier: str | None) -> None:
        """Show a bent model instead of its rigid one; None for the rigid one."""
        chosen = None if identifier is None else self.refinements[identifier]
        if chosen is not self.refinement:
            self.refinement = chosen
            self._tell(self.events.refinement_selected)

    def _show_unbent(self, models: set[str]) -> None:
        """What is looked at of these models is where they are moved to."""
        if self.refinement is not None and self.refinement.record.model in models:
            self.select_refinement(None)

    def _forget_poses(self, model: str) -> None:
        """It is removed."""
        if self.hand is not None and self.hand.model == model:
            self.set_hand(None)
        self.set_brought({name: pose for name, pose in self.brought.items() if name != model})
