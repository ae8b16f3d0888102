"""What the colours of a model mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from difffit_app.geometry.colours import (
    CONFIDENCE_BOUNDS,
    CONFIDENCE_COLOURS,
    ELEMENT_COLOURS,
    LOW_TO_HIGH,
    OTHER_ELEMENT,
    RAINBOW,
    STRUCTURE_COLOURS,
    UNKNOWN,
    ColourBy,
)
from difffit_app.geometry.secondary_structure import Structure
from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_words import chain_in_words
from difffit_core.colours import chain_colour
from difffit_core.confidence import confidence_of

MOST_SWATCHES = 9
_STRUCTURES = {Structure.HELIX: "helix", Structure.STRAND: "strand", Structure.COIL: "coil"}


@dataclass(frozen=True)
class Key:
    """Either ``swatches``, colours with what each means, or a bar of colours ``stops`` with the words at its ``ends``."""

    title: str
    swatches: tuple[tuple[str, str], ...] = ()
    stops: tuple[str, ...] = ()
    ends: tuple[str, str] = ("", "")

    @property
    def words(self) -> str:
        """The same for those who cannot see it."""
        bar = [f"from {self.ends[0]} to {self.ends[1]}"] if self.stops else []
        return f"{self.title}: " + ", ".join([*bar, *(name for _, name in self.swatches)])


def key_of(
    name: str,
    model: AtomicModel,
    chains: Sequence[str],
    structure: NDArray[np.int8],
    colour_by: ColourBy,
    plain: str,
    first: int,
    painted: Mapping[str, str] = MappingProxyType({}),
) -> Key:
    """Of a model that `colours.colour_atoms` colours, of which ``chains`` are shown, some of them ``painted`` in a colour of their own."""
    own = [(painted[chain], chain_in_words(chain)) for chain in chains if chain in painted]
    if own and colour_by not in ("chain", "element"):
        chains = [chain for chain in chains if chain not in painted]
        rest = key_of(name, model, chains, structure, colour_by, plain, first)
        return Key(name, shortened([*(rest.swatches if chains else ()), *own]), rest.stops if chains else (), rest.ends)
    if colour_by == "plain":
        return Key(name, ((plain, "whole model"),))
    if colour_by == "structure":
        found = set(np.unique(structure[model.residue_index]).tolist())
        return Key(name, tuple((STRUCTURE_COLOURS[kind], word) for kind, word in _STRUCTURES.items() if kind in found))
    if colour_by == "residue":
        return Key(name, stops=RAINBOW, ends=("first residue", "last"))
    if colour_by == "b_factor":
        if confidence_of(model) is not None:
            bounds = [f"{bound:g}" for bound in CONFIDENCE_BOUNDS]
            words = [
                f"under {bounds[0]}",
                *(f"{low} to {high}" for low, high in pairwise(bounds)),
                f"over {bounds[-1]}",
            ]
            return Key(f"{name}, pLDDT", tuple(zip(CONFIDENCE_COLOURS, words, strict=True))[::-1])
        low, high = np.percentile(model.b_factors[model.in_fit], [2, 98])
        return Key(f"{name}, B factor", stops=LOW_TO_HIGH, ends=(f"{low:.0f}", f"{high:.0f} Å²"))
    if colour_by == "local_fit":
        return Key(name, ((UNKNOWN, "fit not known here"),))
    number = {chain: i for i, chain in enumerate(model.chains)}
    swatches = [(painted.get(chain) or chain_colour(first + number[chain]), chain_in_words(chain)) for chain in chains]
    if colour_by == "element":
        import gemmi  # which the window does not need to come up

        others = np.unique(model.atomic_numbers[model.atomic_numbers != 6]).tolist()
        swatches = [(colour, f"carbon, {word}") for colour, word in swatches]
        swatches += [(ELEMENT_COLOURS.get(other, OTHER_ELEMENT), gemmi.Element(other).name) for other in others]
    return Key(name, shortened(swatches))


def shortened(swatches: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """As many as there is room for, and how many more there are."""
    if len(swatches) <= MOST_SWATCHES:
        return tuple(swatches)
    return (*swatches[: MOST_SWATCHES - 1], ("", f"and {len(swatches) - MOST_SWATCHES + 1} more"))
