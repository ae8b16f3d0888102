"""Commands that take a recipe: their arguments and options come from its fields."""

import inspect
from collections.abc import Callable
from typing import Any

import typer

from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import REQUIRED, Parameter


def takes(kind: type[Recipe]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command, instead of its parameter ``recipe``, every argument and option that makes one of that ``kind``.

    Parameters that the command has beside it are options as typer takes them, and come after the recipe's.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [one for one in inspect.signature(command).parameters.values() if one.name != "recipe"]
        parameters = kind.parameters()

        def run(**given: Any) -> None:
            asked = {one.name: given.pop(one.name) for one in parameters}
            command(recipe=kind.given(asked), **given)

        made = [inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=_typer(one), annotation=one.kind) for one in parameters]
        mine = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
        run.__signature__ = inspect.Signature([*made, *mine])  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in (*made, *mine)}
        run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
        return run

    return decorate


def _typer(one: Parameter) -> Any:
    if not one.flag:
        return typer.Argument(... if one.default is REQUIRED else one.default, help=one.help, metavar=one.metavar)
    default = list(one.default) if isinstance(one.default, tuple) else one.default
    return typer.Option(default, one.flag, help=one.help, metavar=one.metavar)
