"""Numbers in texts: as one writes them, not as Python takes them."""

from typing import Annotated

import pytest

from difffit_core.compose.recipe import ComposeRecipe
from difffit_core.errors import UserError
from difffit_core.fit.place_words import read_pose, read_sphere
from difffit_core.fit.settings import FitSettings
from difffit_core.number_words import decimal_number, is_number
from difffit_core.recipes.words import number_or_auto
from difffit_core.residue_names import Stretch
from difffit_core.settings import Settings, setting

ODD = ("1_0", "５", "٥", "0x10", "1 0", "1,0", "½", "²", "1e", "1e1_0", "e5", "--5", "1__0", "")


@pytest.mark.parametrize("text", ODD)
def test_what_python_takes_and_nobody_means(text: str) -> None:
    assert decimal_number(text) is None
    assert not is_number(text, int)
    assert not is_number(text, float)


@pytest.mark.parametrize(("text", "value"), [("5", 5), (" 5 ", 5), ("+5", 5), ("05", 5), ("5.", 5), (".5", 0.5), ("-1.5E+03", -1500)])
def test_what_people_write(text: str, value: float) -> None:
    assert decimal_number(text) == value


class _Two(Settings):
    many: Annotated[int, setting("A whole number.")] = 1
    much: Annotated[float | None, setting("A number.")] = None
    all: tuple[float, ...] = ()


@pytest.mark.parametrize("name", ["many", "much", "all"])
@pytest.mark.parametrize("text", ["1_0", "５"])
def test_settings(name: str, text: str) -> None:
    with pytest.raises(UserError, match=rf"{name}: input should be a valid .*, got '{text}'"):
        _Two.checked({name: (text,) if name == "all" else text})


def test_bounds_stay_in_the_schema() -> None:
    starts = FitSettings.model_json_schema()["properties"]["starts"]
    assert {"minimum", "maximum", "type"} <= starts.keys()


@pytest.mark.parametrize("text", ["1_0", "５"])
def test_other_words(text: str) -> None:
    for read in (
        lambda: number_or_auto("level", text), lambda: read_sphere(f"{text},2,3,4"), lambda: read_pose(f"{text},{'0,' * 10}0"),
        lambda: Stretch.parse(f"A:{text}"),
    ):  # fmt: skip
        with pytest.raises(UserError, match=text):
            read()


def test_chains_of_a_model_are_given_once() -> None:
    given = {"wanted": ["a.pdb", "b.pdb"], "chains": ["1=A", "2=B", "1=C"]}
    spelled = {name: spelling for name, _, spelling in ComposeRecipe._spelled()}
    with pytest.raises(UserError, match="got model 1 twice"):
        spelled["wanted"].value("wanted", ComposeRecipe.model_fields["wanted"], given)
