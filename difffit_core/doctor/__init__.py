"""The input doctor: what may go wrong with a map and a model, or with a project, said before a fit rather than after."""

from difffit_core.doctor.examine import examine
from difffit_core.doctor.finding import Finding, Severity
from difffit_core.doctor.project import examine_project

__all__ = ["Finding", "Severity", "examine", "examine_project"]
