"""`difffit screen`: what it writes, to the letter of the contract; kills, resumes, interrupts and bad input."""

import csv
import json
import re
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from screens import forget_settings

from difffit_core.fit.settings import BEFORE
from difffit_core.io.models import read_model
from difffit_core.output import MANIFEST
from difffit_core.screen.rows import DONE
from difffit_core.screen.store import ScreenStore

QUICK = ("--preset", "fast", "--set", "starts=200", "--set", "steps=30", "--split", "chain", "--min-residues", "20", "--device", "cpu")
STORE = "screen.sqlite"


@pytest.fixture(scope="module")
def library(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example's five chains, twice, the second time moved; and a file that is no model."""
    folder = tmp_path_factory.mktemp("models") / "моя library"
    folder.mkdir()
    for name in ("1bd2.pdb.gz", "1bd2_moved.pdb.gz"):
        shutil.copy(repository / "resources" / "example" / name, folder / name)
    (folder / "broken.cif").write_text("Dear sir,\n")
    return folder


@pytest.fixture(scope="module")
def arguments(files: Any, library: Path) -> Callable[..., list[str]]:
    def make(out: Path, *more: str, where: Path | None = None) -> list[str]:
        start = ["screen", str(files.map), str(where or library), "--resolution", "8", "--level", "0.3", "--out", str(out)]
        return [*start, *QUICK, *more]

    return make


@pytest.fixture(scope="module")
def undisturbed(
    arguments: Callable[..., list[str]], difffit_process: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """The folder that a screen on one process leaves, and what it printed."""
    out = tmp_path_factory.mktemp("screens") / "new" / "out"
    ended = difffit_process(*arguments(out, "--jobs", "1", "--save", "3"))
    assert (ended.status, ended.err) == (0, "")
    return out, ended.out


def document(out: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((out / "ranking.json").read_text(encoding="utf-8"))
    read.get("provenance", {}).pop("finished", None)  # the one thing that a repeated screen has of its own
    return read


@pytest.mark.slow
def test_the_ranking_is_as_agreed(undisturbed: tuple[Path, str], library: Path) -> None:
    out, _ = undisturbed
    found = document(out)
    assert found["schema"] == 1
    assert [(Path(one["model"]).name, one["error"].startswith(one["model"])) for one in found["failed"]] == [("broken.cif", True)]
    assert [(Path(one["model"]).name, one["chain"]) for one in found["left_out"]] == [("1bd2.pdb.gz", "C"), ("1bd2_moved.pdb.gz", "C")]
    ranking = found["ranking"]
    assert [one["rank"] for one in ranking] == list(range(1, 9))
    needed = {
        "rank",
        "model",
        "residues",
        "score",
        "local_correlation",
        "z_score",
        "p_value",
        "q_value",
        "significant",
        "rotation",
        "translation",
    }
    assert all(needed <= one.keys() for one in ranking)
    assert all(Path(one["model"]).parent == library for one in ranking)
    assert sorted(one["score"] for one in ranking) == [one["score"] for one in reversed(ranking)]
    for one in ranking:
        rotation = np.array(one["rotation"])
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-6)
        assert np.linalg.det(rotation) > 0
        assert 0 <= one["p_value"] <= one["q_value"] <= 1


@pytest.mark.slow
def test_the_right_chain_is_found_in_either_file_and_placed_right(undisturbed: tuple[Path, str], repository: Path) -> None:
    """The map was made of chain B where the unmoved file has it."""
    best = document(undisturbed[0])["ranking"][:3]
    assert [one["chain"] for one in best[:2]] == ["B", "B"]
    assert [one["significant"] for one in best] == [True, True, False]
    right = read_model(repository / "resources" / "example" / "1bd2.pdb.gz").select_chains(["B"]).fit_coordinates
    for one in best[:2]:
        coordinates = read_model(Path(one["model"])).select_chains(["B"]).fit_coordinates
        placed = coordinates @ np.array(one["rotation"]).T + one["translation"]
        assert np.sqrt(((placed - right) ** 2).sum(axis=1).mean()) < 0.5


@pytest.mark.slow
def test_the_best_are_written_where_they_belong(undisturbed: tuple[Path, str]) -> None:
    out, _ = undisturbed
    hits = sorted(out.glob("hit_*.cif"))
    assert [hit.name.split("_")[1] for hit in hits] == ["001", "002", "003"]
    one = document(out)["ranking"][0]
    expected = read_model(Path(one["model"])).select_chains([one["chain"]]).coordinates @ np.array(one["rotation"]).T + one["translation"]
    written = read_model(hits[0])
    assert written.chains == ("B",)
    np.testing.assert_allclose(written.coordinates, expected, atol=2e-3)


def test_the_same_as_csv(undisturbed: tuple[Path, str]) -> None:
    out, _ = undisturbed
    with open(out / "ranking.csv", newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    ranking = document(out)["ranking"]
    assert [(row["model"], row["chain"]) for row in rows] == [(one["model"], one["chain"]) for one in ranking]
    for row, one in zip(rows, ranking, strict=True):
        assert float(row["q_value"]) == one["q_value"]
        assert float(row["r23"]) == one["rotation"][1][2]
        assert float(row["tz"]) == one["translation"][2]


def test_the_report_needs_no_other_file(undisturbed: tuple[Path, str]) -> None:
    text = (undisturbed[0] / "report.html").read_text(encoding="utf-8")
    assert "1bd2:B" in text
    assert "<svg" in text
    assert "broken" in text
    assert not re.search(r"(src|href)=|https?://|@import|<script src", text)
    assert "<div class='view'><canvas" in text


def test_what_is_printed(undisturbed: tuple[Path, str]) -> None:
    printed = undisturbed[1]
    assert "2 of 8 models are significant" in printed
    assert "1 could not be tried, for one broken" in printed
    assert "2 left out, for one 1bd2:C: 9 residues, fewer than 20" in printed
    assert f"written to {undisturbed[0]}: hit_001_" in printed


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_killed_and_resumed_the_ranking_is_the_same(
    arguments: Callable[..., list[str]],
    undisturbed: tuple[Path, str],
    start_difffit: Any,
    difffit_process: Any,
    wait_for: Any,
    tmp_path: Path,
) -> None:
    """Killed after the second, the fourth and the sixth model, on two processes, and resumed."""
    out = tmp_path / "out"

    def done() -> int:
        if not (out / STORE).exists():
            return 0
        with ScreenStore.open(out / STORE, to_read=True) as store:
            return sum(count for (status, _), count in store.counts().items() if status == DONE)

    for finished in (2, 4, 6):
        process = start_difffit(*arguments(out, "--jobs", "2", "--resume"))
        wait_for(lambda enough=finished, process=process: process.poll() is not None or done() >= enough)
        process.send_signal(signal.SIGKILL)
        process.wait()
    before = done()
    ended = difffit_process(*arguments(out, "--jobs", "2", "--resume"))
    assert (ended.status, ended.err) == (0, "")
    assert before >= 6
    expected, found = document(undisturbed[0]), document(out)
    for name in ("ranking", "failed", "left_out"):
        assert found[name] == expected[name]


def test_a_finished_screen_resumed_repeats_nothing(
    arguments: Callable[..., list[str]], undisturbed: tuple[Path, str], difffit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from difffit_core.screen.trial import Screener

    out = tmp_path / "out"
    shutil.copytree(undisturbed[0], out)

    def refuse(*_: object) -> None:
        raise AssertionError("a model was tried again")

    monkeypatch.setattr(Screener, "run", refuse)
    ended = difffit(*arguments(out, "--jobs", "1", "--resume", "--save", "1"))
    assert (ended.status, ended.err) == (0, "")
    assert document(out) == document(undisturbed[0])
    assert [path.name[:7] for path in out.glob("hit_*")] == ["hit_001"]


def test_a_screen_of_0_1_0_resumed_repeats_nothing_and_its_ranking_comes_beside(
    arguments: Callable[..., list[str]], undisturbed: tuple[Path, str], difffit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    """That version knew fewer settings, and wrote no manifest."""
    from difffit_core.screen.trial import Screener

    out = tmp_path / "out"
    shutil.copytree(undisturbed[0], out)
    (out / MANIFEST).unlink()
    forget_settings(out / STORE, *BEFORE)
    before = {path.name: path.read_bytes() for path in out.glob("*.[cj]*")}
    monkeypatch.delattr(Screener, "run")  # nothing is tried again
    ended = difffit(*arguments(out, "--jobs", "1", "--resume", "--save", "1"))
    assert ended.status == 0
    assert "goes on as that computed: finest_detail 0" in caplog.text
    assert f"the results are in {tmp_path / 'out-2'}" in caplog.text
    assert {name: (out / name).read_bytes() for name in before} == before
    assert document(tmp_path / "out-2")["ranking"] == document(out)["ranking"]


@pytest.mark.skipif(sys.platform == "win32", reason="this system has no such signal")
def test_ctrl_c_writes_the_ranking_up_to_then(
    arguments: Callable[..., list[str]], difffit: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from difffit_core.screen.outcome import Outcome, Task
    from difffit_core.screen.trial import Screener

    run, times = Screener.run, []

    def interrupted(self: Screener, task: Task, cancel: Any = None) -> Outcome:
        times.append(time.monotonic())
        if len(times) == 6:
            signal.raise_signal(signal.SIGINT)
        return run(self, task, cancel)

    monkeypatch.setattr(Screener, "run", interrupted)
    ended = difffit(*arguments(tmp_path / "out", "--jobs", "1"))
    assert ended.status == 130
    assert "Stopped early" in ended.out
    found = document(tmp_path / "out")
    assert found["waiting"] > 0
    assert 0 < len(found["ranking"]) < 8


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--min-residues", "9", "--max-residues", "8"], "residues must be from the fewer to the more, got 9 to 8"),
        (["--min-plddt", "101"], "min_plddt must lie between 0 and 100, got 101"),
        (["--promising", "2"], "promising must lie between 0 and 1, got 2"),
        (["--jobs", "0"], "greater than or equal to 1, got 0"),
        (["--level", "7"], "level must lie below the map's maximum"),
        (["--split", "fold"], "must be one of none, chain, domain, got fold"),
        (["--scheduler", "nonsense"], "scheduler must be slurm or the address of a Dask scheduler, as in tls://HOST:8786, got nonsense"),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_bad_input_ends_in_a_sentence_and_leaves_no_folder(
    arguments: Callable[..., list[str]], difffit: Any, tmp_path: Path, more: list[str], said: str
) -> None:
    ended = difffit(*arguments(tmp_path / "out", *more))
    assert ended.status == 2
    assert len(ended.lines) == 1
    assert said in ended.err
    assert not (tmp_path / "out").exists()


def test_libraries_that_are_none(arguments: Callable[..., list[str]], difffit: Any, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for where, said in ((tmp_path / "nowhere", "no such folder or file of a library"), (tmp_path / "empty", "got none")):
        ended = difffit(*arguments(tmp_path / "out", where=where))
        assert (ended.status, len(ended.lines)) == (2, 1)
        assert said in ended.err
        assert not (tmp_path / "out").exists()


def test_a_screen_is_neither_overwritten_nor_gone_on_with_otherwise(
    arguments: Callable[..., list[str]], undisturbed: tuple[Path, str], difffit: Any
) -> None:
    out, before = undisturbed[0], document(undisturbed[0])
    for more, said in (([], "--resume goes on with it"), (["--resume", "--seed", "5"], "seed is 5 here and 0 there")):
        ended = difffit(*arguments(out, *more))
        assert (ended.status, len(ended.lines)) == (2, 1)
        assert said in ended.err
    assert document(out) == before
