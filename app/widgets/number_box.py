"""Boxes for numbers that read a comma as the point it stands for, or not at all, and never as parting thousands."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from difffit_core.number_bounds import LARGEST_FLOAT
from difffit_core.number_words import decimal_number


def plain_locale() -> QLocale:
    """Numbers with a point and nothing between the thousands, whatever the system's language."""
    locale = QLocale.c()
    locale.setNumberOptions(QLocale.NumberOption.OmitGroupSeparator | QLocale.NumberOption.RejectGroupSeparator)
    return locale


def number_of(text: str) -> float | None:
    """The number in a text, with a point or a comma before its decimals; None for what is none, as 1,234.5 is."""
    value = decimal_number(text.replace(",", "."))
    return value if value is not None and abs(value) <= LARGEST_FLOAT else None


class DecimalBox(QDoubleSpinBox):
    """3,5 is 3.5; what has two of these is no number, and gives way to what stood there before one typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.typed = False
        """Whether someone is in the middle of a number here."""
        self._before = self.value()
        _set_up(self)

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        if text != self.specialValueText():
            inner = text.removesuffix(self.suffix())  # in which a comma is one
            text = inner.replace(",", ".") + text[len(inner) :]
            if inner.replace(",", ".").count(".") > 1:
                return QValidator.State.Intermediate, text, pos
        return super().validate(text, pos)

    def fixup(self, text: str) -> str:  # noqa: ARG002 - whatever it is
        return f"{self.prefix()}{self.textFromValue(self._before)}{self.suffix()}"


class WholeBox(QSpinBox):
    """What has a comma or a point is no whole number, and gives way to what stood there before one typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.typed = False
        """Whether someone is in the middle of a number here."""
        self._before = self.value()
        _set_up(self)

    def validate(self, text: str, pos: int) -> tuple[QValidator.State, str, int]:
        inner = text.removeprefix(self.prefix()).removesuffix(self.suffix())
        if text != self.specialValueText() and ("," in inner or "." in inner):
            return QValidator.State.Intermediate, text, pos
        return super().validate(text, pos)

    def fixup(self, text: str) -> str:  # noqa: ARG002 - whatever it is
        return f"{self.prefix()}{self.textFromValue(self._before)}{self.suffix()}"


def _set_up(box: "DecimalBox | WholeBox") -> None:
    """Digits alone; and a number that is typed in part, as the 1 of 1,5, counts as what was there before only once it is done.

    Qt calls a text modified only where the unit behind it was not typed over, too.
    """
    box.setLocale(plain_locale())

    def begin() -> None:
        box.typed = True

    def keep() -> None:
        if not box.typed:
            box._before = box.value()

    def settle() -> None:
        box._before, box.typed = box.value(), False
        box.lineEdit().setModified(False)

    box.lineEdit().textEdited.connect(begin)
    box.valueChanged.connect(keep)
    box.editingFinished.connect(settle)
