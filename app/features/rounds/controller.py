"""Composites and their rounds: going to them, editing and comparing them."""

from collections.abc import Sequence

from difffit_app.desk import Desk
from difffit_app.features.rounds.views import RoundsView
from difffit_app.messages import tell
from difffit_app.state.changes.of_session import RemoveComposite, ReplaceComposite
from difffit_app.state.items import WorkingMap
from difffit_app.state.names import names_of_composites
from difffit_app.workers.lane import Context, Job
from difffit_core.chain_words import list_chains
from difffit_core.compose.edit.edits import accepted_copies, branch, delete_round, remove_copy, rename_round, round_of
from difffit_core.errors import UserError
from difffit_core.project.composites import AcceptedRecord, CompositeRecord
from difffit_core.target import Target

Place = tuple[str, str | None]
"""A composite by its id, and one of its rounds, or None for its start."""


def words_of(place: Place) -> dict[str, object]:
    """A place as a command has it."""
    return {"composite": place[0], "round": place[1] or ""}


class CompositesController:
    """Places that are gone are ignored, since a click may come late."""

    def __init__(self, desk: Desk, view: RoundsView) -> None:
        self._session, self._view_state, self._jobs, self._history = desk.session, desk.view_state, desk.jobs, desk.history
        self._messages, self._prompts, self._view, self._commands = desk.messages, desk.prompts, view, desk.commands

    def go_to(self, place: Place) -> None:
        """Stand at a round: the views, the working map and the next fit follow."""
        composite = self._session.composites.get(place[0])
        if composite is not None and (place[1] is None or round_of(composite, place[1]) is not None):
            with self._commands.doing("round", words_of(place)):
                self._stand_at(composite, place)

    def _stand_at(self, composite: CompositeRecord, place: Place) -> None:
        if composite is not self._session.composite or composite.current != place[1]:
            self._session.go_to_round(*place)
        if composite.map in self._session.maps and (self._session.map is None or self._session.map.id != composite.map):
            self._session.select_map(composite.map)

    def begin_new(self) -> None:
        """Choose no composite, so that the next accepted placement begins one of its own."""
        self._session.select_composite(None)
        self._messages.show_notice("The next placement that is accepted begins a new composite.", "info")

    def branch(self, place: Place) -> None:
        """Begin another round after one, beside those that are there."""
        composite = self._session.composites.get(place[0])
        if composite is not None:
            after = round_of(composite, place[1])
            record = branch(composite.model_copy(update={"current": place[1]}))
            with self._commands.doing("branch-round", words_of(place)):
                self._history.do(ReplaceComposite(record, f"Branch from {after.name if after else 'Start'}"))

    def rename(self, place: Place, name: str) -> None:
        """Give a composite or a round another name; an empty one or the same changes nothing."""
        composite, name = self._session.composites.get(place[0]), " ".join(name.split())
        one = composite and round_of(composite, place[1])
        before = (one or composite).name if composite is not None else ""
        if composite is None or not name or name == before or (place[1] is not None and one is None):
            return
        record = composite.model_copy(update={"name": name}) if one is None else rename_round(composite, one.id, name)
        with self._commands.doing("rename-round", {**words_of(place), "name": name}):
            self._history.do(ReplaceComposite(record, f"Rename {before} to {name}"))

    def delete(self, place: Place) -> None:
        """Delete a composite, or a round with all that was built on it, after asking once."""
        composite = self._session.composites.get(place[0])
        if composite is None:
            return
        one = round_of(composite, place[1])
        record = delete_round(composite, one.id) if one is not None else None
        gone = {step.id for step in composite.rounds} - {step.id for step in (record.rounds if record else ())}
        name = one.name if one is not None else names_of_composites(self._session)[composite.id]
        lost = sum(len(step.accepted) for step in composite.rounds if step.id in gone)
        fits = sum(fit.record.round in gone for fit in self._session.fits.values())
        with_it = [
            *([_count(len(gone) - 1, "round") + " after it"] if one is not None and len(gone) > 1 else []),
            *([_count(lost, "accepted copy", "accepted copies")] if lost else []),
            *([_count(fits, "fit") + " into what it left of the map"] if fits else []),
        ]
        question = f"Delete {name}" + (f" with {' and '.join(with_it)}" if with_it else "") + "? Undo brings it back."
        if self._commands.is_typed or self._prompts.confirm(question, "Delete"):
            with self._commands.doing("delete-round", words_of(place)):
                self._history.do(
                    RemoveComposite(composite.id, f"Delete {name}") if record is None else ReplaceComposite(record, f"Delete {name}")
                )

    def remove_copy(self, place: Place, number: int) -> None:
        """Take back one accepted copy."""
        composite = self._session.composites.get(place[0])
        one = None if composite is None else round_of(composite, place[1])
        if composite is None or one is None or not 0 <= number < len(one.accepted):
            return
        try:
            record = remove_copy(composite, one.id, number)
        except UserError as error:
            tell(self._messages, "removing the copy", error)
            return
        with self._commands.doing("remove-copy", {**words_of(place), "number": number + 1}):
            self._history.do(ReplaceComposite(record, f"Remove {self.name_of(one.accepted[number])}"))

    def name_of(self, copy: AcceptedRecord) -> str:
        """``1bd2.pdb D, E`` with the names its chains have in the composite."""
        item = self._session.models.get(copy.model)
        return f"{item.name if item else copy.model} {list_chains(tuple(copy.chains.values()))}"

    def compare(self, first: Place, second: Place) -> None:
        """Tell how the second place differs from the first: copies gained, lost and moved, and what each explains."""
        places = [(self._session.composites.get(one), round_id) for one, round_id in (first, second)]
        if any(composite is None or not self._is_whole(composite) for composite, _ in places):
            return
        mine, others = ([] if one is None else accepted_copies(one, round_id) for one, round_id in places)
        composite = places[0][0]
        models = {identifier: item.model for identifier, item in self._session.models.items()}
        names = [self.title(place) for place in (first, second)]
        resolution = None if composite is None else self.resolution_of(composite)
        density, level = None, 0.0
        if composite is not None and places[1][0] is not None and places[1][0].map == composite.map and resolution is not None:
            density, level = self._session.maps[composite.map].density, self._view_state.maps[composite.map].level

        def work(_: Context) -> str:
            from difffit_core.compose.edit.accepted import differences, placed_models
            from difffit_core.compose.residual import residual

            shares = []
            if density is not None and resolution is not None:
                shares += [
                    residual(Target(density, resolution, level), *placed_models(copies, models)).explained for copies in (mine, others)
                ]
            found = differences(mine, others, models)
            lines = [f"{names[0]} → {names[1]}"]
            lines += [f"explained {shares[0]:.1%} → {shares[1]:.1%} of the density above {level:.4g}"] if shares else []
            lines += [f"gained {self.name_of(copy)}" for copy in found.gained]
            lines += [f"lost {self.name_of(copy)}" for copy in found.lost]
            lines += [f"moved {self.name_of(after)} by {rmsd:.1f} Å RMSD" for _, after, rmsd in found.moved]
            lines += [f"{_count(found.same, 'copy', 'copies')} the same"]
            return "\n".join(lines)

        self._view.show_comparison("Comparing …")
        self._jobs.draw(Job("comparing rounds", work, self._view.show_comparison, lambda _: self._view.show_comparison("")))

    def title(self, place: Place) -> str:
        """``Composite 1, Round 2``."""
        one = round_of(self._session.composites[place[0]], place[1])
        return f"{names_of_composites(self._session)[place[0]]}, {one.name if one else 'start'}"

    def round_name(self, working: WorkingMap) -> str:
        """Of the round that left a working map."""
        composite = self._session.composites.get(working.composite)
        one = None if composite is None else round_of(composite, working.round)
        return one.name if one is not None else ""

    def resolution_of(self, composite: CompositeRecord) -> float | None:
        """The resolution in Å at which it was made."""
        for one in reversed(composite.rounds):
            if one.zero_out is not None:
                return one.zero_out.resolution
        used = [self._session.fits[copy.fit].record.resolution for copy in _copies(composite) if copy.fit in self._session.fits]
        return used[-1] if used else composite.solve.recipe.resolution if composite.solve is not None else None

    def _is_whole(self, composite: CompositeRecord) -> bool:
        return composite.map in self._session.maps and self._session.models.keys() >= set(composite.models())


def _copies(composite: CompositeRecord) -> Sequence[AcceptedRecord]:
    return [copy for one in composite.rounds for copy in one.accepted]


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"
