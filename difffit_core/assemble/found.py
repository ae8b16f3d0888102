"""What an assembly has found so far, as its screens and its solutions change it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from difffit_core.assemble.entry import Entry, Key
from difffit_core.assemble.result import Screened


@dataclass(eq=False)
class Found:
    """One for each assembly.

    Attributes
    ----------
    entries : the models that stand out, and go to the solver
    aside : those that stood out and were set aside, each with the reason, a sentence without its subject
    screens : of the map, and of what was left
    notes : what a user should know, one sentence each
    pooled : why small parts are placed that do not stand out alone, by model
    timing : seconds by stage
    """

    entries: list[Entry]
    aside: list[tuple[Entry, str]] = field(default_factory=list)
    screens: list[Screened] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    pooled: list[tuple[Key, str]] = field(default_factory=list)
    timing: dict[str, float] = field(default_factory=lambda: {"screen_s": 0.0, "compose_s": 0.0})

    @property
    def known(self) -> set[Key]:
        """All that stood out."""
        return {one.key for one in (*self.entries, *(entry for entry, _ in self.aside))}

    def take_domains(self, new: Sequence[Entry]) -> None:
        """Take in domains in the stead of the whole models that they are of."""
        files = {one.path for one in new}
        self.entries = [one for one in self.entries if one.part or one.path not in files]
        self.take(new)

    def take(self, new: Sequence[Entry]) -> None:
        """Take in what stands out newly."""
        self.entries = sorted([*self.entries, *new], key=lambda one: one.key)
