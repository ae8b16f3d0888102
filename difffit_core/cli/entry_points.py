"""The window, and what draws without one: the core finds them by name, and never imports them."""

from collections.abc import Callable
from typing import Any

from difffit_core.errors import UserError

GROUP = "difffit.window"


def find_window(name: str) -> Callable[..., Any]:
    """What is installed under a name of the entry-point group ``difffit.window``.

    Raises
    ------
    UserError
        If nothing is.
    """
    from importlib.metadata import entry_points  # an eighth of the time that --help takes

    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise UserError(
            f"`difffit {name}` needs the window, which is not installed here: install difffit-desktop (difffit-core is without it), "
            "or see difffit --help"
        )
    loaded: Callable[..., Any] = found.load()
    return loaded
