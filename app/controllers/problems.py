"""How a failure is told: our own errors as their sentence, all else with a report to copy."""

import logging
import traceback

from difffit_app.views.base import MessagesView
from difffit_core.errors import FitCancelled, UserError

logger = logging.getLogger(__name__)


def tell(messages: MessagesView, doing: str, error: BaseException) -> None:
    """Show what went wrong while ``doing`` something ("reading map.mrc")."""
    if isinstance(error, FitCancelled):
        messages.show_notice("The fit was cancelled before it had found anything.", "info")
    elif isinstance(error, UserError):
        messages.show_notice(str(error), "error")
    elif isinstance(error, MemoryError):
        messages.show_notice(f"There is not enough memory for {doing}.", "error", report(error))
    else:
        logger.error("%s failed", doing, exc_info=error)
        messages.show_notice(f"Something went wrong while {doing}: {type(error).__name__}: {error}", "error", report(error))


def report(error: BaseException) -> str:
    """The traceback, for an error report."""
    return "".join(traceback.format_exception(error))
