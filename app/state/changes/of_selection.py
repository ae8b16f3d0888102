"""What is selected of models, where a step that is undone changes it, too."""

from dataclasses import dataclass

from difffit_app.state.selection import Selection
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState


@dataclass(frozen=True)
class SelectResidues:
    """Have these residues selected. Selecting alone is no step, so that what is undone is what was done to things."""

    selection: Selection
    text: str = "Select"

    def apply(self, session: Session, view_state: ViewState) -> "SelectResidues":
        before = view_state.selection
        kept = {name: some for name, some in self.selection.residues.items() if name in session.models}
        view_state.select(Selection.of(kept))
        return SelectResidues(before, self.text)
