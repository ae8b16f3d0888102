"""The steps that can be undone, kept by Qt."""

import time

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack
from shiboken6 import isValid

from difffit_app.state.changes.of_session import Change
from difffit_app.state.session import Session
from difffit_app.state.view_state import ViewState

_MOST = 200
_PAUSE_S = 1.0


class History(QObject):
    """Does changes and keeps their inverses; empty again when everything is closed.

    The session counts as saved again when undoing comes back to where it was saved, unless something changed meanwhile that is no step of
    the history (a decision). ``changed`` carries what can be undone and redone next, or None.
    """

    changed = Signal(object, object)

    def __init__(self, session: Session, view_state: ViewState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._view_state = session, view_state
        self._applying = self._aside = False
        self.stack = QUndoStack(self)
        self.stack.setUndoLimit(_MOST)
        self.stack.cleanChanged.connect(self._on_clean)
        self.stack.indexChanged.connect(self._on_index)
        session.events.cleared.connect(self._clear)
        session.events.saved_state_changed.connect(self._on_saved_state)

    def __del__(self) -> None:
        """Let Qt delete the steps while all is whole: else the collector may delete some first, and Qt them again."""
        stack = self.__dict__.get("stack")
        if stack is not None and isValid(stack):
            stack.blockSignals(True)
            stack.clear()

    def do(self, change: Change, kind: tuple[str, ...] | None = None) -> None:
        """Apply a change; what it raises is raised here, and then nothing is kept of it.

        Changes of one ``kind`` that follow each other without a pause are one step, as the drag of a slider is; None is never part of one.
        """
        last, now = self.last, time.monotonic()
        goes_on = kind is not None and not self._is_at_an_end() and isinstance(last, _Command) and last.goes_on(kind, now)
        text, inverse = change.text, self.apply(change)
        if goes_on:
            self._on_index(self.stack.index())
        else:
            self.note(text)
            self.stack.push(_Command(self, text, inverse, kind, now))

    def _is_at_an_end(self) -> bool:
        """Whether a new step must begin here: what was saved is to be come back to, or something was undone."""
        return self.stack.isClean() or self.stack.canRedo()

    @property
    def last(self) -> object | None:
        """The step that would be undone next; None if there is none."""
        return self.stack.command(self.stack.index() - 1) if self.stack.canUndo() else None

    def apply(self, change: Change) -> Change:
        """Apply a change without keeping it, and give its inverse."""
        outer, self._applying = self._applying, True
        try:
            with self._session.at_once():
                return change.apply(self._session, self._view_state)
        finally:
            self._applying = outer

    def note(self, text: str) -> None:
        """Write a step down in the session, which a project keeps."""
        self._session.note(text)

    def undo(self) -> None:
        self.stack.undo()

    def redo(self) -> None:
        self.stack.redo()

    def _clear(self) -> None:
        self.stack.clear()

    def _on_saved_state(self) -> None:
        if not self._session.dirty:
            self._aside = False
            self.stack.setClean()
        elif not self._applying:
            self._aside = True

    def _on_index(self, _: int) -> None:
        stack = self.stack
        self.changed.emit(stack.undoText() if stack.canUndo() else None, stack.redoText() if stack.canRedo() else None)

    def _on_clean(self, clean: bool) -> None:
        if clean and not self._aside and self._session.dirty:
            self._session.mark_saved(self._session.path)


class _Command(QUndoCommand):
    """Holds whichever of a change and its inverse comes next."""

    def __init__(self, history: History, text: str, inverse: Change, kind: tuple[str, ...] | None, when: float) -> None:
        super().__init__(text)
        self._history, self._next, self._is_done = history, inverse, True
        self._kind, self._when = kind, when

    def goes_on(self, kind: tuple[str, ...], now: float) -> bool:
        """Whether a change of that kind belongs to this step, and if so have the step last until now."""
        if kind != self._kind or now - self._when > _PAUSE_S:
            return False
        self._when = now
        return True

    def redo(self) -> None:
        if self._is_done:  # Qt redoes what is pushed, and `History.do` has done it
            self._is_done = False
        else:
            self._swap("Redo")

    def undo(self) -> None:
        self._swap("Undo")

    def _swap(self, way: str) -> None:
        self._next = self._history.apply(self._next)
        self._history.note(f"{way} {self.text()}")
