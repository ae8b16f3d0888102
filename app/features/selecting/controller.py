"""What is selected, shown and coloured of models."""

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from difffit_app.desk import Desk
from difffit_app.state.changes.of_selection import SelectResidues
from difffit_app.state.changes.of_session import Change, Together
from difffit_app.state.changes.of_style import ChangeStyle
from difffit_app.state.parts import text_of_part
from difffit_app.state.selection import Selection, chains_of, in_runs, residues_of, runs_of, whole_chains
from difffit_app.state.subjects import ChainSubject, CopySubject, ModelSubject, ResidueSubject, Subject, is_open
from difffit_core.recipes.words import join_names

Hidden = Mapping[str, Iterable[int]]


class SelectingController:
    """Ids that are gone are ignored: a click may come late. How things are drawn is changed in steps that can be undone."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._view_state, self._history = desk.session, desk.view_state, desk.history
        self._commands = desk.commands
        self._anchor: ResidueSubject | None = None

    def pick(self, subject: Subject | None, *, add: bool = False, up_to: bool = False) -> None:
        """Select what was met alone; with ``add``, too, or not any more; ``up_to``: from what was picked before, in the same chain.

        Of an accepted copy its model's residue is. Nothing is selected where nothing of a model was met.
        """
        if isinstance(subject, CopySubject) and is_open(subject, self._session):
            subject = ResidueSubject(subject.copy.model, subject.residue)
        found = self._residues(subject)
        if found is None:
            if not add:
                self.clear()
            return
        model, residues = found
        if up_to and isinstance(subject, ResidueSubject):
            residues = self._range_to(subject)
        elif isinstance(subject, ResidueSubject):
            self._anchor = subject
        selection = self._view_state.selection
        if up_to:
            self.select(selection.plus(model, residues))
        elif add:
            self.select(selection.toggled(model, residues))
        else:
            self.select(Selection.of({model: residues}))
        if self._session.model is None or self._session.model.id != model:
            self._session.select_model(model)

    def choose(self, model: str, residues: Iterable[int], *, add: bool = False) -> None:
        """Select these alone, or with what is selected."""
        if model in self._session.models:
            selection = self._view_state.selection
            self.select(selection.plus(model, residues) if add else Selection.of({model: residues}))

    def toggle(self, model: str, residues: Iterable[int]) -> None:
        """Select these, too; or not any more, where all of them are."""
        if model in self._session.models:
            self.select(self._view_state.selection.toggled(model, residues))

    def choose_model(self) -> None:
        """Select all of the chosen model."""
        if self._session.model is not None:
            self.pick(ModelSubject(self._session.model.id))

    def widen(self) -> None:
        """From residues to their chains, and from whole chains to their models."""
        wider: dict[str, NDArray[np.int64]] = {}
        for identifier in self._view_state.selection.residues:
            model, residues = self._session.models[identifier].model, self._view_state.selection.of_model(identifier)
            whole = whole_chains(model, residues) is not None
            wider[identifier] = residues_of(model, None if whole else chains_of(model, residues.tolist()))
        self.select(Selection.of({model: some.tolist() for model, some in wider.items()}))

    def invert(self) -> None:
        """The others of the models of which something is selected."""
        selection = self._view_state.selection
        others = {name: set(residues_of(self._session.models[name].model).tolist()) - some for name, some in selection.residues.items()}
        self.select(Selection.of(others))

    def clear(self) -> None:
        """Select nothing."""
        self.select(Selection())

    def select(self, selection: Selection) -> None:
        """Have these residues selected."""
        if selection != self._view_state.selection:
            words = [word for name in selection.residues for word in self._words(name, selection.residues[name])]
            with self._commands.doing("select", {"what": tuple(words)}):
                self._view_state.select(selection)

    def hide(self) -> None:
        """Do not draw what is selected, and select it no more."""
        hidden = {name: self._hidden(name) | some for name, some in self._view_state.selection.residues.items()}
        with self._commands.doing("hide-selection", {}):
            self._set_hidden(hidden, "Hide Selection", SelectResidues(Selection()))
            self.clear()

    def hide_others(self) -> None:
        """Draw only what is selected of the models of which something is."""
        selection = self._view_state.selection
        hidden = {name: set(residues_of(self._session.models[name].model).tolist()) - some for name, some in selection.residues.items()}
        self._set_hidden(hidden, "Hide Others")

    def show_all(self) -> None:
        """Draw every residue again."""
        self._set_hidden(dict.fromkeys(self._session.models, ()), "Show All Residues")

    def toggle_chain(self, model: str, chain: str) -> None:
        """Hide a chain, or show it where any of it is hidden."""
        if is_open(ChainSubject(model, chain), self._session):
            residues, hidden = set(residues_of(self._session.models[model].model, [chain]).tolist()), self._hidden(model)
            shown = bool(residues & hidden)
            text = f"{'Show' if shown else 'Hide'} Chain {chain}"
            with self._commands.doing("show" if shown else "hide", {"what": tuple(self._words(model, residues, parted=True))}):
                self._set_hidden({model: hidden - residues if shown else hidden | residues}, text)

    def hide_subject(self, subject: Subject) -> None:
        """Do not draw a chain or a residue."""
        found = self._residues(subject)
        if found is not None:
            model, residues = found
            self.draw_residues({model: residues.tolist()}, False)

    def draw_residues(self, residues: Mapping[str, Iterable[int]], shown: bool) -> None:
        """Draw these of models, or not."""
        words = tuple(word for name, some in residues.items() for word in self._words(name, some, parted=True))
        hidden = {name: self._hidden(name) - set(some) if shown else self._hidden(name) | set(some) for name, some in residues.items()}
        with self._commands.doing("show" if shown else "hide", {"what": words}):
            self._set_hidden(hidden, "Show" if shown else "Hide")

    def colour(self, colour: str, subject: Subject | None = None) -> None:
        """Give what is selected, or that, a colour of its own."""
        found = self._residues(subject)
        self.colour_residues(colour, self._view_state.selection.residues if found is None else {found[0]: found[1].tolist()})

    def colour_residues(self, colour: str, residues: Mapping[str, Iterable[int]]) -> None:
        """Give these of models a colour of their own."""
        wanted = {name: frozenset(some) for name, some in residues.items()}
        words = [word for name, some in wanted.items() for word in self._words(name, some, parted=True)]
        changes: dict[str, dict[str, object]] = {}
        for name, some in wanted.items():
            runs = tuple((first, last, colour) for first, last in runs_of(some))
            changes[name] = {"painted": (*_uncovered(self._view_state.models[name].painted, some), *runs)}
            if self._view_state.models[name].colour_by == "local_fit":
                changes[name]["colour_by"] = "chain"  # which would not show it
        with self._commands.doing("colour", {"what": (*words, colour)}):
            self._change(changes, "Colour Selection")

    def uncolour(self) -> None:
        """Have all residues in the colours of their models."""
        self._change({name: {"painted": ()} for name in self._session.models}, "Take Own Colours Away")

    def _residues(self, subject: Subject | None) -> tuple[str, NDArray[np.int64]] | None:
        if subject is None or not is_open(subject, self._session):
            return None
        match subject:
            case ResidueSubject(model, residue):
                return model, np.array([residue], np.int64)
            case ChainSubject(model, chain):
                return model, residues_of(self._session.models[model].model, [chain])
            case ModelSubject(model):
                return model, residues_of(self._session.models[model].model)
            case _:
                return None

    def _range_to(self, subject: ResidueSubject) -> NDArray[np.int64]:
        """From the residue that was picked before to this one; this one alone where that is of another chain."""
        model, anchor = self._session.models[subject.model].model, self._anchor
        alone = np.array([subject.residue], np.int64)
        if anchor is None or anchor.model != subject.model:
            return alone
        chain = residues_of(model, chains_of(model, [subject.residue]))
        if anchor.residue not in chain:
            return alone
        first, last = sorted((anchor.residue, subject.residue))
        return chain[(chain >= first) & (chain <= last)]

    def _words(self, model: str, residues: Iterable[int], *, parted: bool = False) -> list[str]:
        """In commands; ``parted`` where all of a model is not the same as the model."""
        one = self._session.models[model].model
        words = text_of_part(model, one, residues)
        return [f"{model}/{join_names(one.chains)}"] if parted and words == [model] else words

    def _hidden(self, model: str) -> frozenset[int]:
        return in_runs(self._view_state.models[model].hidden)

    def _set_hidden(self, hidden: Hidden, text: str, *more: Change) -> None:
        self._change({name: {"hidden": runs_of(some)} for name, some in hidden.items()}, text, *more)

    def _change(self, wanted: Mapping[str, dict[str, object]], text: str, *more: Change) -> None:
        """As one step, ``more`` with it, if anything changes by it."""
        changes: list[Change] = [
            ChangeStyle.of(self._session, name, fields)
            for name, fields in wanted.items()
            if any(getattr(self._view_state.models[name], field) != value for field, value in fields.items())
        ]
        if changes:
            self._history.do(changes[0] if len(changes) == 1 and not more else Together((*changes, *more), text))


def _uncovered(painted: tuple[tuple[int, int, str], ...], some: frozenset[int]) -> tuple[tuple[int, int, str], ...]:
    """What is left of older colours."""
    return tuple(
        (start, end, colour) for first, last, colour in painted for start, end in runs_of(in_runs([(first, last)]) - some)
    )  # fmt: skip
