"""Many rows at once into one table, as fast as SQLite takes them. What they mean is the caller's."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress
from typing import Any

from sqlalchemy import Connection


def insert_rows(conn: Connection, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts rows, each with its values in the order of ``columns``. Call inside ``write()``.

    A column that no row fills is left out and so is NULL: Python's SQLite takes ten times as long to pass on a None
    as a number or a text. No column of ours has another default in the schema.
    """
    is_filled = [any(value is not None for value in values) for values in zip(*rows, strict=True)]
    if not is_filled:
        return
    names = list(compress(columns, is_filled))
    if not all(is_filled):
        rows = [tuple(compress(row, is_filled)) for row in rows]
    conn.exec_driver_sql(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", list(rows))
