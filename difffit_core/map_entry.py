"""What the archive's entry of a map says about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MapEntry:
    """An entry of EMDB, as far as it matters for a fit.

    Attributes
    ----------
    accession : ``EMD-21897``
    title : of the entry
    resolution : in Å; None where the entry gives none
    level : recommended contour level, in the map's units; None where the entry gives none
    half_maps : names of the files of its half maps; none where it has none
    models : accessions of the PDB entries that were built into it
    """

    accession: str
    title: str = ""
    resolution: float | None = None
    level: float | None = None
    half_maps: tuple[str, ...] = ()
    models: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What it proposes, to be said where the map is read."""
        parts = [
            f"resolution {self.resolution:g} Å" if self.resolution is not None else "",
            f"recommended contour level {self.level:g}" if self.level is not None else "",
        ]
        told = " and ".join(part for part in parts if part) or "neither resolution nor contour level"
        return f"the entry {self.accession} gives {told}; these are used where nothing else is asked for"
