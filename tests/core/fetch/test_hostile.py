"""What an archive answers is believed no more than a file that a stranger sends."""

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from difffit_core.density_map import DensityMap
from difffit_core.errors import UserError
from difffit_core.fetch import check as check_module
from difffit_core.fetch import client as client_module
from difffit_core.fetch.accession import parse_accession
from difffit_core.fetch.client import Client
from difffit_core.fetch.listing import Query, accessions
from difffit_core.fetch.proteome import find_archive
from difffit_core.fetch.run import FetchOptions, fetch_entries
from difffit_core.fetch.sources import access_from
from difffit_core.io.map_entries import entry_path
from difffit_core.io.maps import read_map, write_map

CIF = b"data_x\nloop_\n_atom_site.id\n_atom_site.Cartn_x\n1 0.5\n2 1.5\n#\n"
API = "/emdb/api/entry/EMD-1001"
PREDICTION = "/af/api/prediction/P12345"
NAMES = (
    "..",
    "../x.map",
    ".bashrc",
    "..\\x.map",
    "run.sh",
    "a\n.map",
    "\x1b[31m.map",
    "",
    "x" * 300 + ".map",
    "/etc/x.map",
    "a;b.map",
    "~.map",
)


@pytest.fixture
def full(archives: Any, tmp_path: Path) -> Any:
    """A map and a prediction."""
    path = tmp_path / "a.mrc"
    write_map(path, DensityMap(np.random.default_rng(0).normal(size=(20, 21, 22)).astype(np.float32), np.full(3, 1.5), np.zeros(3)))
    archives.put_map(1001, path.read_bytes(), 0.25, 3.5)
    archives.put_prediction("P12345", CIF)
    return archives


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module.Client, "sleep", lambda *_: None)


@pytest.fixture
def refused(full: Any, tmp_path: Path) -> Callable[[str], str]:
    """Why an entry is not fetched, of which nothing is left."""

    def sentence(word: str) -> str:
        before = sorted(tmp_path.rglob("*"))
        access = replace(access_from(), patience_s=5.0)
        found = fetch_entries([parse_accession(word)], tmp_path / "out" / "in", access, FetchOptions(again=True))
        (failure,) = found.failures
        assert not found.files
        outside = {path for path in tmp_path.rglob("*") if path.is_file()} - set(before)
        assert all(tmp_path / "cache" in path.parents for path in outside)
        return failure[1]

    return sentence


def test_names_of_half_maps(refused: Callable[[str], str], full: Any) -> None:
    document = json.loads(full.files[API])
    for name in NAMES:
        document["interpretation"]["half_map_list"]["half_map"][0]["file"] = name
        full.files[API] = json.dumps(document).encode()
        if name:  # else there is no half map
            assert "no name of a map" in refused("EMD-1001"), name


def test_names_of_predictions(refused: Callable[[str], str], full: Any) -> None:
    records = json.loads(full.files[PREDICTION])
    for name in NAMES:
        for field in ("cifUrl", "paeDocUrl"):
            spoiled = [{**records[0], field: f"{full.address}/af/files/{name}"}]
            full.files[PREDICTION] = json.dumps(spoiled).encode()
            assert "something else as its" in refused("P12345"), (name, field)
    with Client(access_from()) as client, pytest.raises(UserError, match="is no address"):
        client.read(["http://[::1/AF-P12345-F1-model_v4.cif"])


def test_names_of_archives(full: Any) -> None:
    with Client(access_from()) as client:
        for name in (*NAMES, "x.tar.sh"):
            full.put_proteome("UP1_1_E_v4.tar", "E", {})
            listed = json.loads(full.files["/af/archives/download_metadata.json"])
            listed[0]["archive_name"] = name
            full.files["/af/archives/download_metadata.json"] = json.dumps(listed).encode()
            with pytest.raises(UserError, match="cannot be read"):
                find_archive(client, "E")
        for content in (
            b"[" * 100_000,
            b'[{"archive_name":"a.tar","num_predicted_structures":1e999,"size_bytes":1}]',
            b"[1]",
            b"[[]]",
            b"\xff",
        ):
            full.files["/af/archives/download_metadata.json"] = content
            with pytest.raises(UserError, match="cannot be read"):
                find_archive(client, "E")


DESCRIPTIONS = {
    "nested": b"[" * 100_000,
    "nested XML": b"<emd>" + b"<a>" * 20_000 + b"</a>" * 20_000 + b"</emd>",
    "laughs": b'<!DOCTYPE e [<!ENTITY a "' + b"x" * 100_000 + b'"><!ENTITY b "' + b"&a;" * 500 + b'">]><e>' + b"&b;" * 500 + b"</e>",
    "a list": b'{"map": [1], "emdb_id": ["EMD-1001"]}',
    "without end": b"{" + b" " * (2 << 20) + b"}",
    "many objects": b'{"map": {"a": [' + b"{}," * 400_000 + b"{}]}}",
}


@pytest.mark.parametrize("what", DESCRIPTIONS)
@pytest.mark.parametrize("packed", ["", "encoded"])
def test_descriptions(refused: Callable[[str], str], full: Any, what: str, packed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "_LONGEST", 2 << 20)
    full.files[API] = full.files[PREDICTION] = DESCRIPTIONS[what]
    if packed:
        for path in (API, PREDICTION):
            full.spoil(path, packed, times=9)
    assert "EMD-1001" in refused("EMD-1001") or "MiB" in refused("EMD-1001")
    assert "P12345" in refused("P12345") or "MiB" in refused("P12345")


def test_files_that_unpack_without_end(refused: Callable[[str], str], full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_module, "_LARGEST_TEXT", 1 << 21)
    monkeypatch.setattr(check_module, "_LARGEST_MAP", 1 << 21)
    bomb = gzip.compress(bytes(3 << 20))
    full.files |= {path: bomb for path in full.files if path.endswith((".map.gz", ".cif", ".json")) and "/api/" not in path}
    full.files["/rcsb/download/1abc.cif.gz"] = bomb
    for word in ("EMD-1001", "P12345", "1abc"):
        assert "unpacks to more than" in refused(word)


def test_headers_that_say_nonsense(full: Any, tmp_path: Path) -> None:
    for said in ("Mon, 01 Jan 2035 00:00:00 -0000", "9" * 5000, "²", "Mon, 01 Jan 99999 00:00:00 GMT", "-1", "x"):
        full.spoil(API, "429", value=said)
        found = fetch_entries([parse_accession("EMD-1001")], tmp_path / "out", access_from(), None)
        assert not found.failures or "come again" in found.failures[0][1]


def test_pages_that_lead_on_for_ever(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    full.found = ["P12345"]
    here = full.address + "/uniprot/uniprotkb/search?size=2&cursor=1"
    read = Client.read

    def leads_on(client: Client, addresses: Any) -> Any:
        answer = read(client, addresses)
        return answer._replace(headers={**answer.headers, "X-Total-Results": "1", "Link": f'<{here}>; rel="next"'})

    monkeypatch.setattr(Client, "read", leads_on)
    with Client(access_from()) as client:
        assert [one.name for one in accessions(client, Query(organism="9606"), 10)] == ["P12345"]


def test_what_lies_beside_a_map_names_no_other_folder(full: Any, tmp_path: Path) -> None:
    fetch_entries([parse_accession("EMD-1001")], tmp_path / "out", access_from(), None)
    path = tmp_path / "out" / "emd_1001.map.gz"
    said = json.loads(entry_path(path).read_text())
    assert read_map(path).entry is not None
    for name in NAMES:
        entry_path(path).write_text(json.dumps({**said, "half_maps": [name]}))
        read = read_map(path)
        assert read.entry is None
        assert any("is not used" in note for note in read.notes)
