"""What a user sets once and for all: kept by Qt, each value checked when it is read."""

import logging
from enum import StrEnum
from typing import Annotated, Any, Literal

from psygnal import Signal
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from PySide6.QtCore import QSettings

from difffit_core.fit.settings import Preset

logger = logging.getLogger(__name__)

_GROUP = "preferences"


class ThemeChoice(StrEnum):
    """Colours of the window."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Preferences(BaseModel):
    """Frozen; ``threads`` None takes all there are."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    device: Literal["auto", "cpu", "cuda", "mps"] = "auto"
    threads: Annotated[int, Field(ge=1, le=1024)] | None = None
    preset: Preset = Preset.BALANCED
    theme: ThemeChoice = ThemeChoice.SYSTEM
    autosave: bool = True
    autosave_minutes: Annotated[int, Field(ge=1, le=120)] = 5


class PreferenceStore:
    """Holds `Preferences`, and keeps what differs from the defaults in ``settings``; ``unkept`` tells once that these cannot be written."""

    changed = Signal(Preferences)
    unkept = Signal(str)

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings
        self.current = _read(settings)
        self._told = False

    def change(self, **changes: Any) -> None:
        """Set some of them; an unknown name or a value out of bounds raises `ValueError`."""
        new = Preferences.model_validate({**self.current.model_dump(), **changes})
        if new == self.current:
            return
        defaults = Preferences()
        for name in changes:
            value = getattr(new, name)
            if value == getattr(defaults, name):
                self._settings.remove(f"{_GROUP}/{name}")
            else:
                self._settings.setValue(f"{_GROUP}/{name}", str(value))
        self._settings.sync()
        self.current = new
        self.changed.emit(new)
        if self._settings.status() is QSettings.Status.AccessError and not self._told:
            self._told = True
            self.unkept.emit(f"{self._settings.fileName()} cannot be written: what was set holds until this window is closed.")


def _read(settings: QSettings) -> Preferences:
    """A value that is none, as after a hand's edit or from another version, is left at its default."""
    good: dict[str, Any] = {}
    for name in Preferences.model_fields:
        if not settings.contains(f"{_GROUP}/{name}"):
            continue
        value = settings.value(f"{_GROUP}/{name}")
        try:
            Preferences.model_validate({name: value})
        except ValidationError:
            logger.warning("the preference %s is ignored: %r is none of its values", name, value)
        else:
            good[name] = value
    return Preferences.model_validate(good)
