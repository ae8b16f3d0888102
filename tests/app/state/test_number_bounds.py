"""Every number that a recipe, settings or a record takes has an end on both sides."""

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import difffit_app
import difffit_core
from difffit_app.styles import MapStyle, ModelStyle
from difffit_core.align.recipe import AlignRecipe
from difffit_core.compose.settings import ComposeSettings
from difffit_core.errors import UserError
from difffit_core.fit.sphere import Sphere
from difffit_core.project.base import PoseRecord
from difffit_core.project.composites import ZeroOutRecord

MAY_BE_INFINITE = {"level", "moving_level"}
"""The map says of these what is no level of it."""
BEYOND = {
    "threads": lambda: AlignRecipe.checked({"fixed": "a", "moving": ("b",), "resolution": 4.0, "threads": 10**9}),
    "threshold": lambda: ComposeSettings.checked({"threshold": 1e300}),
    "threshold of infinity": lambda: ComposeSettings.checked({"threshold": float("inf")}),
    "a whole number of 400 digits": lambda: ModelStyle(colour_by="chain", visible=True, first_colour=10**400),
    "threshold of a zero-out": lambda: ZeroOutRecord(method="threshold", threshold=1e300, resolution=4, level=1, removed=0.5, done="now"),
    "resolution of a zero-out": lambda: ZeroOutRecord(method="covered", resolution=1e-9, level=1, removed=0.5, done="now"),
    "far away": lambda: PoseRecord(rotation=((1, 0, 0), (0, 1, 0), (0, 0, 1)), translation=(5e9, 0, 0)),
    "a sphere far away": lambda: Sphere((1e300, 0.0, 0.0), 5.0),
    "a slice": lambda: MapStyle(level=1.0, colour="#ffffff", opacity=1, visible=True, slices=(0, 0, 10**12)),
    "hidden residues": lambda: ModelStyle(colour_by="chain", visible=True, hidden=((0, 10**9),)),
    "many runs": lambda: ModelStyle(colour_by="chain", visible=True, hidden=((0, 4_000_000), (0, 4_000_000))),
    "a run that goes back": lambda: ModelStyle(colour_by="chain", visible=True, painted=((9, 3, "#ffffff"),)),
}


def models() -> Iterator[type[BaseModel]]:
    for package in (difffit_core, difffit_app):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    waiting: list[type[BaseModel]] = [BaseModel]
    while waiting:
        below = waiting.pop().__subclasses__()
        waiting += below
        yield from (one for one in below if one.__module__.startswith("difffit"))


def without_end(schema: Any, name: str) -> Iterator[str]:
    """Numbers in a schema of pydantic's own that are not bounded, by the fields they are in."""
    if isinstance(schema, dict):
        if "JsonValue" in schema.get("ref", ""):  # what was on the screen, which is checked where the window reads it
            return
        if schema.get("type") in ("int", "float") and not ({"ge", "gt"} & schema.keys() and {"le", "lt"} & schema.keys()):
            yield name
        for key, part in schema.items():
            if schema.get("type") == "model-fields" and key == "fields":
                for field, one in part.items():
                    yield from without_end(one, field)
            elif key != "serialization":
                yield from without_end(part, name)
    elif isinstance(schema, list):
        for part in schema:
            yield from without_end(part, name)


def test_every_number_has_an_end() -> None:
    found = {f"{one.__module__}.{one.__name__}: {name}" for one in models() for name in without_end(one.__pydantic_core_schema__, "")}
    assert {one for one in found if one.rpartition(" ")[2] not in MAY_BE_INFINITE} == set()


@pytest.mark.parametrize("what", BEYOND)
def test_what_lies_beyond_is_refused(what: str) -> None:
    with pytest.raises((UserError, ValidationError)):
        BEYOND[what]()
