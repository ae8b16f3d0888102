"""The two sides of a fit, made ready once: the map with its volumes, and the model with its points."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from difffit_core.conventions import Array, index_to_position
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fit.periodic import starts_at_home
from difffit_core.fit.region import masked
from difffit_core.fit.request import FitRequest
from difffit_core.fit.search.atoms import atoms_to_fit
from difffit_core.fit.search.detail import as_resolved
from difffit_core.fit.search.field import Density, Values, cut_density, search_fields, surrounded
from difffit_core.fit.search.optimise import Volume
from difffit_core.fit.search.template import Template, make_template, sharpen
from difffit_core.fit.settings import FieldName, FitSettings
from difffit_core.fit.weighting import Weighting, weighting_by
from difffit_core.lattice import Lattice
from difffit_core.ops.grid import Array32, PointSet
from difffit_core.ops.volumes import make_volume
from difffit_core.target import Target

QUICK_POINTS = 1500
"""Template points of the quick correlation that picks candidates."""
POLISH_POINTS = 6000
"""Template points of the polish, and of the local correlation by which placements are ranked."""
_MOST_KEPT = 30_000_000
"""Voxels of all fields together that are kept from one round of a search to the next; they take eight bytes each."""


@dataclass(frozen=True, eq=False)
class ModelSide:
    """The model about the centre of its fitted atoms: points for each stage, and its template.

    ``quick``, ``full`` and ``halo`` are template points with their weights: few, many, and many with the surroundings. Atoms come in the
    numbers that the settings ask for. ``anchor`` is the point, from the centre, that starts lay into the density.
    """

    centre: Array
    atoms: PointSet
    search_atoms: PointSet
    refine_atoms: PointSet
    template: Template
    quick: tuple[PointSet, Array32]
    full: tuple[PointSet, Array32]
    halo: tuple[PointSet, Array32]
    anchor: Array = field(default_factory=lambda: np.zeros(3))


@dataclass(frozen=True, eq=False)
class MapSide:
    """The density and its volumes on the device; none depends on the model, so that one map side serves many.

    ``starts`` [z, y, x] are the voxels in which searches start; ``fields`` makes the search fields one at a time; ``raw`` is the map over
    its maximum, ``sharpened`` the same treated like a template of that Laplacian weight; ``mean_side`` of the map's box is in Å;
    ``lattice`` is that of a periodic map.
    """

    density: Density
    starts: NDArray[np.bool_]
    fields: Callable[[], Iterator[tuple[FieldName, Volume]]]
    raw: Volume
    sharpened: Callable[[float], Volume]
    mean_side: float
    lattice: Lattice | None = None

    @property
    def box(self) -> tuple[Array, Array]:
        """Lowest and highest voxel centre (x, y, z) in Å."""
        density = self.density
        last = np.array(density.values.shape[::-1]) - 1
        return density.origin, density.origin + last * density.voxel_size


def prepare_model(request: FitRequest) -> ModelSide:
    """Choose atoms and make the template; every draw comes from the request's seed."""
    settings = request.settings
    coordinates, atomic_numbers = atoms_to_fit(request.model, settings)
    rng = np.random.default_rng([request.seed, 0])
    centre = coordinates.mean(axis=0)
    points = coordinates - centre

    template = request.model.body.template(request.resolution, weighting_of(request.density_map, request.resolution)) if (
        request.model.body is not None
    ) else make_template(
        points, atomic_numbers.astype(np.float64), request.resolution, request.density_map.voxel_size,
        weighting_of(request.density_map, request.resolution),
    )  # fmt: skip
    return ModelSide(
        centre,
        PointSet.of(points),
        drawn(points, settings.search_atoms, rng),
        drawn(points, settings.refine_atoms, rng),
        template,
        template.draw(QUICK_POINTS, rng, halo=False),
        template.draw(POLISH_POINTS, rng, halo=False),
        template.draw(POLISH_POINTS, rng, halo=True),
    )


def fitted_weights(request: FitRequest) -> Array:
    """Atomic numbers (N,) of the atoms that are fitted."""
    return np.asarray(atoms_to_fit(request.model, request.settings)[1], np.float64)


def weighting_of(density_map: DensityMap, resolution: float) -> Weighting | None:
    """How frequencies are weighed where the map has half maps; None where it has none, and is sharpened."""
    return None if density_map.evidence is None else weighting_by(density_map.evidence, resolution)


def drawn(points: Array, most: int, rng: np.random.Generator) -> PointSet:
    """At most ``most`` of the points (N, 3), drawn at random; 0 takes all."""
    return PointSet.of(points if most == 0 or most >= len(points) else points[rng.choice(len(points), most, replace=False)])


def prepare_map(target: Target, settings: FitSettings, device: str) -> MapSide:
    """Cut out the density and make every volume that the search samples."""
    density_map, resolution = target.density_map, target.resolution
    density = cut_density(density_map, target.level, settings.smallest_island, speck=resolution**3)
    density = as_resolved(density, resolution, settings.finest_detail)

    def volume(values: Values, outside: float) -> Volume:
        return make_volume(*surrounded(values, density.voxel_size, density.origin, outside), device)

    def search_field(values: Values) -> Volume:
        if settings.padding == "border":
            return make_volume(values, density.voxel_size, density.origin, device)
        return volume(values, float(values.min()))

    kept: list[tuple[FieldName, Volume]] = []
    worth_keeping = density.values.size * len(settings.fields) <= _MOST_KEPT

    def fields() -> Iterator[tuple[FieldName, Volume]]:
        yield from kept
        for name, values in search_fields(density, settings, resolution, begin=len(kept)):
            made = name, search_field(values)
            if worth_keeping:
                kept.append(made)
            yield made

    weighting = weighting_of(density_map, resolution)

    @lru_cache(maxsize=2)
    def sharpened(laplacian_weight: float) -> Volume:
        if weighting is not None:
            return volume(weighting.map(density.values, density.voxel_size), 0.0)
        return volume(sharpen(density.values, density.voxel_size, resolution, laplacian_weight), 0.0)

    raw, mean_side = volume(density.values, 0.0), float(density_map.box.mean())
    lattice = density_map.lattice
    starts = starts_at_home(density.inside, density.voxel_size, density.origin, lattice)
    return MapSide(density, starts, fields, raw, sharpened, mean_side, lattice)


def confined(whole: MapSide, model: ModelSide, request: FitRequest, device: str) -> MapSide:
    """The map side inside the request's region: fields of the density there alone; poses are scored in the whole map all the same.

    A sphere smaller than the model cuts off nothing that a model with its middle inside would cover. Without a region it is the whole.

    Raises
    ------
    UserError
        If no density lies inside.
    """
    region = request.region
    if region is None:
        return whole
    extent = float(np.linalg.norm(model.template.points, axis=1).max())
    seen = masked(request.density_map, region, request.level, extent)
    if float(seen.values.max()) <= request.level:
        raise UserError(f"{seen.path or seen.name}: no density above level {request.level:g} lies in {region}")
    part = prepare_map(request.target.of(seen), request.settings, device)
    inside = part.density.inside.copy()
    voxels = np.argwhere(inside)
    centres = index_to_position(voxels[:, ::-1].astype(np.float64), part.density.voxel_size, part.density.origin)
    inside[tuple(voxels[~region.holds(centres)].T)] = False
    if not inside.any():
        raise UserError(f"{seen.path or seen.name}: no density above level {request.level:g} lies in {region}")
    return replace(part, raw=whole.raw, sharpened=whole.sharpened, mean_side=whole.mean_side, starts=inside)
