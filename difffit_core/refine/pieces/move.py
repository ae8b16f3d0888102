"""Moving the pieces of a model as rigid bodies, chain by chain, each in what the others leave of the map."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from difffit_core.atomic_model import AtomicModel
from difffit_core.chain_words import chain_in_words
from difffit_core.conventions import Array
from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fit.judge.breaks import find_breaks
from difffit_core.fit.judge.stretches import Levels
from difffit_core.fit.request import CancelFlag
from difffit_core.fit.run import run_fit
from difffit_core.periodic import around
from difffit_core.pose import Pose
from difffit_core.refine.bending.pull import ROOM, cut_round
from difffit_core.refine.evidence import TOLD_APART, covered_volume, lead_in
from difffit_core.refine.leftover import left_of
from difffit_core.refine.pieces.bodies import Bodies
from difffit_core.refine.pieces.join import WIDTHS
from difffit_core.refine.pieces.rigid import RigidChain
from difffit_core.refine.request import RefineRequest, Step
from difffit_core.residues import Residues

_logger = logging.getLogger(__name__)

_REACH = 60.0
"""Å round a chain in which its pieces are looked for."""
_SMALLEST_CHAIN = 16
"""Residues; a shorter chain has no pieces."""


@dataclass(frozen=True, eq=False)
class Arranged:
    """A model as rigid bodies.

    Attributes
    ----------
    points : (M, 3) in Å, its fitted atoms
    spread : the same for each of `join.WIDTHS`, with the joints spread over so many residues on either side
    labels : (n,), the body of each residue, numbered through all chains
    steps : what was done
    """

    points: Array
    labels: NDArray[np.int64]
    steps: tuple[Step, ...]
    spread: tuple[Array, ...] = ()


def arranged(
    request: RefineRequest,
    pose: Pose,
    domains: NDArray[np.int64] | None,
    go_on: Callable[[str], bool],
    cancel: CancelFlag | None,
    *,
    anew: bool = True,
) -> Arranged:
    """Move what does not fit where the whole model was placed.

    Nothing moves unless the map tells residues that fit from those that do not, and nothing that does not then agree with the map better
    than chance.

    Parameters
    ----------
    request : the model and the map
    pose : where the whole model was placed
    domains : (n,), the domain of each residue by which pieces are cut, -1 for none; None where nothing is known
    go_on : told what is done; False ends it
    cancel : looked at in searches of whole chains
    anew : whether a place is searched for whole chains that do not fit where they are
    """
    model = replace(request.model, structure=None)
    residues = Residues.of(model)
    points, weights = pose.apply(model.fit_coordinates), model.fit_atomic_numbers.astype(np.float64)
    density = around(request.density_map, points, _REACH)
    state = _State(points, np.zeros(len(residues), np.int64), [], [points.copy() for _ in WIDTHS])
    breaks = find_breaks(request.target.of(density), model, pose, request.seed)
    if not breaks.levels.are_clear:
        said = "the map does not tell residues that fit from those that do not, so no pieces were looked for"
        return Arranged(points, state.labels, (Step("pieces", False, said),))
    chains = residues.chains
    names, counts = np.unique(chains, return_counts=True)
    for name in names[np.argsort(-counts, kind="stable")].tolist():
        here = np.flatnonzero(chains == name)
        if not go_on(f"looking at {chain_in_words(name)}"):
            break
        atoms = chains[residues.of_atom] == name
        others = state.points[~atoms], weights[~atoms]
        chain = _Chain(
            request, model.select_chains([name]), density, others, pose, breaks.levels, here, None if domains is None else domains[here]
        )
        if anew and len(names) > 1 and chain.is_at_noise() and not chain.is_held:
            _place_anew(chain, state, atoms, cancel)
        if len(here) >= _SMALLEST_CHAIN:
            _move_pieces(chain, state, atoms, go_on)
    return Arranged(state.points, state.labels, tuple(state.steps), tuple(state.spread))


@dataclass
class _State:
    points: Array
    labels: NDArray[np.int64]
    steps: list[Step]
    spread: list[Array]


class _Chain:
    """One chain in what the others leave of the map."""

    def __init__(
        self,
        request: RefineRequest,
        model: AtomicModel,
        density: DensityMap,
        others: tuple[Array, Array],
        pose: Pose,
        levels: Levels,
        index: NDArray[np.int64],
        domains: NDArray[np.int64] | None,
    ) -> None:
        self.request, self.model, self._density, self._others, self.pose = request, model, density, others, pose
        self.levels, self.index, self.domains = levels, index, domains
        self.name = model.chains[0]
        self._near: DensityMap | None = None
        self.held = np.zeros(len(index), bool) if request.held is None else request.held[index]

    @property
    def is_held(self) -> bool:
        return bool(self.held.any())

    @property
    def left(self) -> DensityMap:
        """What the other chains leave of the map."""
        return left_of(self._density, *self._others, self.request.resolution)

    @property
    def near(self) -> DensityMap:
        """The same round where the chain stands."""
        if self._near is None:
            part = cut_round(self._density, self.pose.apply(self.model.fit_coordinates), _REACH)
            self._near = left_of(part, *self._others, self.request.resolution)
        return self._near

    def stands_at(self, pose: Pose) -> None:
        self.pose, self._near = pose, None

    def is_at_noise(self) -> bool:
        """Whether most of it does not fit where it is."""
        from difffit_core.quality.local import local_correlation

        values = local_correlation(self.near, self.model, self.pose, self.request.resolution)
        return float(np.median(values)) < (self.levels.noise + self.levels.fitting) / 2

    def lead(self, after: Array, before: Array) -> float:
        resolution = self.request.resolution
        density = cut_round(self.near, np.concatenate([after, before]), ROOM)
        weights = self.model.fit_atomic_numbers.astype(np.float64)
        volume = covered_volume(density, before, weights, resolution)
        return lead_in(density, after, before, weights, resolution, volume)


def _place_anew(chain: _Chain, state: _State, atoms: NDArray[np.bool_], cancel: CancelFlag | None) -> None:
    """Search a place for a whole chain that does not fit where the model has it."""
    request = chain.request
    try:
        whole = replace(request.fit_request().in_map(chain.left), model=chain.model)
        best = run_fit(whole, None, cancel, thorough=False).placements[0]
    except (UserError, FitCancelled) as error:
        state.steps.append(Step("chain", False, f"{chain_in_words(chain.name)} does not fit where it is, and was not searched: {error}"))
        return
    if best.verdict.is_chance:
        told = f"{chain_in_words(chain.name)} does not fit where it is, and no better place was found (p {best.p_value:.2g})"
        state.steps.append(Step("chain", False, told))
        return
    chain.stands_at(best.pose)
    for points in (state.points, *state.spread):
        points[atoms] = best.pose.apply(chain.model.fit_coordinates)
    told = f"{chain_in_words(chain.name)} did not fit where it was and was placed anew (p {best.p_value:.2g})"
    state.steps.append(Step("chain", True, told))


def _move_pieces(chain: _Chain, state: _State, atoms: NDArray[np.bool_], go_on: Callable[[str], bool]) -> None:
    request, settings = chain.request, chain.request.settings
    rounds = settings if settings.search else settings.model_copy(update={"rounds": 0})
    rigid = RigidChain(request.target.of(chain.near), chain.model, chain.pose, rounds, request.seed, go_on, chain.held, chain.domains)
    rigid.run()
    before, after = state.points[atoms], rigid.place(rigid.bodies)
    lead = chain.lead(after, before)
    moved = float(np.sqrt(((after - before) ** 2).sum(axis=1).mean()))
    where = "; ".join(", ".join(rigid.named(a, b + 1) for a, b in one.stretches) for one in rigid.moved)
    what = f"{chain_in_words(chain.name)}: {where} placed anew" if where else f"{chain_in_words(chain.name)} moved as one body"
    told = f"{what}, by {moved:.1f} Å, {lead:.1f} standard deviations better than before"
    _logger.info(told)
    if lead <= TOLD_APART:
        if where or moved > 0.1:
            state.steps.append(Step("pieces", False, f"{told}; taken back"))
        return
    state.steps.append(Step("pieces", True, told))
    state.points[atoms] = after
    for width, points in zip(WIDTHS, state.spread, strict=True):
        points[atoms] = rigid.place(rigid.bodies, width)
    bodies: Bodies = rigid.bodies.without_unused()
    state.labels[chain.index] = bodies.labels + (state.labels.max() + 1)
