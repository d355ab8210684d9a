"""Brings a database file to this code's schema, or refuses it with the reason.

A file that is already at the head revision is left alone without loading
Alembic, because every start passes here.
"""

from __future__ import annotations

import uuid
from pathlib import Path
from types import ModuleType

from sqlalchemy import Connection, Engine

from db.clock import now_utc
from db.tables import Base
from imigue_core.errors import StorageError

APPLICATION_ID = 0x494D4755
"""``IMGU``: SQLite's mark of whose file this is."""
MIGRATIONS = Path(__file__).parent / "migrations"
HEAD = max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
"""Newest revision in migrations/versions; a test holds it to Alembic's answer."""
_SMALLEST_PAGE = 512


def refuse_foreign_file(path: Path, sqlite: ModuleType) -> None:
    """Looks at an existing file before anything could change it.

    Only SQLite opens it: closing any other handle would drop the locks of this process.

    Raises:
        StorageError: ``STORAGE_NOT_OURS`` for another program's database,
            ``STORAGE_DAMAGED`` for an emptied one. A file that is no database at all
            raises the library's own error.
    """
    n_bytes = path.stat().st_size
    if 0 < n_bytes < _SMALLEST_PAGE:
        raise StorageError("STORAGE_NOT_OURS", "studio.db is no database and was left alone.")
    if n_bytes == 0:
        if any((path.parent / name).is_dir() for name in ("videos", "backups")):
            raise StorageError("STORAGE_DAMAGED", "studio.db is empty.", hint="Restore the newest good backup.")
        return
    connection = sqlite.connect(f"{path.as_uri()}?mode=ro", uri=True)
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        _refuse_foreign(tables, connection.execute("PRAGMA application_id").fetchone()[0])
    except sqlite.OperationalError as error:
        # An unfinished transaction has to be rolled back first, which a reader cannot do.
        if "readonly" not in str(error) and "unable to open" not in str(error):
            raise
    finally:
        connection.close()


def _refuse_foreign(tables: set[str], mark: int) -> None:
    if tables and mark != APPLICATION_ID:
        raise StorageError("STORAGE_NOT_OURS", "studio.db belongs to another program and was left alone.")


def expect_head(engine: Engine) -> None:
    """Refuses a database whose schema is not exactly this code's; for those who may not upgrade it.

    Raises:
        StorageError: ``STORAGE_NOT_OURS``, ``SCHEMA_OLDER`` or ``SCHEMA_NEWER``.
    """
    with engine.connect() as connection, connection.begin():
        revision = _find_revision(connection)
        if revision != HEAD and revision in (None, *_list_known_revisions()):
            raise StorageError(
                "SCHEMA_OLDER", f"expected schema {HEAD}, got {revision}.", hint="Start the studio once to upgrade it."
            )
        if revision != HEAD:
            raise find_newer_error(revision)


def prepare_schema(engine: Engine) -> None:
    """Creates or upgrades the tables inside one transaction.

    Raises:
        StorageError: ``STORAGE_NOT_OURS`` for another program's database,
            ``SCHEMA_NEWER`` for one that a newer studio wrote.
    """
    with engine.connect() as connection, connection.begin():
        revision = _find_revision(connection)
        if revision == HEAD:
            return
        _upgrade(connection, revision)
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        if connection.exec_driver_sql("SELECT count(*) FROM project").scalar_one() == 0:
            connection.exec_driver_sql(
                "INSERT INTO project (project_id, created_utc) VALUES (?, ?)", (str(uuid.uuid4()), now_utc())
            )


def _find_revision(connection: Connection) -> str | None:
    tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'").scalars())
    _refuse_foreign(tables, connection.exec_driver_sql("PRAGMA application_id").scalar_one())
    if "alembic_version" not in tables:
        return None
    revision: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return revision


def _upgrade(connection: Connection, revision: str | None) -> None:
    if revision is not None and not is_known_revision(revision):
        raise find_newer_error(revision)
    migrate(connection, "head")


def migrate(connection: Connection, revision: str) -> None:
    """Brings the schema to a revision inside the caller's transaction."""
    from alembic import command

    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


def is_known_revision(revision: str) -> bool:
    """Whether this code can read and upgrade a schema."""
    return revision in _list_known_revisions()


def _list_known_revisions() -> set[str]:
    from alembic.script import ScriptDirectory

    return {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}


def find_newer_error(revision: str | None) -> StorageError:
    """The sentence for a schema that this code does not know."""
    return StorageError(
        "SCHEMA_NEWER", f"expected schema {HEAD} or older, got {revision}.", hint="Open it with a newer studio."
    )


def alembic_config():  # type: ignore[no-untyped-def]
    """Alembic's configuration; there is no ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def list_expected_objects() -> set[tuple[str, str]]:
    """(type, name) of what a database at the head revision holds: tables, indexes, and the append-only guards."""
    tables = Base.metadata.tables.values()
    guards = {("trigger", f"{table}_no_{verb}") for table in ("ledger", "audit") for verb in ("update", "delete")}
    indexes = {("index", str(index.name)) for table in tables for index in table.indexes}
    return {("table", table.name) for table in tables} | {("table", "alembic_version")} | indexes | guards
