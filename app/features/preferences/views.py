"""What the controller asks of the dialog."""

from collections.abc import Sequence
from typing import Protocol

from difffit_app.preferences import Preferences
from difffit_core.device import Device


class PreferencesView(Protocol):
    """Where the preferences are shown and changed."""

    def ask(self, preferences: Preferences) -> None: ...

    def show_devices(self, devices: Sequence[Device]) -> None: ...

    def show_kept_code(self, text: str, *, can_clear: bool) -> None: ...
