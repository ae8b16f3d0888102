"""The tables of a store, and what of them is checked before anything is believed."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from difffit_core.errors import FileFormatError, UserError
from difffit_core.io.json_text import read_json
from difffit_core.screen.rows import DONE, FAILED, LEFT_OUT, RUNNING, SPLIT, WAITING

SCHEMA_VERSION: Final = 1
_TABLES = """
CREATE TABLE screen (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE models (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    part TEXT NOT NULL,
    status TEXT NOT NULL,
    work INTEGER NOT NULL,
    worker TEXT,
    lease REAL,
    deaths INTEGER NOT NULL DEFAULT 0,
    note TEXT NOT NULL DEFAULT '',
    residues INTEGER,
    elements REAL,
    middle REAL,
    first_correlation REAL,
    correlation REAL,
    gap REAL,
    inside REAL,
    UNIQUE (path, part)
);
CREATE INDEX waiting ON models (status, work, id);
CREATE TABLE placements (model INTEGER PRIMARY KEY REFERENCES models (id), best TEXT NOT NULL, data TEXT NOT NULL);
"""
_CONTENTS = "CREATE TABLE IF NOT EXISTS contents (model INTEGER PRIMARY KEY, checksum TEXT NOT NULL, stamp TEXT NOT NULL)"
"""What the files held when they were tried; stores of before lack it."""
_KNOWN = ("screen", "models", "waiting", "placements", "contents")
_FOUND = ("elements", "middle", "first_correlation", "correlation", "gap", "inside")
_MOST_TEXT = 16 << 20
_STATUSES = ", ".join(f"'{one}'" for one in (WAITING, RUNNING, DONE, FAILED, LEFT_OUT, SPLIT))
_NO_NUMBER = " OR ".join(f"typeof({name}) NOT IN ('null', 'real', 'integer') OR abs({name}) > 1e300" for name in _FOUND)
_LACKING = " OR ".join(f"{name} IS NULL" for name in ("residues", *_FOUND))
_WRONG = (
    "SELECT id FROM models WHERE typeof(path) != 'text' OR typeof(part) != 'text' OR typeof(note) != 'text' OR length(path) > 32768 "
    f"OR status NOT IN ({_STATUSES}) OR work NOT IN (1, 2) OR typeof(residues) NOT IN ('null', 'integer') OR {_NO_NUMBER} "
    f"OR (correlation IS NOT NULL AND ({_LACKING} OR elements <= 0)) "
    "OR (correlation IS NOT NULL AND NOT EXISTS (SELECT 1 FROM placements WHERE model = models.id)) LIMIT 1"
)


def make_tables(connection: sqlite3.Connection, record: Any, details: Any) -> None:
    """A new store of the request with this record, and what else is to be known of it."""
    values = {"schema_version": str(SCHEMA_VERSION), "record": json.dumps(record), "details": json.dumps(details)}
    connection.executescript(f"{_TABLES}{_CONTENTS};")
    connection.executemany("INSERT INTO screen VALUES (?, ?)", values.items())
    connection.commit()


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """The file, open to read ("ro") or write ("rw").

    Raises
    ------
    UserError
        If it cannot be opened.
    FileFormatError
        If it is no database.
    """
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=60, isolation_level=None)
        connection.execute("PRAGMA trusted_schema = OFF")
        if mode != "ro":
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
    except (sqlite3.Error, UnicodeError) as error:  # the latter where a message quotes what is damaged
        message = f"{path}: cannot be opened as a screen ({error})"
        raise (UserError if isinstance(error, sqlite3.OperationalError) else FileFormatError)(message) from error
    return connection


def check_tables(connection: sqlite3.Connection, path: Path, *, to_read: bool) -> bool:
    """Refuse what is no store, or holds what no screen writes; whether it knows what files held.

    Raises
    ------
    UserError
        If a later program made it.
    FileFormatError
    """
    with damaged(path, "cannot be read as a screen"):
        kinds = dict(connection.execute("SELECT name, type FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"))
        strange = [name for name, kind in kinds.items() if name not in _KNOWN or kind not in ("table", "index")]
        (long,) = connection.execute("SELECT count(*) FROM screen WHERE length(value) > ?", [_MOST_TEXT]).fetchone()
        if strange or long:
            raise ValueError(f"it holds {strange[0]!a}, which no screen does" if strange else "a value in it is too long")
        version = int(value(connection, "schema_version"))
    if version > SCHEMA_VERSION:
        raise UserError(f"{path}: the screen was made by a later version of this program (schema {version}, known {SCHEMA_VERSION})")
    with damaged(path):
        for name in ("record", "details"):
            if not isinstance(read_json(value(connection, name)), dict):
                raise ValueError(f"its {name} is no object")
        if not to_read:
            connection.execute(_CONTENTS)
    return not to_read or "contents" in kinds


def check_rows(connection: sqlite3.Connection) -> None:
    """Raise `ValueError` at what a screen does not write into its rows."""
    wrong = connection.execute(_WRONG).fetchone()
    if wrong is not None:
        raise ValueError(f"model {wrong[0]} in it holds what no screen writes")


def value(connection: sqlite3.Connection, name: str) -> Any:
    """What is kept under a name; None if there is nothing."""
    row = connection.execute("SELECT value FROM screen WHERE name = ?", [name]).fetchone()
    return row[0] if row else None


@contextmanager
def damaged(path: Path, what: str = "the screen is damaged, or was changed by something else") -> Iterator[None]:
    """Whatever goes wrong while a store is read is told in a sentence."""
    try:
        yield
    except (sqlite3.Error, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as error:
        said = f"it lacks {error}" if isinstance(error, KeyError) else " ".join(str(error).split())
        raise FileFormatError(f"{path}: {what} ({said})") from error


def publish(unfinished: Path, path: Path) -> None:
    """Give the file its name, whole, unless another process was quicker."""
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise UserError(f"{path}: there is a screen already") from None
    except OSError:  # a file system without links
        os.replace(unfinished, path)


def remove_alone(path: Path) -> None:
    """Remove a store that was just begun, if nobody else has it open or has done anything in it."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)
        try:
            begun = connection.execute(f"SELECT 1 FROM models WHERE status != '{WAITING}' LIMIT 1").fetchone()
            alone = begun is None and connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0] == "delete"
        finally:
            connection.close()
        if alone:
            path.unlink()
    except (sqlite3.Error, OSError):
        return
