"""Writes what the next program wants of what is shown: a bent model, a placement, or a composite.

What is asked for is a `HandoverRecipe` of the project; where that is not saved, its source is empty, and no command repeats it.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.offered import ResolutionOf
from difffit_app.workers.lane import Job
from difffit_core.handover.recipe import HandoverRecipe
from difffit_core.target import Target

if TYPE_CHECKING:
    from difffit_core.handover.asked import HandedOver
    from difffit_core.handover.subject import Subject

logger = logging.getLogger(__name__)


class HandoverController:
    """Hands over, in the background, and tells what should be known."""

    def __init__(self, desk: Desk, resolution_of: ResolutionOf) -> None:
        self._session, self._view_state, self._jobs, self._messages = desk.session, desk.view_state, desk.jobs, desk.messages
        self._resolution_of = resolution_of

    def hand_over(self, asked: HandoverRecipe, folder: Path) -> None:
        """The bent model that is shown, else the selected placement."""
        session = self._session
        if session.refinement is not None:
            bent = session.refinement
            density, model = session.maps[bent.record.map].density, session.models[bent.record.model].model

            def subject() -> "Subject":
                from difffit_core.handover.subject import of_refinement

                return of_refinement(density, model, bent.record, bent.arrays)

            self._write(asked.changed(what=bent.id), folder, subject)
        elif session.fit is not None and session.placement is not None:
            record, placement = session.fit.record, session.placement
            density, model = session.maps[record.map].density, session.models[record.model].model

            def subject() -> "Subject":
                from difffit_core.handover.subject import of_placement

                return of_placement(Target(density, record.resolution, record.level), model.select_chains(record.chains), placement)

            self._write(asked.changed(what=session.fit.id, rank=placement.rank), folder, subject)

    def hand_over_composite(self, asked: HandoverRecipe, folder: Path) -> None:
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

        self._write(asked.changed(what=composite.id), folder, subject)

    def _write(self, asked: HandoverRecipe, folder: Path, subject: "Callable[[], Subject]") -> None:
        command = asked.command("--out", str(folder)) if asked.source else ""
        opening = self._session.opening
        logger.info("handover: %s", command or "of a project that is not saved, so that no command repeats it")

        def work(_: object) -> "HandedOver":
            from difffit_core.handover.asked import hand_over
            from difffit_core.handover.run import NAMES
            from difffit_core.output import claim_folder

            return hand_over(asked, claim_folder(folder, command="handover", names=NAMES), command, subject)

        def done(found: "HandedOver") -> None:
            self._messages.show_activity("")
            if self._session.opening == opening:
                self._session.note(f"Handed over {found.name} to {found.folder}")
                self._session.mark_changed()
            repeated = [f"repeated by: {command}"] if command else []
            more = "\n".join([*found.notes, *repeated])
            text = f"Handed over to {found.folder}: README.txt there says how to start each program."
            self._messages.show_notice(text, "info", more)

        self._messages.show_activity("Handing over …")
        self._jobs.read(Job("handing over", work, done, lambda _: self._messages.show_activity("")))
