"""What stood out, placed together, without what only resembles what stands there."""

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.align.of_map import symmetry_of
from difffit_core.assemble.alternatives import by_place
from difffit_core.assemble.entry import Key, together
from difffit_core.assemble.found import Found
from difffit_core.assemble.known import lettered
from difffit_core.assemble.likeness import Likeness, likeness
from difffit_core.assemble.progress import AssemblyProgress
from difffit_core.assemble.request import AssembleRequest
from difffit_core.assemble.turning import may_turn, predicted_domains
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.result import ComposeResult
from difffit_core.compose.run import run_compose
from difffit_core.errors import FitCancelled
from difffit_core.fit.request import CancelFlag
from difffit_core.groups.asked import group_of
from difffit_core.groups.standing import OfMap
from difffit_core.screen.ranking import SIGNIFICANT as OF_MANY

_NOT_TOGETHER = "is not significant alone, and too few of those that are together with it can be placed"


class Placing:
    """Places together what was ``found``, as often as that is asked for; what cannot belong is set aside there.

    Attributes
    ----------
    partly : of the last time, models that fit by one of their domains only, and a sentence of each
    """

    def __init__(self, request: AssembleRequest, progress: AssemblyProgress, cancel: CancelFlag, found: Found) -> None:
        self._request, self._progress, self._cancel, self._found = request, progress, cancel, found
        self._of_map: OfMap | None = None
        self.partly: list[tuple[Key, str]] = []
        self._rigid: set[Key] = set()

    def hold(self, key: Key) -> None:
        """From now on count a model whole, since bending does not take it out of the way of others."""
        self._rigid.add(key)

    def _turns(self) -> dict[int, NDArray[np.bool_]]:
        """Of entries by index, where they are to be bent, the atoms that may lie otherwise."""
        if not self._request.bend:
            return {}
        found = {i: may_turn(one, self._request.filters) for i, one in enumerate(self._found.entries) if one.key not in self._rigid}
        return {i: atoms for i, atoms in found.items() if atoms is not None}

    def place(self) -> tuple[ComposeRequest, ComposeResult] | None:
        """All that stood out placed together, without what only resembles what stands there; None where it was stopped before."""
        begun = time.perf_counter()
        searches = 0
        while True:
            entries = self._found.entries
            try:
                asked = replace(self._request.compose(entries, searches, self._turns()), of_map=self._symmetry_of_map())
                result = run_compose(asked, self._progress.composing, self._cancel)
            except FitCancelled:
                return None
            likes = self._likeness(asked, result)
            worse = {body: why for body, why in likes.worse.items() if not entries[body].stands and entries[body].copies is None}
            changed = self._set_aside(worse, asked, result) or self._not_together(result) or self._give_letters(result)
            if not changed and (searches or not entries or self._cancel.is_set()):
                self._found.timing["compose_s"] += time.perf_counter() - begun
                return asked, result
            searches = 0 if changed else 1

    def nothing(self) -> tuple[ComposeRequest, ComposeResult]:
        """The composite of no models: all of the map is left."""
        asked = self._request.compose((), 0)
        return asked, run_compose(asked, None, self._cancel)

    def _likeness(self, asked: ComposeRequest, result: ComposeResult) -> Likeness:
        """Which of the placed ones only resemble what stands there; what fits by one of its domains only is kept, and told of."""
        entries, filters = self._found.entries, self._request.filters
        if not self._request.like_others:
            return Likeness({}, {})
        found = likeness(asked, result, self._request.like_others, lambda body: predicted_domains(entries[body], filters))
        way = "" if self._request.bend else ": --bend turns it there, --split domain places each domain on its own"
        self.partly = [(entries[body].key, f"{entries[body].name} {why}{way}") for body, why in found.partly.items()]
        return found

    def _symmetry_of_map(self) -> OfMap | None:
        """What symmetry the map itself has, where that is asked for; found once."""
        request = self._request
        if self._of_map is None and self._found.entries and request.symmetry not in ("auto", "none"):
            told = (self._progress.composing, self._cancel)
            wanted = group_of(request.symmetry)
            self._of_map = symmetry_of(request.target, wanted, request.seed, request.device, *told)
        return self._of_map

    def _not_together(self, result: ComposeResult) -> bool:
        """Take out models that count together, if too few of them are placed for that; whether there were any."""
        if not any(one.joint for one in self._found.entries) or self.p_together(result)[0] < OF_MANY:
            return False
        self._found.aside += [(one, _NOT_TOGETHER) for one in self._found.entries if one.joint]
        self._found.entries = [one for one in self._found.entries if not one.joint]
        return True

    def p_together(self, result: ComposeResult) -> tuple[float, list[str]]:
        """How significant the placed ones are that count together, and their names."""
        placed = {self._found.entries[copy.body].key for copy in result.copies}
        joint = [one for one in self._found.entries if one.joint and one.key in placed]
        return together([one.p_value for one in joint], self._found.screens[0].tried), [one.name for one in joint]

    def _give_letters(self, result: ComposeResult) -> bool:
        """Let the letters of the stoichiometry stand for what was placed; whether that changes what is asked for."""
        known = self._request.stoichiometry
        if not known.letters or not result.copies:
            return False
        copies = lettered(known, self._found.entries, result)
        placed = {self._found.entries[copy.body].key for copy in result.copies}
        why = f"the stoichiometry {known} has no place for it beside models for which more speaks"
        out = [one for one in self._found.entries if one.key in placed and not one.stands and one.called not in copies]
        new = [
            one if one.stands or one.copies == copies.get(one.called) else replace(one, copies=copies.get(one.called))
            for one in self._found.entries
            if one not in out
        ]
        changed = len(new) < len(self._found.entries) or any(one is not other for one, other in zip(new, self._found.entries, strict=True))
        self._found.aside += [(one, why) for one in out]
        self._found.entries = new
        return changed

    def _set_aside(self, worse: dict[int, str], asked: ComposeRequest, result: ComposeResult) -> bool:
        """Take out what only resembles what stands there, and what fits there no better; whether there was any."""
        if not worse:
            return False
        gone = {self._found.entries[body].key: why for body, why in worse.items()}
        for copy, others in zip(result.copies, by_place(self._found.entries, result, (), asked.settings.most_overlap), strict=True):
            for other in others if copy.body in worse else ():
                if other.pose is other.entry.placements[0].pose:
                    why = f"fits no better than {self._found.entries[copy.body].name} in its place, which resembles what stands there"
                    gone.setdefault(other.entry.key, why)
        self._found.aside += [(one, gone[one.key]) for one in self._found.entries if one.key in gone]
        self._found.entries = [one for one in self._found.entries if one.key not in gone]
        return True
