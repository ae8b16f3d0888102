"""The commands of the tutorials are such as the program takes; `packaging/tutorials.py` follows them word by word."""

from pathlib import Path
from types import ModuleType

import pytest

from difffit_core.cli.commands import Commands


@pytest.fixture
def tutorials(repository: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(repository / "packaging")
    import tutorials

    return tutorials


def test_every_command_is_one_of_the_programs(tutorials: ModuleType) -> None:
    commands = Commands()
    for name in tutorials.NAMES:
        steps = [step for step in tutorials.steps_of(name) if step.words[0] != "cd"]
        assert len(steps) > 3
        assert any(step.answers for step in steps)
        for step in steps:
            program, command, *words = step.words
            assert program == "difffit"
            commands[command].make_context(command, words)


def test_an_answer_is_looked_for_in_order_and_missed_where_it_is_not(tutorials: ModuleType) -> None:
    step = tutorials.Step(("difffit", "fit"), ("1 … unique", "written to out: …"))
    tutorials._compare("a", step, "rank\n 1   0.87 unique \nwritten to out: a.cif\n")
    with pytest.raises(tutorials.SetupError, match="did not answer"):
        tutorials._compare("a", step, "written to out: a.cif\n 1 0.87 unique")
