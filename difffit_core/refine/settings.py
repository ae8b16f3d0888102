"""What a user may set about bending a model."""

from typing import Annotated, Literal

from difffit_core.settings import Settings, setting


class RefineSettings(Settings):
    """How a model is bent. The defaults are those that were measured."""

    start: Annotated[
        Literal["auto", "here", "fit"],
        setting(
            "Where to begin: where the model stands if it lies in its density (auto), there in any case (here), or by a fit", basic=True
        ),
    ] = "auto"
    search: Annotated[bool, setting("Search a place for pieces that do not fit where they are, turned about their hinges", basic=True)] = (
        True
    )
    rigid_bodies_only: Annotated[bool, setting("Move pieces as rigid bodies and leave it at that", basic=True)] = False
    alike: Annotated[bool, setting("Bend chains that are copies of one another alike, each where it stands", basic=True)] = False
    stiffness: Annotated[
        float,
        setting(
            "What holds neighbouring atoms together; 0 leaves the choice to density that bending does not see", ge=0, le=100, basic=True
        ),
    ] = 0.0
    hinge_starts: Annotated[int, setting("Random starting poses of a piece about its hinges, for each field", ge=10, le=1_000_000)] = 3000
    rounds: Annotated[int, setting("Most pieces that are moved, of each chain", ge=0, le=100)] = 6
    free_from: Annotated[
        float, setting("Bending is judged by detail finer than this many times the resolution, which it does not see", ge=1.1, le=3)
    ] = 1.4
    trial_steps: Annotated[int, setting("Steps at each scale while ways of bending are compared", ge=10, le=10_000)] = 300
    steps: Annotated[int, setting("Most steps at each scale of the final bending", ge=10, le=10_000)] = 900
    bends: Annotated[int, setting("Most times that a model is bent, anew from where the last time left it", ge=1, le=20)] = 4
