"""Brings a database file to this code's schema, or refuses it with the reason.

A file that is already at the head revision is left alone without loading
Alembic, because every start passes here.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from sqlalchemy import Connection, Engine

from db.clock import now_utc
from imigue_core.errors import StorageError

APPLICATION_ID = 0x494D4755
"""``IMGU``: SQLite's mark of whose file this is."""
HEAD = "0001"
"""Newest revision in migrations/versions; a test holds it to Alembic's answer."""
MIGRATIONS = Path(__file__).parent / "migrations"


def prepare_schema(engine: Engine) -> None:
    """Creates or upgrades the tables inside one transaction.

    Raises:
        StorageError: ``STORAGE_NOT_OURS`` for another program's database,
            ``SCHEMA_NEWER`` for one that a newer studio wrote.
    """
    with engine.connect() as connection, connection.begin():
        tables = set(connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type='table'").scalars())
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar_one()
        if tables and mark != APPLICATION_ID:
            raise StorageError("STORAGE_NOT_OURS", "studio.db belongs to another program and was left alone.")
        revision = None
        if "alembic_version" in tables:
            revision = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        if revision == HEAD:
            return
        _upgrade(connection, revision)
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
        if connection.exec_driver_sql("SELECT count(*) FROM project").scalar_one() == 0:
            connection.exec_driver_sql(
                "INSERT INTO project (project_id, created_utc) VALUES (?, ?)", (str(uuid.uuid4()), now_utc())
            )


def _upgrade(connection: Connection, revision: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config()
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise StorageError(
            "SCHEMA_NEWER", f"expected schema {HEAD} or older, got {revision}.", hint="Open it with a newer studio."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def alembic_config():  # type: ignore[no-untyped-def]
    """Alembic's configuration; there is no ini file."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
