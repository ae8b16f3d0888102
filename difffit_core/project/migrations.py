"""Projects of earlier versions of the program, turned into today's: one step for each schema, in plain data as JSON holds it.

To change the schema: raise ``SCHEMA_VERSION``, add the step from the schema before, and add a project that was written before to
``tests/golden``. A setting that is new takes, in the step, the value with which earlier versions computed.
"""

from collections.abc import Callable
from typing import Any

from difffit_core.fit.settings import BEFORE

Data = dict[str, Any]


def migrated(data: Data, version: int, newest: int) -> Data:
    """A project of schema ``version`` as one of schema ``newest``.

    Raises
    ------
    KeyError, TypeError, AttributeError
        If it is not what that schema says.
    """
    for step in range(version, newest):
        data = {**_STEPS[step](data), "schema_version": step + 1}
    return data


_FIT_FIELDS = ("map", "model", "chains", "resolution", "level", "settings", "seed", "device", "threads", "start", "region")


def _embed_recipes(data: Data) -> Data:
    """Schema 1 wrote what was asked for among what was found."""
    models = {entry["id"]: entry.get("models", "") for entry in data["inputs"]}
    return {
        **data,
        "fits": [_fit_with_recipe(fit, models) for fit in data["fits"]],
        "composites": [_composite_with_recipe(composite, models) for composite in data.get("composites", ())],
    }


def _fit_with_recipe(fit: Data, models: dict[str, str]) -> Data:
    recipe = {name: fit[name] for name in _FIT_FIELDS if name in fit}
    recipe["settings"] = {**BEFORE, **recipe["settings"]}
    recipe["models"] = models.get(fit["model"], "")
    return {**{name: value for name, value in fit.items() if name not in _FIT_FIELDS}, "recipe": recipe}


_COMPOSE_FIELDS = ("wanted", "resolution", "level", "settings", "fit_settings", "seed", "device", "threads")


def _composite_with_recipe(composite: Data, models: dict[str, str]) -> Data:
    solve = composite.get("solve")
    if solve is None:
        return composite
    recipe = {"map": composite["map"], **{name: solve[name] for name in _COMPOSE_FIELDS}}
    recipe["fit_settings"] = {**BEFORE, **recipe["fit_settings"]}
    chosen = {models.get(one["model"], "") for one in recipe["wanted"]} - {""}
    recipe["models"] = chosen.pop() if len(chosen) == 1 else ""
    left = {name: value for name, value in solve.items() if name not in (*_COMPOSE_FIELDS, "method")}
    return {**composite, "solve": {**left, "recipe": recipe}}


def _unchanged(data: Data) -> Data:
    """Schema 2 knew no refinements."""
    return data


def _tell_by_hand(data: Data) -> Data:
    """Schema 3 knew no working maps, and told only by the words for its source that a copy was accepted by hand."""
    composites = [
        {**one, "rounds": [{**step, "accepted": [_with_hand(copy) for copy in step.get("accepted", ())]} for step in one["rounds"]]}
        for one in data.get("composites", ())
    ]
    return {**data, "composites": composites}


def _with_hand(copy: Data) -> Data:
    return {**copy, "by_hand": copy.get("fit") is not None and copy["source"].startswith("placement ")}


_STEPS: dict[int, Callable[[Data], Data]] = {1: _embed_recipes, 2: _unchanged, 3: _tell_by_hand}
