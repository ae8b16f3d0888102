"""The working map of a round: what its zero-outs, and those of the rounds before, have left of a map."""

from collections.abc import Mapping

from difffit_core.atomic_model import AtomicModel
from difffit_core.compose.edit.accepted import placed_models
from difffit_core.compose.edit.subtract import zero_out
from difffit_core.compose.settings import ZeroOutMethod
from difffit_core.density_map import DensityMap
from difffit_core.project.composites import CompositeRecord
from difffit_core.target import Target


def working_map(composite: CompositeRecord, round_id: str | None, density_map: DensityMap, models: Mapping[str, AtomicModel]) -> DensityMap:
    """The map after the zero-outs from the first round down to ``round_id``, in turn; the map itself for None.

    Parameters
    ----------
    density_map : the composite's map
    models : by id, as they were read from their files

    Raises
    ------
    UserError
        If a model has not the recorded chains.
    """
    for one in composite.path(round_id):
        cut = one.zero_out
        if cut is None or not one.accepted:
            continue
        bodies, placed = placed_models(one.accepted, models)
        method = ZeroOutMethod(cut.method)
        density_map = zero_out(Target(density_map, cut.resolution, cut.level), bodies, placed, method, cut.threshold).density_map
    return density_map
