"""The engine: one SQLite library, its pragmas, BEGIN IMMEDIATE and the version gate.

Everything that is special to SQLite stands here. Writers take turns behind one
lock a process and start with BEGIN IMMEDIATE, since a transaction that reads
first and writes later fails at once when somebody else has written meanwhile.
"""

from __future__ import annotations

import importlib
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import Connection as Connection  # the type that use cases pass on; they never import sqlalchemy
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, DBAPIError
from sqlalchemy.pool import NullPool, QueuePool

from db.damage import DAMAGE_CODES, DamageNote
from db.head import HeadWriter
from db.ledger import HAS_GROWN
from db.schema import expect_head, prepare_schema, refuse_foreign_file
from db.seal import list_count_triggers
from imigue_core.errors import StorageError
from imigue_core.files import DISK_FULL, READ_ONLY, create_private, make_folder
from imigue_core.settings import Settings

BUSY_TIMEOUT_MS = 10_000
DAMAGED = "the database is damaged; restore the newest good backup."
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


def list_pragmas(
    journal_mode: str, *, is_writer: bool = True, busy_timeout_ms: int = BUSY_TIMEOUT_MS
) -> dict[str, str | int]:
    """What every connection must say of itself, by pragma name, in the order they are set.

    Whoever opens a locked file waits its turn, so the timeout comes first. Erased text
    is overwritten, not only unlinked.
    """
    return {
        "busy_timeout": busy_timeout_ms,
        "journal_mode": journal_mode,
        "synchronous": 2,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "secure_delete": 1,
        "query_only": 0 if is_writer else 1,
    }


class Database:
    """One project's database: many readers, one writer at a time.

    Args:
        settings: Which project.
        sqlite: The DB-API module; the default is ``load_sqlite()``.
        create: Make folder and file when absent; else ``STORAGE_MISSING``.
        read_only: Write nothing at all, not even a newer schema; works on a read-only disk.
        busy_timeout_ms: How long to wait for another process's lock.

    Raises:
        StorageError: ``STORAGE_MISSING``, ``STORAGE_NOT_OURS``, ``STORAGE_DAMAGED``,
            ``SCHEMA_NEWER`` or what ``translate_error`` says.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        sqlite: ModuleType | None = None,
        create: bool = True,
        read_only: bool = False,
        busy_timeout_ms: int = BUSY_TIMEOUT_MS,
    ) -> None:
        self.settings = settings
        self.sqlite = sqlite or load_sqlite()
        self.read_only = read_only
        self.journal_mode = "wal" if is_wal_safe(self.sqlite.sqlite_version_info) else "truncate"
        self._busy_timeout_ms = busy_timeout_ms
        self._path = settings.database
        if not self._path.exists():
            if read_only or not create:
                raise StorageError("STORAGE_MISSING", f"expected a project at {settings.data}, found no studio.db.")
            _make_folder(settings.data)
        self._writer_lock = threading.Lock()
        self._readers = self._make_engine("BEGIN", is_writer=False, pool_size=8)
        self._fresh_readers = self._make_engine("BEGIN", is_writer=False, pool_size=0)
        self._writers = self._make_engine("BEGIN IMMEDIATE", is_writer=True, pool_size=1)
        self.damage = DamageNote(settings.data)
        self.head = HeadWriter(settings.data, self.read, lambda message: self.damage.write("EDITS_MISSING", message))
        self._is_open = False
        with self._translated_errors():
            self._prepare()
        self._is_open = True
        self._writers.dispose()  # what made the tables did not count its changes

    def _prepare(self) -> None:
        try:
            if self.read_only:
                expect_head(self._readers)
                return
            if self._path.exists():
                refuse_foreign_file(self._path, self.sqlite)
            else:
                create_private(self._path)  # its log and its index get the same permissions
            with self._writer_lock:
                prepare_schema(self._writers)
        except UnicodeDecodeError as error:  # what the library says of a damaged schema quotes the damage
            raise StorageError("STORAGE_DAMAGED", DAMAGED) from error

    def connect(self, *, is_writer: bool = False) -> Any:
        """A DB-API connection of its own with every pragma set and no transaction; close it when done.

        Raises:
            StorageError: ``STORAGE_BUSY`` when another process holds the file in another journal mode.
        """
        connection = self.sqlite.connect(
            self._make_uri(),
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            timeout=self._busy_timeout_ms / 1000,
        )
        for name, value in self.list_pragmas(is_writer=is_writer).items():
            answer = connection.execute(f"PRAGMA {name}={value}").fetchone()
            if name == "journal_mode" and answer[0] != value:
                connection.close()
                raise StorageError("STORAGE_BUSY", f"expected journal mode {value}, another process keeps {answer[0]}.")
        if is_writer and self._is_open and not self.read_only:
            connection.execute("PRAGMA temp_store=MEMORY")
            for trigger in list_count_triggers():
                connection.execute(trigger)
        return connection

    def list_pragmas(self, *, is_writer: bool) -> dict[str, str | int]:
        """The pragmas of this database's connections."""
        pragmas = list_pragmas(
            self.journal_mode, is_writer=is_writer and not self.read_only, busy_timeout_ms=self._busy_timeout_ms
        )
        if self.read_only:
            del pragmas["journal_mode"]  # it is the file's own and setting it writes
        return pragmas

    def _make_uri(self) -> str:
        uri = self._path.as_uri()
        if not self.read_only:
            return f"{uri}?mode=rwc"
        # A WAL needs a file beside it even to read; where none can be made, nobody else can be writing either.
        log = self._path.with_name(self._path.name + "-wal")
        is_frozen = not os.access(self._path.parent, os.W_OK) and not log.exists()
        return f"{uri}?immutable=1" if is_frozen else f"{uri}?mode=ro"

    def _make_engine(self, begin: str, *, is_writer: bool, pool_size: int) -> Engine:
        """Connections of one kind; with a ``pool_size`` of 0 each is new and closed after its use."""
        pool: dict[str, Any] = {"poolclass": NullPool}
        if pool_size:
            pool = {"poolclass": QueuePool, "pool_size": pool_size, "max_overflow": 0 if pool_size == 1 else 16}
        engine = create_engine(
            "sqlite+pysqlite://", module=self.sqlite, creator=lambda: self.connect(is_writer=is_writer), **pool
        )

        @event.listens_for(engine, "begin")
        def _begin(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        return engine

    @contextmanager
    def read(self, *, afresh: bool = False) -> Iterator[Connection]:
        """A connection that sees one moment of the database.

        Args:
            afresh: Take a new connection, which remembers no page of the file; slower.
        """
        engine = self._fresh_readers if afresh else self._readers
        with self._translated_errors(), engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield connection
            finally:
                transaction.rollback()  # a damaged file can refuse even an empty COMMIT

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A connection inside BEGIN IMMEDIATE; COMMIT at the end, ROLLBACK on any error.

        Raises:
            StorageError: The database is known to be damaged, see damage.py, or what ``translate_error`` says.
        """
        self.damage.refuse()
        with self._translated_errors(), self._writer_lock, self._writers.connect() as connection:
            connection.info.pop(HAS_GROWN, None)
            with connection.begin():
                yield connection
            if HAS_GROWN in connection.info:
                self.head.wake()

    def copy_into(self, target: Path) -> None:
        """Writes this moment of the database into a new file (VACUUM INTO). Writers go on meanwhile."""
        with self._translated_errors():
            connection = self.connect()
            try:
                create_private(target)
                connection.execute("PRAGMA query_only=0")  # it forbids writing the copy too
                connection.execute("VACUUM INTO ?", (str(target),))
            finally:
                connection.close()

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
        self.head.close()
        self._readers.dispose()
        self._writers.dispose()

    @contextmanager
    def _translated_errors(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._translate(error) from error
        except self.sqlite.DatabaseError as error:
            raise self._translate(DatabaseError("", None, error)) from error

    def _translate(self, error: DBAPIError) -> Exception:
        """What the error means. A file that was sound when it was opened and is not any more is noted for everybody."""
        meant = translate_error(error, self.settings.data)
        is_damage = isinstance(meant, StorageError) and meant.code in DAMAGE_CODES
        if is_damage and self._is_open and not self.read_only:
            self.damage.write("STORAGE_DAMAGED", f"the database is damaged: {error.orig}.")
        return meant


_CODES: tuple[tuple[str, str, str], ...] = (
    ("disk is full", *DISK_FULL),
    ("is locked", "STORAGE_BUSY", "another process keeps the database busy; try again."),
    ("readonly", *READ_ONLY),
    ("not a database", "STORAGE_NOT_OURS", "studio.db is not a database of this studio."),
    ("malformed", "STORAGE_DAMAGED", DAMAGED),
    ("could not decode to utf-8", "STORAGE_DAMAGED", DAMAGED),
    ("disk i/o error", "STORAGE_IO", "the disk answered with an error."),
    ("unable to open", "STORAGE_UNREADABLE", "the database could not be opened."),
)
_LITTLE_SPACE = 256 * 1024


def _make_folder(folder: Path) -> None:
    try:
        make_folder(folder)
    except OSError as error:
        raise StorageError("STORAGE_UNREADABLE", f"{folder} cannot be a data folder: {error.strerror}.") from error


def translate_error(error: DBAPIError, folder: Path) -> Exception:
    """The ``StorageError`` for a library error, or the error itself when it is a bug of ours."""
    text = str(error.orig).lower()
    for part, code, message in _CODES:
        if part not in text or not isinstance(error, DatabaseError):
            continue
        # On a full disk SQLite cannot make its shared memory and calls that an I/O error.
        if code in ("STORAGE_IO", "STORAGE_UNREADABLE"):
            if _find_free_bytes(folder) < _LITTLE_SPACE:
                return StorageError(*_CODES[0][1:])
            if not os.access(folder, os.W_OK):
                return StorageError(*_CODES[2][1:])
        return StorageError(code, message)
    return error


def _find_free_bytes(folder: Path) -> float:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return float("inf")


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
