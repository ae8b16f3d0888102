"""Models of a library that stand out, with what the screens found of them."""

from dataclasses import dataclass

from difffit_core.atomic_model import AtomicModel
from difffit_core.io.files import stem_of
from difffit_core.placement import Placement
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import read_row
from difffit_core.screen.ranking import SIGNIFICANT, Ranking
from difffit_core.screen.store import ScreenStore

Key = tuple[str, str]
"""File, and the chain or domain of it, or "" for the whole."""


@dataclass(frozen=True, eq=False)
class Entry:
    """One model that stood out in a screen.

    Attributes
    ----------
    path, part : the file, and the chain or domain of it, or ""
    model : as it was read
    placements : what the screen found, best first
    p_value, q_value : of the screen
    below : p-value that a place must stay below to count, as one of so many models that were tried
    round : 1 for the screen of the whole map; later ones are of what was left, 0 is of none
    beside : whether it was found in what others, placed before or standing already, leave of the map
    copies : how many there are, where that is known
    stands : whether it stands already where its file has it
    pooled : whether it stands out of pieces of others of its size only, beside what is placed; see `small_parts`
    """

    path: str
    part: str
    model: AtomicModel
    placements: tuple[Placement, ...]
    p_value: float
    q_value: float
    below: float
    round: int
    beside: bool = False
    copies: int | None = None
    stands: bool = False
    pooled: bool = False

    @property
    def key(self) -> Key:
        return self.path, self.part

    @property
    def standing(self) -> tuple[Placement, ...]:
        """Its placements that are as significant as one of so many must be."""
        return tuple(one for one in self.placements if one.p_value < self.below)

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def called(self) -> str:
        """File name without suffixes, and the chain or domain, as a stoichiometry names it."""
        return f"{stem_of(self.path)}:{self.part}" if self.part else stem_of(self.path)


def standing_out(store: ScreenStore, ranking: Ranking, filters: Filters, number: int, beside: bool) -> list[Entry]:
    """The significant models of a ranking, best first, that a search in full has found; ``beside`` as in `Entry`.

    The false discovery rate holds among all models that were tried; every place of these models is held to the same p-value.
    """
    chosen = [i for i, significant in enumerate(ranking.significant) if significant]
    below = SIGNIFICANT * max(len(chosen), 1) / max(len(ranking.rows), 1)
    entries = []
    for i in chosen:
        row = ranking.rows[i]
        model = read_row(row, filters)
        placements = store.placements(row.id)
        entries.append(
            Entry(row.path, row.part, model, placements, float(ranking.p_values[i]), float(ranking.q_values[i]), below, number, beside)
        )
    return entries
