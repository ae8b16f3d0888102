"""The input doctor: what may go wrong with a map and a model, said before a fit rather than after."""

from difffit_core.doctor.examine import examine
from difffit_core.doctor.finding import Finding, Severity

__all__ = ["Finding", "Severity", "examine"]
