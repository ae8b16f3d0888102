"""Numbers that are shown with fewer digits than they have."""

from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox

from difffit_app.widgets.quiet import quietly


class ExactValue:
    """What a spin box was set to, to the last digit, until the user sets it to something else."""

    def __init__(self, box: QSpinBox | QDoubleSpinBox) -> None:
        self._box = box
        self._given: float | int | None = None
        self._shown: float | int | None = None

    def show(self, value: float) -> None:
        """Show a value, as far as the box can, and tell whoever listens to the box."""
        self._box.setValue(value)  # type: ignore[arg-type]
        self._keep(value)

    def show_quietly(self, value: float) -> None:
        """Show a value without telling anybody."""
        with quietly(self._box):
            self._box.setValue(value)  # type: ignore[arg-type]
        self._keep(value)

    def value(self) -> float | int:
        """The value that was shown, or what the user made of it."""
        now = self._box.value()
        return self._given if self._given is not None and now == self._shown else now

    def _keep(self, value: float) -> None:
        self._given, self._shown = value, self._box.value()
