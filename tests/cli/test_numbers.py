"""Every option of every command that takes a number: none is read from what nobody would write for it."""

from typing import Any

import pytest
import typer

from difffit_core.cli import app
from difffit_core.cli.recipes import check_numbers
from difffit_core.errors import UserError
from difffit_core.recipes.words import plain_kind

COMMANDS = typer.main.get_command(app).commands  # type: ignore[attr-defined]
NUMBERS = [
    pytest.param(name, one, id=f"{name} {one.opts[0]}")
    for name, command in COMMANDS.items()
    for one in command.params
    if any(kind in str(one.type_descriptor.annotation) for kind in ("int", "float"))
]


def test_they_are_found() -> None:
    assert len(NUMBERS) > 60


@pytest.mark.parametrize(("command", "option"), NUMBERS)
def test_numbers_are_written_in_digits(command: str, option: Any) -> None:
    assert plain_kind(option.type_descriptor.annotation) is not bool
    for text in ("1_0", "５", "0x10", "1 000", "five", "4,5"):
        with pytest.raises(UserError, match=rf"{option.opts[0]} must be a (whole )?number, got {text}"):
            check_numbers(option, [text] if option.multiple else text)
    check_numbers(option, "10")


@pytest.mark.parametrize(
    "arguments", [["validate", "x.mrc", "--resolution"], ["fit", "x.mrc", "y.pdb", "--seed"], ["map", "x.mrc", "--low-pass"]]
)
def test_it_is_said(difffit: Any, arguments: list[str]) -> None:
    ended = difffit(*arguments, "1_0")
    assert (ended.status, len(ended.lines)) == (2, 1)
    assert ended.err.rstrip().endswith("number, got 1_0")
