"""The resolution of a map, and who says it."""

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class MapResolution:
    """``value`` in Å, and ``source``, which says it: "its entry EMD-21897", "its header", "its low-pass"."""

    value: float
    source: str
    of_entry: bool = False
    """Whether the archive's entry says it, of which the notes of the map tell."""

    def sentence(self) -> str:
        """To be said where the value is used without having been asked for."""
        return f"resolution {self.value:.4g} Å, as {self.source} {'say' if self.source == 'you' else 'says'}"

    def scaled(self, factor: float) -> "MapResolution":
        """The same for voxels ``factor`` times as wide."""
        return replace(self, value=self.value * factor)

    def at_least(self, value: float, source: str) -> "MapResolution":
        """The coarser of this one and ``value`` Å, which ``source`` says."""
        return self if self.value >= value else MapResolution(value, source)
