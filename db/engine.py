"""The engine: one SQLite library, its pragmas, BEGIN IMMEDIATE and the version gate.

Everything that is special to SQLite stands here. Writers take turns behind one
lock a process and start with BEGIN IMMEDIATE, since a transaction that reads
first and writes later fails at once when somebody else has written meanwhile.
"""

from __future__ import annotations

import importlib
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import QueuePool

from db.schema import prepare_schema
from imigue_core.errors import StorageError
from imigue_core.settings import Settings

BUSY_TIMEOUT_MS = 10_000
_FIXED_IN = ((3, 44, 6), (3, 50, 7), (3, 51, 3))


def load_sqlite() -> ModuleType:
    """The newest SQLite library that is installed: pysqlite3's, else Python's own."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3.dbapi2")


def is_wal_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the bug that loses commits when a WAL is reset.

    Fixed in 3.51.3 and, for older lines, in 3.50.7 and 3.44.6.
    """
    if version >= _FIXED_IN[-1]:
        return True
    return any(version[:2] == fixed[:2] and version >= fixed for fixed in _FIXED_IN)


def list_pragmas(journal_mode: str) -> dict[str, str | int]:
    """What every connection must say of itself, by pragma name."""
    return {
        "journal_mode": journal_mode,
        "synchronous": 2,
        "busy_timeout": BUSY_TIMEOUT_MS,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
    }


class Database:
    """One project's database: many readers, one writer at a time.

    Args:
        settings: Which project.
        sqlite: The DB-API module; the default is ``load_sqlite()``.
        create: Make folder and file when absent; else ``STORAGE_MISSING``.

    Raises:
        StorageError: ``STORAGE_MISSING``, ``STORAGE_NOT_OURS``, ``STORAGE_DAMAGED``,
            ``SCHEMA_NEWER`` or what ``translate_error`` says.
    """

    def __init__(self, settings: Settings, *, sqlite: ModuleType | None = None, create: bool = True) -> None:
        self.settings = settings
        self.sqlite = sqlite or load_sqlite()
        self.journal_mode = "wal" if is_wal_safe(self.sqlite.sqlite_version_info) else "truncate"
        path = settings.database
        if create:
            settings.data.mkdir(parents=True, exist_ok=True)
        elif not path.is_file():
            raise StorageError("STORAGE_MISSING", f"expected a project at {settings.data}, found no studio.db.")
        self._writer_lock = threading.Lock()
        self._readers = self._make_engine(path, "BEGIN", pool_size=8)
        self._writers = self._make_engine(path, "BEGIN IMMEDIATE", pool_size=1)
        with self._writer_lock, translated_errors():
            prepare_schema(self._writers)

    def _make_engine(self, path: Path, begin: str, pool_size: int) -> Engine:
        engine = create_engine(
            "sqlite+pysqlite:///" + str(path),
            module=self.sqlite,
            poolclass=QueuePool,
            pool_size=pool_size,
            max_overflow=0 if pool_size == 1 else 16,
            connect_args={"isolation_level": None, "check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        )
        pragmas = list_pragmas(self.journal_mode)

        @event.listens_for(engine, "connect")
        def _set_pragmas(connection: Any, _record: Any) -> None:
            # Whoever opens a locked file waits its turn, so the timeout comes first.
            for name in ("busy_timeout", *(p for p in pragmas if p != "busy_timeout")):
                connection.execute(f"PRAGMA {name}={pragmas[name]}")

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one moment of the database."""
        with translated_errors(), self._readers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection inside BEGIN IMMEDIATE; COMMIT at the end, ROLLBACK on any error."""
        with translated_errors(), self._writer_lock, self._writers.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def outside_transaction(self) -> Iterator[Connection]:
        """A connection without a transaction, for VACUUM INTO and checkpoints."""
        with translated_errors(), self._writer_lock, self._writers.connect() as connection:
            yield connection.execution_options(isolation_level="AUTOCOMMIT")

    def read_pragmas(self) -> list[dict[str, str | int]]:
        """What a reading and a writing connection say of themselves now."""
        answers = []
        for context in (self.read, self.write):
            with context() as connection:
                answers.append(
                    {
                        name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                        for name in list_pragmas(self.journal_mode)
                    }
                )
        return answers

    def close(self) -> None:
        self._readers.dispose()
        self._writers.dispose()


@contextmanager
def translated_errors() -> Iterator[None]:
    """Turns the library's storage errors into sentences."""
    try:
        yield
    except DBAPIError as error:
        raise translate_error(error) from error


def translate_error(error: DBAPIError) -> Exception:
    """The ``StorageError`` for a library error, or the error itself when it is a bug of ours."""
    text = str(error.orig).lower()
    for part, code, message in (
        ("disk is full", "STORAGE_FULL", "the disk is full; free some space, what was saved is safe."),
        ("is locked", "STORAGE_BUSY", "another process kept the database busy for 10 s; try again."),
        ("readonly", "STORAGE_READ_ONLY", "the data folder cannot be written to."),
        ("attempt to write", "STORAGE_READ_ONLY", "the data folder cannot be written to."),
        ("not a database", "STORAGE_NOT_OURS", "studio.db is not a database of this studio."),
        ("malformed", "STORAGE_DAMAGED", "the database is damaged; restore the newest good backup."),
        ("disk i/o error", "STORAGE_IO", "the disk answered with an error."),
        ("unable to open", "STORAGE_UNREADABLE", "the database could not be opened."),
    ):
        if part in text and isinstance(error, DatabaseError):
            return StorageError(code, message)
    return error


_open: dict[Path, Database] = {}
_open_lock = threading.Lock()


def open_database(settings: Settings, *, create: bool = True) -> Database:
    """A ``Database`` of its own, for the command line and tests; close it when done."""
    return Database(settings, create=create)


def get_database(settings: Settings) -> Database:
    """The one ``Database`` that pages and routes of this process share for a data folder."""
    key = settings.data
    with _open_lock:
        if key not in _open:
            _open[key] = Database(settings)
        return _open[key]


def close_database(settings: Settings) -> None:
    """Closes the shared database of a data folder, if it is open."""
    with _open_lock:
        database = _open.pop(settings.data, None)
    if database is not None:
        database.close()


def _forget_after_fork() -> None:
    _open.clear()


os.register_at_fork(after_in_child=_forget_after_fork)
