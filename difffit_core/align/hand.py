"""The hands of a map: as it is, or mirrored."""

from typing import Literal

Hand = Literal["same", "mirrored"]
HandChoice = Literal["both", "same", "mirrored"]
