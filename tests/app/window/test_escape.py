"""Escape ends one thing at a time, in one order, and none is forgotten."""

from typing import Any

import pytest

from difffit_app.application import Application
from difffit_app.window.escape import ORDER, Escape


def test_the_first_that_is_going_on_is_ended() -> None:
    escape, going_on, ended = Escape(), set(ORDER), []

    def end(name: str) -> None:
        going_on.remove(name)
        ended.append(name)

    for name in reversed(ORDER):
        escape.add(name, lambda name=name: name in going_on, lambda name=name: end(name))
    for _ in range(len(ORDER) + 1):
        escape()
    assert tuple(ended) == ORDER


@pytest.mark.parametrize("name", ["fit", "unheard of"])
def test_what_the_order_does_not_name_or_names_twice_is_refused(name: str) -> None:
    escape = Escape()
    escape.add("fit", lambda: False, lambda: None)
    with pytest.raises(ValueError, match="name must be one of script, python, fit"):
        escape.add(name, lambda: False, lambda: None)


def test_in_the_window_everything_ends_in_its_turn(fitted: Application, monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> None:
    window, view_state, session = fitted.window, fitted.view_state, fitted.session
    act = window.actions_by_id
    session.select_placement(1)
    act["accept"].trigger()
    qtbot.waitUntil(lambda: session.composite is not None, timeout=30_000)
    act["zero_out"].trigger()
    act["sphere"].trigger()
    act["move"].trigger()
    assert (view_state.moving, view_state.sphere is not None) == ("model-1", True)
    stopped: list[bool] = []
    with monkeypatch.context() as patch:
        patch.setattr(type(fitted.jobs), "fitting", property(lambda _: True))
        patch.setattr(type(fitted.jobs), "cancel_fit", lambda _: stopped.append(True))
        act["cancel"].setEnabled(True)
        act["cancel"].trigger()
    assert stopped == [True]
    states = []
    for _ in range(3):
        act["cancel"].trigger()
        states.append((act["zero_out"].isChecked(), view_state.moving is not None, view_state.sphere is not None))
    assert states == [(False, True, True), (False, False, True), (False, False, False)]
    assert not act["cancel"].isEnabled()
    assert set(window.escape._ways) == set(ORDER)
