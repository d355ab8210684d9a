"""Proves that a database which came from elsewhere is one of ours to the letter, before anything in it is obeyed.

A file that says it is a project may hold triggers, views or columns that do something when they are touched,
numbers that are texts, and names that lead out of the folder. What the rows say of labels is for check.py.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import lru_cache, partial
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import JSON, Column, Connection, Double, Float, LargeBinary, String, create_engine
from sqlalchemy.pool import StaticPool

from db.engine import load_sqlite
from db.people import validate_person_name
from db.schema import APPLICATION_ID, find_newer_error, is_known_revision, migrate
from db.tables import Base, PoseTrackColumn
from db.videos import MAX_TIMES_BYTES, list_videos
from imigue_core.errors import InputError, StorageError
from imigue_core.settings import MAX_FRAMES, MAX_SIDE_PX
from imigue_core.video_folder import is_derived_name, is_source_name

MAX_CELL_BYTES = 64 * 1024 * 1024
"""Largest text or blob that a row of ours may hold."""
_MAX_OBJECTS = 1000
_LONGEST_S = 600.0
"""A file can be laid out so that reading it never ends."""
_KINDS = ("video", "poses", "labels")
Layout = frozenset[tuple[str, str, str, str]]
"""(type, name, table, words of its SQL) of everything in a schema."""


def refuse_foreign_layout(path: Path) -> None:
    """Looks at a database file that nobody has opened yet; the file is not written to.

    Raises:
        InputError: ``BACKUP_UNSAFE`` for a schema that is not to the letter that of its revision.
        StorageError: ``STORAGE_DAMAGED``, ``STORAGE_NOT_OURS`` or ``SCHEMA_NEWER``.
    """
    sqlite = load_sqlite()
    with _told_as_damage(sqlite), closing(sqlite.connect(f"{path.as_uri()}?immutable=1", uri=True)) as connection:
        _limit(connection)
        ask = connection.execute
        marks = [ask(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "encoding")]
        if marks != [APPLICATION_ID, "UTF-8"]:
            raise StorageError("STORAGE_NOT_OURS", "studio.db is not a database of this studio.")
        found = _read_layout(connection)
        revision = _read_revision(connection, found)
        expected = list_layout(revision)
        for kind, name, *_ in sorted(found - expected) + sorted(expected - found):
            message = f"the {kind} {name!r:.80} of studio.db is not as schema {revision} has it."
            raise InputError("BACKUP_UNSAFE", message, hint="Take a backup that this studio made.")
        for (message,) in ask("PRAGMA integrity_check(1)"):
            if message != "ok":
                raise StorageError("STORAGE_DAMAGED", f"studio.db is damaged: {message}.")


def _limit(connection: Any) -> None:
    """Reading ends after ten minutes, however the pages point at each other, and runs nothing that stands in them."""
    deadline = time.monotonic() + _LONGEST_S
    connection.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
    connection.execute("PRAGMA trusted_schema=0")
    connection.execute("PRAGMA cell_size_check=1")


@contextmanager
def _told_as_damage(sqlite: ModuleType) -> Iterator[None]:
    try:
        yield
    except (sqlite.DatabaseError, UnicodeDecodeError, OverflowError) as error:
        raise StorageError("STORAGE_DAMAGED", f"studio.db cannot be read: {error!s:.200}.") from error


def _read_layout(connection: Any) -> Layout:
    query = f"SELECT type, name, tbl_name, sql FROM sqlite_master LIMIT {_MAX_OBJECTS}"
    rows = connection.execute(query)
    return frozenset((str(kind), str(name), str(of), _get_words(sql)) for kind, name, of, sql in rows)


def _get_words(sql: object) -> str:
    return "" if sql is None else " ".join(str(sql).split())


def _read_revision(connection: Any, found: Layout) -> str:
    if not any(kind == "table" and name == "alembic_version" for kind, name, *_ in found):
        raise StorageError("STORAGE_NOT_OURS", "studio.db says no schema.")
    rows = connection.execute("SELECT version_num FROM alembic_version LIMIT 2").fetchall()
    if len(rows) != 1 or not isinstance(rows[0][0], str):
        raise StorageError("STORAGE_NOT_OURS", "studio.db says no schema.")
    revision: str = rows[0][0]
    if not is_known_revision(revision):
        raise find_newer_error(revision[:40])
    return revision


@lru_cache(maxsize=8)
def list_layout(revision: str) -> Layout:
    """What a database of ours holds at a revision, read from one that is made in memory."""
    sqlite = load_sqlite()
    memory = sqlite.connect(":memory:", isolation_level=None, check_same_thread=False)
    engine = create_engine("sqlite+pysqlite://", module=sqlite, creator=lambda: memory, poolclass=StaticPool)
    with closing(memory):
        with engine.connect() as connection, connection.begin():
            migrate(connection, revision)
        return _read_layout(memory)


def refuse_foreign_values(conn: Connection) -> None:
    """Looks at every value of a database whose layout is ours and at the head revision.

    Raises:
        InputError: ``BACKUP_UNSAFE`` for a value of another type or of no sensible length, for JSON that makes no
            sense, and for a name that is no name of ours.
    """
    for table in Base.metadata.sorted_tables:
        _refuse_types(conn, table.name, list(table.columns))
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, JSON | PoseTrackColumn) or (table.name, column.name) == ("preference", "value"):
                _refuse_json(conn, table.name, column.name)
    _refuse_people(conn)
    _refuse_videos(conn)


def _refuse(message: str) -> InputError:
    return InputError("BACKUP_UNSAFE", message, hint="Take a backup that this studio made.")


def _refuse_types(conn: Connection, table: str, columns: list[Column[Any]]) -> None:
    tests = {column.name: _write_test(column) for column in columns}
    if conn.exec_driver_sql(f"SELECT 1 FROM {table} WHERE {' OR '.join(tests.values())} LIMIT 1").first() is None:
        return
    for name, test in tests.items():
        if conn.exec_driver_sql(f"SELECT 1 FROM {table} WHERE {test} LIMIT 1").first() is not None:
            raise _refuse(f"a value of {table}.{name} is of another type or length than ours.")


def _write_test(column: Column[Any]) -> str:
    kinds = ["integer"]
    if isinstance(column.type, LargeBinary):
        kinds = ["blob"]
    elif isinstance(column.type, String | JSON | PoseTrackColumn):
        kinds = ["text"]
    elif isinstance(column.type, Float | Double):
        kinds = ["real", "integer"]
    if column.nullable:
        kinds.append("null")
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    test = f"typeof({column.name}) NOT IN ({listed})"
    return test if kinds[0] not in ("text", "blob") else f"{test} OR length({column.name}) > {MAX_CELL_BYTES}"


def _refuse_json(conn: Connection, table: str, column: str) -> None:
    for (text,) in conn.exec_driver_sql(f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"):
        try:
            json.loads(text, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise _refuse(f"a value of {table}.{column} is no JSON of ours: {error!s:.200}.") from error


def _refuse_constant(name: str) -> float:
    raise ValueError(f"expected finite numbers, got {name}")


def _refuse_people(conn: Connection) -> None:
    for name, key in conn.exec_driver_sql("SELECT name, name_key FROM annotator"):
        try:
            is_ours = validate_person_name(name) == name and name.casefold() == key
        except InputError as error:
            raise _refuse(f"an annotator has no name of ours: {error.message}") from error
        if not is_ours:
            raise _refuse(f"the annotator {name!r:.80} has no name of ours.")


def _refuse_videos(conn: Connection) -> None:
    try:
        videos = list_videos(conn, include_hidden=True)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _refuse(f"a video's poses make no sense: {error!s:.100}.") from error
    for video in videos:
        complain = partial(_complain, video.video_id)
        if video.source_file is not None and not is_source_name(video.source_file):
            complain(f"its source is called {video.source_file!r:.80}")
        if video.video_id < 1 or video.kind not in _KINDS:
            complain(f"it is of no kind of ours ({video.kind!r:.40})")
        if video.n_frames is not None and not 0 <= video.n_frames <= MAX_FRAMES:
            complain(f"it says {video.n_frames} frames")
        if any(side is not None and not 0 < side <= MAX_SIDE_PX for side in (video.width, video.height)):
            complain(f"it says a picture of {video.width}x{video.height}")
        track = video.poses
        if track is not None and not all(type(n) is int and n >= 0 for n in (track.revision, track.n_ready)):
            complain("its pose track has no revision of ours")
    for video_id, name in conn.exec_driver_sql("SELECT video_id, path FROM derived_file"):
        if not is_derived_name(name):
            _complain(video_id, f"a file that was made of it is called {name!r:.80}")
    for video_id, blob in conn.exec_driver_sql("SELECT video_id, times FROM video WHERE times IS NOT NULL"):
        _refuse_times(video_id, blob)


def _refuse_times(video_id: int, blob: bytes) -> None:
    try:
        times = zlib.decompressobj().decompress(blob, MAX_TIMES_BYTES + 1)
    except zlib.error:
        times = b"?"
    if len(times) % 8 or len(times) > MAX_TIMES_BYTES:
        _complain(video_id, "its times make no sense")


def _complain(video_id: int, what: str) -> None:
    raise _refuse(f"video {video_id}: {what}, which this studio never writes.")
