"""Files on their way into the project: hashed, and put in place whole or not at all.

Which video a file belongs to is decided in adding.py, what is in it by the probe.
"""

from __future__ import annotations

import hashlib
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from imigue_core.errors import InputError
from imigue_core.files import (
    PART_BYTES,
    copy_bytes,
    link_file,
    make_folder,
    move_path,
    open_regular,
    storage_errors,
    sync_path,
)
from imigue_core.formats.openpose import list_openpose_files
from imigue_core.settings import Settings

SUFFIXES = frozenset(
    f".{ending}"
    for ending in (
        *("mp4", "m4v", "mov", "3gp", "mkv", "webm", "avi", "mpg", "mpeg", "ts", "mts", "m2ts"),
        *("flv", "wmv", "asf", "ogv", "gif", "mxf", "dv"),
    )
)
"""Endings that a source keeps; any other becomes ``.bin``."""
_TEMPORARY = ".incoming-"
LEFT_BEHIND = "left-behind-"
_STALE_S = 24 * 3600


@dataclass(slots=True)
class Incoming:
    """A file that lies whole on the project's disk and has no place yet.

    Attributes:
        path: Where it lies now.
        sha256: Of its content.
        n_bytes: Its size.
        placed: Where it has been put, if it has.
    """

    path: Path
    sha256: str
    n_bytes: int
    placed: Path | None = field(default=None, init=False)

    def make_room(self, folder: Path) -> None:
        """Keeps under another name what lies where a new video's files go and belongs to no video.

        A process that was killed left it. A second name of this very file is no loss and goes.
        """
        with storage_errors():
            if not folder.is_dir():
                return
            for path in folder.iterdir():
                if path.is_file() and path.samefile(self.path):
                    path.unlink()
            if any(folder.iterdir()):
                move_path(folder, folder.with_name(f"{LEFT_BEHIND}{folder.name}-{uuid.uuid4().hex[:8]}"))

    def settle(self, folder: Path, name: str) -> None:
        """Gives the file a place in a video's folder; where it lay it stays until all is stored."""
        with storage_errors():
            make_folder(folder)
            link_file(self.path, folder / name)
            self.placed = folder / name
            self.placed.chmod(0o600)
            sync_path(folder)
            sync_path(folder.parent)

    def withdraw(self) -> None:
        """Takes the file out of its place again, when what was to be stored about it was not."""
        if self.placed is not None:
            self.placed.unlink(missing_ok=True)
            with suppress(OSError):  # other files lie there
                self.placed.parent.rmdir()


@contextmanager
def receive_file(settings: Settings, path: Path, *, move: bool) -> Iterator[Incoming]:
    """A file, hashed and on the project's disk, for the caller to settle.

    When the caller fails, nothing of the file stays in the project, and ``path`` is as it was.

    Args:
        path: A regular local file.
        move: Remove ``path`` once the caller is through, COMMIT included.

    Raises:
        InputError: ``NOT_A_FILE`` or ``VIDEO_EMPTY``.
        StorageError: ``STORAGE_FULL``, ``STORAGE_READ_ONLY`` or ``STORAGE_IO``.
    """
    with storage_errors():
        make_folder(settings.videos)
        stays_here = move and path.stat().st_dev == settings.videos.stat().st_dev
        copy = None if stays_here else settings.videos / f"{_TEMPORARY}{uuid.uuid4().hex}"
        incoming = None
        try:
            incoming = _hash(path, copy)
            yield incoming
        except BaseException:
            if incoming is not None:
                incoming.withdraw()
            raise
        finally:
            if copy is not None:
                copy.unlink(missing_ok=True)
        if move:
            path.unlink(missing_ok=True)


def _hash(path: Path, copy: Path | None) -> Incoming:
    """Hashes ``path``, writing ``copy`` on the way when there is one."""
    digest = hashlib.sha256()
    with open_regular(path, 2**62) as source:
        copy_bytes(source, copy, digest.update)
        n_bytes = source.tell()
    if copy is None:
        sync_path(path)
    if n_bytes == 0:
        raise InputError("VIDEO_EMPTY", "expected a video, got a file of 0 bytes.", where=path.name)
    return Incoming(copy or path, digest.hexdigest(), n_bytes)


def hash_content(path: Path, on_part: Callable[[], None] = lambda: None) -> str:
    """SHA-256 in hex of a file, or of the numbers and bytes of the ``*_keypoints.json`` in a folder.

    Args:
        on_part: Called for every megabyte and every file.

    Raises:
        InputError: ``NOT_A_FILE``, or what ``list_openpose_files`` raises.
    """
    if not path.is_dir():
        return hash_file(path, on_part)
    digest = hashlib.sha256()
    for frame, file in sorted(list_openpose_files(path).items()):
        digest.update(f"{frame} {hash_file(file, on_part)}\n".encode())
    return digest.hexdigest()


def hash_file(path: Path, on_part: Callable[[], None] = lambda: None) -> str:
    """SHA-256 of a file's content, in hex; ``on_part`` is called for every megabyte."""
    digest = hashlib.sha256()
    with open_regular(path, 2**62) as file:
        while part := file.read(PART_BYTES):
            digest.update(part)
            on_part()
    return digest.hexdigest()


def get_source_name(name: str) -> str:
    """``source.<ext>``, the name a source gets inside its video's folder."""
    suffix = Path(name).suffix.lower()
    return f"source{suffix if suffix in SUFFIXES else '.bin'}"


def clear_stale_copies(settings: Settings) -> None:
    """Removes copies that were given up more than a day ago, by a process that was killed."""
    if not settings.videos.is_dir():
        return
    for path in settings.videos.glob(f"{_TEMPORARY}*"):
        if time.time() - path.stat().st_mtime > _STALE_S:
            path.unlink(missing_ok=True)


def remove_folder(path: Path) -> None:
    """Removes a folder of ours with all that is in it; absent is fine, links are not followed."""
    with storage_errors():
        if path.exists():
            shutil.rmtree(path)
