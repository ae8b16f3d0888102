"""What a user may set about bending a model."""

from typing import Annotated

from difffit_core.settings import Settings, setting


class RefineSettings(Settings):
    """The hyper-parameters of moving pieces about their hinges. The defaults are those that were measured."""

    hinge_starts: Annotated[int, setting("Random starting poses of a piece about its hinges, for each field", ge=10, le=1_000_000)] = 3000
    rounds: Annotated[int, setting("Most pieces that are moved, of each chain", ge=0, le=100)] = 6
