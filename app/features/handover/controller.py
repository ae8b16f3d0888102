"""Writes what the next program wants of what is shown: a bent model, a placement, or a composite."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.offered import ResolutionOf
from difffit_app.workers.lane import Job
from difffit_core.target import Target

if TYPE_CHECKING:
    from difffit_core.handover.subject import Subject


class HandoverController:
    """Hands over, in the background, and tells what should be known."""

    def __init__(self, desk: Desk, resolution_of: ResolutionOf) -> None:
        self._session, self._view_state, self._jobs, self._messages = desk.session, desk.view_state, desk.jobs, desk.messages
        self._resolution_of = resolution_of

    def hand_over(self, folder: Path) -> None:
        """The bent model that is shown, else the selected placement."""
        session = self._session
        if session.refinement is not None:
            bent = session.refinement
            density, model = session.maps[bent.record.map].density, session.models[bent.record.model].model

            def subject() -> "Subject":
                from difffit_core.handover.subject import of_refinement

                return of_refinement(density, model, bent.record, bent.arrays)

            self._write(folder, subject)
        elif session.fit is not None and session.placement is not None:
            record, placement = session.fit.record, session.placement
            density, model = session.maps[record.map].density, session.models[record.model].model

            def subject() -> "Subject":
                from difffit_core.handover.subject import of_placement

                return of_placement(Target(density, record.resolution, record.level), model.select_chains(record.chains), placement)

            self._write(folder, subject)

    def hand_over_composite(self, folder: Path) -> None:
        """What is accepted where one stands in the composite."""
        composite, session = self._session.composite, self._session
        if composite is None:
            return
        resolution = self._resolution_of(composite)
        if resolution is None:
            self._messages.show_notice(f"The resolution at which {composite.name} was made is not known any more.", "warning")
            return
        density, level = session.maps[composite.map].density, self._view_state.maps[composite.map].level
        models = {identifier: item.model for identifier, item in session.models.items()}

        def subject() -> "Subject":
            from difffit_core.handover.subject import of_composite

            return of_composite(Target(density, resolution, level), models, composite)

        self._write(folder, subject)

    def _write(self, folder: Path, subject: "Callable[[], Subject]") -> None:
        def work(_: object) -> "tuple[Path, list[str]]":
            import json

            from difffit_core.handover.run import NAMES, write_handover
            from difffit_core.output import claim_folder

            written = write_handover(claim_folder(folder, command="handover", names=NAMES), subject())
            notes: list[str] = json.loads(written[-1].read_text(encoding="utf-8"))["notes"]
            return written[-1].parent, notes

        def done(found: "tuple[Path, list[str]]") -> None:
            self._messages.show_activity("")
            place, notes = found
            self._messages.show_notice(
                f"Handed over to {place}: README.txt there says how to start each program.", "info", "\n".join(notes)
            )

        self._messages.show_activity("Handing over …")
        self._jobs.read(Job("handing over", work, done, lambda _: self._messages.show_activity("")))
