"""Taking what is selected elsewhere: into a fit, out of a map, into files."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from difffit_app.desk import Desk
from difffit_app.state.drawn import is_bent, pose_drawn
from difffit_app.state.selection import in_words, whole_chains
from difffit_app.workers.lane import Context, Job
from difffit_core.atomic_model import AtomicModel
from difffit_core.io.map_header import MAP_SUFFIXES
from difffit_core.io.models import MMCIF_SUFFIXES, PDB_SUFFIXES
from difffit_core.pose import Pose
from difffit_core.target import Target


@dataclass(frozen=True, eq=False)
class Part:
    """What is selected of a model, in words, and the pose in which it is drawn; ``atoms`` of it as drawn, bent too."""

    id: str
    name: str
    words: str
    residues: NDArray[np.int64]
    model: AtomicModel
    pose: Pose
    bent: bool

    def cut(self) -> AtomicModel:
        """Only what is selected, as its file has it."""
        return self.model.select_residues(self.residues.tolist(), f"{Path(self.name).stem} {self.words}")


class TakingController:
    """``open_paths`` opens what was written; a file that is there is replaced only where the dialog has asked."""

    def __init__(self, desk: Desk, open_paths: Callable[[Sequence[Path]], None]) -> None:
        self._session, self._view_state, self._jobs, self._messages = desk.session, desk.view_state, desk.jobs, desk.messages
        self._open_paths, self._exports = open_paths, desk.exports

    def parts(self) -> list[Part]:
        """One for each model of which something is selected."""
        session, found = self._session, []
        for identifier in self._view_state.selection.residues:
            item, residues = session.models[identifier], self._view_state.selection.of_model(identifier)
            words = in_words(item.model, residues)
            pose, bent = pose_drawn(session, identifier), is_bent(session, identifier)
            if bent and session.refinement is not None:
                pose = session.refinement.record.pose.pose()
            found.append(Part(identifier, item.name, words, residues, item.model, pose, bent))
        return found

    def only_part(self, what: str) -> Part | None:
        """The one, where something of one model is selected; else it is told that ``what`` takes one."""
        parts = self.parts()
        if len(parts) == 1:
            return parts[0]
        names = " and of ".join(part.name for part in parts)
        words = f"{what} takes a part of one model; selected are parts of {names}." if parts else "Nothing is selected."
        self._messages.show_notice(words, "info")
        return None

    def whole(self, part: Part) -> tuple[str, ...] | None:
        """The chains that a part is, if it is whole ones: they need no file of their own to be fitted."""
        return whole_chains(part.model, part.residues)

    def export(self, path: Path) -> None:
        """Write what is selected where it is drawn; of several models each into a file of its own, named after ``path``."""
        self._write(path, "", self.parts())

    def fit(self, path: Path, part: Part) -> None:
        """Write a part where it is drawn, and open it: what was opened last is what a fit proposes."""
        self._write(path, " and opened; Fit fits it", [part], open_too=True)

    def zero_out(self, path: Path, map_id: str, resolution: float) -> None:
        """Write a map without the density of what is selected, and open it."""
        session, parts = self._session, self.parts()
        place = self._exports.claim(path, MAP_SUFFIXES, "map")
        if place is None:
            return
        item = session.maps[map_id]
        density, level = (session.shown_working(map_id) or item).density, self._view_state.maps[map_id].level
        refinement = session.refinement

        def work(_: Context) -> tuple[Path, float]:
            from difffit_core.compose.body import Body
            from difffit_core.compose.edit.subtract import zero_out
            from difffit_core.compose.settings import ZeroOutMethod
            from difffit_core.io.maps import write_map

            bodies = [Body(_drawn(part, refinement)) for part in parts]
            left = zero_out(
                Target(density, resolution, level), bodies, [(i, Pose.identity()) for i in range(len(bodies))], ZeroOutMethod.COVERED
            )
            return place.write(lambda file: write_map(file, left.density_map)), left.removed

        def done(found: tuple[Path, float]) -> None:
            self._messages.show_notice(
                f"{found[0].name} is {item.name} without {' and '.join(part.words for part in parts)}, at {resolution:.4g} Å: "
                f"{found[1]:.1%} of the density above the level {level:.4g} is gone. It is opened.",
                "info",
            )
            self._open_paths([found[0]])

        self._jobs.read(Job(f"writing {place.path.name}", work, done))

    def _write(self, path: Path, then: str, parts: Sequence[Part], *, open_too: bool = False) -> None:
        path = path if path.suffix else path.with_suffix(".cif")
        names = [path] if len(parts) == 1 else [path.with_stem(f"{path.stem}_{Path(part.name).stem}") for part in parts]
        if len(set(names)) < len(names):
            self._messages.show_notice("The models' names must differ to be written beside one another: rename one.", "error")
            return
        places = [place for name in names if (place := self._exports.claim(name, MMCIF_SUFFIXES + PDB_SUFFIXES, "model")) is not None]
        if len(places) < len(names):
            return

        def work(_: Context) -> list[Path]:
            from difffit_core.io.models import write_model

            return [place.write(partial(write_model, model=part.cut(), pose=part.pose)) for place, part in zip(places, parts, strict=True)]

        def done(written: list[Path]) -> None:
            bent = "" if not any(part.bent for part in parts) else " It is as it was before bending, in the same place."
            told = ", ".join(f"{name.name} ({part.words})" for name, part in zip(written, parts, strict=True))
            self._messages.show_notice(f"Wrote {told}{then}.{bent}", "info")
            if open_too:
                self._open_paths(written)

        self._jobs.read(Job(f"writing {path.name}", work, done))


def _drawn(part: Part, refinement: object) -> AtomicModel:
    """What is selected, with its atoms where they are drawn."""
    from dataclasses import replace

    from difffit_app.state.items import OpenRefinement

    if part.bent and isinstance(refinement, OpenRefinement):
        chains = part.model.select_chains(refinement.record.recipe.chains)
        bent = replace(chains, coordinates=refinement.coordinates(chains, 1.0))
        return bent.select_residues(part.residues.tolist(), part.words)
    cut = part.cut()
    return replace(cut, coordinates=part.pose.apply(cut.coordinates))
