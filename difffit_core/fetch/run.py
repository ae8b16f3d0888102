"""Fetching entries: what each consists of, through the cache, to where it is wanted."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from difffit_core.errors import FitCancelled, UserError
from difffit_core.fetch.accession import Accession, Archive
from difffit_core.fetch.cache import Cache, Kept, copy_out
from difffit_core.fetch.client import CancelFlag, Client
from difffit_core.fetch.download import download
from difffit_core.fetch.emdb import fetch_description, map_files, read_description
from difffit_core.fetch.failures import FetchError
from difffit_core.fetch.models import ERRORS, alphafold_files, fetch_prediction, pdb_file
from difffit_core.fetch.sources import Access
from difffit_core.fetch.wanted import Wanted
from difffit_core.io.map_entries import entry_path, is_edited, write_entry


@dataclass(frozen=True)
class FetchOptions:
    """What is fetched, and how.

    Attributes
    ----------
    half_maps : of maps, too
    errors : the predicted aligned errors of predictions, too
    again : fetch also what the cache has
    """

    half_maps: bool = True
    errors: bool = True
    again: bool = False


@dataclass(frozen=True)
class FetchedFile:
    """A file that is there now.

    Attributes
    ----------
    accession : of the entry that it belongs to
    kind : map, half map, map entry, entry, assembly, prediction or predicted aligned errors
    path : where it is
    size : in bytes
    sha256 : of its bytes
    address : where it came from
    fetched : when it came from there, as ISO 8601
    fresh : whether that was now, and not out of the cache
    """

    accession: str
    kind: str
    path: Path
    size: int
    sha256: str
    address: str
    fetched: str
    fresh: bool


@dataclass(frozen=True)
class Fetched:
    """What came of a run.

    Attributes
    ----------
    files : in the order in which the entries were asked for
    failures : accessions, and why each could not be fetched
    notes : what is to be known, a sentence each
    """

    files: tuple[FetchedFile, ...]
    failures: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        failed = f", {len(self.failures)} not to be had" if self.failures else ""
        names = ", ".join(one.path.name for one in self.files[:3]) + (", …" if len(self.files) > 3 else "")
        return f"<Fetched {len(self.files)} file{'' if len(self.files) == 1 else 's'}{failed}: {names}>"


@dataclass(frozen=True)
class FetchProgress:
    """``done`` of ``count`` entries, ``received`` bytes up to now, and of the file ``name`` that is on its way ``have`` of ``total``."""

    done: int
    count: int
    received: int
    name: str = ""
    have: int = 0
    total: int | None = None


OnFetch = Callable[[FetchProgress], None]


def fetch_entries(
    accessions: Sequence[Accession],
    out: Path | None = None,
    access: Access | None = None,
    options: FetchOptions | None = None,
    on_progress: OnFetch | None = None,
    cancel: CancelFlag | None = None,
    cache: Cache | None = None,
) -> Fetched:
    """Fetch entries, several at once; what fails does not keep the others from coming.

    Parameters
    ----------
    accessions : of the entries; each once
    out : folder to copy the files to, made if it is not there; None leaves them in the cache
    access, options, cache : how, what, and by way of which cache; the usual ones if not given
    on_progress : told of progress, from several threads, one at a time
    cancel : stops it; what came in part is gone on with by the next run

    Raises
    ------
    UserError
        If something cannot be written.
    FitCancelled
        If the user stops it.
    """
    access, options, cache = access or Access(), options or FetchOptions(), cache or Cache()
    wanted = tuple(dict.fromkeys(accessions))
    board = _Board(len(wanted), on_progress)
    if out is not None:
        _make(out)
    with Client(access, cancel) as client, ThreadPoolExecutor(access.connections, "fetch") as pool:
        job = _Job(client, cache, out, options, board)
        futures = [pool.submit(job.entry, one) for one in wanted]
        try:
            found = [future.result() for future in futures]
        except BaseException:
            for future in futures:
                future.cancel()
            raise
    used = frozenset(file for _, _, _, places in found for file in places)
    gone = cache.trim(but=used)
    notes = [note for _, _, told, _ in found for note in told]
    if gone:
        notes.append(f"{len(gone)} files that were not used for longest left the cache, which holds {cache.limit_gb:g} GB at most")
    failures = tuple((str(one), failure) for one, (_, failure, _, _) in zip(wanted, found, strict=True) if failure)
    return Fetched(tuple(file for files, _, _, _ in found for file in files), failures, tuple(notes))


@dataclass
class _Job:
    client: Client
    cache: Cache
    out: Path | None
    options: FetchOptions
    board: "_Board"

    def entry(self, accession: Accession) -> tuple[list[FetchedFile], str, list[str], list[Path]]:
        """Files, failure, notes, and places in the cache of one entry."""
        files: list[FetchedFile] = []
        notes: list[str] = []
        places: list[Path] = []
        failure = ""
        try:
            self._entry(accession, files, notes, places)
        except FetchError as error:
            failure = str(error)
        self.board.entry_done()
        return files, failure, notes, places

    def _entry(self, accession: Accession, files: list[FetchedFile], notes: list[str], places: list[Path]) -> None:
        cache, client, again = self.cache, self.client, self.options.again
        self.client.check_cancelled()
        entry, source = None, ""
        if accession.archive is Archive.EMDB:
            place = cache.place("emdb", accession.name, "description")
            kept = cache.keep(place, lambda path: fetch_description(client, accession, path), again)
            entry, source = read_description(place, accession.name), kept.address
            wanted = map_files(client, accession, entry, self.options.half_maps)
            if self.options.half_maps and not entry.half_maps:
                notes.append(f"{accession} has no half maps")
        elif accession.archive is Archive.PDB:
            wanted = [pdb_file(client.access, accession)]
        else:
            place = cache.place("alphafold", accession.name, "prediction")
            cache.keep(place, lambda path: fetch_prediction(client, accession, path), again)
            wanted = alphafold_files(client.access, accession, place, self.options.errors)
            if self.options.errors and not any(one.kind == ERRORS for one in wanted):
                notes.append(f"{accession} has no predicted aligned errors in AlphaFold DB")
        for one in wanted:
            kept = self._file(one, accession)
            places.append(kept.path)
            target = kept.path if self.out is None else self.out / one.name
            if self.out is not None:
                copy_out(kept, target)
            files.append(_fetched(accession, one.kind, target, kept))
            if one.kind == "map" and entry is not None:
                place = entry_path(target)
                if is_edited(target):
                    notes.append(f"{place}: was changed after it was fetched, and stays; move it away to have what the archive says")
                else:
                    write_entry(target, entry, source)
                    notes.append(entry.sentence())
                files.append(_fetched(accession, "map entry", place, kept, source))

    def _file(self, one: Wanted, accession: Accession) -> Kept:
        def fetch(place: Path) -> str:
            try:
                return download(self.client, one.addresses, place, lambda have, total: self.board.bytes(one.name, have, total))
            except FetchError as error:
                raise type(error)(f"{one.kind} of {accession}: {error}") from error

        return self.cache.keep(self.cache.place(*one.folder, one.name), fetch, self.options.again)


class _Board:
    """Counts what is done, for all threads."""

    def __init__(self, count: int, tell: OnFetch | None) -> None:
        self._count, self._tell = count, tell
        self._done, self._received = 0, 0
        self._parts: dict[str, int] = {}
        self._guard = threading.Lock()

    def entry_done(self) -> None:
        with self._guard:
            self._done += 1
            self._say("", 0, None)

    def bytes(self, name: str, have: int, total: int | None) -> None:
        with self._guard:
            self._received += max(have - self._parts.get(name, 0), 0)
            self._parts[name] = have
            self._say(name, have, total)

    def _say(self, name: str, have: int, total: int | None) -> None:
        if self._tell is not None:
            self._tell(FetchProgress(self._done, self._count, self._received, name, have, total))


def _fetched(accession: Accession, kind: str, path: Path, kept: Kept, address: str = "") -> FetchedFile:
    digest = kept.sha256
    if address:
        from difffit_core.fetch.cache import sha256_of

        digest = sha256_of(path)
    return FetchedFile(str(accession), kind, path, path.stat().st_size, digest, address or kept.address, kept.fetched, kept.fresh)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: the folder cannot be made ({error.strerror or error})") from error


__all__ = ["FetchOptions", "FetchProgress", "Fetched", "FetchedFile", "FitCancelled", "OnFetch", "fetch_entries"]
