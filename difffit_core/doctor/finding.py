"""One finding of the input doctor."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "note", "ok"]


@dataclass(frozen=True)
class Finding:
    """What was looked at and what came of it.

    Attributes
    ----------
    severity : 'error' stops a fit, 'warning' may spoil it, 'note' is worth knowing, 'ok' was checked and is well
    topic : what was looked at, a word or two
    sentence : what was found and, unless well, what to do
    """

    severity: Severity
    topic: str
    sentence: str
