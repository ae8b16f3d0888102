"""Other placements over the one that is selected: those that are chosen with it, and the one with which it is compared."""

from psygnal import Signal

from difffit_app.geometry.key import Key
from difffit_app.scene.drawings.compared_drawing import ComparedDrawing
from difffit_app.scene.drawings.contours_drawing import ContoursDrawing
from difffit_app.scene.stage import Stage
from difffit_app.state.judging import JudgingState
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState


class OthersDrawing:
    """Follows the session on a stage, and, once it is told of it, what is judged. ``changed`` tells that the keys changed."""

    changed = Signal()

    def __init__(self, session: Session, view_state: ViewState, stage: Stage) -> None:
        self._session, self._view_state, self._stage = session, view_state, stage
        self.contours = ContoursDrawing(session, view_state, stage)
        self.compared: ComparedDrawing | None = None
        self._judging: JudgingState | None = None
        self.contours.changed.connect(self.changed.emit)

    def follow(self, judging: JudgingState) -> None:
        """Draw what is compared there."""
        self._judging = judging
        self.compared = ComparedDrawing(self._session, self._view_state, judging, self._stage)
        self.compared.changed.connect(self._leave_out)
        self._leave_out()

    def judging(self) -> JudgingState | None:
        """A copy of what is compared, to be drawn elsewhere."""
        return None if self._judging is None else self._judging.copy()

    def keys(self) -> list[Key]:
        """What the colours mean."""
        return [*(self.compared.keys() if self.compared is not None else ()), *self.contours.keys()]

    def end(self) -> None:
        if self.compared is not None:
            self.compared.end()
        self.contours.end()

    def _leave_out(self) -> None:
        self.contours.leave_out(None if self.compared is None else self.compared.rank)
        self.changed.emit()
