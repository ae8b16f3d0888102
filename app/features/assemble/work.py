"""What workers do for an assembly: find it out, and read what is accepted of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from difffit_app.features.assemble.telling import decisions_of, summary_of, verdict_of
from difffit_app.state.assembling import Assembled, Candidate, Place
from difffit_app.state.items import OpenModel
from difffit_app.workers.lane import Context
from difffit_core.density_map import DensityMap
from difffit_core.pose import Pose
from difffit_core.target import Target

if TYPE_CHECKING:
    from difffit_app.geometry.build import ModelMesh
    from difffit_core.assemble.entry import Entry
    from difffit_core.assemble.recipe import AssembleRecipe
    from difffit_core.assemble.result import AssembleResult
    from difffit_core.fit.request import FitProgress

Key = tuple[str, str]
"""File, and part of it."""


@dataclass(frozen=True, eq=False)
class Order:
    """What to assemble: the recipe names files; ``folder`` keeps the screens, and what is there is gone on with."""

    recipe: "AssembleRecipe"
    map: str
    density: DensityMap
    folder: Path
    jobs: int | None
    evidence: tuple[str, ...]


@dataclass
class _Watch:
    """Reports how far an assembly is, and with it what stands so far."""

    order: Order
    context: Context
    meshes: dict[Key, "ModelMesh"] = field(default_factory=dict)
    standing: Assembled | None = None

    def tell(self, progress: "FitProgress") -> None:
        self.context.report((progress, self.standing))

    def stand(self, result: "AssembleResult") -> None:
        self.standing = _assembled(self.order, result, self.meshes, finished=False)


def assemble(order: Order, context: Context) -> Assembled:
    """Find out which models of the folder belong in the map, how many of each, and where."""
    from difffit_core.assemble.known import check_known
    from difffit_core.assemble.priors import read_priors
    from difffit_core.assemble.run import run_assemble
    from difffit_core.output.folders import make_folder
    from difffit_core.screen.listing import list_library
    from difffit_core.screen.run import check_density
    from difffit_core.screen.workers import local_workers

    recipe = order.recipe
    library = list_library(Path(recipe.library), screened=order.density)
    request = check_known(recipe.bind(order.density, read_priors(recipe.fixed, recipe.cross_links)), library)
    check_density(request.screen(request.density_map))
    make_folder(order.folder)
    watch = _Watch(order, context)
    result = run_assemble(
        request,
        library,
        order.folder,
        lambda screen: local_workers(screen, order.jobs, context.cancel),
        watch.tell,
        context.cancel,
        watch.stand,
    )
    return _assembled(order, result, watch.meshes, finished=True)


def _assembled(order: Order, result: "AssembleResult", meshes: dict[Key, "ModelMesh"], *, finished: bool) -> Assembled:
    places: list[Place] = []
    for number, copy in enumerate(result.composite.copies, start=1):
        entry = result.entries[copy.body]
        held = _candidate(entry, copy.pose, copy.local_correlation, copy.p_value, meshes, copy.z_score)
        here = result.alternatives[number - 1] if number <= len(result.alternatives) else ()
        others = tuple(_candidate(one.entry, one.pose, one.local_correlation, one.p_value, meshes) for one in here)
        verdict = verdict_of(entry, copy.p_value, len(others))
        places.append(Place(number, held, others, dict(copy.chains), verdict, entry.round, copy.source))
    command = order.recipe.command("--out", str(order.folder))
    told = (summary_of(result), decisions_of(result))
    return Assembled(order.recipe, order.map, tuple(places), *told, command, result, order.evidence, finished)


def _candidate(
    entry: "Entry", pose: Pose, correlation: float, p: float, meshes: dict[Key, "ModelMesh"], z: float | None = None
) -> Candidate:
    from difffit_app.geometry.build import build_model_mesh

    if entry.key not in meshes:
        meshes[entry.key] = build_model_mesh(entry.model)
    return Candidate(entry.path, entry.part, entry.name, pose, entry.model, meshes[entry.key], correlation, p, z)


@dataclass(frozen=True, eq=False)
class Accepted:
    """What is opened and recorded: by ``models`` each file and part that is kept is an id, or a model that is still to be opened."""

    models: Mapping[Key, "OpenModel | str"]
    explained: float
    places: tuple[Place, ...]


def read_accepted(assembled: Assembled, density: DensityMap, folder: Path, open_models: Mapping[tuple[Path, str], str]) -> Accepted:
    """Read the models of the places that are kept; ``open_models`` are ids by the file and which of its models was read.

    A domain is written into the folder as a file of its own.
    """
    from difffit_app.state.project.reading import read_open_model
    from difffit_core.compose.body import Body
    from difffit_core.compose.residual import residual
    from difffit_core.screen.pieces import as_file

    places = tuple(one for one in assembled.places if one.kept)
    recipe, held = assembled.recipe, {(one.held.path, one.held.part): one.held for one in places}
    models: dict[Key, OpenModel | str] = {}
    read: dict[Path, OpenModel] = {}
    for number, (key, one) in enumerate(held.items(), start=1):
        if one.path == recipe.fixed:
            tried, file = one.model, Path(one.path)
        else:
            tried, file = as_file(Path(one.path), one.part, recipe.filters, recipe.resolution, folder / "models", one.name, number)
        which = tried.models if file == Path(one.path) else ""
        known = open_models.get((file.absolute(), which))
        if known is None and file not in read:
            read[file] = read_open_model(file, "", file.name if file == Path(one.path) else one.name, models=which)
        models[key] = known if known is not None else read[file]
    explained = assembled.result.composite.explained
    if assembled.is_changed:
        bodies = [Body(one.model) for one in held.values()]
        order = list(held)
        placed = [(order.index((one.held.path, one.held.part)), one.held.pose) for one in places]
        named = [one.chains for one in _named_again(places, recipe)]
        explained = residual(Target(density, recipe.resolution, float(recipe.level or 0.0)), bodies, placed, named).explained
    return Accepted(models, explained, _named_again(places, recipe) if assembled.is_changed else places)


def _named_again(places: Sequence[Place], recipe: "AssembleRecipe") -> tuple[Place, ...]:
    """Chains of other models have other names; parts of one chain that are in one molecule share its name."""
    from dataclasses import replace

    from difffit_core.compose.assembly import name_chains
    from difffit_core.compose.molecules import Part, molecules
    from difffit_core.compose.workshop import near_enough
    from difffit_core.screen.listing import is_domain

    held = [one.held for one in places]
    models = list(dict.fromkeys((one.path, one.part) for one in held))
    parts = [
        Part(one.path if is_domain(one.part, recipe.filters) else "", models.index((one.path, one.part)), one.model, one.pose)
        for one in held
    ]
    names = name_chains([one.model for one in held], molecules(parts, near_enough(recipe.resolution))[0])
    return tuple(replace(one, chains=dict(name)) for one, name in zip(places, names, strict=True))
