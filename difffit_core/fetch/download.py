"""One file: begun, broken off, gone on with, checked, and only then there."""

import json
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from filelock import FileLock

from difffit_core.errors import UserError
from difffit_core.fetch.check import check, normalise
from difffit_core.fetch.client import Client, TransientError
from difffit_core.fetch.failures import FetchError
from difffit_core.io.json_text import read_json
from difffit_core.io.regular import read_text
from difffit_core.number_words import whole_number

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")

OnBytes = Callable[[int, int | None], None]
"""Told of the bytes that are there, and of how many there will be, if that is known."""


@dataclass
class _Begun:
    """What is known of a part: where it came from, what marks that version of it, and its full size."""

    address: str
    mark: str
    total: int | None


def download(client: Client, addresses: Sequence[str], place: Path, on_bytes: OnBytes | None = None) -> str:
    """Have a file at ``place``, from the first address that gives it whole, and return that address.

    A part is kept beside it under ``.part`` and gone on with by the next try or run, if it is of the same version of the same file.

    Raises
    ------
    FetchError
        As `Client.first`, or if what came is not what the name of ``place`` says.
    UserError
        If it cannot be written.
    FitCancelled
        If the user stops it.
    """
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(str(place) + ".lock"):
            return client.first(addresses, lambda address: _one(client, address, place, on_bytes))
    except OSError as error:
        raise UserError(f"{place}: cannot be written ({error.strerror or error})") from error


def _one(client: Client, address: str, place: Path, on_bytes: OnBytes | None) -> str:
    part, note = place.with_name(place.name + ".part"), place.with_name(place.name + ".part.json")
    begun = _begun(part, note, address)
    have = part.stat().st_size if begun else 0
    headers = {"Range": f"bytes={have}-", **({"If-Range": begun.mark} if begun and begun.mark else {})} if have else {}
    with client.stream(address, headers) as answer:
        if answer.status_code == 416:
            if _total(answer) != have:
                part.unlink(missing_ok=True)
                raise TransientError(f"{place.name}: the part that was there did not belong to what {address} has now", 0.0)
        else:
            have = _goes_on_at(answer, have)
            total = _total(answer)
            note.write_text(json.dumps({"address": address, "mark": _mark(answer), "total": total}), encoding="utf-8")
            _write(client, answer, part, have, total, on_bytes)
            size = part.stat().st_size
            if total is not None and size != total:
                if size > total:
                    part.unlink()
                raise TransientError(f"{place.name}: {size} bytes came from {httpx.URL(address).host}, {total} were promised")
    try:
        normalise(part, place.name)
        check(part, place.name)
    except FetchError as error:
        part.unlink(missing_ok=True)
        raise FetchError(f"{httpx.URL(address).host}: {error}") from error
    finally:
        note.unlink(missing_ok=True)
    os.replace(part, place)
    return address


def _write(client: Client, answer: httpx.Response, part: Path, have: int, total: int | None, on_bytes: OnBytes | None) -> None:
    with open(part, "r+b" if have else "wb") as stream:
        stream.seek(have)
        stream.truncate()
        for block in answer.iter_raw():
            stream.write(block)
            have += len(block)
            client.check_cancelled()
            if on_bytes is not None:
                on_bytes(have, total)
        stream.flush()
        os.fsync(stream.fileno())


def _goes_on_at(answer: httpx.Response, have: int) -> int:
    """Where the body belongs: after what is there, or at the start where the archive sends all of it again."""
    if answer.status_code != 206:
        return 0
    match = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if match is None or int(match[1]) != have:
        raise TransientError(f"{answer.url.host} sent another piece than was asked for")
    return have


def _total(answer: httpx.Response) -> int | None:
    """Bytes of the whole file, as sent; None where that is not said."""
    said = answer.headers.get("Content-Range", "").rpartition("/")[2] if answer.status_code != 200 else ""
    said = said or (answer.headers.get("Content-Length", "") if answer.status_code == 200 else "")
    return whole_number(said)


def _mark(answer: httpx.Response) -> str:
    """What tells one version of a file from the next: a strong entity tag, or a date."""
    tag: str = answer.headers.get("ETag", "")
    return tag if tag and not tag.startswith("W/") else str(answer.headers.get("Last-Modified", ""))


def _begun(part: Path, note: Path, address: str) -> _Begun | None:
    """What is known of a part that can be gone on with; None where there is none, or it came from elsewhere or has no mark."""
    try:
        said: dict[str, Any] = read_json(read_text(note, 1 << 20))
        begun = _Begun(str(said["address"]), str(said["mark"]), said["total"])
    except (OSError, ValueError, KeyError, TypeError, UserError):
        return None
    return begun if part.is_file() and begun.address == address and begun.mark else None
