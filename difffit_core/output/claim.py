"""Claiming a place for results, and writing them there: all of them or none, and over nothing that is not their own."""

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from difffit_core.errors import UserError
from difffit_core.io.files import atomic_write, new_mark, sweep_marked
from difffit_core.output.folders import check_folder, make_folder, new_aside
from difffit_core.output.inputs import Inputs
from difffit_core.output.lock import alone_in
from difffit_core.output.manifest import LIVE, MANIFEST, Manifest, Run, digest, is_unchanged, read_manifest

_logger = logging.getLogger(__name__)

Writer = Callable[[Path], None]


@dataclass(frozen=True)
class Claim:
    """A folder for the results of one run, found free, or free to be replaced.

    Attributes
    ----------
    folder : it need not exist yet
    command : what to call the run in the manifest
    names : regular expression of the names that the run may write
    inputs : what it reads
    overwrite : whether an earlier run's results may be replaced
    alone : one file under a name of the user's, among whatever else is there
    store : name of a file that goes on changing; the run that made it is this one, resumed
    offered : what is said of replacing an earlier run's results
    """

    folder: Path
    command: str
    names: str
    inputs: Inputs
    overwrite: bool = False
    alone: bool = False
    store: str = ""
    offered: str = "--overwrite replaces it, or "

    def check(self) -> None:
        """Refuse what could not be written, before any work is done.

        A run that goes on with its ``store`` in a folder where nothing tells of the results, as earlier versions left it, may: its results
        will stand beside.

        Raises
        ------
        UserError
            If the folder cannot be written, or holds what must not be replaced.
        """
        check_folder(self.folder)
        try:
            self._earlier(set())
        except Untold:
            if not (self.store and (self.folder / self.store).exists()):
                raise

    def clear(self) -> None:
        """Remove an earlier run's results now, rather than when this one's are there.

        Raises
        ------
        UserError
            If something there must not be removed.
        """
        if self.folder.is_dir():
            with alone_in(self.folder):
                _clear(self.folder, self._earlier(set()), keep="")

    def keep(self) -> None:
        """Have the manifest tell of the ``store`` of this run, while it works.

        Raises
        ------
        UserError
            If it cannot be written.
        """
        with alone_in(self.folder):
            manifest = read_manifest(self.folder)
            if not any(self.store in run.files for run in manifest.runs):
                with atomic_write(self.folder / MANIFEST) as temporary:
                    _write(temporary, manifest, [self._run({self.store: LIVE})])

    def forget(self) -> None:
        """Undo `keep` where the store was never made: the manifest tells of this run no more, and goes if it tells of no other."""
        with alone_in(self.folder):
            if os.path.lexists(self.folder / self.store):
                return
            manifest = read_manifest(self.folder)
            others = tuple(run for run in manifest.runs if run.files != {self.store: LIVE})
            if not others:
                (self.folder / MANIFEST).unlink(missing_ok=True)
            elif others != manifest.runs:
                with atomic_write(self.folder / MANIFEST) as temporary:
                    _write(temporary, manifest.model_copy(update={"runs": others}), [])

    def write(self, writers: Mapping[str, Writer]) -> list[Path]:
        """Write files beside their places, then move them there; the one that is named last goes first and comes last.

        What an earlier run left is replaced, and stays as it was if this one fails. Where the folder has come into use since it was
        claimed, the results go into one beside it, which a warning names.

        Parameters
        ----------
        writers : by name, what writes each file to the path it is given; the path has the suffix of the name

        Raises
        ------
        UserError
            If something cannot be written; nothing of it is left then.
        """
        strange = [name for name in writers if not re.fullmatch(self.names, name)]
        if strange:
            raise ValueError(f"{strange[0]!r} is not among the names that {self.command} claimed")
        made = make_folder(self.folder)
        sweep_marked(self.folder)
        mark = new_mark()
        unfinished = {name: self.folder / f"{mark}{name}" for name in writers}
        try:
            for name, write in writers.items():
                with _naming(self.folder / name, unfinished[name]):
                    write(unfinished[name])
            return self._publish(unfinished)
        except BaseException as error:
            for path in unfinished.values():
                path.unlink(missing_ok=True)
            with suppress(OSError):
                for parent in made:
                    parent.rmdir()
            if isinstance(error, UserError):
                raise UserError(str(error).replace(mark, "")) from error
            raise

    def _publish(self, unfinished: Mapping[str, Path]) -> list[Path]:
        try:
            with alone_in(self.folder):
                earlier = self._earlier(set(unfinished))
                return self._place(self.folder, earlier, unfinished)
        except InUse as taken:
            if self.alone:
                raise
            placed = self._beside(unfinished)
            _logger.warning("%s; the results are in %s", taken, placed[0].parent)
            return placed

    def _beside(self, unfinished: Mapping[str, Path]) -> list[Path]:
        """Place them in the first free folder beside the one that is in use, which several runs may look for at once."""
        claim = replace(self, overwrite=False, store="")
        while True:
            folder = next_free(self.folder, claim)
            made = make_folder(folder)
            try:
                with alone_in(folder), suppress(InUse):
                    if not replace(claim, folder=folder)._earlier(set(unfinished)):
                        return self._place(folder, [], unfinished)
            except BaseException:
                with suppress(OSError):
                    for parent in made:
                        parent.rmdir()
                raise

    def _place(self, folder: Path, earlier: list[Run], unfinished: Mapping[str, Path]) -> list[Path]:
        manifest = read_manifest(folder)
        kept = [run for run in manifest.runs if run not in earlier and any(os.path.lexists(folder / name) for name in run.files)]
        store = {self.store: LIVE} if self.store and folder == self.folder else {}
        run = self._run(store | {name: digest(path) for name, path in unfinished.items()})
        with atomic_write(folder / MANIFEST) as temporary:
            _write(temporary, manifest.model_copy(update={"runs": tuple(kept)}), [run])
            _clear(folder, earlier, keep=self.store)
        for name, path in unfinished.items():
            os.replace(path, folder / name)
        return [folder / name for name in unfinished]

    def _run(self, files: dict[str, str]) -> Run:
        return Run(command=self.command, finished=datetime.now(UTC).isoformat(timespec="seconds"), files=files, alone=self.alone)

    def _earlier(self, names: set[str]) -> list[Run]:
        """The earlier runs that have to go; a sentence where there is what must stay."""
        try:
            there = set(os.listdir(self.folder))
        except FileNotFoundError:
            return []
        except OSError as error:
            raise UserError(f"{self.folder}: cannot be read ({error.strerror or error})") from None
        runs = read_manifest(self.folder).runs
        known = {name for run in runs for name in run.files}
        mine = {name for name in there if name in names or re.fullmatch(self.names, name)}
        for name in sorted(mine - known - {self.store}):
            raise Untold(f"{self.folder / name}: is there already, and {MANIFEST} does not tell of it; {self._else}")
        earlier = [run for run in runs if there & run.files.keys() and (mine & run.files.keys() if run.alone or self.alone else True)]
        for run in earlier:
            self._may_go(run, there)
        return earlier

    def _may_go(self, run: Run, there: set[str]) -> None:
        own = bool(self.store) and self.store in run.files
        unfinished = not run.alone and not own and run.last not in there
        if self.alone and not run.alone:
            raise InUse(f"{self.folder}: what {run.command} wrote there belongs together, so that no file of it is replaced; {self._else}")
        if not (own or self.overwrite or unfinished):
            what = f"{self.folder / run.last}: is there already" if self.alone else f"{self.folder}: holds what {run.command} wrote"
            raise InUse(f"{what} ({run.finished}); {self.offered}{self._else}")
        for name, checksum in run.files.items():
            if name not in there or (own and name == self.store):
                continue
            if self.inputs.holds(self.folder / name):
                raise InUse(f"{self.folder / name}: {self.inputs.used}, so that it must not be replaced; {self._else}")
            if not unfinished and not is_unchanged(self.folder / name, checksum):
                raise InUse(f"{self.folder / name}: was changed after {run.command} wrote it, so that it is not replaced; {self._else}")

    @property
    def _else(self) -> str:
        return "choose another name" if self.alone else "choose another folder"


Place = Path | Claim
"""Where results are to go: a claim, or a folder that is claimed as it is written and must be free."""


class InUse(UserError):
    """A place holds what must not be replaced."""


class Untold(InUse):
    """It is there under a name of a result, and no manifest tells who wrote it."""


def claim_folder(
    out: Path | None,
    default: str = "",
    *,
    command: str,
    names: str,
    inputs: Inputs | None = None,
    overwrite: bool = False,
    store: str = "",
    offered: str = Claim.offered,
) -> Claim:
    """Claim a folder for results, before any work is done.

    Parameters
    ----------
    out : the folder; with None it is ``default``, or, where that is in use and not to be overwritten, ``default-2`` and so on
    default : name of the folder in the working directory
    command, names, inputs, overwrite, store, offered : as of `Claim`

    Raises
    ------
    UserError
        If it cannot be written, or holds results of an earlier run, or files under the names of results.
    """
    claim = Claim(Path(default) if out is None else Path(out), command, names, inputs or Inputs(), overwrite, store=store, offered=offered)
    if out is None and not overwrite:
        claim = replace(claim, folder=next_free(claim.folder, claim))
    claim.check()
    return claim


def write_together(place: Place, writers: Mapping[str, Writer], *, command: str, names: str = "") -> list[Path]:
    """Write files that belong together, as `Claim.write` does; a folder that was not claimed before is now, and must be free.

    ``command`` and ``names`` are those of the claim then; without ``names`` just the files that are written are looked for.

    Raises
    ------
    UserError
        If the folder is in use, or something cannot be written; nothing of it is left then.
    """
    if isinstance(place, Claim):
        return place.write(writers)
    names = names or "|".join(re.escape(name) for name in writers)
    return claim_folder(place, command=command, names=names).write(writers)


def next_free(folder: Path, claim: Claim) -> Path:
    """``folder``, or ``folder-2``, ``folder-3`` …: the first that holds nothing in the way of a claim."""
    number, free = 1, folder
    while True:
        try:
            if not free.exists() or (free.is_dir() and not replace(claim, folder=free)._earlier(set())):
                return free
        except InUse:
            pass
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")


@contextmanager
def _naming(path: Path, unfinished: Path) -> Iterator[None]:
    """Say which result could not be written, where the system does not, as of a full disk."""
    try:
        yield
    except OSError as error:
        if error.filename not in (None, str(unfinished)):
            raise
        raise UserError(f"{path}: cannot be written ({error.strerror or error})") from error


def _clear(folder: Path, runs: list[Run], keep: str) -> None:
    """Take away the files of runs: those of a whole run are deleted, those of one that lacks its last file are put aside."""
    for run in runs:
        names = [name for name in run.files if name != keep and os.path.lexists(folder / name)]
        whole = run.alone or run.last in names or bool(keep and keep in run.files)
        aside = None if whole else new_aside(folder)
        for name in reversed(names):
            if aside is None:
                (folder / name).unlink()
            else:
                os.replace(folder / name, aside / name)
        if aside is not None:
            _logger.warning("%s lacked %s of an earlier %s; what else was there is now in %s", folder, run.last, run.command, aside)


def _write(path: Path, manifest: Manifest, runs: list[Run]) -> None:
    from difffit_core import __version__

    new = manifest.model_copy(update={"program": f"difffit {__version__}", "runs": (*manifest.runs, *runs)})
    path.write_text(new.model_dump_json(indent=1) + "\n", encoding="utf-8")
