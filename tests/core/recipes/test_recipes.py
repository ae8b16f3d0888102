"""Any recipe comes back from a command line, from JSON and from a project; a converter that forgets one field is found out."""

import json
import re
import shlex
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from difffit_core.align.recipe import AlignRecipe
from difffit_core.align.symmetry_recipe import SymmetryRecipe
from difffit_core.assemble.recipe import AssembleRecipe
from difffit_core.cli.recipes import Command, takes
from difffit_core.compose.recipe import ComposeRecipe
from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fetch.recipe import FetchRecipe
from difffit_core.fit.recipe import FitRecipe
from difffit_core.fit.request import FitRequest
from difffit_core.fit.settings import FitSettings
from difffit_core.fit.sphere import Sphere
from difffit_core.halves.recipe import HalvesRecipe
from difffit_core.handover.recipe import HandoverRecipe
from difffit_core.io.models import read_model
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.pose import Pose
from difffit_core.quality.recipe import QualityRecipe
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import Spelling, join_names, spelling_of, split_names
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.screen.recipe import ScreenRecipe
from difffit_core.split.recipe import SplitRecipe

from .made import (
    ALIGN_RECIPES,
    FETCH_RECIPES,
    HALVES_RECIPES,
    MAP_RECIPES,
    QUALITY_RECIPES,
    REFINE_RECIPES,
    SYMMETRY_RECIPES,
    assemble_recipes,
    compose_recipes,
    fit_recipes,
    handover_recipes,
    screen_recipes,
    split_recipes,
)

KINDS: dict[type[Recipe], st.SearchStrategy[Any]] = {
    FitRecipe: fit_recipes(),
    ComposeRecipe: compose_recipes(),
    ScreenRecipe: screen_recipes(),
    AssembleRecipe: assemble_recipes(),
    AlignRecipe: ALIGN_RECIPES,
    RefineRecipe: REFINE_RECIPES,
    QualityRecipe: QUALITY_RECIPES,
    SplitRecipe: split_recipes(),
    SymmetryRecipe: SYMMETRY_RECIPES,
    HalvesRecipe: HALVES_RECIPES,
    HandoverRecipe: handover_recipes(),
    FetchRecipe: FETCH_RECIPES,
    MapRecipe: MAP_RECIPES,
}
FEW = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
ONE = settings(FEW, max_examples=300, phases=[Phase.generate])


def parser_of(kind: type[Recipe]) -> Any:
    """What reads a command line of a kind of recipe, as `difffit` does."""
    found: list[Recipe] = []

    @takes(kind)
    def command(recipe: Recipe) -> None:
        found.append(recipe)

    app = typer.Typer(pretty_exceptions_enable=False, add_completion=False)
    app.command(kind.job, cls=Command)(command)
    app.callback()(lambda: None)

    def parse(line: str) -> Recipe:
        name, *words = shlex.split(line)
        assert name == "difffit"
        app(words, standalone_mode=False)
        return found.pop()

    return parse


PARSERS = {kind: parser_of(kind) for kind in KINDS}
EACH = pytest.mark.parametrize("kind", list(KINDS), ids=lambda kind: kind.job)
FIELDS = pytest.mark.parametrize(("kind", "name"), [(kind, name) for kind in KINDS for name in kind.model_fields], ids=str)


@EACH
@FEW
@given(data=st.data())
def test_a_recipe_comes_back_from_its_command_line(kind: type[Recipe], data: st.DataObject) -> None:
    recipe = data.draw(KINDS[kind])
    assert PARSERS[kind](recipe.command()) == recipe


@EACH
@FEW
@given(data=st.data())
def test_a_recipe_comes_back_from_json(kind: type[Recipe], data: st.DataObject) -> None:
    recipe = data.draw(KINDS[kind])
    back = kind.of_json(recipe.to_json())
    assert back == recipe
    assert hash(back) == hash(recipe)
    assert kind.checked(recipe.model_dump()) == recipe


@EACH
@FEW
@given(data=st.data())
def test_recipes_that_differ_in_anything_have_other_command_lines(kind: type[Recipe], data: st.DataObject) -> None:
    one, other = data.draw(KINDS[kind]), data.draw(KINDS[kind])
    assert (one == other) == (one.command() == other.command())


def example_with(kind: type[Recipe], name: str) -> Recipe:
    """A recipe that has another value for a field than it has by default."""
    info = kind.model_fields[name]
    return find(KINDS[kind], lambda recipe: info.is_required() or getattr(recipe, name) != info.get_default(), settings=ONE)


@FIELDS
def test_a_command_line_that_forgets_a_field_is_found_out(kind: type[Recipe], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, forgotten = example_with(kind, name), []
    spelling = type(spelling_of(kind.model_fields[name]))
    for which in ("words", "arguments"):
        whole = getattr(spelling, which)

        def words(self: Spelling, field: str, info: Any, value: Any, whole: Any = whole) -> list[str]:
            if field != name:
                found: list[str] = whole(self, field, info, value)
                return found
            forgotten.append(field)
            return []

        monkeypatch.setattr(spelling, which, words)
    try:
        back = PARSERS[kind](recipe.command())
    except (typer.TyperException, UserError):
        back = None
    assert forgotten == [name, name]
    assert back != recipe


@FIELDS
def test_json_that_forgets_a_field_is_found_out(kind: type[Recipe], name: str) -> None:
    recipe = example_with(kind, name)
    plain = json.loads(recipe.to_json())
    del plain[name]
    try:
        back = kind.of_json(json.dumps(plain))
    except UserError:
        back = None
    assert back != recipe


@EACH
def test_every_field_is_described(kind: type[Recipe]) -> None:
    for name, info in kind.model_fields.items():
        assert info.description, name
        assert all(one.help for one in spelling_of(info).parameters(name, info)), name


@FEW
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=6), max_size=5).map(tuple))
def test_names_come_back(names: tuple[str, ...]) -> None:
    assert split_names(join_names(names)) == names


def test_names_as_people_write_them() -> None:
    assert split_names(" A, B ,,C,") == ("A", "B", "C")
    assert split_names("") == ()
    assert split_names('"A,1", \'B\',"C') == ("A,1", "'B'", '"C')


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"resolution": 0.2}, "resolution must lie between 0.5 and 100 Å, got 0.2"),
        ({"resolution": float("nan")}, "resolution must lie between 0.5 and 100 Å, got nan"),
        ({"seed": -1}, "seed must be a whole number from 0 to 9223372036854775807, got -1"),
        ({"threads": 0}, "threads must lie between 1 and 100000, got 0"),
        ({"speed": 3}, "speed is not a field of the recipe; there are map, model"),
        ({"level": "high"}, "level"),
        ({"start": Pose.identity(), "region": Sphere((0, 0, 0), 5)}, "either starts from a pose or looks inside a sphere"),
    ],
)
def test_what_is_not_allowed_is_said_in_a_sentence(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=re.escape(words)) as caught:
        FitRecipe.checked({"map": "a", "model": "b", "resolution": 4, **changes})
    assert "\n" not in str(caught.value)


def test_the_fit_that_is_asked_for_is_the_request(repository: Path) -> None:
    density_map = DensityMap(np.random.default_rng(0).uniform(0, 1, (12, 12, 12)).astype(np.float32), np.full(3, 3.0), np.zeros(3))
    model = read_model(repository / "resources" / "example" / "1bd2.pdb.gz")
    for where in ({"start": Pose.identity()}, {"region": Sphere((16, 16, 16), 12)}):
        recipe = FitRecipe.checked(
            {
                "map": "m", "model": "x", "resolution": 4.5, "level": 0.25, "chains": ("E", "D"), "seed": 5, "device": "cpu", "threads": 2,
                "settings": FitSettings.preset("fast", starts=9), **where,
            }
        )  # fmt: skip
        request = recipe.bind(density_map, model)
        assert FitRecipe.of(request, map="m", model="x", chains=("E", "D"), models="") == recipe
        assert set(request.model.chains) == {"D", "E"}
    inputs = {"map", "model", "chains", "models", "half_maps", "resolution", "level"}
    assert set(FitRecipe.model_fields) - inputs == {one.name for one in fields(FitRequest)} - {"target", "model", "of_map"}
    with pytest.raises(ValueError, match="half maps must go with the map"):
        recipe.changed(half_maps=("a", "b")).bind(density_map, model)
    with pytest.raises(ValueError, match="level must be a number"):
        recipe.changed(level=None).bind(density_map, model)
