"""Every action of the menus as a command: by its id, with dashes, and on or off where it has a mark."""

from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

from difffit_app.commands.verb import Verb
from difffit_core.errors import UserError
from difffit_core.recipes.base import Recipe
from difffit_core.recipes.words import Arguments
from difffit_core.settings import setting


class Do(Recipe):
    """An action of the menus."""

    job: ClassVar[str] = "do"

    state: Annotated[
        tuple[Literal["on", "off"], ...],
        setting("Of one with a mark: to have it so; else it is changed.", max_length=1),
        Arguments("[on|off]"),
    ] = ()


def action_verb(
    identifier: str, tip: str, trigger: Callable[[], object], is_on: Callable[[], bool | None], can: Callable[[], bool]
) -> Verb:
    """The command of an action; ``is_on`` gives None where it has no mark."""
    name = identifier.replace("_", "-")

    def run(recipe: Recipe) -> None:
        assert isinstance(recipe, Do)
        wanted, now = next(iter(recipe.state), None), is_on()
        if wanted is not None and now is None:
            raise UserError(f"{name} is done, not turned on or off, got {wanted}")
        if wanted is not None and now is (wanted == "on"):
            return
        if not can():
            raise UserError(f"{name} cannot be used now: {tip[:1].lower()}{tip[1:]}")
        trigger()

    return Verb(name, Do, run, tip, is_action=True)
