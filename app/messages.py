"""How a failure is told: our own errors as their sentence, all else with a report to copy."""

import errno
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

from difffit_app.report import report
from difffit_app.state.session import Session
from difffit_core.errors import FitCancelled, UserError

logger = logging.getLogger(__name__)

_REFUSED = {
    errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EACCES, errno.EPERM, errno.EROFS, errno.EEXIST, errno.ENOTDIR, errno.EISDIR,
    errno.ENAMETOOLONG, errno.ENOENT, errno.EIO, errno.EMFILE, errno.ENFILE,
}  # fmt: skip


Severity = Literal["info", "warning", "error"]


class MessagesView(Protocol):
    """Sentences to the user that interrupt nothing."""

    def show_notice(self, text: str, severity: Severity, details: str = "", *, about: Sequence[str] = (), where: str = "") -> None:
        """Show a sentence until it is dismissed (errors, warnings) or for a while; ``details`` can be copied for a report.

        ``about`` are the ids of what it speaks of, with the first of which to be removed it goes. ``where`` is the title of the panel in
        which it stands too: while that is in front, it is not shown a second time.
        """

    def show_note(self, identifier: str, note: str) -> None:
        """Warn of something about a map or a model that is open; what is so of several is told in one sentence, and goes with them."""

    def show_offer(
        self,
        text: str,
        choices: Mapping[str, Callable[[], object]],
        *,
        about: Sequence[str] = (),
        dismissed: Callable[[], object] | None = None,
    ) -> Callable[[], None]:
        """Show a sentence with a button for each choice, until one is taken or the sentence is ``dismissed``. ``about`` as above.

        What is returned takes it back.
        """

    def show_activity(self, text: str) -> None:
        """Say in the status bar what is going on; empty for nothing."""


def tell(messages: MessagesView, doing: str, error: BaseException) -> None:
    """Show what went wrong while ``doing`` something ("reading map.mrc"), or at no one knows what (an empty string)."""
    if isinstance(error, FitCancelled):
        messages.show_notice("The fit was cancelled before it had found anything.", "info")
    elif isinstance(error, UserError):
        messages.show_notice(str(error), "error")
    elif isinstance(error, OSError) and error.errno in _REFUSED:
        logger.warning("%s: %s", doing, error)
        place = f"{error.filename}: " if error.filename else ""
        messages.show_notice(f"{place}{doing or 'this'} was refused by the system ({error.strerror})", "error")
    elif isinstance(error, MemoryError):
        logger.error("%s: out of memory", doing, exc_info=error)
        messages.show_notice(f"There is not enough memory for {doing or 'this'}.", "error", report(error))
    elif type(error).__name__ == "OutOfMemoryError":  # torch's, which is no MemoryError; torch is not imported to name it
        logger.error("%s: out of GPU memory", doing, exc_info=error)
        messages.show_notice(
            f"The GPU has not enough memory for {doing or 'this'}; choose the CPU in Edit > Preferences, or fewer starts.",
            "error",
            report(error),
        )
    else:
        logger.error("%s failed", doing or "something", exc_info=error)
        during = f" while {doing}" if doing else ""
        messages.show_notice(f"Something went wrong{during}: {type(error).__name__}: {error}", "error", report(error))


def settle_resolution(session: Session, messages: MessagesView, identifier: str, value: float) -> None:
    """Say so, once, where something is computed with a resolution that nobody has said of its map; from then on it is the map's."""
    if session.resolution(identifier) is None:
        name = session.maps[identifier].name
        messages.show_notice(
            f"Nothing says what the resolution of {name} is: {value:g} Å, as the panel has it, is taken from now on.",
            "info",
            about=(identifier,),
        )
        session.set_resolution(identifier, value)
