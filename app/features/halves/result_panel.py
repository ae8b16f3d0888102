"""What two half maps say: sentences beside their Fourier shell correlation."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from difffit_app.widgets.told_panel import ToldPanel

if TYPE_CHECKING:
    from difffit_core.halves.run import HalvesResult

_NOTHING = "No half maps were read yet. Map > Half Maps reads two."


class HalvesResultPanel(ToldPanel):
    """Shows what it is told of by `show_result`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_NOTHING, "Fourier shell correlation of the half maps", (420, 520), parent=parent)

    def show_result(self, result: "HalvesResult | None") -> None:
        """Show what was read; None for nothing."""
        if result is None:
            self.tell(())
            self.plot.show_curves(())
            return
        curves = result.curves
        notes = [*result.halves.notes, *result.warnings]
        self.tell([result.name, *(f"{line[:1].upper()}{line[1:]}." for line in result.lines()), *notes])
        named = (("corrected", curves.corrected), ("masked", curves.masked), ("unmasked", curves.unmasked), ("random", curves.randomised))
        self.plot.show_curves([(name, one.frequency, one.correlation) for name, one in named])
