"""Assembling in the compute worker, and accepting what came of it."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.features.assemble.views import AssemblyView, SetUpView
from difffit_app.features.assemble.work import Accepted, Order, assemble, read_accepted
from difffit_app.messages import settle_resolution
from difffit_app.state.assembling import Assembled, Standing
from difffit_app.state.changes.of_session import AddComposite, AddModel, Change, Together
from difffit_app.state.items import OpenModel
from difffit_app.state.levels import level_for
from difffit_app.workers.lane import Context, Job
from difffit_core.io.models import MMCIF_SUFFIXES, PDB_SUFFIXES
from difffit_core.project.composites import CompositeRecord

if TYPE_CHECKING:
    from difffit_core.assemble.recipe import AssembleRecipe

logger = logging.getLogger(__name__)


class AssembleController:
    """One at a time, as fits. What stands is drawn as it grows; nothing of it is a composite before it is accepted."""

    def __init__(self, desk: Desk, set_up: SetUpView, view: AssemblyView) -> None:
        self._session, self._view_state, self._jobs = desk.session, desk.view_state, desk.jobs
        self._messages, self._history, self._exports = desk.messages, desk.history, desk.exports
        self._set_up, self._view = set_up, view
        self.assembled: Assembled | None = None
        self._folder = Path()
        self._chosen: int | None = None
        self._accepted_as = ""
        self._accepted_last: Assembled | None = None
        desk.session.events.map_removed.connect(self._forget)
        desk.session.events.cleared.connect(lambda: self._show(None))

    def start(self, asked: "AssembleRecipe", folder: Path, jobs: int | None) -> None:
        """Begin, or go on with what is in the folder."""
        if self._jobs.fitting:
            self._messages.show_notice("A fit is running; cancel it first.", "error")
            return
        item = self._session.maps[asked.map]
        if item.made is not None:
            self._messages.show_notice(
                f"An assembly can be gone on with, and needs its map as a file: save {item.name} (Map > Save a Copy), and open that.",
                "error",
            )
            return
        recipe = asked.changed(
            level=level_for(self._view_state, item.id, asked.level), map=str(item.density.path or "MAP"), half_maps=item.density.half_maps
        )
        order = Order(recipe, item.id, item.density, folder.absolute(), jobs, tuple(item.suggestion.lines()))
        opening = self._session.opening
        logger.info("assemble: %s", recipe.command("--out", str(folder)))
        settle_resolution(self._session, self._messages, asked.map, asked.resolution)
        self._set_up.show_running(True)
        self._folder = order.folder
        self._show(None, running=True)

        def work(context: Context) -> Assembled:
            return assemble(order, context)

        def on_progress(told: tuple[object, Assembled | None]) -> None:
            progress, standing = told
            self._set_up.show_progress(progress)  # type: ignore[arg-type]
            if standing is not None and standing is not self.assembled and opening == self._session.opening:
                self._show(standing)

        self._jobs.fit(Job("assembling", work, lambda found: self._done(opening, found), self._failed, on_progress))

    def look_at(self, number: int | None) -> None:
        """Draw the place of that number brightly."""
        self._chosen = number
        self._draw()

    def change(self, assembled: Assembled) -> None:
        """Take a version in which the user left places out, or put other models there."""
        self.assembled = assembled
        self._draw()

    @property
    def is_bent(self) -> bool:
        """Whether copies were bent where they stand."""
        return self.assembled is not None and bool(self.assembled.result.bent)

    def save_bent(self, path: Path) -> None:
        """Write the assembly as it was found, with every copy that was bent as it is bent, as mmCIF or PDB by the name's suffix."""
        assembled = self.assembled
        if assembled is None or not self.is_bent:
            return
        place, result = self._exports.claim(path, MMCIF_SUFFIXES + PDB_SUFFIXES, "model"), assembled.result
        if place is None:
            return

        def work(_: Context) -> Path:
            from difffit_core.assemble.bending import as_bent
            from difffit_core.compose.output.export import placed_structure
            from difffit_core.io.models import write_structure

            structure = placed_structure(*as_bent(result.request, result.composite, result.bent))
            return place.write(lambda file: write_structure(file, structure))

        also = " It holds every place as it was found, also those that are left out here." if assembled.is_changed else ""
        self._jobs.read(
            Job(f"writing {place.path.name}", work, lambda written: self._messages.show_notice(f"Wrote {written}.{also}", "info"))
        )

    @property
    def is_accepted(self) -> bool:
        """Whether there is a composite of the very places that are shown."""
        return self.assembled is not None and self._is_taken(self.assembled)

    def _is_taken(self, assembled: Assembled) -> bool:
        return assembled is self._accepted_last and self._accepted_as in self._session.composites

    def accept(self) -> None:
        """Make a composite of the places that are kept, in one step that can be undone."""
        assembled = self.assembled
        if assembled is None or not assembled.finished or assembled.map not in self._session.maps:
            return
        if not any(one.kept for one in assembled.places):
            self._messages.show_notice("Nothing is ticked to be accepted.", "warning")
            return
        item, folder = self._session.maps[assembled.map], self._folder
        known = {
            (one.model.path.absolute(), one.model.models): one.id for one in self._session.models.values() if one.model.path is not None
        }

        def work(_: Context) -> Accepted:
            return read_accepted(assembled, item.density, folder, known)

        self._messages.show_activity("Accepting the assembly …")
        self._jobs.read(
            Job(
                "accepting the assembly",
                work,
                lambda found: self._accepted(assembled, found),
                lambda _: self._messages.show_activity(""),
            )
        )

    def _accepted(self, assembled: Assembled, found: Accepted) -> None:
        self._messages.show_activity("")
        session = self._session
        if self._is_taken(assembled):
            return  # asked for twice, before the first was done
        if assembled.map not in session.maps or any(one not in session.models for one in found.models.values() if isinstance(one, str)):
            self._messages.show_notice("The assembly is not accepted, because its map or a model was closed meanwhile.", "warning")
            return
        ids: dict[int, str] = {}
        steps: list[Change] = []
        names: dict[tuple[str, str], str] = {}
        for key, one in found.models.items():
            if isinstance(one, OpenModel):
                if id(one) not in ids:
                    ids[id(one)] = session.new_id("model")
                    steps.append(AddModel(replace(one, id=ids[id(one)])))
                names[key] = ids[id(one)]
            else:
                names[key] = one
        record = composite_of(session.new_id("composite"), assembled, found, names)
        count = sum(len(one.accepted) for one in record.rounds)
        self._accepted_as, self._accepted_last = record.id, assembled
        self._view_state.set_assembly(())
        self._history.do(Together((*steps, AddComposite(record)), f"Accept Assembly of {count} {'Copy' if count == 1 else 'Copies'}"))
        self._messages.show_notice(f"{record.name} holds {count} {'copy' if count == 1 else 'copies'} of the assembly.", "info")

    def _done(self, opening: int, found: Assembled) -> None:
        self._set_up.show_running(False)
        if opening != self._session.opening or found.map not in self._session.maps:
            self._messages.show_notice("The assembly is dropped, because its map was closed meanwhile.", "warning")
            return
        self._show(found)
        self._set_up.show_outcome(found.summary)
        if not found.places:
            self._messages.show_notice(f"{found.summary}. The panel Assembly tells what was tried and what is left.", "warning")

    def _failed(self, _: BaseException) -> None:
        self._set_up.show_running(False)
        self._set_up.show_outcome("")
        self._show(None)

    def _forget(self, identifier: str) -> None:
        if self.assembled is not None and self.assembled.map == identifier:
            self._show(None)

    def _show(self, assembled: Assembled | None, running: bool = False) -> None:
        self.assembled, self._chosen, self._accepted_as = assembled, None, ""
        self._view.show_assembled(assembled, running)
        self._draw()

    def _draw(self) -> None:
        """What was accepted is drawn by its composite, as long as there is one."""
        there = self.assembled is not None and self._accepted_as not in self._session.composites
        places = self.assembled.places if self.assembled is not None and there else ()
        self._view_state.set_assembly(
            tuple(Standing(one.number, one.held, faint=not one.kept, marked=one.number == self._chosen) for one in places)
        )


def composite_of(identifier: str, assembled: Assembled, found: Accepted, names: dict[tuple[str, str], str]) -> CompositeRecord:
    """The record of a composite of the places that are kept, of models by their ids."""
    from difffit_core.compose.assembly import PlacedCopy
    from difffit_core.compose.record import record_composite
    from difffit_core.compose.request import Wanted

    asked, composite = assembled.result.request, assembled.result.composite
    keys = list(dict.fromkeys((one.held.path, one.held.part) for one in found.places))
    models = {(one.held.path, one.held.part): one.held.model for one in found.places}
    seen: dict[tuple[str, str], int] = dict.fromkeys(keys, 0)
    copies = []
    for one in found.places:
        key, held = (one.held.path, one.held.part), one.held
        seen[key] += 1
        before = next((copy for copy in composite.copies if copy.pose is held.pose), None)
        copies.append(
            PlacedCopy(
                keys.index(key), seen[key], held.pose, one.chains, held.local_correlation, held.z_score or 0.0, held.p_value,
                before.clash if before is not None else 0.0, one.source if not one.swapped else "put there by hand",
            )
        )  # fmt: skip
    request = replace(asked, wanted=tuple(Wanted(models[key], seen[key]) for key in keys), links=())
    entries = [one.key for one in assembled.result.entries]
    symmetries = {
        keys.index(entries[body]): one
        for body, one in composite.symmetries.items()
        if entries[body] in keys and not any(place.swapped or not place.kept for place in assembled.places)
    }
    result = replace(composite, copies=tuple(copies), symmetries=symmetries, fits=(), rounds=(), dropped=(), alternative=None)
    record, _ = record_composite(
        identifier, assembled.map, [names[key] for key in keys], request, result, command=assembled.command, evidence=assembled.evidence
    )
    notes = [*assembled.result.notes, *(record.solve.notes if record.solve else ())]
    changes: dict[str, object] = {}
    if assembled.is_changed:
        left, swapped = sum(not one.kept for one in assembled.places), sum(one.swapped and one.kept for one in assembled.places)
        told = [f"{left} of {len(assembled.places)} places left out"] * bool(left) + [f"{swapped} given to another model"] * bool(swapped)
        notes.append(f"changed by hand after it was found: {', '.join(told)}")
        changes = {"score": None, "explained": found.explained}
    solve = None if record.solve is None else record.solve.model_copy(update={"notes": tuple(notes), **changes})
    return record.model_copy(update={"name": f"Assembly {identifier.rpartition('-')[2]}", "solve": solve})
