"""Fetching from archives that behave, and that do not."""

import gzip
import json
import re
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import FitCancelled, UserError
from difffit_core.fetch import client as client_module
from difffit_core.fetch.accession import parse_accession
from difffit_core.fetch.cache import Cache
from difffit_core.fetch.run import Fetched, FetchOptions, FetchProgress, fetch_entries
from difffit_core.fetch.sources import Access, access_from
from difffit_core.io.maps import read_map, write_map

CIF = b"data_x\nloop_\n_atom_site.id\n_atom_site.Cartn_x\n1 0.5\n2 1.5\n#\n"
MAP = "/emdb/structures/EMD-1001/map/emd_1001.map.gz"
ENTRY = "/rcsb/download/1abc.cif.gz"


@pytest.fixture(scope="module")
def map_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("map") / "a.mrc"
    values = np.random.default_rng(0).normal(size=(40, 41, 42)).astype(np.float32)
    write_map(path, DensityMap(values, np.full(3, 1.5), np.zeros(3)))
    return path.read_bytes()


@pytest.fixture
def full(archives: Any, map_bytes: bytes) -> Any:
    """Two maps, two entries and two predictions."""
    archives.put_map(1001, map_bytes, 0.25, 3.5, models=("1abc",))
    archives.put_map(1002, map_bytes, 0.5, 4.5, halves=0)
    archives.files[ENTRY] = gzip.compress(CIF)
    archives.files["/rcsb/download/1abc-assembly2.cif.gz"] = gzip.compress(CIF)
    archives.put_prediction("P12345", CIF)
    archives.put_prediction("Q99999", CIF, fragments=2, errors=False, version=6)
    return archives


@pytest.fixture
def get(full: Any, tmp_path: Path) -> Callable[..., Fetched]:
    """Fetch these into the folder ``out``, with little patience."""

    def fetch(*words: str, out: Path | None = tmp_path / "out", options: FetchOptions | None = None, **changes: Any) -> Fetched:
        told = {name: changes.pop(name) for name in ("on_progress", "cancel", "cache") if name in changes}
        access = replace(access_from(), patience_s=5.0, **changes)
        return fetch_entries([parse_accession(word) for word in words], out, access, options, **told)

    return fetch


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Waits are noted, and not waited."""
    waited: list[float] = []
    monkeypatch.setattr(client_module.Client, "sleep", lambda _, seconds: waited.append(seconds) if seconds > 0 else None)
    return waited


def only(found: Fetched) -> str:
    assert found.files == ()
    ((_, sentence),) = found.failures
    return sentence


def test_a_map_with_its_half_maps_and_what_its_entry_says(get: Callable[..., Fetched], tmp_path: Path, map_bytes: bytes) -> None:
    found = get("emd_1001", "EMD-1002")
    assert found.failures == ()
    assert [file.path.name for file in found.files] == [
        "emd_1001.map.gz", "emd_1001.entry.json", "emd_1001_half_map_1.map.gz", "emd_1001_half_map_2.map.gz",
        "emd_1002.map.gz", "emd_1002.entry.json",
    ]  # fmt: skip
    assert "EMD-1002 has no half maps" in found.notes
    first, second = (read_map(tmp_path / "out" / f"emd_{number}.map.gz") for number in (1001, 1002))
    assert (first.entry.level, first.entry.resolution, first.entry.models) == (0.25, 3.5, ("1ABC",))
    assert (second.entry.level, second.entry.resolution) == (0.5, 4.5)
    assert any("EMD-1001 gives resolution 3.5 Å and recommended contour level 0.25" in note for note in first.notes)
    plain = tmp_path / "out" / "emd_1001.map"  # unpacked by hand it is still that map
    plain.write_bytes(map_bytes)
    assert read_map(plain).entry == first.entry


def test_what_is_beside_another_map_of_that_name_does_not_count(get: Callable[..., Fetched], tmp_path: Path) -> None:
    get("EMD-1001")
    path = tmp_path / "out" / "emd_1001.map.gz"
    other = read_map(path)
    write_map(path, DensityMap(other.values * 2, other.voxel_size, other.origin))
    read = read_map(path)
    assert read.entry is None
    assert any("was written for another map" in note for note in read.notes)
    (tmp_path / "out" / "emd_1001.entry.json").write_text("{")
    assert any("cannot be read" in note for note in read_map(path).notes)
    assert other.rescaled(1.1).entry is None


def test_an_entry_that_the_user_has_changed_stays(get: Callable[..., Fetched], tmp_path: Path) -> None:
    get("EMD-1001", "EMD-1002")
    mine, other = (tmp_path / "out" / f"emd_{number}.entry.json" for number in (1001, 1002))
    told = json.loads(mine.read_text())
    mine.write_text(json.dumps({**told, "level": 0.123}))
    before = other.read_text()
    found = get("EMD-1001", "EMD-1002")
    assert json.loads(mine.read_text())["level"] == 0.123
    assert [note for note in found.notes if "stays; move it away" in note] == [
        f"{mine}: was changed after it was fetched, and stays; move it away to have what the archive says"
    ]
    assert other.read_text() == before
    entry = read_map(tmp_path / "out" / "emd_1001.map.gz").entry
    assert entry is not None
    assert entry.level == 0.123
    mine.unlink()
    get("EMD-1001")
    assert json.loads(mine.read_text()) == told


def test_models_and_predictions(get: Callable[..., Fetched], tmp_path: Path) -> None:
    found = get("1abc", "1ABC-assembly2", "P12345", "AF-Q99999-F2", "q99999")
    assert found.failures == ()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "1abc-assembly2.cif.gz", "1abc.cif.gz", "AF-P12345-F1-model_v4.cif", "AF-P12345-F1-predicted_aligned_error_v4.json",
        "AF-Q99999-F1-model_v6.cif", "AF-Q99999-F2-model_v6.cif",
    ]  # fmt: skip
    assert "AF-Q99999-F2 has no predicted aligned errors in AlphaFold DB" in found.notes


def test_without_what_is_not_wanted(get: Callable[..., Fetched]) -> None:
    found = get("EMD-1001", "P12345", options=FetchOptions(half_maps=False, errors=False))
    assert {file.kind for file in found.files} == {"map", "map entry", "prediction"}


def test_the_second_time_comes_from_the_cache_even_offline(get: Callable[..., Fetched], full: Any, tmp_path: Path) -> None:
    first = get("EMD-1001", "P12345", "1abc")
    asked = len(full.asked)
    again = get("EMD-1001", "P12345", "1abc", out=tmp_path / "other", mirrors={"emdb": ("http://127.0.0.1:9",)}, only_mirrors=True)
    assert len(full.asked) == asked
    assert [file.sha256 for file in again.files if file.kind != "map entry"] == [
        file.sha256 for file in first.files if file.kind != "map entry"
    ]
    assert not any(file.fresh for file in again.files if file.kind != "map entry")
    fresh = get("1abc", options=FetchOptions(again=True))
    assert fresh.files[0].fresh


def test_files_of_that_name_stay(get: Callable[..., Fetched], tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    target = tmp_path / "out" / "1abc.cif.gz"
    target.write_bytes(b"mine")
    with pytest.raises(UserError, match="another file of that name is there"):
        get("1abc")
    assert target.read_bytes() == b"mine"
    target.unlink()
    get("1abc")
    assert gzip.decompress(target.read_bytes()) == CIF
    get("1abc")  # the same is there


def test_the_description_comes_from_the_archive_where_the_service_is_down(get: Callable[..., Fetched], full: Any, tmp_path: Path) -> None:
    del full.files["/emdb/api/entry/EMD-1001"]
    full.put_header(1001, 0.125, 2.75)
    found = get("EMD-1001")
    assert [file.kind for file in found.files] == ["map", "map entry", "half map", "half map"]
    entry = read_map(tmp_path / "out" / "emd_1001.map.gz").entry
    assert (entry.level, entry.resolution, entry.models) == (0.125, 2.75, ("9ABC",))


def test_what_is_not_there_keeps_nothing_else_from_coming(get: Callable[..., Fetched]) -> None:
    found = get("EMD-9999", "1abc", "2xyz", "P00000", "Q99999-2")
    assert [name for name, _ in found.failures] == ["EMD-9999", "2XYZ", "AF-P00000-F1", "AF-Q99999-2-F1"]
    assert [file.path.name for file in found.files] == ["1abc.cif.gz"]
    assert "EMD-9999 is not in EMDB" in found.failures[0][1]
    assert "has no 2xyz.cif.gz" in found.failures[1][1]


def test_redirects_are_followed(get: Callable[..., Fetched], full: Any) -> None:
    full.files["/elsewhere/1abc.cif.gz"] = full.files[ENTRY]
    full.spoil(ENTRY, "redirect", value="/elsewhere/1abc.cif.gz")
    assert get("1abc").failures == ()
    full.spoil("/rcsb/download/1abc-assembly2.cif.gz", "redirect", 99, "/rcsb/download/1abc-assembly2.cif.gz")
    assert "leads round in circles" in only(get("1abc-assembly2"))


def test_it_waits_as_long_as_it_is_asked_to(get: Callable[..., Fetched], full: Any, no_waiting: list[float]) -> None:
    full.spoil(ENTRY, "429", value="7")
    later = datetime.now(UTC) + timedelta(seconds=40)
    full.spoil(ENTRY, "503", value=later.strftime("%a, %d %b %Y %H:%M:%S GMT"))
    full.spoil(ENTRY, "500")
    assert get("1abc").failures == ()
    assert [round(seconds) for seconds in no_waiting][:1] == [7]
    assert 30 < max(no_waiting) <= 41
    full.spoil("/rcsb/download/1abc-assembly2.cif.gz", "429", 9, "5000")
    assert "asks to come again in 5000 s" in only(get("1abc-assembly2"))


def test_it_gives_up_after_some_tries_and_asks_the_next(get: Callable[..., Fetched], full: Any, no_waiting: list[float]) -> None:
    full.spoil(ENTRY, "503", 99)
    full.files["/pdb/data/structures/divided/mmCIF/ab/1abc.cif.gz"] = full.files[ENTRY]
    assert get("1abc", tries=3).failures == ()
    assert full.count(ENTRY) == 3
    assert no_waiting[:2] == [1.0, 2.0]
    full.spoil("/rcsb/download/1abc-assembly2.cif.gz", "403")
    assert "status 403" in only(get("1abc-assembly2"))


def test_what_breaks_off_is_gone_on_with(get: Callable[..., Fetched], full: Any) -> None:
    full.spoil(MAP, "cut")
    full.spoil(MAP, "cut")
    assert get("EMD-1001").failures == ()
    size = len(full.files[MAP])
    ranges = [wanted for path, wanted in full.asked if path == MAP]
    assert ranges == ["", f"bytes={size // 2}-", f"bytes={size // 2 + (size - size // 2) // 2}-"]


def test_the_next_run_goes_on_but_not_with_another_version(get: Callable[..., Fetched], full: Any, tmp_path: Path) -> None:
    full.spoil(MAP, "cut", 1)
    assert "broke off" in only(get("EMD-1001", tries=1))
    part = tmp_path / "cache" / "emdb" / "EMD-1001" / "emd_1001.map.gz.part"
    assert part.stat().st_size == len(full.files[MAP]) // 2
    full.files[MAP] = gzip.compress(gzip.decompress(full.files[MAP]), 9)  # the archive has a new version
    found = get("EMD-1001")
    assert found.failures == ()
    assert found.files[0].path.read_bytes() == full.files[MAP]
    assert not part.exists()


def test_more_is_promised_than_comes(get: Callable[..., Fetched], full: Any) -> None:
    full.spoil(ENTRY, "too much promised")
    found = get("1abc")  # the rest is asked for, and the archive says that there is none
    assert found.failures == ()
    assert found.files[0].path.read_bytes() == full.files[ENTRY]


@pytest.mark.parametrize(
    ("kind", "said"), [("short", "damaged or cut short"), ("html", r'a web page came instead \("Sign in"\)')], ids=["short", "html"]
)
def test_what_is_not_it_is_not_kept(get: Callable[..., Fetched], full: Any, tmp_path: Path, kind: str, said: str) -> None:
    full.spoil(MAP, kind, 99)
    sentence = only(get("EMD-1001"))
    assert re.search(said, sentence), sentence
    assert not (tmp_path / "out" / "emd_1001.map.gz").exists()
    assert not list((tmp_path / "cache").rglob("*.part"))


def test_a_map_that_is_none(get: Callable[..., Fetched], full: Any) -> None:
    full.files[MAP] = gzip.compress(b"not a map" * 500)
    assert "emd_1001.map.gz: must be" in only(get("EMD-1001"))
    full.files[ENTRY] = gzip.compress(b"data_x\n_cell.length_a 1\n")
    assert "holds no atoms" in only(get("1abc"))
    full.files["/rcsb/download/1abc-assembly2.cif.gz"] = gzip.compress(CIF[:-20] + b"\n'unfinished")
    assert "no mmCIF, or cut short" in only(get("1abc-assembly2"))


def test_servers_that_pack_or_unpack_on_the_way(get: Callable[..., Fetched], full: Any) -> None:
    full.files[ENTRY] = CIF  # unpacked, though its name says otherwise
    assert gzip.decompress(get("1abc").files[0].path.read_bytes()) == CIF
    full.spoil("/af/files/AF-P12345-F1-model_v4.cif", "encoded")
    assert get("P12345").files[0].path.read_bytes() == CIF
    full.spoil("/rcsb/download/1abc-assembly2.cif.gz", "no ranges")
    assert get("1abc-assembly2").failures == ()


def test_offline_is_said_in_one_sentence(get: Callable[..., Fetched]) -> None:
    nowhere = {"pdb": ("http://127.0.0.1:9",), "pdb-archive": ("http://127.0.0.1:9/x",)}
    sentence = only(get("1abc", mirrors=nowhere, only_mirrors=True))
    assert sentence.count("127.0.0.1 does not answer") == 1
    assert "Is this machine offline, or behind a proxy" in sentence
    assert "does not answer" in only(get("1abc", proxy="http://127.0.0.1:9"))


def test_few_connections_at_once(get: Callable[..., Fetched], full: Any) -> None:
    names = [f"P{number:05d}" for number in range(10000, 10016)]
    for name in names:
        full.put_prediction(name, CIF)
    told: list[FetchProgress] = []
    found = get(*names, connections=2, on_progress=told.append)
    assert len(found.files) == 32
    assert full.most_at_once <= 2
    assert (told[-1].done, told[-1].count) == (16, 16)
    assert max(one.received for one in told) == sum(file.size for file in found.files)


def test_it_stops_when_the_user_says_so(get: Callable[..., Fetched], tmp_path: Path) -> None:
    cancel = threading.Event()
    with pytest.raises(FitCancelled, match="the same command goes on"):
        get("EMD-1001", "1abc", on_progress=lambda _: cancel.set(), cancel=cancel)
    assert get("EMD-1001", "1abc").failures == ()


def test_the_cache_keeps_to_its_limit(get: Callable[..., Fetched], tmp_path: Path) -> None:
    get("1abc")
    assert len(Cache().contents()) == 1
    found = get("P12345", cache=Cache(limit_gb=0))
    assert {path.name for path, _ in Cache().contents()} == {
        "AF-P12345-F1-model_v4.cif", "AF-P12345-F1-predicted_aligned_error_v4.json",
    }  # fmt: skip
    assert any("left the cache" in note for note in found.notes)
    Cache().clear()
    assert Cache().contents() == ()
    (tmp_path / "cache" / "mine").mkdir()
    with pytest.raises(UserError, match="did not put there"):
        Cache().clear()


def test_a_cache_that_cannot_be_written_is_told_of_once_before_anything_is_asked(get: Callable[..., Fetched], tmp_path: Path) -> None:
    (tmp_path / "full").write_text("a file")
    with pytest.raises(UserError, match=r"full: what is fetched is kept there.*DIFFFIT_CACHE may name another folder") as caught:
        get("P12345", "EMD-1001", cache=Cache(tmp_path / "full"))
    assert "\n" not in str(caught.value)


def test_a_damaged_copy_in_the_cache_is_not_passed_on(get: Callable[..., Fetched], tmp_path: Path) -> None:
    path = get("1abc", out=None).files[0].path
    data = bytearray(path.read_bytes())
    data[20] ^= 1
    path.write_bytes(data)
    with pytest.raises(UserError, match="changed or damaged"):
        get("1abc")
    assert get("1abc").failures == ()


@pytest.mark.parametrize(
    ("mirrors", "proxy", "said"),
    [
        (["nothing"], "", "must be NAME=ADDRESS"),
        (["other=http://x"], "", "got other"),
        (["emdb=ftp://x"], "", "begins with https://"),
        ([], "host:80", "proxy must be"),
    ],
)
def test_ways_that_are_none(mirrors: list[str], proxy: str, said: str) -> None:
    with pytest.raises(UserError, match=said):
        access_from(mirrors, proxy)


def test_options_come_before_the_environment_and_that_before_what_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DIFFFIT_MIRROR_EMDB", "https://a/x/, https://b")
    access = access_from(["emdb=http://c"])
    assert access.addresses("emdb")[:3] == ("http://c", "https://a/x", "https://b")
    assert "https://files.wwpdb.org/pub/emdb/structures" in access.addresses("emdb")
    assert Access().addresses("pdb") == ("https://files.rcsb.org/download",)
