"""The commands by name, each imported when it is asked for: `difffit fit` waits for nothing that only `difffit screen` needs."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import typer
import typer.core

from difffit_core.cli.recipes import Command

_FUNCTIONS = {
    "fit": "fit.fit",
    "assemble": "assemble.assemble",
    "compose": "compose.compose",
    "refine": "refine.refine",
    "screen": "screen.screen",
    "align": "align.align",
    "symmetry": "symmetry.symmetry",
    "halves": "halves.halves",
    "map": "edit_map.make_map",
    "quality": "quality.quality",
    "difference": "quality.difference",
    "split": "split.split",
    "fetch": "fetch.fetch",
    "cache": "fetch.cache",
    "replay": "replay.replay",
    "handover": "handover.handover",
    "plugin": "plugin.plugin",
    "example": "example.example",
    "pack": "pack.pack",
    "crate": "crate.crate",
    "settings": "settings.settings",
    "benchmark": "benchmark.benchmark",
    "selftest": "selftest.selftest",
    "warm-up": "warm_up.warm_up",
    "info": "inspect.info",
    "validate": "inspect.validate",
    "correct": "correct.correct",
    "open": "window.open_files",
    "render": "render.render",
}
"""Where each stands, in the order of `difffit --help`: its module of this package, and the function in it."""
_HIDDEN = ("correct",)


class Commands(Mapping[str, Any]):
    """What typer makes of each, by name."""

    def __getitem__(self, name: str) -> Any:
        module, function = _FUNCTIONS[name].split(".")
        run = getattr(import_module(f"difffit_core.cli.{module}"), function)
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(name, cls=Command, hidden=name in _HIDDEN)(run)
        return typer.main.get_command(alone)

    def __iter__(self) -> Iterator[str]:
        return iter(_FUNCTIONS)

    def __len__(self) -> int:
        return len(_FUNCTIONS)


class OnDemand(typer.core.TyperGroup):
    """A group of these commands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes | {"commands": Commands()})

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        return list(self.commands)
