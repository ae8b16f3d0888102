"""All models of an organism: AlphaFold DB's archives."""

import os
import re
import shutil
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from difffit_core.errors import UserError
from difffit_core.fetch.cache import Cache, Kept, in_the_way
from difffit_core.fetch.client import Client
from difffit_core.fetch.download import OnBytes, download
from difffit_core.fetch.failures import AbsentError, FetchError
from difffit_core.io.files import atomic_write, is_file_name
from difffit_core.io.json_text import read_json

_MODEL = re.compile(r"AF-[A-Z0-9-]+-F\d+-model_v\d+\.cif(?:\.gz)?")
_CHUNK = 1 << 20
_TAXON = re.compile(r"UP\d+_(\d+)_")


@dataclass(frozen=True)
class Archive:
    """An archive of models: its file's name, whose they are, UniProt's proteome, how many, and the file's bytes."""

    name: str
    species: str
    proteome: str
    models: int
    size: int

    @property
    def taxon(self) -> str:
        """The taxon number; empty where the name has none."""
        match = _TAXON.match(self.name)
        return match[1] if match else ""


def find_archive(client: Client, wanted: str) -> Archive:
    """The archive of a proteome (UP000005640), a taxon (9606), or a species (``Homo sapiens``, ``human``).

    Raises
    ------
    AbsentError
        If there is none; it says which there are.
    FetchError
        If the list cannot be had.
    """
    answer = client.read([f"{base}/download_metadata.json" for base in client.access.addresses("alphafold-archives")])
    try:
        found = [(_archive(one), str(one.get("common_name") or one.get("latin_common_name") or "")) for one in read_json(answer.content)]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise FetchError(f"{answer.address}: the list of archives cannot be read ({error})") from error
    key = wanted.strip().lower()
    for one, common in found:
        if key in (one.proteome.lower(), one.taxon, one.species.lower(), common.lower(), one.name.lower()) and key:
            return one
    known = ", ".join(f"{one.species} ({one.taxon})" for one, _ in found if one.taxon)
    raise AbsentError(f"AlphaFold DB has no archive of {wanted}; it has {known}. Others can be had by a query of UniProt (--organism)")


def fetch_archive(client: Client, cache: Cache, archive: Archive, on_bytes: OnBytes | None = None) -> Kept:
    """The archive's file in the cache.

    Raises
    ------
    UserError
        As `download.download`.
    """
    addresses = [f"{base}/latest/{archive.name}" for base in client.access.addresses("alphafold-archives")]
    return cache.keep(cache.place("archives", archive.name), lambda place: download(client, addresses, place, on_bytes))


def unpack(client: Client, archive: Path, folder: Path, most: int | None = None) -> list[Path]:
    """Put the archive's mmCIF models into a folder, each once; those that are there already stay. Names with folders in them count as bare.

    Raises
    ------
    UserError
        If it is damaged, holds no model, the folder cannot be written, or another file is there under a model's name: it is never replaced.
    FitCancelled
        If the user stops it.
    """
    found: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                name = member.name.rpartition("/")[2]
                if not member.isfile() or not _MODEL.fullmatch(name) or (most is not None and len(found) >= most):
                    continue
                client.check_cancelled()
                target = folder / name
                source = tar.extractfile(member)
                if source is None:
                    continue
                with source:
                    if not _is_there(source, target):
                        with atomic_write(target) as temporary, open(temporary, "wb") as stream:
                            shutil.copyfileobj(source, stream)
                found.append(target)
    except tarfile.TarError as error:
        raise UserError(f"{archive}: the archive is damaged ({error}); difffit cache --clear, and fetch it again") from error
    except OSError as error:
        raise UserError(f"{folder}: cannot be written ({error.strerror or error})") from error
    if not found:
        raise UserError(f"{archive}: the archive holds no models as mmCIF")
    return found


def _is_there(source: IO[bytes], target: Path) -> bool:
    """Whether what ``source`` holds is there already; a sentence where something else is."""
    if not os.path.lexists(target):
        return False
    if target.is_file():
        with open(target, "rb") as stream:
            if _are_alike(source, stream):
                return True
    raise UserError(in_the_way(target))


def _are_alike(first: IO[bytes], second: IO[bytes]) -> bool:
    while block := first.read(_CHUNK):
        if second.read(len(block)) != block:
            return False
    return not second.read(1)


def _archive(record: dict[str, Any]) -> Archive:
    name = str(record["archive_name"])
    if not is_file_name(name, (".tar",)):
        raise ValueError(f"archive_name {name}")
    return Archive(
        name, str(record.get("species") or ""), str(record.get("reference_proteome") or ""), int(record["num_predicted_structures"]),
        int(record["size_bytes"]),
    )  # fmt: skip
