"""The player's files as the browser loads them: a fixed list, under one version for all.

The version stands in the address (``/api/assets/<version>/core/mount.js``), so that
modules which import each other by relative names come from the same edition and
may be kept for ever. No Streamlit here; sending the files is a route's work.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from imigue_core.errors import NotAvailableError

FOLDER = Path(__file__).parent
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
_VERSION_CHARS = 12


def list_assets() -> list[Path]:
    """Every file the browser may ask for, in order of name; each lies in a room of the player."""
    return sorted(path for path in FOLDER.rglob("*") if path.suffix in MEDIA_TYPES and path.is_file())


def name_asset(path: Path) -> str:
    """The name by which the browser asks for a file of the list: ``room/file.js``."""
    return path.relative_to(FOLDER).as_posix()


@cache
def compute_asset_version() -> str:
    """Twelve hex digits that change with any byte or name of the assets; computed once a process."""
    digest = hashlib.sha256()
    for path in list_assets():
        digest.update(name_asset(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:_VERSION_CHARS]


def load_asset(name: str) -> tuple[bytes, str]:
    """Content and media type of one asset, looked up in the list and never in the file system.

    Args:
        name: ``room/file.js``, as ``name_asset`` gives it; no other spelling of the same place is known.

    Raises:
        NotAvailableError: No asset has this name.
    """
    for path in list_assets():
        if name_asset(path) == name:
            return path.read_bytes(), MEDIA_TYPES[path.suffix]
    raise NotAvailableError("this asset is not available")
