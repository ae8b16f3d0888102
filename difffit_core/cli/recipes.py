"""Commands that take a recipe: their arguments and options come from its fields."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import typer
import typer.core

from difffit_core.errors import FitCancelled, UserError
from difffit_core.number_words import is_number
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import ORDER, REQUIRED, Parameter, plain_kind


class Command(typer.core.TyperCommand):
    """A command that knows in which order its options were given, and takes for numbers what is written in digits alone."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        given, _, order = self.make_parser(ctx).parse_args(list(args))
        ctx.meta[ORDER] = tuple(one.name for one in order)
        for one in self.params:
            check_numbers(one, given.get(one.name))
        return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:
        """Typer ends with a status alone, and in silence, where it is interrupted."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            raise FitCancelled("interrupted") from None


def check_numbers(parameter: Any, given: Any) -> None:
    """`UserError` for a word that is no number where the parameter of a command wants one."""
    kind = plain_kind(next(iter(get_args(parameter.type_descriptor.annotation)), parameter.type_descriptor.annotation))
    for text in given if isinstance(given, list) else [given]:
        if kind in (int, float) and isinstance(text, str) and not is_number(text, kind):
            raise UserError(f"{parameter.opts[0]} must be a {'whole ' * (kind is int)}number, got {text}")


def takes(kind: type[Recipe]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command, instead of its parameter ``recipe``, every argument and option that makes one of that ``kind``.

    Parameters that the command has beside it are options as typer takes them, and come after the recipe's.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = [one for one in inspect.signature(command).parameters.values() if one.name != "recipe"]
        parameters = kind.parameters()

        def run(context: typer.Context, **given: Any) -> None:
            asked = {one.name: given.pop(one.name) for one in parameters}
            asked[ORDER] = context.meta.get(ORDER, ())
            recipe = kind.given(asked)
            _tell_of_guess(asked, recipe)
            command(recipe=recipe, **given)

        mine = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in own]
        _sign(run, [*_made(parameters), *mine])
        run.__name__, run.__doc__, run.__module__ = command.__name__, command.__doc__, command.__module__
        return run

    return decorate


def read_words(name: str, parameters: Sequence[Parameter], words: Sequence[str]) -> dict[str, Any]:
    """What the words after a command's ``name`` give, by the names of its ``parameters``: read as the shell's `difffit` reads them.

    With `ORDER` among the names it is what `Recipe.given` takes.

    Raises
    ------
    UserError
        In one sentence, for words that the command does not take.
    """
    found: dict[str, Any] = {}

    def keep(context: typer.Context, **given: Any) -> None:
        found.update(given)
        found[ORDER] = context.meta.get(ORDER, ())

    _sign(keep, _made(parameters))
    commands = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    commands.command(name, cls=Command, add_help_option=False)(keep)
    try:
        typer.main.get_command(commands).main([*words], prog_name=name, standalone_mode=False)
    except typer.TyperException as error:
        raise UserError(sentence_of(error)) from None
    return found


def sentence_of(error: typer.TyperException) -> str:
    """What typer has to say, and the value it does not like, which it leaves out."""
    from pydantic import ValidationError

    text, cause = error.format_message(), error.__cause__
    if not isinstance(cause, ValidationError):
        return text
    where, is_choice, allowed = text.rpartition(" is not one of ")
    if is_choice:
        text = f"{where.partition(': Value error')[0]}: must be one of {allowed.replace(chr(39), '')}"
    return f"{text.rstrip('.')}, got {cause.errors()[0]['input']}"


def _made(parameters: Sequence[Parameter]) -> list[inspect.Parameter]:
    return [inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=_typer(one), annotation=one.kind) for one in parameters]


def _sign(run: Callable[..., None], parameters: Sequence[inspect.Parameter]) -> None:
    """Have typer see these parameters, after the context."""
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)
    run.__signature__ = inspect.Signature([context, *parameters])  # type: ignore[attr-defined]
    run.__annotations__ = {one.name: one.annotation for one in (context, *parameters)}


def _tell_of_guess(asked: Mapping[str, Any], recipe: Recipe) -> None:
    """Say where a resolution comes from that was not given; of an entry the map's notes say it."""
    if asked.get("resolution", 0) is not None or getattr(recipe, "resolution", None) is None:
        return
    from difffit_core.cli.console import new_console
    from difffit_core.recipes.of_map import resolution_of_maps

    found = resolution_of_maps(asked)
    if not found.of_entry:
        new_console(stderr=True).print(f"{found.sentence()}; --resolution asks for another", soft_wrap=True)


def _typer(one: Parameter) -> Any:
    if not one.flag:
        return typer.Argument(... if one.default is REQUIRED else one.default, help=one.help, metavar=one.metavar)
    default = list(one.default) if isinstance(one.default, tuple) else one.default
    return typer.Option(default, one.flag, help=one.help, metavar=one.metavar)
