"""Copies of unsaved work that outlive the program when it is killed, and only then.

Each window has a slot of its own in a folder of the user: ``<token>.difffit``, a project; ``<token>.json``, which file of the user it is
about; and ``<token>.lock``, which the system holds locked as long as the program lives, however it ends. What lies there unlocked was
left behind, and whoever finds it has its lock from then on, so that no other window offers it too.
"""

import json
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from difffit_core.errors import UserError
from difffit_core.io.files import atomic_write
from difffit_core.io.json_text import read_json
from difffit_core.io.regular import read_text
from difffit_core.project.arrays import FitArrays
from difffit_core.project.refinements import BentArrays
from difffit_core.project.schema import Project
from difffit_core.project.store import PROJECT_SUFFIX, save_project

if TYPE_CHECKING:
    from filelock import BaseFileLock

_LOCK = ".lock"
_GRACE_S = 10.0
"""An empty slot younger than this may belong to a window that is about to lock it."""


class Slot:
    """Where one window keeps its unsaved work; the lock is held from `create` or `left_behind` until `close` or `remove`."""

    def __init__(self, folder: Path, token: str, lock: "BaseFileLock") -> None:
        self._folder, self._token, self._lock = folder, token, lock

    @classmethod
    def create(cls, folder: Path) -> Self:
        """A new, empty one.

        Raises
        ------
        UserError
            If the folder cannot be made or written.
        """
        token = secrets.token_hex(8)
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = _acquire(folder / (token + _LOCK))
        except OSError as error:
            raise UserError(f"{folder}: cannot be written ({error.strerror or error})") from error
        if lock is None:
            raise UserError(f"{folder}: files in it cannot be locked")
        return cls(folder, token, lock)

    @property
    def path(self) -> Path:
        """Of the project in it, which need not be there."""
        return self._folder / (self._token + PROJECT_SUFFIX)

    @property
    def origin(self) -> Path | None:
        """The user's own file of which the project is a later state, if there is one."""
        try:
            text = read_json(read_text(self._about, 1 << 20))["project"]
        except (UserError, ValueError, KeyError, TypeError):
            return None
        return Path(text) if isinstance(text, str) else None

    @property
    def saved(self) -> datetime:
        """When the project was written."""
        return datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    def save(
        self, project: Project, arrays: Mapping[str, FitArrays], origin: Path | None, bent: Mapping[str, BentArrays] | None = None
    ) -> None:
        """Put a project into it, whole or not at all; its inputs must be named from `path`.

        Raises
        ------
        UserError
            If it cannot be written.
        """
        if not self._about.exists() or self.origin != origin:
            with atomic_write(self._about) as temporary:
                temporary.write_text(json.dumps({"project": None if origin is None else str(origin)}), encoding="utf-8")
        save_project(self.path, project, arrays, bent=bent)

    def clear(self) -> None:
        """Forget the project: it was saved, or is not wanted."""
        for path in (self.path, self._about, *self._folder.glob(f".{self._token}.*")):
            path.unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the project to whoever finds it."""
        self._lock.release()

    def remove(self) -> None:
        """Forget the project, and the slot."""
        self.clear()
        self._lock.release()
        with suppress(OSError):
            (self._folder / (self._token + _LOCK)).unlink(missing_ok=True)

    @property
    def _about(self) -> Path:
        return self._folder / (self._token + ".json")


def left_behind(folder: Path) -> list[Slot]:
    """Slots with a project whose window is gone, the newest first; empty ones are cleared away."""
    found = []
    for path in folder.glob("*" + _LOCK):
        try:
            lock = _acquire(path)
            if lock is None:
                continue
            slot = Slot(folder, path.name.removesuffix(_LOCK), lock)
            if slot.path.exists():
                found.append(slot)
            elif time.time() - path.stat().st_mtime > _GRACE_S:
                slot.remove()
            else:
                slot.close()
        except OSError:
            continue
    return sorted(found, key=lambda slot: slot.saved, reverse=True)


def _acquire(path: Path) -> "BaseFileLock | None":
    """The lock of a file, made if it is not there; None if another process has it."""
    from filelock import FileLock, Timeout

    lock = FileLock(path, timeout=0, thread_local=False)
    try:
        lock.acquire()
    except Timeout:
        return None
    return lock
