"""What the window tells of an assembly in which nothing could be placed: what was tried, and what there is in the map, and where."""

from dataclasses import replace

import numpy as np
import pytest

from difffit_app.features.assemble.telling import decisions_of, summary_of
from difffit_core.assemble.result import AssembleResult, Screened, Untried
from difffit_core.compose.request import ComposeRequest
from difffit_core.compose.run import run_compose
from difffit_core.density_map import DensityMap
from difffit_core.target import Target


@pytest.fixture
def nothing() -> AssembleResult:
    """A map of two blobs of which no model of a folder was found."""
    z, y, x = np.indices((30, 30, 60), np.float32)
    large = np.exp(-((x - 15) ** 2 + (y - 15) ** 2 + (z - 15) ** 2) / 40)
    small = np.exp(-((x - 45) ** 2 + (y - 15) ** 2 + (z - 15) ** 2) / 20)
    density_map = DensityMap((large + small).astype(np.float32), np.full(3, 2.0), np.array([10.0, 0.0, 0.0]))
    asked = ComposeRequest(Target(density_map, 6.0, 0.3), (), device="cpu")
    untried = Untried("models/broken.cif", "", "it is empty", failed=True)
    screens = (Screened(2, 1, 0, 0, (untried,)),)
    return AssembleResult((), asked, run_compose(asked), (), (), screens, (), ("a note",), {"screen_s": 1.0}, False)


def test_what_is_left_is_told_where_nothing_stands_out(nothing: AssembleResult) -> None:
    summary = summary_of(nothing)
    first, second = nothing.composite.residual.islands
    assert first.volume > second.volume
    assert summary.startswith("None of 2 models stands out in the map, so that nothing was placed  ·  all of the density is left: ")
    assert f"{first.volume + second.volume:.0f} Å³" in summary
    assert "at 40, 30, 30" in summary
    told = {one.text: [then.text for then in one.then] for one in decisions_of(nothing)}
    assert told["Screen of the map: 0 of 2 stand out, 1 could not be tried"] == ["broken.cif: not tried, it is empty"]
    assert "Nothing was placed" in told
    (pieces,) = [then for text, then in told.items() if text.startswith("All of the density is left")]
    assert [piece.partition(" at ")[2].partition(", apart")[0] for piece in pieces] == ["40, 30, 30", "100, 30, 30"]


def test_a_stop_before_anything_was_placed_is_no_finding(nothing: AssembleResult) -> None:
    stopped = replace(nothing, screens=(), cancelled=True)
    assert summary_of(stopped).startswith("Stopped before anything was placed  ·  all of the density is left: ")
