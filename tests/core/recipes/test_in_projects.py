"""Any recipe comes back from the file of a project that keeps it; a project that forgets one of its fields is found out."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from difffit_core.compose.recipe import ComposeRecipe
from difffit_core.compose.record import recipe_of as compose_recipe_of
from difffit_core.errors import UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.project.arrays import FitArrays
from difffit_core.project.composites import CompositeRecord, SolvedRecipe, SolveRecord
from difffit_core.project.refinements import BentArrays, RefinementRecord
from difffit_core.project.schema import FitRecord, Project
from difffit_core.project.store import open_bent, open_project, save_project
from difffit_core.recipes.base import Recipe
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.refine.record import recipe_of as refine_recipe_of

from .made import REFINE_RECIPES, compose_recipes, fit_recipes

FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), database=None)
ONE = settings(FEW, max_examples=300, phases=[Phase.generate])
INPUTS = [
    {"id": name, "kind": name.split("-")[0], "name": name, "path": name, "size": 1, "sha256": "0" * 64}
    for name in ("map-1", "model-1", "model-2")
]
LEVELS, MODELS = st.floats(-1e6, 1e6), st.sampled_from(["model-1", "model-2"])
RAN: dict[str, Any] = {"evidence": (), "versions": {}, "timing": {}, "finished": "2026-01-02", "cancelled": False, "command": "difffit"}


def _wanted(recipe: ComposeRecipe) -> ComposeRecipe:
    return recipe.changed(wanted=tuple(one.model_copy(update={"model": "model-1"}) for one in recipe.wanted))


RECIPES: dict[type[Recipe], st.SearchStrategy[Any]] = {
    FitRecipe: fit_recipes(map=st.just("map-1"), model=MODELS, level=LEVELS),
    ComposeRecipe: compose_recipes(map=st.just("map-1"), level=LEVELS).map(_wanted),
    RefineRecipe: st.tuples(REFINE_RECIPES, MODELS, LEVELS).map(
        lambda drawn: drawn[0].changed(map="map-1", model=drawn[1], level=drawn[2])
    ),
}
STILL = BentArrays(np.zeros((0, 3)), np.zeros(0, np.int64), *[np.zeros(0)] * 3, np.zeros(0, bool))
EMPTY = FitArrays(np.zeros((0, 3, 3)), np.zeros((0, 3)), np.zeros((0, 4)), np.zeros((0, 3)), np.zeros(3))


def kept(recipe: Recipe, path: Path, forget: str = "") -> Recipe:
    """A recipe out of the project that it was put into, without a field if that is to be forgotten."""
    plain = json.loads(recipe.to_json())
    plain.pop(forget, None)
    fits: tuple[FitRecord, ...] = ()
    composites: tuple[CompositeRecord, ...] = ()
    bent: tuple[RefinementRecord, ...] = ()
    if isinstance(recipe, FitRecipe):
        fits = (FitRecord.model_validate({"id": "fit-1", "recipe": plain, "placements": (), **RAN}),)
    elif isinstance(recipe, ComposeRecipe):
        solve = SolveRecord(recipe=SolvedRecipe.model_validate(plain), explained=0.5, **RAN)
        composites = (CompositeRecord(id="composite-1", name="all", map="map-1", rounds=(), solve=solve),)
    else:
        still = {"rotation": np.eye(3).tolist(), "translation": (0, 0, 0)}
        bent = (RefinementRecord.model_validate({"id": "bent-1", "recipe": plain, "pose": still, "began": "here", **RAN}),)
    project = Project(program_version="0", inputs=INPUTS, fits=fits, composites=composites, refinements=bent)  # type: ignore[arg-type]
    save_project(path, project, {one.id: EMPTY for one in fits}, bent={one.id: STILL for one in bent})
    return _recipe_of(path)


def _recipe_of(path: Path) -> Recipe:
    project, _ = open_project(path)
    for fit in project.fits:
        return fit.repeatable()
    for composite in project.composites:
        return compose_recipe_of(composite)
    assert open_bent(path, project).keys() == {"bent-1"}
    return refine_recipe_of(project.refinements[0])


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("kept") / "recipes.difffit"


@pytest.mark.parametrize("kind", list(RECIPES), ids=lambda kind: kind.job)
def test_a_recipe_comes_back_from_a_project(kind: type[Recipe], path: Path) -> None:
    @FEW
    @given(RECIPES[kind])
    def check(recipe: Recipe) -> None:
        assert kept(recipe, path) == recipe

    check()


@pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in RECIPES for name in kind.model_fields], ids=str)
def test_a_project_that_forgets_a_field_is_found_out(kind: type[Recipe], name: str, path: Path) -> None:
    info = kind.model_fields[name]
    recipe = find(RECIPES[kind], lambda one: info.is_required() or getattr(one, name) != info.get_default(), settings=ONE)
    try:
        back: Recipe | None = kept(recipe, path, forget=name)
    except (ValidationError, UserError, TypeError):
        back = None
    assert back != recipe
