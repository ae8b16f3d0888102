"""What was fetched is kept, up to a limit, and not fetched again."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import platformdirs

from difffit_core.errors import UserError
from difffit_core.io.files import atomic_write
from difffit_core.io.json_text import read_json
from difffit_core.io.regular import read_text
from difffit_core.number_words import decimal_number

LIMIT_GB = 20.0
_CHUNK = 1 << 20
_NOTE = ".fetched"


@dataclass(frozen=True)
class Kept:
    """A file of the cache.

    Attributes
    ----------
    path : where it is
    address : where it came from
    sha256 : of its bytes
    fetched : when, as ISO 8601
    fresh : whether it came just now
    """

    path: Path
    address: str
    sha256: str
    fetched: str
    fresh: bool = False


class Cache:
    """A folder of fetched files, the longest unused of which go where they would exceed a limit.

    Parameters
    ----------
    folder : the user's cache folder if not given, or DIFFFIT_CACHE
    limit_gb : in 10⁹ bytes; DIFFFIT_CACHE_LIMIT or 20 if not given
    """

    def __init__(self, folder: Path | None = None, limit_gb: float | None = None) -> None:
        said = os.environ.get("DIFFFIT_CACHE", "")
        self.folder = folder or (Path(said) if said else Path(platformdirs.user_cache_dir("difffit", False)) / "fetched")
        self.limit_gb = _limit() if limit_gb is None else limit_gb

    def place(self, *names: str) -> Path:
        """Where a file of these folders and name is kept."""
        return self.folder.joinpath(*names)

    def find(self, place: Path) -> Kept | None:
        """What is kept there, if it is as it was when it came; its use is noted."""
        note = _note(place)
        try:
            said = read_json(read_text(note, 1 << 20))
            found = Kept(place, str(said["address"]), str(said["sha256"]), str(said["fetched"]))
            if place.stat().st_size != said["size"]:
                return None
        except (OSError, ValueError, KeyError, TypeError, UserError):
            return None
        with suppress(OSError):
            os.utime(note)
        return found

    def keep(self, place: Path, fetch: Callable[[Path], str], again: bool = False) -> Kept:
        """What is kept there, or is fetched to there now by ``fetch``, which returns where it came from.

        Raises
        ------
        UserError
            Whatever ``fetch`` raises, or if the cache cannot be written.
        """
        found = None if again else self.find(place)
        if found is not None:
            return found
        self._check_writable(place.parent)
        address = fetch(place)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        digest = sha256_of(place)
        document = {"address": address, "sha256": digest, "size": place.stat().st_size, "fetched": now}
        with atomic_write(_note(place)) as temporary:
            temporary.write_text(json.dumps(document), encoding="utf-8")
        return Kept(place, address, digest, now, True)

    def _check_writable(self, folder: Path) -> None:
        """Say before anything is asked of anybody, and of the whole cache, that it cannot be written."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            reason = error.strerror or error
            raise UserError(
                f"{self.folder}: what is fetched is kept there, and it cannot be written ({reason}); DIFFFIT_CACHE may name another folder"
            ) from error

    def trim(self, but: frozenset[Path] = frozenset()) -> tuple[Path, ...]:
        """Remove the longest unused files until the rest is within the limit; those of ``but`` stay. Returns what went."""
        notes = []
        for note in self._notes():
            with suppress(OSError):
                notes.append((note.stat().st_mtime, _file(note).stat().st_size, note))
        left = sum(size for _, size, _ in notes)
        gone = []
        for _, size, note in sorted(notes):
            if left <= self.limit_gb * 1e9:
                break
            if _file(note) not in but:
                with suppress(OSError):
                    note.unlink()
                    _file(note).unlink()
                left -= size
                gone.append(_file(note))
        return tuple(gone)

    def contents(self) -> tuple[tuple[Path, int], ...]:
        """Files, relative to the folder, and their bytes; also those that came in part."""
        found = []
        for path in sorted(self.folder.rglob("*")) if self.folder.is_dir() else []:
            if path.is_file() and not path.name.endswith((_NOTE, ".lock", ".part.json")):
                with suppress(OSError):
                    found.append((path.relative_to(self.folder), path.stat().st_size))
        return tuple(found)

    def clear(self) -> None:
        """Remove all of it.

        Raises
        ------
        UserError
            If something cannot be removed, or the folder holds what the cache did not put there.
        """
        if not self.folder.is_dir():
            return
        known = {"emdb", "pdb", "alphafold", "archives"}
        strange = [path.name for path in self.folder.iterdir() if path.name not in known]
        if strange:
            raise UserError(f"{self.folder}: holds what the cache did not put there ({strange[0]}), so nothing is removed")
        try:
            for name in known:
                if (self.folder / name).is_dir():
                    shutil.rmtree(self.folder / name)
        except OSError as error:
            raise UserError(f"{error.filename}: cannot be removed ({error.strerror or error})") from error

    def _notes(self) -> list[Path]:
        return list(self.folder.rglob(f"*{_NOTE}")) if self.folder.is_dir() else []


def sha256_of(path: Path) -> str:
    """Of a file's bytes."""
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(_CHUNK):
            digest.update(block)
    return digest.hexdigest()


def copy_out(kept: Kept, target: Path) -> bool:
    """Copy a file of the cache to ``target``; returns whether that was needed, which it is not where the same is there already.

    Raises
    ------
    UserError
        If another file of that name is there, which is never replaced, the cache's own copy is damaged, or it cannot be written.
    """
    if target.is_file() and sha256_of(target) == kept.sha256:
        return False
    if os.path.lexists(target):
        raise UserError(in_the_way(target))
    with atomic_write(target) as temporary:
        shutil.copyfile(kept.path, temporary)
        if sha256_of(temporary) != kept.sha256:
            _note(kept.path).unlink(missing_ok=True)
            raise UserError(f"{kept.path}: the cache's copy has been changed or damaged; run it again to fetch it anew")
    return True


def in_the_way(target: Path) -> str:
    """What is said where another file has the place of one that was fetched."""
    return f"{target}: another file of that name is there, which is not replaced; move it away, or take another folder (--out)"


def _limit() -> float:
    said = os.environ.get("DIFFFIT_CACHE_LIMIT", "")
    if not said:
        return LIMIT_GB
    limit = decimal_number(said)
    if limit is None or not 0 <= limit < 1e6:
        raise UserError(f"DIFFFIT_CACHE_LIMIT must be a number of gigabytes, got {said}")
    return limit


def _note(place: Path) -> Path:
    return place.with_name(place.name + _NOTE)


def _file(note: Path) -> Path:
    return note.with_name(note.name.removesuffix(_NOTE))
