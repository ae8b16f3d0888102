"""Running a fit with a progress bar, so that Ctrl-C keeps what was found."""

from difffit_core.api.progress import cancel_on_interrupt, with_progress
from difffit_core.fit.request import FitRequest, FitResult
from difffit_core.fit.run import run_fit

__all__ = ["cancel_on_interrupt", "run_with_progress", "with_progress"]


def run_with_progress(request: FitRequest) -> FitResult:
    """Run the fit as `with_progress` does."""
    return with_progress(lambda tell, cancel: run_fit(request, tell, cancel))
