"""`difffit fetch` and `difffit cache`, and what a map then carries."""

import gzip
import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gemmi
import pytest

from difffit_core.fetch import client as client_module
from difffit_core.screen.rows import DONE
from difffit_core.screen.store import ScreenStore


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module.Client, "sleep", lambda *_: None)


@pytest.fixture
def full(archives: Any, files: Any) -> Any:
    """The small map and its model as an archive has them, predictions, a proteome and a query's answer."""
    archives.put_map(1001, gzip.decompress(files.map.read_bytes()), 0.3, 8.0)
    archives.files["/rcsb/download/1abc.cif.gz"] = gzip.compress(files.model.read_bytes())
    cif = gzip.compress(files.model.read_bytes())
    for name in ("P12345", "P12346", "P12347"):
        archives.put_prediction(name, files.model.read_bytes())
    archives.found = ["P12345", "P12346", "P12347"]
    models = {f"AF-P{number:05d}-F1-model_v4.cif.gz": cif for number in (1, 2, 3)}
    archives.put_proteome("UP000000625_83333_ECOLI_v4.tar", "Escherichia coli", models)
    return archives


def test_a_map_is_fetched_and_says_its_resolution_and_level(difffit: Callable[..., Any], full: Any, tmp_path: Path) -> None:
    out = tmp_path / "new" / "data"
    done = difffit("fetch", "emd-1001", "1ABC", "--out", out)
    assert done.status == 0, done.err
    assert "emd_1001.map.gz: map of EMD-1001" in done.out
    assert "resolution 8 Å and recommended contour level 0.3" in done.out
    again = difffit("fetch", "1abc", "--out", tmp_path)
    assert "from the cache of 20" in again.out
    words = ("--preset", "fast", "--set", "starts=60", "--set", "steps=10", "--device", "cpu", "--out", tmp_path / "fit")
    fit = difffit("fit", out / "emd_1001.map.gz", out / "1abc.cif.gz", *words)
    assert fit.status == 0, fit.err
    document = json.loads((tmp_path / "fit" / "placements.json").read_text())
    assert (document["settings"]["resolution"], document["settings"]["level"]) == (8.0, 0.3)
    assert "the entry EMD-1001 gives resolution 8 Å" in " ".join(fit.out.split())
    assert "recommended by the entry EMD-1001" in " ".join(fit.out.split())


def test_without_an_entry_the_resolution_is_asked_for(difffit: Callable[..., Any], files: Any, tmp_path: Path) -> None:
    unnamed = shutil.copy(files.map, tmp_path / "unnamed.map.gz")
    done = difffit("quality", unnamed, files.model)
    assert done.status == 2
    assert "resolution must be given" in done.err
    assert len(done.lines) == 1


def test_what_fails_is_said_and_what_came_stays(difffit: Callable[..., Any], full: Any, tmp_path: Path) -> None:
    done = difffit("fetch", "1abc", "2xyz", "--out", tmp_path)
    assert done.status == 1
    assert done.lines[-1] == "difffit: 1 of 2 entries could not be fetched"
    assert (tmp_path / "1abc.cif.gz").exists()
    assert difffit("fetch", "2xyz", "--out", tmp_path).status == 2
    for words in ([], ["nonsense"], ["--reviewed"], ["--list", tmp_path / "absent"], ["1abc", "--mirror", "x"]):
        failed = difffit("fetch", *words)
        assert failed.status == 2, words
        assert len(failed.lines) == 1, failed.err


def test_a_library_from_a_list(difffit: Callable[..., Any], full: Any, tmp_path: Path) -> None:
    listed = tmp_path / "list.tsv"
    listed.write_text("Entry\tReviewed\nP12345\treviewed\n\n# a remark\nAF-P12346-F1\treviewed\nP12345\tagain\n")
    done = difffit("fetch", "--list", listed, "--out", tmp_path / "library", "--no-pae")
    assert done.status == 0, done.err
    assert sorted(path.name for path in (tmp_path / "library").iterdir()) == [
        "AF-P12345-F1-model_v4.cif", "AF-P12346-F1-model_v4.cif",
    ]  # fmt: skip
    listed.write_text("P12345\nnonsense\n")
    assert "list.tsv, line 2: an accession must be like" in difffit("fetch", "--list", listed).err


def test_a_library_from_a_query_is_counted_first(difffit: Callable[..., Any], full: Any, tmp_path: Path) -> None:
    asked = ("fetch", "--organism", "83333", "--gene", "rplA", "--gene", "rplB", "--reviewed")
    done = difffit(*asked, "--count")
    assert done.status == 0
    assert "3 proteins with a model in AlphaFold DB match (organism_id:83333) AND " in done.out
    assert '(gene_exact:"rplA" OR gene_exact:"rplB") AND (reviewed:true) AND (database:alphafolddb)' in done.out
    refused = difffit(*asked, "--out", tmp_path / "q")
    assert refused.status == 2
    assert "--yes" in refused.err
    assert not (tmp_path / "q").exists()
    assert difffit(*asked, "--out", tmp_path / "q", "--yes").status == 0
    assert len(list((tmp_path / "q").glob("*model*.cif"))) == 3
    fewer = difffit(*asked, "--out", tmp_path / "two", "--yes", "--max", "2")
    assert "the first 2 of them" in fewer.out
    assert len(list((tmp_path / "two").glob("*model*.cif"))) == 2


@pytest.mark.parametrize("name", ["UP000000625", "83333", "escherichia coli", "bug"])
def test_a_proteome(difffit: Callable[..., Any], full: Any, tmp_path: Path, name: str) -> None:
    assert "3 models of Escherichia coli" in difffit("fetch", "--proteome", name, "--count").out
    full.spoil("/af/archives/latest/UP000000625_83333_ECOLI_v4.tar", "cut")
    done = difffit("fetch", "--proteome", name, "--yes", "--out", tmp_path / "e")
    assert done.status == 0, done.err
    found = sorted(path.name for path in (tmp_path / "e").iterdir())
    assert found == [f"AF-P0000{number}-F1-model_v4.cif.gz" for number in (1, 2, 3)]
    assert gemmi.read_structure(str(tmp_path / "e" / found[0]))
    assert "no archive of yeti" in difffit("fetch", "--proteome", "yeti").err


def test_a_proteome_never_replaces_a_file_of_the_users(difffit: Callable[..., Any], full: Any, tmp_path: Path) -> None:
    words = ("fetch", "--proteome", "83333", "--yes", "--out", tmp_path)
    assert difffit(*words).status == 0
    before = {path.name: path.stat() for path in tmp_path.iterdir()}
    assert difffit(*words).status == 0  # what is there whole stays
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == {name: one.st_mtime_ns for name, one in before.items()}
    edited = tmp_path / "AF-P00002-F1-model_v4.cif.gz"
    linked = tmp_path / "AF-P00003-F1-model_v4.cif.gz"
    for content in (b"mine", edited.read_bytes()[:-1] + b"x"):  # of another size, and of the same
        edited.write_bytes(content)
        done = difffit(*words)
        assert (done.status, edited.read_bytes()) == (2, content)
        assert f"{edited.name}: another file of that name is there, which is not replaced" in done.lines[-1]
    edited.unlink()
    linked.unlink()
    linked.symlink_to(tmp_path / "nowhere")
    done = difffit(*words)
    assert (done.status, linked.is_symlink()) == (2, True)
    assert linked.name in done.lines[-1]


def test_a_screen_begins_with_accessions(difffit: Callable[..., Any], full: Any, files: Any, tmp_path: Path) -> None:
    library = tmp_path / "library.txt"
    library.write_text("P12345\n# another\nAF-P12346-F1\n" + str(files.model) + "\nP00000\n")
    words = ("--resolution", 8, "--level", 0.3, "--preset", "fast", "--set", "starts=40", "--promising", 0, "--jobs", 1, "--device", "cpu")
    done = difffit("screen", files.map, library, *words, "--out", tmp_path / "s")
    assert done.status == 0, done.err
    assert "AF-P00000-F1 is not in AlphaFold DB" in done.err
    ranking = json.loads((tmp_path / "s" / "ranking.json").read_text())
    names = {Path(one["model"]).name for one in ranking["ranking"]}
    assert names == {"AF-P12345-F1-model_v4.cif", "AF-P12346-F1-model_v4.cif", files.model.name}
    full.files.clear()  # going on needs no archive
    again = difffit("screen", files.map, library, *words, "--out", tmp_path / "s", "--resume")
    assert again.status == 0, again.err


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_screen_from_accessions_killed_while_it_fetches_and_while_it_screens_ends_the_same(
    difffit_process: Callable[..., Any], start_difffit: Any, wait_for: Any, full: Any, files: Any, tmp_path: Path
) -> None:
    library, last = tmp_path / "library.txt", "/af/files/AF-P12347-F1-model_v4.cif"
    library.write_text("P12345\nP12346\nP12347\n" + str(files.model) + "\n")
    words = ("screen", files.map, library, "--resolution", 8, "--level", 0.3, "--preset", "fast", "--set", "starts=40", "--promising", 0)
    words = (*words, "--jobs", 1, "--device", "cpu")

    full.spoil(last, "503", times=1000, value=60)
    fetching = start_difffit(*words, "--out", tmp_path / "s")
    wait_for(lambda: full.count(last) > 0 and full.count(last.replace("12347", "12346")) > 0)
    fetching.kill()
    fetching.wait()
    assert not (tmp_path / "s" / "screen.sqlite").exists()
    full.spoiled.clear()

    def done() -> int:
        with ScreenStore.open(tmp_path / "s" / "screen.sqlite", to_read=True) as store:
            return sum(count for (status, _), count in store.counts().items() if status == DONE)

    screening = start_difffit(*words, "--out", tmp_path / "s")
    wait_for(lambda: screening.poll() is not None or ((tmp_path / "s" / "screen.sqlite").exists() and done() > 0))
    screening.kill()
    screening.wait()
    asked = len(full.asked)
    ended = difffit_process(*words, "--out", tmp_path / "s", "--resume")
    assert ended.status == 0, ended.err
    assert len(full.asked) == asked, "what was fetched is not fetched again"
    whole = difffit_process(*words, "--out", tmp_path / "whole")
    assert whole.status == 0, whole.err
    found, expected = (json.loads((tmp_path / name / "ranking.json").read_text())["ranking"] for name in ("s", "whole"))
    assert len(found) == 4
    assert found == expected


def test_the_cache_is_told_of_and_cleared(difffit: Callable[..., Any], full: Any, tmp_path: Path) -> None:
    assert difffit("cache").out.startswith("0 files, 0.0 MB in ")
    difffit("fetch", "1abc", "P12345", "--out", tmp_path)
    told = difffit("cache").out
    assert "4 files" in told
    assert "1abc.cif.gz" in told
    assert "files removed" in difffit("cache", "--trim", "0").out
    assert difffit("cache", "--clear").status == 0
    assert difffit("cache").out.startswith("0 files")
