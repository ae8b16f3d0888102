"""What the reader of a map had to decide."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class MapNote:
    """``topic``, a word or two; ``sentence``, what was found and done; ``severity`` 'warning' where the decision may be wrong."""

    topic: str
    sentence: str
    severity: Literal["warning", "note"] = "warning"
