"""Recipes of every kind, made at random."""

from typing import Any, get_args, get_origin

import numpy as np
from annotated_types import Ge, Gt, Le, Lt
from hypothesis import strategies as st
from pydantic.fields import FieldInfo

from difffit_core.align.recipe import AlignRecipe
from difffit_core.align.symmetry_recipe import SymmetryRecipe
from difffit_core.assemble.recipe import AssembleRecipe
from difffit_core.compose.recipe import ComposeRecipe, WantedModel
from difffit_core.compose.settings import ComposeSettings
from difffit_core.conventions import quaternion_to_matrix
from difffit_core.fetch.recipe import FetchRecipe
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.settings import PRESETS, FitSettings
from difffit_core.fit.sphere import Sphere
from difffit_core.halves.recipe import HalvesRecipe
from difffit_core.handover.recipe import HandoverRecipe
from difffit_core.map_edit.around import Around
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.map_edit.steps import Crop, LowPass, Mirror, Place, Resample, Sharpen, Symmetrise, VoxelSize, Zone
from difffit_core.pose import Pose
from difffit_core.quality.recipe import QualityRecipe
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.refine.settings import RefineSettings
from difffit_core.screen.filters import SPLITS, Filters
from difffit_core.screen.recipe import ScreenRecipe
from difffit_core.settings import Settings
from difffit_core.split.recipe import SplitRecipe

FINITE = {"allow_nan": False, "allow_infinity": False}
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="\x00"), min_size=1, max_size=8)
CHAINS = st.lists(NAMES, max_size=4).map(tuple)


@st.composite
def poses(draw: Any) -> Pose:
    if draw(st.booleans()):
        return Pose.identity()
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    turn = rng.normal(size=4)
    return Pose(quaternion_to_matrix(turn / np.linalg.norm(turn)), rng.normal(0, 100, 3))


SPHERES = st.builds(Sphere, st.tuples(*[st.floats(-1e4, 1e4)] * 3), st.floats(0.5, 1e4))


def of_field(info: FieldInfo) -> st.SearchStrategy[Any]:
    """Any value that a setting may have, from its type and bounds."""
    kind = info.annotation
    low = next((one.ge if isinstance(one, Ge) else one.gt for one in info.metadata if isinstance(one, (Ge, Gt))), None)
    high = next((one.le if isinstance(one, Le) else one.lt for one in info.metadata if isinstance(one, (Le, Lt))), None)
    if kind is bool:
        return st.booleans()
    if kind is str:
        return st.sampled_from(["auto", "none", "C4", "D7"])  # a symmetry, the only free text among settings
    if kind is int:
        return st.integers(low, high)
    if kind is float:
        open_below = any(isinstance(one, Gt) for one in info.metadata)
        return st.floats(low, high, exclude_min=open_below, **FINITE)
    if get_origin(kind) is tuple:
        part = get_args(kind)[0]
        choices = get_args(part) if get_origin(part) is not None and isinstance(get_args(part)[0], str) else ()
        values: Any = st.sampled_from(choices) if choices else st.floats(0, 1000)
        return st.lists(values, min_size=1, max_size=3).map(tuple)
    return st.sampled_from(list(kind) if isinstance(kind, type) else list(get_args(kind)))


@st.composite
def settings(draw: Any, kind: type[Settings] = FitSettings) -> Any:
    """A preset with some settings changed, or all of them."""
    names = draw(st.lists(st.sampled_from(sorted(kind.model_fields)), unique=True))
    changes = {name: draw(of_field(kind.model_fields[name])) for name in names}
    return kind.preset(draw(st.sampled_from(sorted(PRESETS))), **changes) if kind is FitSettings else kind.checked(changes)


LEVELS = st.none() | st.floats(-1e6, 1e6, **FINITE)
COMMON = {
    "map": NAMES,
    "resolution": st.floats(0.5, 100),
    "level": LEVELS,
    "seed": st.integers(0, 2**63 - 1),
    "device": st.sampled_from(["auto", "cpu", "cuda", "mps"]),
    "threads": st.none() | st.integers(1, 256),
}


HALF_MAPS = st.none() | st.tuples(NAMES, NAMES)


@st.composite
def fit_recipes(draw: Any, **fixed: st.SearchStrategy[Any]) -> FitRecipe:
    where = draw(st.sampled_from(["everywhere", "start", "region"]))
    parts = {
        **COMMON, "half_maps": HALF_MAPS,
        "model": NAMES, "chains": CHAINS, "models": st.sampled_from(["", "all", "2", "1,3"]), "settings": settings(),
        "start": poses() if where == "start" else st.none(), "region": SPHERES if where == "region" else st.none(),
        "symmetry": st.sampled_from(["auto", "none", *(["map", "D7", "I"] if where == "everywhere" else [])]), **fixed,
    }  # fmt: skip
    return FitRecipe.checked({name: draw(strategy) for name, strategy in parts.items()})


@st.composite
def compose_recipes(draw: Any, **fixed: st.SearchStrategy[Any]) -> ComposeRecipe:
    tricky = NAMES | st.sampled_from(["a:3", "b:", "c:0", "-d.cif", "é f.pdb"])
    wanted = st.builds(WantedModel, model=tricky, copies=st.none() | st.integers(1, 99), chains=CHAINS)
    parts = {
        **COMMON, "half_maps": HALF_MAPS,
        "wanted": st.lists(wanted, min_size=1, max_size=3).map(tuple), "models": st.sampled_from(["", "all", "2"]),
        "settings": settings(ComposeSettings), "fit_settings": settings(), **fixed,
    }  # fmt: skip
    return ComposeRecipe.checked({name: draw(strategy) for name, strategy in parts.items()})


SYMMETRY_RECIPES = st.builds(lambda **parts: SymmetryRecipe.checked(parts), **COMMON, impose=st.booleans())
ALIGN_RECIPES = st.builds(
    lambda **parts: AlignRecipe.checked(parts),
    **{name: strategy for name, strategy in COMMON.items() if name != "map"},
    fixed=NAMES, moving=st.lists(NAMES, min_size=1, max_size=3).map(tuple), moving_level=LEVELS,
    hand=st.sampled_from(["both", "same", "mirrored"]), points=st.integers(100, 1_000_000), settings=settings(),
)  # fmt: skip


@st.composite
def filters(draw: Any) -> Filters:
    low, high = draw(st.integers(0, 500)), draw(st.none() | st.integers(500, 5000))
    return Filters(
        min_residues=low,
        max_residues=high or 0,
        min_plddt=draw(st.floats(0, 100)),
        split=draw(st.sampled_from(SPLITS)),
        models=draw(st.sampled_from(["", "all", "1,3"])),
    )


@st.composite
def screen_recipes(draw: Any, **fixed: st.SearchStrategy[Any]) -> ScreenRecipe:
    common = {name: strategy for name, strategy in COMMON.items() if name != "threads"}
    parts = {
        **common, "half_maps": HALF_MAPS, "library": NAMES, "filters": filters(), "settings": settings(), "promising": st.floats(0, 1),
        **fixed,
    }  # fmt: skip
    return ScreenRecipe.checked({name: draw(strategy) for name, strategy in parts.items()})


@st.composite
def assemble_recipes(draw: Any) -> AssembleRecipe:
    common = {name: strategy for name, strategy in COMMON.items() if name != "threads"}
    parts = {
        **common, "half_maps": HALF_MAPS, "library": NAMES, "symmetry": st.sampled_from(["auto", "none", "C4", "D7"]),
        "stoichiometry": st.sampled_from(["auto", "A2B2", "A", "heavy:2,x:light:1", "B:3,*"]), "fixed": st.just("") | NAMES,
        "cross_links": st.just("") | NAMES, "searches": st.integers(0, 20), "like_others": st.floats(0, 1), "bend": st.booleans(),
        "alike": st.booleans(),
        "filters": filters(), "settings": settings(), "promising": st.floats(0, 1),
    }  # fmt: skip
    return AssembleRecipe.checked({name: draw(strategy) for name, strategy in parts.items()})


RESIDUES = st.sampled_from(["A", "B:3", "A:1-50", "C:-4--2", "A:1-5+B:3-9", "long name:7-8+B"])
REFINE_RECIPES = st.builds(
    lambda **parts: RefineRecipe.checked(parts),
    **{name: strategy for name, strategy in COMMON.items() if name != "device"},
    half_maps=HALF_MAPS, model=NAMES, chains=CHAINS, models=st.sampled_from(["", "all", "2", "1,3"]), settings=settings(RefineSettings),
    pose=st.none() | poses(),
    hold=st.lists(RESIDUES, max_size=3).map(tuple), rigid=st.lists(RESIDUES, max_size=3).map(tuple),
    apart=st.lists(RESIDUES, max_size=3).map(tuple),
    pae=st.just("") | st.just("none") | NAMES.filter(lambda name: name == name.strip()), b_factors=st.sampled_from(["kept", "correlation"]),
)  # fmt: skip

_OF_PROJECT = {"what": st.just("") | NAMES, "rank": st.none() | st.integers(1, 999)}
_OF_FILES = {
    "resolution": st.none() | st.floats(0.5, 100), "level": LEVELS, "half_maps": HALF_MAPS, "reference": st.just("") | NAMES,
    "model": NAMES,
}  # fmt: skip


@st.composite
def handover_recipes(draw: Any) -> HandoverRecipe:
    programs = st.sampled_from(["chimerax", "isolde", "coot", "phenix", "servalcat", "pymol", "molstar", "cryoboltz"])
    parts = {
        "source": NAMES, "to": st.lists(programs, unique=True, max_size=3).map(tuple), "padding": st.floats(0, 1000),
        "whole_map": st.booleans(), "keep_values": st.booleans(), **draw(st.sampled_from([_OF_PROJECT, _OF_FILES])),
    }  # fmt: skip
    return HandoverRecipe.checked({name: draw(strategy) for name, strategy in parts.items()})


AROUND = st.builds(
    lambda **parts: Around.checked(parts),
    model=NAMES, chains=CHAINS, residues=st.lists(RESIDUES, max_size=2).map(tuple), models=st.sampled_from(["", "all", "2"]),
    pose=st.none() | poses(),
)  # fmt: skip
AROUNDS, MARGIN = st.lists(AROUND, min_size=1, max_size=3).map(tuple), st.floats(0, 1000)
GRIDS = st.none() | st.just((9, 8, 7, 1.5, 1.0, 0.3, -4, 1e-3, 7.5))
STEPS = st.one_of(
    st.builds(lambda finest: LowPass.checked({"finest": finest}), st.floats(0.5, 1000)),
    st.builds(lambda b: Sharpen.checked({"b_factor": b}), st.none() | st.floats(-2000, 2000)),
    st.just(Mirror()),
    st.builds(lambda size: Resample.checked({"voxel_size": size}), st.floats(0.05, 100)),
    st.builds(lambda size: VoxelSize.checked({"size": size}), st.floats(0.05, 100)),
    st.builds(lambda scale: VoxelSize.checked({"scale": scale}), st.floats(0.1, 10)),
    st.builds(lambda around, margin: Crop.checked({"around": around, "margin": margin}), AROUNDS, MARGIN),
    st.builds(lambda level, margin: Crop.checked({"to_level": True, "level": level, "margin": margin}), LEVELS, MARGIN),
    st.builds(lambda pose, grid: Place.checked({"pose": pose, "grid": grid}), poses(), GRIDS),
    st.builds(
        lambda group, frame: Symmetrise.checked({"group": group, "frame": frame}), st.sampled_from(["C4", "D7", "T", "O", "I"]), poses()
    ),
    st.builds(
        lambda group, frame, rise, twist: Symmetrise.checked({"group": group, "frame": frame, "rise": rise, "twist": twist}),
        st.sampled_from(["C1", "C4"]), poses(), st.floats(1e-3, 1e3), st.floats(-180, 180),
    ),
    st.builds(lambda low: Crop.checked({"box": (low, -2.0, 1e-3, low + 7, 0.0, 99.0)}), st.floats(-1e4, 1e4)),
    st.builds(
        lambda **parts: Zone.checked(parts),
        around=AROUNDS, within=st.floats(0.1, 1000), soft_edge=st.floats(0, 100), outside=st.booleans(),
    ),
)  # fmt: skip
MAP_RECIPES = st.builds(
    lambda **parts: MapRecipe.checked(parts),
    map=NAMES, steps=st.lists(STEPS, min_size=1, max_size=4).map(tuple), resolution=st.none() | st.floats(0.5, 100),
)  # fmt: skip

HALVES_RECIPES = st.builds(
    lambda **parts: HalvesRecipe.checked(parts),
    first=NAMES, second=NAMES, resolution=st.none() | st.floats(0.5, 100), mask=st.just("") | NAMES, level=LEVELS, local=st.booleans(),
    seed=COMMON["seed"],
)  # fmt: skip

FETCH_RECIPES = st.builds(
    lambda **parts: FetchRecipe.checked(parts),
    entries=st.lists(NAMES, max_size=3).map(tuple), half_maps=st.booleans(), pae=st.booleans(), again=st.booleans(),
    mirrors=st.lists(NAMES, max_size=2).map(tuple), only_mirrors=st.booleans(), proxy=st.just("") | NAMES,
)  # fmt: skip

QUALITY_RECIPES = st.builds(
    lambda **parts: QualityRecipe.checked(parts),
    map=NAMES, model=NAMES, resolution=st.floats(0.5, 100), level=LEVELS, chains=CHAINS, models=st.sampled_from(["", "all", "2"]),
)  # fmt: skip


@st.composite
def split_recipes(draw: Any) -> SplitRecipe:
    ways = st.sampled_from(
        [
            {},
            {"by": "chain"},
            {"by": "compact"},
            {"by": "pae", "pae": "e.json"},
            {"pae": "-e"},
            {"at": ("A:1", "B:-3")},
            {"by": "confidence"},
            {"keep": ("A:1-9+B", "C:-4")},
        ]
    )
    parts = {
        "model": NAMES, "cutoff": st.floats(0.1, 100), "plddt": st.floats(0, 100), "loose": st.floats(0, 1),
        "smallest": st.integers(1, 999), "models": st.sampled_from(["", "all", "2"]), "chains": CHAINS,
    }  # fmt: skip
    return SplitRecipe.checked({**draw(ways), **{name: draw(strategy) for name, strategy in parts.items()}})
