"""The foot of a panel that starts a computation."""

from typing import Any

from difffit_app.widgets.run_foot import RunFoot


def test_the_line_takes_room_only_while_it_tells_something(qtbot: Any) -> None:
    foot = RunFoot("Fit", "Progress of the fit")
    qtbot.addWidget(foot)
    foot.show()
    idle = foot.sizeHint().height()
    assert not foot.status.isVisible()
    foot.show_running(True)
    assert foot.status.isVisible()
    assert foot.sizeHint().height() > idle
    foot.show_running(False)
    assert not foot.status.isVisible()
    assert foot.sizeHint().height() == idle
