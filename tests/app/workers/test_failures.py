"""Whatever fails in a worker travels to one place, unless what asked for it has settled it."""

from typing import Any

import pytest

from difffit_app.application import Application
from difffit_app.workers.lane import SETTLED, Job
from difffit_core.errors import UserError

LANES = ("read", "fit", "draw", "screen")


def fail(_: object) -> None:
    raise UserError("it went wrong")


@pytest.mark.parametrize("lane", LANES)
def test_a_failure_is_told_whether_or_not_anything_is_tidied(application: Application, qtbot: Any, lane: str) -> None:
    tidied: list[BaseException] = []
    for on_failed in (None, tidied.append):
        application.window.notices.clear()
        getattr(application.jobs, lane)(Job("testing", fail, lambda _: None, on_failed))
        qtbot.waitUntil(lambda: application.window.notices.texts() == ["it went wrong"], timeout=10_000)
    assert [str(error) for error in tidied] == ["it went wrong"]


def test_what_is_settled_is_not_told(application: Application, qtbot: Any) -> None:
    seen: list[BaseException] = []

    def settle(error: BaseException) -> object:
        seen.append(error)
        return SETTLED

    application.jobs.read(Job("testing", fail, lambda _: None, settle))
    qtbot.waitUntil(lambda: bool(seen), timeout=10_000)
    assert application.window.notices.texts() == []


@pytest.mark.fails_inside
def test_the_sentence_says_what_was_being_done(application: Application, qtbot: Any) -> None:
    application.jobs.draw(Job("drawing the moon", lambda _: 1 // 0, lambda _: None))
    qtbot.waitUntil(lambda: bool(application.window.notices.texts()), timeout=10_000)
    assert application.window.notices.texts()[0].startswith("Something went wrong while drawing the moon: ZeroDivisionError")
