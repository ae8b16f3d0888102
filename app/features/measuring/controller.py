"""Measuring distances and angles with the mouse."""

import numpy as np
from numpy.typing import NDArray

from difffit_app.desk import Desk
from difffit_app.state.measuring import MOST, MeasuredAtom, with_atom
from difffit_app.state.subjects import CopySubject, ResidueSubject, Subject
from difffit_core.pose import Pose

_STANDS_FOR = ("CA", "C4'", "C4*", "P")
"""The atom that stands for a residue where atoms are not drawn, the first of these that it has."""


class MeasuringController:
    """While it is on, a click on an atom adds it to a measurement; what was measured stays until it is cleared."""

    def __init__(self, desk: Desk) -> None:
        self._session, self._view_state, self._messages = desk.session, desk.view_state, desk.messages

    def toggle(self) -> None:
        """Begin to measure, or stop."""
        on = not self._view_state.measuring
        self._view_state.set_measuring(on)
        self._messages.show_activity("Click on two atoms for a distance, on a third for an angle; Escape ends it" if on else "")

    def stop(self) -> None:
        if self._view_state.measuring:
            self.toggle()

    def clear(self) -> None:
        """Remove everything that was measured."""
        self._view_state.set_measured(())

    def take(self, subject: Subject | None, point: NDArray[np.float64] | None, pose: Pose | None) -> None:
        """Measure to the atom of a residue that lies nearest to a point (3,) in Å; ``pose`` is where the model is drawn."""
        if not self._view_state.measuring or point is None:
            return
        if isinstance(subject, ResidueSubject):
            model, residue, fixed = subject.model, subject.residue, None
        elif isinstance(subject, CopySubject):
            model, residue, fixed = subject.copy.model, subject.residue, subject.copy.pose.pose()
        else:
            self._messages.show_notice("Distances and angles are between atoms of models: click on one.", "info")
            return
        atom = self._atom(model, residue, (fixed or pose or Pose.identity()).invert().apply(point[None])[0], drawn=fixed is None)
        last = self._view_state.measured[-1] if self._view_state.measured else ()
        if last and len(last) < MOST and (last[-1].model, last[-1].atom) == (model, atom) and fixed is None:
            return  # a second click on the same atom
        self._view_state.set_measured(with_atom(self._view_state.measured, MeasuredAtom(model, atom, fixed)))

    def _atom(self, identifier: str, residue: int, point: NDArray[np.float64], *, drawn: bool) -> int:
        """Its number; of a cartoon, which shows no atoms, the one that stands for the residue."""
        model = self._session.models[identifier].model
        atoms = np.flatnonzero(model.residue_index == residue)
        if not drawn or self._view_state.models[identifier].representation in ("cartoon", "trace"):
            names = model.atom_names[atoms].tolist()
            found = next((names.index(name) for name in _STANDS_FOR if name in names), None)
            if found is not None:
                return int(atoms[found])
        return int(atoms[np.argmin(((model.coordinates[atoms] - point) ** 2).sum(axis=1))])
