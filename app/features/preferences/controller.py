"""Looking at the preferences and changing them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from difffit_app.desk import Desk
from difffit_app.features.preferences.views import PreferencesView
from difffit_app.workers.lane import Context, Job
from difffit_core.device import describe_devices

if TYPE_CHECKING:
    from difffit_core.ops.compiled import KeptCode


class PreferencesController:
    """Looks round on the machine off the GUI thread, because numba and perhaps torch have to be asked."""

    def __init__(self, desk: Desk, view: PreferencesView) -> None:
        self._store, self._jobs, self._messages, self._view = desk.preferences, desk.jobs, desk.messages, view

    def show(self) -> None:
        """Open the dialog; what the machine has is filled in as it becomes known."""
        self._view.ask(self._store.current)
        self._jobs.read(Job("looking for devices", lambda _: describe_devices(), self._view.show_devices))
        self._jobs.read(Job("looking for compiled code", _look, self._show_kept_code))

    def apply(self, values: Mapping[str, object]) -> None:
        """Keep what was chosen."""
        self._store.change(**values)

    def clear_kept_code(self) -> None:
        """Remove the compiled code from the disk."""
        self._jobs.read(Job("clearing compiled code", _clear, self._show_kept_code))

    def _show_kept_code(self, kept: "KeptCode") -> None:
        where = "\n".join(str(folder) for folder in kept.folders) or "The disk keeps none: no folder for it can be written."
        size = f"{kept.size / 1e6:.1f} MB in {kept.count} files\n" if kept.folders else ""
        self._view.show_kept_code(size + where, can_clear=kept.count > 0)


def _look(_: Context) -> "KeptCode":
    import difffit_core.fit.run  # noqa: F401 - brings in all that is compiled for a fit
    from difffit_core.ops.compiled import kept_code

    return kept_code()


def _clear(_: Context) -> "KeptCode":
    from difffit_core.ops.compiled import clear_kept_code
    from difffit_core.warm_up import forget

    forget()
    return clear_kept_code()
