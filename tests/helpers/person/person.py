"""The words in which a journey is told."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QTabBar,
    QWidget,
)  # fmt: skip

from difffit_app.application import Application
from person import eyes, hands
from person.album import Album
from person.dialogs import Answer, Answers, pressing, typing

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


_REST_MS = 500
_PICKS = 3
"""Times that a list is opened again where a click on it chose another entry, as on a machine that lags behind the mouse."""


class Person:
    """Sits before ``application`` and photographs into ``album``. Every word fails with what can be read on the screen."""

    def __init__(self, application: Application, album: Album) -> None:
        self._window = application.window
        self._application = application
        self._album = album
        self._told: list[str] = []
        self._photograph_dialog = ""
        self._answers = Answers(self._on_dialog)
        self._listen()

    # Looking

    def photographs(self, title: str) -> None:
        """Keeps what is on the screen, once all that is read, judged or drawn in the background is there and nothing moves."""
        jobs, motion = self._application.jobs, self._window.viewer.fit.motion
        for _ in range(2):  # what has come to rest may be drawn more finely
            hands.wait_for(lambda: not (jobs.reading or jobs.geometry.busy or motion.moving), lambda: f"nothing rests:\n{self._all()}")
            QTest.qWait(_REST_MS)
        self._album.take(title)

    def sees(self, *words: str) -> None:
        """Each of these can be read somewhere, soon."""
        for text in words:
            hands.wait_for(lambda text=text: self._reads(text), lambda text=text: f"{text!r} is not to be seen in:\n{self._all()}")

    def sees_no(self, *words: str) -> None:
        """None of these can be read any more, soon."""
        for text in words:
            hands.wait_for(lambda text=text: not self._reads(text), lambda text=text: f"{text!r} is still to be seen")

    def is_told(self, *words: str) -> None:
        """A notice says so; whatever was told before is forgotten."""
        for text in words:
            hands.wait_for(
                lambda text=text: any(text in one for one in self._told),
                lambda text=text: f"{text!r} was not told, but {self._told}; to be seen:\n{self._all()}",
            )
        self._told.clear()

    def sees_rows(self, table: str, at_least: int = 1) -> list[str]:
        """That many rows of a table, as they are written."""
        view = self._widget(QAbstractItemView, table)
        return hands.wait_for(
            lambda: rows if len(rows := eyes.rows_of(view)) >= at_least else [], lambda: f"{table} has only {eyes.rows_of(view)}"
        )

    def waits_until_nothing_runs(self) -> None:
        """No panel says that something is being computed, and no file is read."""
        jobs = self._application.jobs
        feet = [foot for panel in self._window.panels.values() if (foot := getattr(panel, "foot", None)) is not None]
        hands.wait_for(
            lambda: not (jobs.reading or jobs.fitting or jobs.screening or any(foot.running for foot in feet)),
            lambda: f"something still runs:\n{self._all()}",
        )

    # Opening and saving

    def opens(self, *paths: Path) -> None:
        """By the menu File, typing the names."""
        names = " ".join(f'"{path}"' for path in paths) if len(paths) > 1 else str(paths[0])
        self.chooses("File", "Open", then=[typing(names)])
        self.waits_until_nothing_runs()

    def types_a_name(self, path: Path) -> Answer:
        return typing(str(path))

    def presses(self, text: str) -> Answer:
        return pressing(text)

    # The mouse

    def chooses(self, menu: str, *path: str, then: Sequence[Answer] = ()) -> None:
        """An entry of a menu of the window, in a menu within that perhaps; ``then`` are what is done in the dialogs that follow."""
        bar = self._window.menuBar()
        title = next(one for one in bar.actions() if eyes.plain(one.text()) == menu)
        self._answers.expect(*then)
        hands.click(bar, bar.actionGeometry(title).center())
        self._walk(title, path)
        self._answered()

    def right_clicks(self, where: str, *path: str, at: QPoint | None = None) -> None:
        """Opens the menu over a view, and chooses from it."""
        view = self._view(where)
        place = view.rect().center() if at is None else at
        hands.click(view, place, button=Qt.MouseButton.RightButton)
        menu = hands.wait_for(hands.popped_up, lambda: f"no menu over {where}")
        self._enter(menu, path)

    def right_clicks_row(self, table: str, words: str, *path: str) -> None:
        view, place = self._row(table, words)
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
        menu = hands.wait_for(hands.popped_up, lambda: f"no menu over {words} in {table}")
        self._enter(menu, path)

    def clicks(self, name: str, then: Sequence[Answer] = (), inside: str = "") -> None:
        """A button, or a tab; in a panel of that title, if there are several such."""
        place = self._window.panel(inside) if inside else None
        self._answers.expect(*then)
        button = hands.wait_for(lambda: self._button(name, place), lambda: f"no button or tab {name!r} can be pressed in:\n{self._all()}")
        if isinstance(button, QTabBar):
            at = next(i for i in range(button.count()) if eyes.plain(button.tabText(i)) == name)
            hands.click(button, button.tabRect(at).center())
        else:
            hands.click(button)
        self._answered()

    def clicks_row(self, table: str, words: str, keys: Qt.KeyboardModifier = hands.NONE) -> None:
        view, place = self._row(table, words)
        hands.click(view.viewport(), place, keys)

    def clicks_on(self, where: str, point: Any, keys: Qt.KeyboardModifier = hands.NONE, *, twice: bool = False) -> None:
        """On a place in Å of a view."""
        scene = self._scene(where)
        place = scene.on_screen(np.asarray(point, float)).toPoint()
        if twice:
            QTest.mouseDClick(scene.plotter, hands.LEFT, keys, place)
        else:
            hands.click(scene.plotter, place, keys)

    def turns(self, where: str, right: int, down: int) -> None:
        """Drags the view by so many pixels."""
        view = self._view(where)
        hands.drag(view, view.rect().center(), QPoint(right, down))

    def rolls(self, where: str, notches: int) -> None:
        """Turns the wheel over a view."""
        view = self._view(where)
        place = QPointF(view.rect().center())
        for _ in range(abs(notches)):
            turned = QPoint(0, 120 if notches > 0 else -120)
            event = QWheelEvent(
                place, QPointF(view.mapToGlobal(place.toPoint())), QPoint(), turned, Qt.MouseButton.NoButton, hands.NONE,
                Qt.ScrollPhase.NoScrollPhase, False,
            )  # fmt: skip
            QApplication.sendEvent(view, event)

    def picks(self, box: str, entry: str, inside: str = "") -> None:
        """An entry of a box that drops down."""
        combo = self._widget(QComboBox, box, inside)
        at = next((i for i in range(combo.count()) if entry in eyes.plain(combo.itemText(i))), None)
        assert at is not None, f"no {entry!r} among {[combo.itemText(i) for i in range(combo.count())]}"
        index = combo.model().index(at, combo.modelColumn(), combo.rootModelIndex())
        for _ in range(_PICKS):
            hands.click(combo)
            view = hands.wait_for(lambda: combo.view() if combo.view().isVisible() else None, lambda: f"{box} does not drop down")
            while view.isVisible():
                QTest.qWait(2 * QApplication.doubleClickInterval())  # a list that has just dropped down takes no click
                view.scrollTo(index)
                hands.click(view.viewport(), view.visualRect(index).center())
            if entry in eyes.plain(combo.currentText()):
                return
        raise AssertionError(f"{box} shows {combo.currentText()!r}, not {entry!r}")

    def ticks(self, box: str, *entries: str) -> None:
        """In a button that opens a list, ticks these entries alone."""
        button = self._widget(QAbstractButton, box)
        chosen: list[str] = []
        QTimer.singleShot(0, button, partial(self._tick, ("None", *entries), chosen))  # the list waits before anything else goes on
        hands.click(button)
        assert chosen == ["None", *entries], f"{box} has only {chosen}"

    def _tick(self, names: Sequence[str], chosen: list[str]) -> None:
        menu = hands.wait_for(hands.popped_up, lambda: "nothing pops up")
        assert isinstance(menu, QMenu)
        for name in names:
            entry = next((one for one in menu.actions() if eyes.plain(one.text()).split()[:1] == [name]), None)
            if entry is not None:
                hands.click(menu, menu.actionGeometry(entry).center())
                chosen.append(name)
        QTest.keyClick(menu, Qt.Key.Key_Escape)

    # Keys

    def types(self, field: str, text: str, inside: str = "") -> None:
        """Over what a field holds, and leaves it by Tab."""
        widget = self._widget((QLineEdit, QAbstractSpinBox), field, inside)
        line = widget.findChild(QLineEdit) if isinstance(widget, QAbstractSpinBox) else widget
        hands.click(line)
        QTest.keyClick(line, Qt.Key.Key_A, CTRL)
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Tab)

    def strikes(self, key: Qt.Key, keys: Qt.KeyboardModifier = hands.NONE, then: Sequence[Answer] = ()) -> None:
        """A key, with others held."""
        self._answers.expect(*then)
        self._window.activateWindow()
        QTest.qWaitForWindowActive(self._window)
        QTest.keyClick(QApplication.focusWidget() or self._window, key, keys)
        self._answered()

    # What they are made of

    def _listen(self) -> None:
        notices = self._window.notices
        for name in ("show_notice", "show_offer"):
            show = getattr(notices, name)

            def tell(text: str, *rest: Any, show: Any = show, **more: Any) -> Any:
                self._told.append(eyes.plain(text))
                return show(text, *rest, **more)

            setattr(notices, name, tell)
        note = notices.show_note

        def tell_note(identifier: str, kind: str, name: str, text: str) -> None:
            self._told.append(eyes.plain(f"{name}: {text}"))
            note(identifier, kind, name, text)

        notices.show_note = tell_note

    def leaves(self) -> None:
        """Has nothing more to do with the window."""
        self._answers.stop()
        for name in ("show_notice", "show_offer", "show_note"):
            vars(self._window.notices).pop(name, None)

    def photographs_the_dialog(self, title: str) -> None:
        """Keeps the next dialog, too, before it is answered."""
        self._photograph_dialog = title

    def _on_dialog(self, _: QWidget) -> None:
        if self._photograph_dialog:
            title, self._photograph_dialog = self._photograph_dialog, ""
            self._album.take(title)

    def _answered(self) -> None:
        hands.wait_for(lambda: self._answers.fault or not self._answers.left, lambda: f"no dialog asked for an answer:\n{self._all()}")
        assert not self._answers.fault, self._answers.fault

    def _walk(self, title: QAction, path: Sequence[str]) -> None:
        menu = title.menu()
        assert isinstance(menu, QMenu)
        hands.wait_for(menu.isVisible, lambda: f"the menu {title.text()} does not open")
        self._enter(menu, path)

    def _enter(self, menu: QWidget, path: Sequence[str]) -> None:
        for name in path:
            assert isinstance(menu, QMenu)
            menu = hands.choose_entry(menu, name) or menu

    def _button(self, name: str, inside: QWidget | None) -> QWidget | None:
        found = hands.find(QAbstractButton, name, inside)
        if found is not None and found.isEnabled():
            return found
        if inside is not None:
            return None
        bars = (one for window in eyes.windows() for one in window.findChildren(QTabBar) if eyes.seen(one))
        return next((bar for bar in bars if name in {eyes.plain(bar.tabText(i)) for i in range(bar.count())}), None)

    def _widget(self, kind: Any, name: str, inside: str = "") -> Any:
        place = self._window.panel(inside) if inside else None
        return hands.wait_for(lambda: hands.find(kind, name, place), lambda: f"no {name!r} can be reached in:\n{self._names(kind)}")

    def _names(self, kind: Any) -> list[str]:
        return [str(hands.names_of(one)) for window in eyes.windows() for one in window.findChildren(QWidget) if isinstance(one, kind)]

    def _row(self, table: str, words: str) -> tuple[Any, QPoint]:
        view = self._widget(QAbstractItemView, table)
        place = hands.wait_for(lambda: self._place_of(view, words), lambda: f"no row {words!r} in {table}: {eyes.rows_of(view)}")
        return view, place

    def _place_of(self, view: Any, words: str) -> QPoint | None:
        """The middle of the first cell that is seen of the first row that has those words: as a cell of their own, or else in some cell."""
        return self._in_rows(view, lambda cells: words in cells) or self._in_rows(view, lambda cells: any(words in one for one in cells))

    def _in_rows(self, view: Any, is_meant: Callable[[list[str]], bool]) -> QPoint | None:
        model, below = view.model(), getattr(view, "indexBelow", None)
        index = model.index(0, 0)
        while index.isValid():
            cells, widget = eyes.cells_of(index), view.indexWidget(index)
            if is_meant([*map(eyes.written, cells), *([] if widget is None else eyes.lines(widget))]):
                view.scrollTo(index)
                rects = (view.visualRect(cell) for cell in cells)
                rect = next(one for one in rects if not one.isEmpty())
                return rect.center() if widget is None else rect.center() - QPoint(rect.width() // 6, 0)
            index = below(index) if below is not None else model.index(index.row() + 1, 0)
        return None

    def _scene(self, where: str) -> Any:
        viewer = self._window.viewer
        return {"the fit view": viewer.fit, "the cluster view": viewer.clusters, "the gallery": viewer.gallery}[where]

    def _view(self, where: str) -> Any:
        return self._scene(where).plotter

    def _reads(self, text: str) -> bool:
        return any(text in one for one in eyes.everything())

    def _all(self) -> str:
        """What a step that fails tells, and photographs."""
        self._album.take("failed")
        return "\n".join(eyes.everything())
