"""Following psygnal events for as long as a widget lives."""

from collections.abc import Callable
from typing import Any

from psygnal import SignalInstance


class Subscriptions:
    """Connects slots, and disconnects all of them at once."""

    def __init__(self) -> None:
        self._made: list[tuple[SignalInstance, Callable[..., Any]]] = []

    def add(self, signal: SignalInstance, slot: Callable[..., Any]) -> None:
        signal.connect(slot)
        self._made.append((signal, slot))

    def end(self) -> None:
        for signal, slot in self._made:
            signal.disconnect(slot, missing_ok=True)
        self._made.clear()
