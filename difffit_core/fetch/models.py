"""Entries and assemblies of the PDB, and predictions of AlphaFold DB."""

import json
from pathlib import Path
from typing import Any

from difffit_core.escaping.terminal import one_line
from difffit_core.fetch.accession import Accession
from difffit_core.fetch.client import Client
from difffit_core.fetch.failures import AbsentError, FetchError
from difffit_core.fetch.sources import Access
from difffit_core.fetch.wanted import Wanted
from difffit_core.io.files import is_file_name
from difffit_core.io.json_text import read_json

ERRORS = "predicted aligned errors"
"""What their file is called."""


def pdb_file(access: Access, accession: Accession) -> Wanted:
    """The file of an entry, or of one of its assemblies."""
    code = accession.name.lower()
    middle = code[-3:-1]
    if accession.part:
        name = f"{code}-assembly{accession.part}.cif.gz"
        archived = f"assemblies/mmCIF/divided/{middle}/{name}"
    else:
        name = f"{code}.cif.gz"
        archived = f"structures/divided/mmCIF/{middle}/{name}"
    addresses = [f"{base}/{name}" for base in access.addresses("pdb")]
    addresses += [f"{base}/{archived}" for base in access.addresses("pdb-archive")]
    return Wanted(name, tuple(addresses), ("pdb", code), "assembly" if accession.part else "entry")


def fetch_prediction(client: Client, accession: Accession, place: Path) -> str:
    """Write what AlphaFold DB says of a UniProt accession to ``place``, and return where it came from.

    Raises
    ------
    AbsentError
        If AlphaFold DB has no model of it.
    FetchError
        If it cannot be reached, or its answer cannot be understood.
    """

    def read(address: str) -> str:
        with client.stream(address, {"Accept-Encoding": "gzip"}) as answer:
            records = _records(client.body(answer), accession)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(records), encoding="utf-8")
        return address

    try:
        return client.first([f"{base}/prediction/{accession.name}" for base in client.access.addresses("alphafold-api")], read)
    except AbsentError as error:
        raise AbsentError(f"{accession} is not in AlphaFold DB ({error})") from error


def alphafold_files(access: Access, accession: Accession, prediction: Path, errors: bool) -> list[Wanted]:
    """Models of a UniProt accession and their predicted aligned errors, by what `fetch_prediction` wrote.

    Most proteins have one model; long ones have had several. If there are no errors, there is no file of them.

    Raises
    ------
    AbsentError
        If there is no such fragment.
    FetchError
        If the answer names no file.
    """
    wanted = [one for one in _records(prediction.read_bytes(), accession) if _is_of(one, accession)]
    if not wanted:
        raise AbsentError(f"{accession} is not in AlphaFold DB (it answers with nothing of that name)")
    found = []
    for record in wanted:
        model = record.get("cifUrl")
        if not model:
            raise FetchError(f"{accession}: AlphaFold DB names no model file")
        found.append(_wanted(access, str(model), accession.name, "prediction"))
        aligned = record.get("paeDocUrl")
        if errors and aligned:
            found.append(_wanted(access, str(aligned), accession.name, ERRORS))
    return found


def _records(data: bytes, accession: Accession) -> list[dict[str, Any]]:
    try:
        found = read_json(data)
    except ValueError as error:
        raise FetchError(f"{accession}: AlphaFold DB answered what is no JSON ({error})") from error
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _is_of(record: dict[str, Any], accession: Accession) -> bool:
    """Whether a record is of this very protein (its isoforms are others) and, where one was asked for, of this fragment."""
    entry = str(record.get("entryId") or record.get("modelEntityId") or "")
    if accession.part:
        return entry.upper() == f"AF-{accession.name}-F{accession.part}"
    return entry.upper().rpartition("-F")[0] == f"AF-{accession.name}"


def _wanted(access: Access, address: str, folder: str, kind: str) -> Wanted:
    """The file by its name: from the mirrors first, and where the service says."""
    name = address.partition("?")[0].rpartition("/")[2]
    if not is_file_name(name, (".json",) if kind == ERRORS else (".cif",)):
        raise FetchError(f"AF-{folder}: AlphaFold DB names something else as its {kind}, '{one_line(name)[:80]}'")
    mirrors = [f"{base}/{name}" for base in access.addresses("alphafold")]
    addresses = mirrors if access.only_mirrors else [*(f"{base}/{name}" for base in access.mirrors.get("alphafold", ())), address, *mirrors]
    return Wanted(name, tuple(dict.fromkeys(addresses)), ("alphafold", folder), kind)
