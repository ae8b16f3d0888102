"""Numbers that are none, or have no end, in what is typed: a sentence, and a state that can be saved."""

import pytest

from difffit_app.application import Application
from difffit_app.state.project.view import view_of
from difffit_core.errors import UserError

MANY = "9" * 5000
STRANGE = ("nan", "inf", "-inf", "1e400", "1e300", "9" * 60, MANY, "4,5", "1 000", "0x10", "−5", "²", "½", "five", "1_0", "５", "٥")
LINES = (
    "placement {}", "placement 1 fit {}", "rows {}", "rows 1 {}", "accept {}", "accept 1,{}", "remove-fit fit {}",
    "filter where z_score>={}", "resolution #1 {}", "level #1 {}", "level #1 {}sigma", "style #1 level {}", "style #1 step {}",
    "style #1 slices {},1,1", "style #1 opacity {}", "style #1 smallest-island {}", "only placement {}", "view placement {}",
    "show #2/A:1-{}", "select #2/A:{}", "zero-out threshold {}", "cut-away {}", "sphere 1 1 1 {}", "place #2 {},0,0",
    "fit #1 #2 resolution {}", "fit #1 #2 resolution 4 threads {}", "map #1 low-pass {}", "refine #1 #2 resolution {}",
    "compose #1 #2 threshold {}", "compose #1 #2:{} resolution 4", "split #2 cutoff {}", "models #2 {}",
)  # fmt: skip
ALLOWED = {("style #1 slices {},1,1", "1 000"), ("show #2/A:1-{}", "4,5"), ("select #2/A:{}", "4,5")}
"""What is a right thing to say, of other numbers: residues 4 and 5."""


def test_what_is_no_number_is_refused_in_a_sentence(fitted: Application) -> None:
    before, taken = fitted.history.stack.index(), []
    for line in LINES:
        for strange in STRANGE:
            if (line, strange) in ALLOWED:
                continue
            try:
                fitted.commands.run(line.replace("{}", strange))
            except UserError:
                continue
            taken.append((line, strange[:20]))
    assert taken == []
    assert fitted.history.stack.index() == before
    view_of(fitted.session, fitted.view_state, fitted.window.viewer)


def test_slices_lie_within_the_map(fitted: Application) -> None:
    name, item = next(iter(fitted.session.maps.items()))
    x, y, z = item.density.shape_xyz.tolist()
    fitted.commands.run(f"style #1 slices {x - 1},{y - 1},{z - 1}")
    before = fitted.view_state.maps[name]
    assert before.slices == (x - 1, y - 1, z - 1)
    for numbers in (f"{x},0,0", f"0,{y},0", f"0,0,{z}", "900000,0,0"):
        with pytest.raises(UserError, match=rf"0 to {x - 1} along x, 0 to {y - 1} along y, 0 to {z - 1} along z, got {numbers}$"):
            fitted.commands.run(f"style #1 slices {numbers}")
    assert fitted.view_state.maps[name] == before


NOTHING = (
    'show ""', 'fetch ""', "fetch", 'fetch ","', 'select ""', 'only ""', 'view ""', 'save ""', 'open ""', 'fit #2 in ""', 'colour #1 ""',
)  # fmt: skip


def test_nothing_given_is_said(fitted: Application) -> None:
    for line in NOTHING:
        with pytest.raises(UserError, match=r"got (an empty text|none)$"):
            fitted.commands.run(line)


def test_a_page_of_digits_is_not_said_again(fitted: Application) -> None:
    panel = fitted.window.panels["Command Line"]
    panel.edit.setText(f"fit #1 #2 seed {MANY}")
    panel.edit.returnPressed.emit()
    assert "5000 characters" in panel.log.toPlainText().splitlines()[-1]
