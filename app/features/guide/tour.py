"""Help > Tour: five steps on the example that ships, pointing at the widgets that are meant."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from difffit_app.features.guide.callout import Callout
from difffit_app.state.session import Session
from difffit_app.state.subscriptions import Subscriptions
from difffit_app.window.main_window import MainWindow


@dataclass(frozen=True)
class Step:
    """``targets`` are what is pointed at, in ``panel``; ``action`` can be done from the card, and it goes on when ``done`` comes true."""

    title: str
    text: str
    targets: Callable[[MainWindow], list[QWidget]]
    panel: str = ""
    action: str = ""
    action_text: str = ""
    done: Callable[[Session], bool] = lambda _: False


STEPS = (
    Step(
        "Open a map and a model",
        "Drop files anywhere on the window, or use <i>File &gt; Open</i>. For the tour, open the pair that ships with the program: "
        "a map at 4 Å, and a model that lies somewhere else.",
        lambda window: [window.landmarks["contents"]],
        "Open",
        "open_example",
        "Open the &Example",
        lambda session: bool(session.maps and session.models),
    ),
    Step(
        "Set the contour level",
        "Above the level there is molecule, below it noise. Drag the line, turn the wheel over the histogram, or press <i>Auto</i> for the "
        "suggestion, whose reasons stand below.",
        lambda window: [window.landmarks["histogram"]],
        "Map",
    ),
    Step(
        "Fit",
        "The whole map is searched for the model, with no starting position; it takes some seconds. The views show the best pose so far, "
        "and <i>Cancel</i> keeps what was found.",
        lambda window: [window.landmarks["fit"]],
        "Fit",
        "fit",
        "&Fit Now",
        lambda session: bool(session.fits),
    ),
    Step(
        "Look through the placements",
        "Each row is a place where the model may belong, best first; each sphere in the right view is one too. Click either. "
        "<i>Unique</i> means significant and well ahead of every other place.",
        lambda window: [window.landmarks["placements"], window.viewer.clusters],
        "Placements",
    ),
    Step(
        "Save and export",
        "Save the placed model for ChimeraX, PyMOL or Coot, or everything as a project that opens as it is now. "
        "F1 opens the guide wherever you are.",
        lambda window: [window.tool("save_model"), window.tool("save")],
    ),
)


class Tour(QObject):
    """Survives whatever is closed or opened meanwhile: a step whose widget is hidden is told without pointing."""

    def __init__(self, window: MainWindow, session: Session) -> None:
        super().__init__(window)
        self._window, self._session = window, session
        self.callout = Callout(window)
        self.at: int | None = None
        self.callout.next_asked.connect(lambda: self.go_to(0 if self.at is None else self.at + 1))
        self.callout.back_asked.connect(lambda: self.go_to((self.at or 0) - 1))
        self.callout.close_asked.connect(self.close)
        self.callout.action_asked.connect(self._act)
        for step in STEPS:
            if step.action:
                window.actions_by_id[step.action].changed.connect(self._enable)
        self._subscriptions = Subscriptions()
        for signal in (session.events.map_added, session.events.model_added, session.events.fit_added):
            self._subscriptions.add(signal, self._look_whether_done)
        window.closing.connect(self._end)

    def offer(self) -> None:
        """Ask whether to begin."""
        self.at = None
        self.callout.say(
            "New here?",
            "A tour of five steps fits the example that ships with the program. It takes a minute or two, and <i>Help &gt; Tour</i> "
            "brings it back at any time.",
            go_on="Take the &Tour",
            close="&No, Thanks",
        )
        self.callout.point_at([])

    def start(self) -> None:
        self.go_to(0)

    def go_to(self, number: int) -> None:
        """Show a step; beyond the last the tour is over."""
        if not 0 <= number < len(STEPS):
            self.close()
            return
        self.at, step = number, STEPS[number]
        if step.panel:
            self._window.raise_panel(step.panel)
        last = number == len(STEPS) - 1
        self.callout.say(
            step.title,
            step.text,
            step=f"{number + 1} of {len(STEPS)}",
            action=step.action_text,
            go_on="&Done" if last else "&Next",
            back=number > 0,
            close="" if last else "&Close",
        )
        self._enable()
        self.callout.point_at(step.targets(self._window))

    def close(self) -> None:
        self.at = None
        self.callout.leave()

    def _act(self) -> None:
        if self.at is not None:
            self._window.triggered.emit(STEPS[self.at].action)

    def _enable(self) -> None:
        if self.at is not None and STEPS[self.at].action:
            self.callout.action.setEnabled(self._window.actions_by_id[STEPS[self.at].action].isEnabled())

    def _look_whether_done(self, _: object) -> None:
        if self.at is not None and STEPS[self.at].done(self._session):
            self.go_to(self.at + 1)

    def _end(self) -> None:
        self._subscriptions.end()
        self.close()
