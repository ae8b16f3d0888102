"""The file in which a screen keeps what it finds as it comes: SQLite in WAL mode, one transaction a model.

Killed at any moment, what is finished stays. Several processes may work on one store: each claims what it works on for a while, and what a
process that died had claimed is given to another. Several may read meanwhile.
"""

import json
import os
import secrets
import socket
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Self

from difffit_core.errors import UserError
from difffit_core.escaping import sql
from difffit_core.fit.settings import BEFORE
from difffit_core.io.json_text import read_json
from difffit_core.io.regular import check_regular
from difffit_core.placement import Placement
from difffit_core.pose import Pose
from difffit_core.screen.content import Content
from difffit_core.screen.outcome import Outcome, Pass, Task, Trial
from difffit_core.screen.rejudge import judged_beside
from difffit_core.screen.rows import DONE, FAILED, LEFT_OUT, RUNNING, SPLIT, WAITING, ScreenRow
from difffit_core.screen.tables import check_rows, check_tables, connect, damaged, make_tables, publish, remove_alone, value

LEASE_S = 120.0
"""For how long a claim holds that is not renewed."""
MOST_DEATHS = 3
"""After so many deaths of processes that tried it, a model counts as failed."""

_FOUND = ("residues", "elements", "middle", "first_correlation", "correlation", "gap", "inside")
_ROW = "id, path, part, status, work, note, residues, elements, middle, first_correlation, correlation, gap, inside"


class ScreenStore:
    """A store, open. Use it from one thread, and close it."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._knows_contents = True
        self.made = False
        self.path = path
        self.worker = f"{socket.gethostname()}:{os.getpid()}:{time.time_ns():x}"

    @classmethod
    def create(cls, path: Path, record: Mapping[str, Any], details: Mapping[str, Any]) -> Self:
        """A new store of the request with this record, and what else is to be known of it.

        Raises
        ------
        UserError
            If there is a file already, or none can be made.
        """
        path = Path(path)
        if path.exists():
            raise UserError(f"{path}: there is a screen already")
        unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
        try:
            with closing(sqlite3.connect(unfinished)) as connection:
                make_tables(connection, record, details)
            publish(unfinished, path)
        except (sqlite3.Error, OSError) as error:
            raise UserError(f"{path}: a screen cannot be kept there ({error})") from error
        finally:
            unfinished.unlink(missing_ok=True)
        return cls(connect(path, "rw"), path)

    @classmethod
    def open(cls, path: Path, *, to_read: bool = False) -> Self:
        """A store that is there; ``to_read`` changes nothing in it.

        Raises
        ------
        UserError
            If it is not there, or of a later program.
        FileFormatError
            If the file is no such store.
        """
        path = Path(path)
        if not os.path.lexists(path):
            raise UserError(f"{path}: no such screen")
        check_regular(path)
        store = cls(connect(path, "ro" if to_read else "rw"), path)
        try:
            store._knows_contents = check_tables(store._connection, path, to_read=to_read)
        except UserError:
            store.close()
            raise
        return store

    def close(self) -> None:
        self._connection.close()

    def give_up(self) -> None:
        """Close it, and remove it if it was made here and nobody else has come to it."""
        self.close()
        if self.made:
            remove_alone(self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def record(self) -> dict[str, Any]:
        """The record of the request that the store was made for."""
        record: dict[str, Any] = read_json(value(self._connection, "record"))
        if isinstance(record.get("settings"), dict):
            record["settings"] = {**BEFORE, **record["settings"]}
        return record

    @property
    def unknown_then(self) -> dict[str, Any]:
        """The settings that the version which made the store did not know, each as it computed; empty where it knew all."""
        known = read_json(value(self._connection, "record")).get("settings")
        return {name: value for name, value in BEFORE.items() if name not in known} if isinstance(known, dict) else {}

    @property
    def details(self) -> dict[str, Any]:
        """What else is known: "map", the file of the map, or None where it came from none; "libraries", where the models came from."""
        with damaged(self.path):
            details: dict[str, Any] = read_json(value(self._connection, "details"))
            words = [details["map"] or "", *details.get("libraries", ())]
            if not all(isinstance(word, str) for word in words):
                raise ValueError("its files have no names")
        return details

    def note_library(self, library: Path) -> None:
        """Remember where models came from, in the order in which they were added."""
        with self._transaction() as execute:
            details = self.details
            libraries = details.setdefault("libraries", [])
            if str(library) not in libraries:
                libraries.append(str(library))
                execute("INSERT OR REPLACE INTO screen VALUES ('details', ?)", [json.dumps(details)])

    def add(self, paths: Iterable[Path]) -> int:
        """Have these models tried, and return how many are new to the store."""
        with self._transaction() as execute:
            before = execute("SELECT count(*) FROM models").fetchone()[0]
            self._connection.executemany(
                f"INSERT OR IGNORE INTO models (path, part, status, work) VALUES (?, '', '{WAITING}', {int(Pass.FIRST)})",
                ((sql.text(os.fspath(path)),) for path in paths),
            )
            return int(execute("SELECT count(*) FROM models").fetchone()[0]) - int(before)

    def retry_changed(self) -> list[Path]:
        """Have models tried again whose files have changed since, and return the files; those that are being tried are left alone."""
        with damaged(self.path):
            known = self._connection.execute(
                "SELECT DISTINCT path, checksum, stamp FROM models JOIN contents ON model = id WHERE NOT EXISTS "
                f"(SELECT 1 FROM models AS busy WHERE busy.path = models.path AND busy.status = '{RUNNING}')"
            ).fetchall()
            changed = list(dict.fromkeys(path for path, *content in known if not Content(*content).is_still(Path(path))))
        with self._transaction():
            for path in changed:
                self._begin_anew(path)
        return [Path(path) for path in changed]

    def _begin_anew(self, path: str) -> None:
        execute, of_path = self._connection.execute, "(SELECT id FROM models WHERE path = ?)"
        for table in ("placements", "contents"):
            execute(f"DELETE FROM {table} WHERE model IN {of_path}", [path])
        execute("DELETE FROM models WHERE path = ? AND part != ''", [path])
        new = f"status = '{WAITING}', work = {int(Pass.FIRST)}, worker = NULL, deaths = 0, note = ''"
        execute(f"UPDATE models SET {new}, {', '.join(f'{name} = NULL' for name in _FOUND)} WHERE path = ?", [path])

    def claim(self, count: int) -> list[Task]:
        """At most ``count`` tasks that nobody works on, first passes first; they are this store's until their lease ends."""
        with self._transaction() as execute:
            free = execute(
                f"SELECT id, path, part, work FROM models WHERE status = '{WAITING}' ORDER BY work, id LIMIT ?", [count]
            ).fetchall()
            if len(free) < count:
                late = f"SELECT id, path, part, work FROM models WHERE status = '{RUNNING}' "
                late += "AND NOT lease BETWEEN ? AND ? ORDER BY work, id LIMIT ?"
                free += execute(late, [*_good_leases(), count - len(free)]).fetchall()
            for row in free:
                self._set(row[0], status=RUNNING, worker=self.worker, lease=time.time() + LEASE_S)
        return [Task(identifier, Path(path), part, Pass(work)) for identifier, path, part, work in free]

    def renew(self) -> None:
        """Keep what this store has claimed."""
        with self._transaction() as execute:
            execute(f"UPDATE models SET lease = ? WHERE status = '{RUNNING}' AND worker = ?", [time.time() + LEASE_S, self.worker])

    def release(self, task: Task | None = None, *, died: bool = False) -> None:
        """Give back a claimed task, or all; ``died`` says that its process did, which a model may bring about a few times only."""
        with self._transaction() as execute:
            mine = f"status = '{RUNNING}' AND worker = ?"
            if task is None:
                execute(f"UPDATE models SET status = '{WAITING}', worker = NULL WHERE {mine}", [self.worker])
                return
            execute(
                f"UPDATE models SET status = '{WAITING}', worker = NULL, deaths = deaths + ? WHERE id = ? AND {mine}",
                [int(died), task.id, self.worker],
            )
            note = f"the process that tried it died {MOST_DEATHS} times"
            execute(
                f"UPDATE models SET status = '{FAILED}', note = ? WHERE id = ? AND status = '{WAITING}' AND deaths >= ?",
                [note, task.id, MOST_DEATHS],
            )

    def release_dead(self) -> int:
        """Free what processes of this machine had claimed that are no more, and return how much that was."""
        host = self.worker.partition(":")[0]
        with self._transaction() as execute:
            workers = [name for (name,) in execute(f"SELECT DISTINCT worker FROM models WHERE status = '{RUNNING}'") if name]
            dead = [name for name in workers if str(name).partition(":")[0] == host and not _alive(str(name).split(":")[1])]
            return sum(
                execute(f"UPDATE models SET status = '{WAITING}', worker = NULL WHERE status = '{RUNNING}' AND worker = ?", [name]).rowcount
                for name in dead
            )

    def is_worked_on(self) -> bool:
        """Whether a claim of anybody's holds."""
        found = self._connection.execute(
            f"SELECT 1 FROM models WHERE status = '{RUNNING}' AND lease BETWEEN ? AND ? LIMIT 1", _good_leases()
        )
        return found.fetchone() is not None

    def finish(self, outcome: Outcome) -> bool:
        """Keep how a task ended, in one transaction; False if another process had done so already."""
        task = outcome.task
        with self._transaction() as execute:
            row = execute("SELECT status, work, correlation FROM models WHERE id = ?", [task.id]).fetchone()
            if row is None or row[0] not in (RUNNING, WAITING) or row[1] != task.work:
                return False
            if outcome.content is not None:
                before = execute("SELECT checksum FROM contents WHERE model = ?", [task.id]).fetchone()
                if task.work is Pass.FULL and before is not None and before[0] != outcome.content.checksum:
                    self._begin_anew(sql.text(os.fspath(task.path)))
                    return False
                execute("INSERT OR REPLACE INTO contents VALUES (?, ?, ?)", [task.id, *outcome.content])
            if outcome.parts:
                self._connection.executemany(
                    f"INSERT OR IGNORE INTO models (path, part, status, work) VALUES (?, ?, '{WAITING}', {int(Pass.FIRST)})",
                    ((sql.text(os.fspath(task.path)), sql.text(part)) for part in outcome.parts),
                )
                self._set(task.id, status=SPLIT, worker=None)
            elif outcome.trial is None:
                self._set(task.id, status=FAILED if outcome.failed else LEFT_OUT, note=outcome.note, worker=None)
            else:
                self._keep(task, outcome.trial, row[2], outcome.note)
        return True

    def _keep(self, task: Task, trial: Trial, known: float | None, note: str) -> None:
        columns: dict[str, Any] = {"status": DONE, "work": int(task.work), "note": note, "worker": None}
        if task.work is Pass.FIRST:
            columns |= {"residues": trial.residues, "elements": trial.elements, "middle": trial.middle}
            columns["first_correlation"] = trial.correlation
        if known is None or trial.correlation >= known:
            columns |= {"correlation": trial.correlation, "gap": trial.gap, "inside": trial.inside}
            best = json.dumps([trial.best.pose.rotation.tolist(), trial.best.pose.translation.tolist()])
            data = json.dumps([placement.to_dict() for placement in trial.placements])
            self._connection.execute("INSERT OR REPLACE INTO placements VALUES (?, ?, ?)", [task.id, best, data])
        else:
            kept = [placement.to_dict() for placement in judged_beside(self.placements(task.id), trial.best, trial.elements)]
            self._connection.execute("UPDATE placements SET data = ? WHERE model = ?", [json.dumps(kept), task.id])
        self._set(task.id, **columns)

    def promote(self, ids: Sequence[int]) -> int:
        """Have models whose first pass is done searched in full, and return how many."""
        with self._transaction() as execute:
            return sum(
                execute(
                    f"UPDATE models SET status = '{WAITING}', work = {int(Pass.FULL)} "
                    f"WHERE id = ? AND status = '{DONE}' AND work = {int(Pass.FIRST)}",
                    [identifier],
                ).rowcount
                for identifier in ids
            )

    def counts(self) -> dict[tuple[str, int], int]:
        """How many models there are of each status and pass."""
        found = self._connection.execute("SELECT status, work, count(*) FROM models GROUP BY status, work")
        return {(status, work): count for status, work, count in found}

    def rows(self) -> list[ScreenRow]:
        """Every model that is tried or was, in order of files and parts, whatever came first; of files that were split, the parts."""
        known = "LEFT JOIN contents ON model = id" if self._knows_contents else ""
        checksum = "checksum" if self._knows_contents else "NULL"
        with damaged(self.path):
            check_rows(self._connection)
            judged = self._judged()
            found = self._connection.execute(f"SELECT {_ROW}, {checksum} FROM models {known} WHERE status != '{SPLIT}' ORDER BY path, part")
            return [ScreenRow._make((*row, *judged.get(row[0], (None, None)), held)) for *row, held in found]

    def _judged(self) -> dict[int, tuple[float, str]]:
        """z-score and verdict of the best placement of every model that was searched in full, by its id."""
        found = self._connection.execute(
            f"SELECT id, data FROM models JOIN placements ON model = id WHERE status = '{DONE}' AND work = {int(Pass.FULL)}"
        )
        best = {model: max(read_json(data), key=lambda one: float(one["local_correlation"])) for model, data in found}
        return {model: (float(one["z_score"]), str(one["verdict"])) for model, one in best.items()}

    def placements(self, model: int) -> tuple[Placement, ...]:
        """The best placements of a model, as after a fit; empty before its first search has ended."""
        with damaged(self.path):
            row = self._connection.execute("SELECT data FROM placements WHERE model = ?", [model]).fetchone()
            return tuple(Placement.from_dict(one) for one in read_json(row[0])) if row else ()

    def best_pose(self, model: int) -> Pose:
        """The pose of the best local correlation of a model; `KeyError` if it has none."""
        with damaged(self.path):
            row = self._connection.execute("SELECT best FROM placements WHERE model = ?", [model]).fetchone()
            if row is not None:
                return Pose(*read_json(row[0]))
        raise KeyError(f"model {model} has no placement")

    def best_poses(self) -> dict[int, Pose]:
        """The pose of the best local correlation of every model that has one, by its id."""
        with damaged(self.path):
            return {model: Pose(*read_json(best)) for model, best in self._connection.execute("SELECT model, best FROM placements")}

    def _set(self, model: int, **columns: Any) -> None:
        names = ", ".join(f"{sql.column(name)} = ?" for name in columns)
        self._connection.execute(f"UPDATE models SET {names} WHERE id = ?", [*columns.values(), model])

    @contextmanager
    def _transaction(self) -> Iterator[Any]:
        """All of it or nothing; another process that writes is waited for."""
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection.execute
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise
        except (sqlite3.DatabaseError, UnicodeError) as error:
            raise UserError(f"{self.path}: the screen cannot be kept ({error})") from error


def _good_leases() -> list[float]:
    """From when to when a lease ends that holds; one of the far future is of a clock that was wrong, or of no honest process."""
    return [time.time(), time.time() + 10 * LEASE_S]


def check_idle(path: Path) -> None:
    """Refuse to do away with a screen that somebody works on; what is not there is idle.

    Raises
    ------
    UserError
        If somebody does, or the file is no screen.
    """
    if path.exists():
        with ScreenStore.open(path) as store:
            store.release_dead()
            if store.is_worked_on():
                raise UserError(f"{path}: another process works on this screen; stop it first, or choose another folder")


def _alive(process: str) -> bool:
    """Whether there is such a process; where the system does not tell without harm, it is taken to be."""
    if os.name == "nt" or not process.isdecimal():
        return True
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
