"""The guide's tour of seven journeys: its pictures are there, small, and such as the journeys take."""

import re
import subprocess
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image


@pytest.fixture
def pictures(repository: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(repository / "packaging")
    import journey_pictures

    return journey_pictures


def test_the_page_shows_what_is_made(pictures: ModuleType, repository: Path) -> None:
    guide = repository / "resources" / "help"
    made = [pictures.picture_of(journey, title) for journey, titles in pictures.CHOSEN.items() for title in titles]
    shown = re.findall(r'src="pictures/([^"]+)"', (guide / "journeys.md").read_text(encoding="utf-8"))
    assert sorted(shown) == sorted(made)
    assert sorted(path.name for path in (guide / "pictures").glob("journey_*")) == sorted(made)
    for name in made:
        assert (guide / "pictures" / name).stat().st_size <= pictures.LARGEST
        with Image.open(guide / "pictures" / name) as picture:
            assert picture.size == (1280, 800)
    assert "(journeys.md)" in (guide / "start.md").read_text(encoding="utf-8")
    assert "- journeys.md" in (repository / "mkdocs.yml").read_text(encoding="utf-8")


def test_the_journeys_take_them(pictures: ModuleType, repository: Path) -> None:
    folder = repository / "tests" / "journeys"
    walked = {path.stem.removeprefix("test_") for path in folder.glob("test_*.py")} - {"first_fit"}
    assert set(pictures.CHOSEN) == walked
    for journey, titles in pictures.CHOSEN.items():
        text = (folder / f"test_{journey}.py").read_text(encoding="utf-8")
        for title in titles:
            assert f'photographs("{title}")' in text, f"{title} of {journey}"


def test_a_picture_is_made_small_and_a_journey_that_fails_leaves_those_that_are(
    pictures: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pictures, "PICTURES", tmp_path)
    walked: list[list[str]] = []

    def walk(words: list[str], **more: object) -> subprocess.CompletedProcess[str]:
        walked.append(words)
        album = Path(more["env"]["DIFFFIT_ALBUM"])  # type: ignore[index]
        failing = words[-1].endswith("test_groel.py")
        if words[-1].endswith("test_rounds.py"):
            for number, title in enumerate(("zeroing out", "after undo", "branched"), 1):
                Image.effect_noise((320, 200), 40 * number).convert("RGB").save(album / f"rounds_{number}_{title.replace(' ', '_')}.png")
        return subprocess.CompletedProcess(words, int(failing), "", "")

    monkeypatch.setattr(pictures.subprocess, "run", walk)
    assert pictures.main(["rounds", "screen"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journey_rounds_branched.png", "journey_rounds_zeroing_out.png"]
    assert [words[-1] for words in walked] == ["tests/journeys/test_rounds.py", "tests/journeys/test_screen.py"]
    assert "journey_screen_ranked.png is as it was" in capsys.readouterr().out
    with pytest.raises(pictures.SetupError, match="groel did not come to its end"):
        pictures.main(["groel"])
    with pytest.raises(pictures.SetupError, match="no journey zebra; there are one_fit, rounds"):
        pictures.main(["zebra"])
    monkeypatch.setattr(pictures, "LARGEST", 1000)
    with pytest.raises(pictures.SetupError, match="even with 64 colours; at most 1000"):
        pictures.main(["rounds"])
