"""``manifest.json`` of a backup: which files belong to it, with their hashes, and which media it leaves out.

It holds no name that a person gave to anything. Making backups stands in
safety.py, bringing them back in restoring.py.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from imigue_core.errors import InputError
from imigue_core.files import open_inside, write_atomic
from imigue_core.formats.strict_json import parse_strict_json
from imigue_core.video_folder import is_backup_name

MANIFEST = "manifest.json"
FORMAT = "imigue-studio-backup"
VERSION = 1
_MAX_BYTES = 512 * 1024 * 1024
_MAX_FILE_BYTES = 2**50
_OWN_PATH = re.compile(
    r"studio\.db|videos/[1-9][0-9]{0,17}/(?P<file>.*)|models/[a-z0-9][a-z0-9._-]{0,59}/(card\.json|weights\.safetensors)"
)
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A file inside the backup, by its path there, with "/" between folders."""

    path: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class BackupMedia:
    """The source of a video; the backup may or may not hold it."""

    video_id: int
    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself; ``rows`` counts the rows of each table."""

    project_id: str
    created_utc: str
    studio: str
    schema: str
    ledger_seq: int
    ledger_hash: str
    rows: dict[str, int]
    has_media: bool
    files: list[BackupFile]
    media: list[BackupMedia]


def save_manifest(folder: Path, manifest: Manifest) -> None:
    """Writes the manifest whole or not at all."""
    content = {"format": FORMAT, "version": VERSION, **asdict(manifest)}
    data = json.dumps(content, indent=1).encode() + b"\n"
    write_atomic(folder / MANIFEST, lambda file: file.write(data))


def load_manifest(folder: Path) -> Manifest:
    """The manifest of the backup in ``folder``, every path in it known to stay inside.

    Raises:
        InputError: ``BACKUP_INVALID`` when there is none or it makes no sense;
            ``BACKUP_NEWER`` when a newer studio wrote it.
    """
    path = folder / MANIFEST
    try:
        with open_inside(folder, MANIFEST) as file:
            content = parse_strict_json(file.read(_MAX_BYTES), str(path))
    except (InputError, OSError) as error:
        raise InputError("BACKUP_INVALID", "expected the folder of a backup.", where=str(folder)) from error
    if not isinstance(content, dict) or content.pop("format", None) != FORMAT:
        raise InputError("BACKUP_INVALID", f"expected the format {FORMAT}.", where=str(path))
    version = content.pop("version", None)
    if version != VERSION:
        raise InputError("BACKUP_NEWER", f"expected version {VERSION}, got {version!r:.20}.", where=str(path))
    try:
        return _read_manifest(content)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError("BACKUP_INVALID", f"the manifest makes no sense: {error}.", where=str(path)) from error


def is_own_path(path: str) -> bool:
    """Whether a backup may hold a file of this path, "/" between folders."""
    match = _OWN_PATH.fullmatch(path)
    return match is not None and (match["file"] is None or is_backup_name(match["file"]))


def _read_manifest(content: dict[str, Any]) -> Manifest:
    files = [BackupFile(**file) for file in content.pop("files")]
    media = [BackupMedia(**one) for one in content.pop("media")]
    for file in files:
        if not is_own_path(file.path):
            raise ValueError(f"a file is called {file.path!r:.100}")
    for sha256, n_bytes in [(f.sha256, f.n_bytes) for f in files] + [(m.sha256, m.n_bytes) for m in media]:
        if not _HASH.fullmatch(sha256) or type(n_bytes) is not int or not 0 <= n_bytes < _MAX_FILE_BYTES:
            raise ValueError("a file has no size or hash")
    if len({file.path.casefold() for file in files}) != len(files):
        raise ValueError("a file is named twice")
    if not any(file.path == "studio.db" for file in files):
        raise ValueError("it names no studio.db")
    return Manifest(files=files, media=media, **content)
