"""How far an assembly is: through screens, small parts, placing together and bending, and never back."""

from difffit_core.assemble.progress import AssemblyProgress
from difffit_core.fit.request import FitProgress
from difffit_core.screen.request import ScreenProgress


def test_it_goes_on_through_every_stage_and_never_back() -> None:
    told: list[FitProgress] = []
    progress = AssemblyProgress(told.append, bends=True)
    for number in (1, 2, 3):
        screen = progress.screening(number)
        for stage in ("first pass", "full search"):
            for done in (0, 5, 10):
                screen(ScreenProgress(stage, done, 10, 0, 0, 3.0))
        for part in (1, 2):
            for done in (0, 50, 100):
                progress.pieces("helix", part, done, 100)
        screen(ScreenProgress("full search", 1, 10, 0, 0, None))  # what is small is searched in full
        for share in (0.0, 0.5, 1.0):
            progress.composing(FitProgress("helix in the map", share, 150.0))
    for share in (0.0, 1.0):
        progress.bending("bending helix", share)
    shares = [one.fraction for one in told]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert 0.55 < told[-3].fraction < 0.7 == told[-2].fraction
    assert told[-1].fraction == 0.99
    assert "placing together: helix in the map, 2 min left of this stage" in [one.stage for one in told]
    assert "is helix more than chance? pieces of others of its size, 50 of 100" in [one.stage for one in told]
    pieces = [one.fraction for one in told if "pieces" in one.stage][:6]
    assert len(set(pieces)) >= 5
    assert told[1].stage == "screening the map: first pass, 5 of 10, 3 s left of this stage"
    assert {one.remaining_s for one in told} == {None}, "nobody knows what is left of the whole"


def test_nobody_needs_to_be_told() -> None:
    AssemblyProgress(None, bends=False).pieces("helix", 1, 1, 2)
