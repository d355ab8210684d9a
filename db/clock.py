"""The one clock of stored times: UTC text ending in Z. Order never comes from it."""

from __future__ import annotations

from datetime import UTC, datetime


def now_utc() -> str:
    """Now, to the millisecond, such as ``2026-01-31T09:00:00.000Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
