"""Models of a library that stand out, with what the screens found of them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from difffit_core.atomic_model import AtomicModel
from difffit_core.io.files import stem_of
from difffit_core.placement import Placement
from difffit_core.screen.filters import Filters
from difffit_core.screen.listing import read_row
from difffit_core.screen.ranking import SIGNIFICANT, Ranking
from difffit_core.screen.store import ScreenStore

NEARLY = 0.05
"""A model with a q-value below this, which is not significant alone, counts together with others like it."""

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
    joint : whether it is significant together with others only, of which none is alone
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
    joint: bool = False
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


def together(p_values: Sequence[float], tried: int) -> float:
    """Chance that of so many models that were ``tried`` and do not belong some are as significant together as the best of these.

    That k of them have a p-value as low as the k-th here is at most that to the power of k times the ways to choose k of all; k is chosen.
    """
    ranked = np.sort(np.maximum(np.asarray(p_values, np.float64), 1e-300))
    if not len(ranked):
        return 1.0
    k = np.arange(1, len(ranked) + 1)
    ways = gammaln(tried + 1) - gammaln(k + 1) - gammaln(tried - k + 1)
    return float(min(1.0, len(ranked) * np.exp(min(0.0, float((ways + k * np.log(ranked)).min())))))


def standing_out(store: ScreenStore, ranking: Ranking, filters: Filters, number: int, beside: bool) -> list[Entry]:
    """The significant models of a ranking, best first, that a search in full has found; ``beside`` as in `Entry`.

    The false discovery rate holds among all models that were tried; every place of these models is held to the same p-value. Some that
    are not significant each, as at 20 Å, may be together: their entries are ``joint``.
    """
    chosen = [i for i, significant in enumerate(ranking.significant) if significant]
    below = SIGNIFICANT * max(len(chosen), 1) / max(len(ranking.rows), 1)
    near = [i for i, row in enumerate(ranking.rows) if i not in chosen and ranking.q_values[i] < NEARLY and row.z_score is not None]
    if near and together([float(ranking.p_values[i]) for i in near], len(ranking.rows)) < SIGNIFICANT:
        chosen = sorted([*chosen, *near])
        below = max(below, NEARLY * len(chosen) / len(ranking.rows))
    entries = []
    for i in chosen:
        row = ranking.rows[i]
        model = read_row(row, filters)
        placements = store.placements(row.id)
        p, q = float(ranking.p_values[i]), float(ranking.q_values[i])
        entries.append(Entry(row.path, row.part, model, placements, p, q, below, number, beside, joint=i in near))
    return entries
