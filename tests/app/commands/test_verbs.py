"""Any recipe, written as a command, is read back as it was; what is no command is told in a sentence."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from difffit_app.commands.actions import Do
from difffit_app.commands.registry import Commands
from difffit_app.commands.things import BringTo
from difffit_app.commands.verb import Verb
from difffit_app.commands.words import join_words, split_line
from difffit_app.state.items import OpenMap, OpenModel
from difffit_app.state.parts import part_of
from difffit_app.state.session import Session
from difffit_core.compose.recipe import ComposeRecipe, WantedModel
from difffit_core.errors import UserError
from difffit_core.fit.recipe import FitRecipe
from difffit_core.map_edit.recipe import MapRecipe
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import REQUIRED, Parameter
from difffit_core.refine.recipe import RefineRecipe
from difffit_core.split.recipe import SplitRecipe

FEW = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture
def session(open_map: OpenMap, open_model: OpenModel) -> Session:
    """With ``#1`` a map and ``#2`` a model."""
    session = Session()
    session.add_map(open_map)
    session.add_model(open_model)
    return session


def read_back(session: Session, verb: Verb, recipe: Recipe, **more: Any) -> None:
    commands = Commands(session)
    commands.add(verb)
    line = commands.line(verb, recipe, more)
    (words,) = split_line(line)
    found, given_more = commands.read(verb, words[1:])
    assert found == recipe, line
    assert given_more == more
    assert "map-1" not in line
    assert "model-1" not in line


def check(strategy: st.SearchStrategy[Any], session: Session, verb: Verb) -> None:
    @FEW
    @given(strategy)
    def run(recipe: Recipe) -> None:
        read_back(session, verb, recipe)

    run()


def verb(kind: type[Recipe], **more: Any) -> Verb:
    return Verb(kind.job, kind, lambda *_: None, **more)


def test_fits(session: Session, made: ModuleType) -> None:
    here = {"map": st.just("map-1"), "model": st.just("model-1")}
    check(made.fit_recipes(**here), session, verb(FitRecipe, maps=("map",), models=("model",), into="in"))


def test_refinements(session: Session, made: ModuleType) -> None:
    recipes = made.REFINE_RECIPES.map(lambda one: one.changed(map="map-1", model="model-1"))
    check(recipes, session, verb(RefineRecipe, maps=("map",), models=("model",), into="in"))


def test_composites(session: Session, made: ModuleType) -> None:
    wanted = st.builds(WantedModel, model=st.just("model-1"), copies=st.none() | st.integers(1, 99)).map(lambda one: (one,))
    check(
        made.compose_recipes(map=st.just("map-1"), wanted=wanted),
        session,
        verb(ComposeRecipe, maps=("map",), models=("wanted",), into="in"),
    )


def test_working_maps(session: Session, made: ModuleType) -> None:
    check(made.MAP_RECIPES.map(lambda one: one.changed(map="map-1")), session, verb(MapRecipe, maps=("map",)))


def test_splits(session: Session, made: ModuleType) -> None:
    check(made.split_recipes().map(lambda one: one.changed(model="model-1")), session, verb(SplitRecipe, models=("model",)))


@pytest.fixture
def fit(session: Session) -> Callable[[str], FitRecipe]:
    """What a line asks for."""
    commands = Commands(session)
    asked: list[Any] = []
    elsewhere = {"half_maps": "half maps are used by use-halves"}
    commands.add(
        Verb("fit", FitRecipe, asked.append, maps=("map",), models=("model",), elsewhere=elsewhere, into="in"),
        Verb("refine", RefineRecipe, asked.append, maps=("map",), models=("model",)),
    )

    def run(line: str) -> FitRecipe:
        commands.run(line)
        return asked[-1]  # type: ignore[no-any-return]

    return run


@pytest.mark.parametrize(
    "line",
    [
        "fit #2 in #1 resolution 4 level -0.3 preset fast chains D,E",
        "fit #1 #2 --resolution 4 --level=-0.3 --preset fast --chain D,E",
        "fit #1 #2 res 4 lev -0.3 pre fast chain D,E",
        "FIT #2 into #1 chain=D,E resolution=4 level=-0.3 preset=fast",
        "fi resolution 4 level -0.3 preset fast chain D,E #2 in #1",
    ],
)
def test_a_fit_may_be_written_in_many_ways(fit: Callable[[str], FitRecipe], line: str) -> None:
    recipe = fit(line)
    assert (recipe.map, recipe.model, recipe.resolution, recipe.level, recipe.chains) == ("map-1", "model-1", 4.0, -0.3, ("D", "E"))
    assert recipe.command().startswith("difffit fit map-1 model-1 --resolution 4 --level=-0.3 --chain D,E --preset fast")


def test_chains_may_stand_behind_their_model(session: Session, fit: Callable[[str], FitRecipe]) -> None:
    assert fit("fit #2/D in #1 resolution 4") == fit("fit #2 in #1 resolution 4 chain D")
    assert fit("fit #1 #2/D,E resolution 4").chains == ("D", "E")
    commands, asked = Commands(session), list[Any]()
    lines: list[str] = []
    commands.told.connect(lines.append)

    def ask(recipe: Recipe) -> None:
        with commands.doing(recipe.job, recipe):
            asked.append(recipe)

    commands.add(
        Verb("compose", ComposeRecipe, ask, maps=("map",), models=("wanted",), into="in"),
        Verb("split", SplitRecipe, ask, models=("model",)),
        Verb("bring", BringTo, ask, maps=("map",), models=("models",), into="to"),
    )
    commands.run("compose #2/D,E:2 #2 #2/A in #1 resolution 4")
    assert [(one.model, one.copies, one.chains) for one in asked[-1].wanted] == [
        ("model-1", 2, ("D", "E")),
        ("model-1", None, ()),
        ("model-1", None, ("A",)),
    ]
    commands.run("split #2/D by chain")
    assert commands.done == ["compose #2:2 #2 #2 in #1 chain 1=D,E chain 3=A resolution 4", "split #2 by chain chain D"]
    assert lines == [f"= {line}" for line in commands.done], "it is told in the program's own words"
    with pytest.raises(UserError, match="bring takes whole models, as #2, got #2/D"):
        commands.run("bring #2/D to #1")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("fti #2 in #1", "fti is no command; did you mean fit?"),
        ("fitmap #2 inMap #1", "fitmap is a command of ChimeraX; here fit #2 in #1 searches the whole map"),
        ("fit #2:10-50 in #1", "fit takes whole chains, as #2/A, got #2:10-50; split #2 keep A:10-50+B:10-50"),
        ("fit", "fit wants MAP MODEL: fit MAP MODEL"),
        ("fit #2 in #1 resolutoin 4", "did you mean resolution?"),
        ("fit #2 in #1 --resolutoin 4", "fit has no option --resolutoin; did you mean resolution?"),
        ("fit #2 in #1", "the resolution must be given, in Å"),
        ("fit #1 in #2 resolution 4", "fit wants an open map, such as #1 blob, got #2"),
        ("fit #2 in #1/A resolution 4", "fit wants an open map, such as #1 blob, got #1/A"),
        ("fit #2/X in #1 resolution 4", "fit: 1bd2 has the chains A, B, C, D, E, got X"),
        ("fit #2/D in #1 resolution 4 chain E", "fit: chains are given once, as #2/D or chain E, got both"),
        ("fit #2/D:10-50,60 in #1 resolution 4", "split #2 keep D:10-50+D:60 makes a model of these residues"),
        ("fit #2 in #7 resolution 4", "fit wants an open map, such as #1 blob, got #7"),
        ("fit #2 in #1 resolution", "fit: resolution wants a value after it, got nothing"),
        ('fit #2 in #1 resolution 4 chain ""', "fit: chain wants a value after it, got an empty text"),
        ("fit #2 in #1 resolution 4 chain=", "fit: chain wants a value after it, got an empty text"),
        ("fit #2 in #1 resolution 4 chain ,", "fit: --chain must be names with commas between them, got ',', which holds none"),
        ('refine #2 #1 resolution 4 hold ""', "refine: hold wants A:1-50,B after it, got an empty text"),
        ("fit #2 in #1 resolution four", "got four"),
        ("fit #2 in #1 resolution 4 level high", "level must be a number in the map's units or auto, got high"),
        ("fit #2 in #1 resolution 4 half-maps a b", "half maps are used by use-halves"),
        ("fit #2 in #1 resolution 400", "resolution must lie between 0.5 and 100 Å, got 400"),
    ],
)
def test_mistakes_are_told_in_a_sentence(fit: Callable[[str], FitRecipe], line: str, sentence: str) -> None:
    with pytest.raises(UserError) as told:
        fit(line)
    assert sentence in str(told.value)
    assert "\n" not in str(told.value)


def test_the_known_resolution_is_taken(fit: Callable[[str], FitRecipe], session: Session) -> None:
    session.set_resolution("map-1", 6.5)
    assert fit("fit #2 in #1").resolution == 6.5


def test_a_word_that_names_an_option_stands_in_quotes(session: Session) -> None:
    item = session.models["model-1"]
    shown = Verb("rename", RefineRecipe, lambda *_: None).words(
        RefineRecipe.checked({"map": "level", "model": item.id, "resolution": 4.0}), {}, session.numbers
    )
    assert join_words(shown).startswith('rename "level" #2 ')


def test_numbers_are_never_given_twice(session: Session, open_map: OpenMap) -> None:
    session.remove_map("map-1")
    session.add_model(OpenModel("model-9", "again", session.models["model-1"].model, session.models["model-1"].mesh))
    assert session.numbers["model-9"] == 3
    session.add_map(open_map)
    assert session.numbers["map-1"] == 1  # what comes back by Undo
    session.clear()
    assert not session.numbers


def test_an_own_command_is_meant_before_an_entry_of_the_menus(session: Session) -> None:
    commands = Commands(session)
    commands.add(*(Verb(name, Do, lambda _: None, is_action=name != "select") for name in ("select", "select-nothing", "select-wider")))
    assert commands.verb_of("sel").name == "select"
    assert commands.verb_of("select-w").name == "select-wider"
    with pytest.raises(UserError, match="delete is a command of ChimeraX; here close #2 closes a model"):
        commands.verb_of("delete")


def test_an_option_that_must_be_given_is_asked_for_in_the_words_of_commands(session: Session) -> None:
    commands = Commands(session)
    out = Parameter("out", "--out", str, REQUIRED, "Folder for the parts.", "FOLDER")
    commands.add(Verb("split", SplitRecipe, lambda *_, **__: None, more=(out,), models=("model",)))
    with pytest.raises(UserError, match=r"split wants out FOLDER: split "):
        commands.run("split #2/D")


def test_residues_of_all_chains(session: Session) -> None:
    model = session.models["model-1"].model
    _, found = part_of("model-1:10-12", session)
    assert set(model.residue_numbers[np.isin(model.residue_index, found)].tolist()) == {10, 11, 12}
    assert len(found) > 3
