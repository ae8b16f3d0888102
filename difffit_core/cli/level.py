"""The option ``--level``: a number, or auto."""

from difffit_core.api.level import choose_level, evidence_of, number_of

__all__ = ["choose_level", "evidence_of", "number_or_auto"]


def number_or_auto(text: str) -> float | None:
    """The level that was given, or None for auto; `UserError` for anything else."""
    try:
        return float(text)
    except ValueError:
        return number_of(text)
