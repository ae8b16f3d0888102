"""What the chosen composite is like as a whole: what it explains and leaves, its symmetry; and taking it elsewhere."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from difffit_app.desk import Desk
from difffit_app.features.compose.views import ComposePanelView
from difffit_app.offered import ResolutionOf
from difffit_app.state.composing import Axis, Examined
from difffit_app.state.figure import Figure, PicturesView
from difffit_app.state.names import names_of_composites
from difffit_app.workers.lane import SETTLED, Context, Job
from difffit_core.chain_words import list_chains
from difffit_core.compose.edit.edits import accepted_copies
from difffit_core.output import Claim
from difffit_core.project.composites import AcceptedRecord, CompositeRecord

if TYPE_CHECKING:
    from difffit_core.compose.result import ComposeResult

_State = tuple[str, list[AcceptedRecord]]
_PICTURE = Figure("fit", 1200, 900, 1.5)


class ExaminingController:
    """Examines when it is asked to, and again after changes as long as it is watched."""

    def __init__(self, desk: Desk, view: ComposePanelView, pictures: PicturesView, resolution_of: ResolutionOf) -> None:
        self._session, self._view_state, self._jobs, self._messages = desk.session, desk.view_state, desk.jobs, desk.messages
        self._exports = desk.exports
        self._view, self._pictures, self._resolution_of = view, pictures, resolution_of
        self._watched = False
        self._job: Job | None = None
        self._known: _State | None = None
        self._asked: _State | None = None
        self.examined: Examined | None = None
        desk.session.events.composite_selected.connect(self.follow)

    def watch(self, watched: bool) -> None:
        """Whether anyone looks at what is told."""
        self._watched = watched
        self.follow()

    def follow(self, *_: object) -> None:
        """The composite changed, or another is chosen."""
        state = self._state()
        if state != (self._known if self._job is None else self._asked):
            self._known, self._job = None, None
            self._show(None)
            if state is None:
                self._view.go_to_top()
            if self._watched and state is not None:
                self.examine()

    def examine(self, then: Callable[[Examined], None] = lambda _: None) -> None:
        """Find out what the composite is like where one stands, and do something with it."""
        composite, state = self._session.composite, self._state()
        if composite is None or state is None:
            self._messages.show_notice("Nothing is accepted here yet, so that there is no composite.", "info")
            return
        if state == self._known and self.examined is not None:
            then(self.examined)
            return
        resolution = self._resolution_of(composite)
        if resolution is None:
            self._messages.show_notice(f"The resolution at which {composite.name} was made is not known any more.", "warning")
            return
        density, level = self._session.maps[composite.map].density, self._view_state.maps[composite.map].level
        models = {identifier: item.model for identifier, item in self._session.models.items()}

        name = names_of_composites(self._session)[composite.id]

        def work(_: Context) -> Examined:
            from difffit_core.compose.edit.standing import examine
            from difffit_core.target import Target

            request, result = examine(composite, composite.current, Target(density, resolution, level), models)
            axes = _axes(result, float(np.linalg.norm(density.box)) / 2)
            islands = tuple(f"{island} ({island.share:.1%})" for island in result.residual.islands)
            return Examined(composite.id, composite.current or "", request, result, _lines(name, composite, result), islands, axes)

        def done(found: Examined) -> None:
            if job is self._job:
                self._job, self._known = None, state
                self._show(found)
                then(found)

        self._asked = state
        job = self._job = Job("examining the composite", work, done, lambda _: self._failed(job))
        self._jobs.draw(job)

    def export(self, folder: Path) -> None:
        """Write the composite's models, maps, scripts and report into a folder."""
        from difffit_core.compose.output.export import NAMES

        place = self._exports.claim_folder(folder, "compose", NAMES)
        if place is not None:
            self.examine(lambda found: self._write(place, found))

    def command(self) -> str:
        """The command line that repeats the chosen composite; empty if it was made by hand."""
        composite = self._session.composite
        return composite.solve.command if composite is not None and composite.solve is not None else ""

    def _write(self, place: Claim, found: Examined) -> None:
        folder = place.folder
        composite = self._session.composites[found.composite]
        picture = folder.with_name(f".{folder.name}-picture.png")
        draw = self._pictures.draw_later(picture, _PICTURE)
        working = self._session.working
        left = working.density if working is not None and working.composite == composite.id else None
        command = self.command() or f"difffit replay {self._session.path or 'PROJECT.difffit'}"
        evidence = self._session.maps[composite.map].suggestion.lines()

        def work(_: Context) -> list[Path]:
            from difffit_core.compose.output.document import composite_document
            from difffit_core.compose.output.export import write_composite

            document = composite_document(found.request, found.result, {"made": _made(composite)}, found.result.timing)
            document = _as_recorded(document, composite)
            draw()
            try:
                shown = [("in the window", picture.read_bytes())]
            finally:
                picture.unlink(missing_ok=True)
            return write_composite(
                place, found.request, found.result, document, command=command, evidence=evidence, pictures=shown, with_project=False,
                working=left,
            )  # fmt: skip

        self._messages.show_activity("Exporting the composite …")
        self._jobs.read(
            Job(
                "exporting the composite",
                work,
                self._exported,
                lambda _: self._messages.show_activity(""),
            )
        )

    def _exported(self, written: list[Path]) -> None:
        self._messages.show_activity("")
        self._messages.show_notice(f"Wrote {', '.join(path.name for path in written)} to {written[0].parent}", "info")

    def _state(self) -> _State | None:
        """All that what is told depends on; None where there is nothing to tell."""
        composite, session = self._session.composite, self._session
        if composite is None or composite.map not in session.maps or not session.models.keys() >= set(composite.models()):
            return None
        copies = accepted_copies(composite, composite.current)
        return (f"{composite.id} {composite.map} {self._view_state.maps[composite.map].level}", copies) if copies else None

    def _show(self, examined: Examined | None) -> None:
        self.examined = examined
        self._view.show_examined(examined)
        self._view_state.set_axes(() if examined is None else examined.axes)

    def _failed(self, job: Job) -> object:
        if job is not self._job:
            return SETTLED
        self._job = None
        return None


def _lines(name: str, composite: CompositeRecord, result: "ComposeResult") -> tuple[str, ...]:
    from difffit_core.compose.output.document import label

    copies = len(result.copies)
    clash = max((copy.clash for copy in result.copies), default=0.0)
    lines = [f"{name}: {copies} {'copy' if copies == 1 else 'copies'}; {result.residual.sentence()}."]
    lines += [f"At worst {clash:.1%} of a copy's atoms clash." if clash else "No atoms clash."]
    for index, symmetry in result.symmetries.items():
        group, which = symmetry.group, _copies_of(result, index)
        screw = f", rise {group.rise:.2f} Å and twist {group.twist:.1f}°" if group.kind == "helix" else ""
        missing = f", {len(symmetry.missing())} missing" if symmetry.missing() else ""
        lines.append(f"{which} stand in {label(symmetry)}{screw}, {symmetry.rmsd:.2f} Å RMSD from it{missing}.")
    solve = composite.solve
    if solve is not None and solve.score is not None:
        lines.append(f"Score of the assembly when it was computed: {solve.score:.4g}.")
    return (*lines, *(f"{note[:1].upper()}{note[1:].rstrip('.')}." for note in result.notes))


def _copies_of(result: "ComposeResult", index: int) -> str:
    """The copies of one model: ``4 copies (A, B, C, D)``."""
    chains = [name for copy in result.copies if copy.body == index for name in copy.chains.values()]
    return f"Chains {list_chains(chains[:8])}{' …' if len(chains) > 8 else ''}"


def _axes(result: "ComposeResult", reach: float) -> tuple[Axis, ...]:
    from difffit_core.compose.output.document import label

    axes = []
    for symmetry in result.symmetries.values():
        (x, y, z), (u, v, w) = symmetry.centre.tolist(), symmetry.axis.tolist()
        axes.append(Axis((x, y, z), (u, v, w), reach, label(symmetry)))
    return tuple(axes)


def _made(composite: CompositeRecord) -> str:
    return "by hand, round by round" if composite.solve is None else str(composite.solve.recipe.settings["method"])


def _as_recorded(document: dict[str, Any], composite: CompositeRecord) -> dict[str, Any]:
    """With the settings that made it, not those with which it was examined."""
    solve, settings = composite.solve, document["settings"]
    own = {
        "made": settings["made"],
        "wanted": settings["wanted"],
        "fit": solve.recipe.fit_settings if solve else {},
        **(solve.recipe.settings if solve else {}),
    }
    return {**document, "settings": own, "score": solve.score if solve else None}
