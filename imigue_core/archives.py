"""Zip archives that others made: judged by their list of parts, then unpacked a little at a time.

What the parts mean is for the formats. Nothing here writes, and no part ever becomes a file.
"""

from __future__ import annotations

import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, cast

from imigue_core.errors import InputError
from imigue_core.limits import ARCHIVE_DIRECTORY, Limit

PART_BYTES = 64 * 1024
"""How much of a part is unpacked at a time."""
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""Others may ask for gigabytes before the first byte comes out."""
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, LookupError,
)  # fmt: skip
"""What the standard library lets through when an archive is broken."""


@dataclass(frozen=True, slots=True)
class ArchiveKind:
    """What an archive of some format may be.

    Attributes:
        words: What people call it, such as ``an npz file``.
        parts: Most parts.
        unpacked: Most bytes of all parts together.
        ratio: How many times its own size it may unpack to, None for any.
    """

    words: str
    parts: Limit
    unpacked: Limit
    ratio: Limit | None = None


@contextmanager
def open_archive(file: BinaryIO, kind: ArchiveKind, where: str) -> Iterator[zipfile.ZipFile]:
    """An archive whose list of parts makes sense; what is found damaged while it is open is refused too.

    Args:
        file: Open for reading.
        kind: What it may be.
        where: What messages call the file.

    Raises:
        InputError: ``ARCHIVE_LIMIT``, ``ARCHIVE_ENCRYPTED``, ``ARCHIVE_NAME``, or ``POSE_FORMAT`` for a damaged one.
    """
    try:
        with zipfile.ZipFile(cast(BinaryIO, _Sips(file, where))) as archive:
            _validate_parts(archive, kind, file.seek(0, os.SEEK_END), where)
            yield archive
    except _DAMAGED as error:
        raise InputError("POSE_FORMAT", f"expected {kind.words}, got a damaged one: {error}.", where=where) from error


def iter_part(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a part, unpacked a little at a time; never more than its entry says."""
    left = info.file_size
    with archive.open(info) as part:
        while data := part.read(PART_BYTES):
            left -= len(data)
            if left < 0:
                raise zipfile.BadZipFile(f"{info.filename} is longer than it says")
            yield data
    if left:
        raise zipfile.BadZipFile(f"{info.filename} is shorter than it says")


def _validate_parts(archive: zipfile.ZipFile, kind: ArchiveKind, n_bytes: int, where: str) -> None:
    members = archive.infolist()
    if len(members) > kind.parts.most:
        message = f"expected at most {kind.parts.most:,} parts, got {len(members):,}."
        raise InputError("ARCHIVE_LIMIT", message, where=where)
    names: set[str] = set()
    total = 0
    for info in members:
        place = f"{where}[{info.filename[:200]}]"
        if info.filename in names:
            raise InputError("ARCHIVE_NAME", "expected each name once, got this one twice.", where=place)
        if info.flag_bits & 1:
            raise InputError("ARCHIVE_ENCRYPTED", f"expected {kind.words} without password.", where=place)
        if info.compress_type not in _METHODS:
            message = f"expected parts that are stored or deflated, got method {info.compress_type}."
            raise InputError("POSE_FORMAT", message, where=place)
        names.add(info.filename)
        total += info.file_size
        most = kind.unpacked.most if kind.ratio is None else min(kind.unpacked.most, _stretch(kind.ratio, n_bytes))
        if total > most:
            message = f"expected at most {most:,} bytes unpacked, got {total:,} with this part."
            raise InputError("ARCHIVE_LIMIT", message, where=place)


def _stretch(ratio: Limit, n_bytes: int) -> int:
    return max(n_bytes, 1024**2) * ratio.most


class _Sips:
    """A file that is never read much at once, so that an archive's list of parts is judged before it is in memory."""

    def __init__(self, file: BinaryIO, where: str) -> None:
        self._file = file
        self._where = where
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, n_bytes: int = -1) -> bytes:
        """The next bytes; all that is left for a negative number, which is how the end of an archive is read."""
        most = ARCHIVE_DIRECTORY.most
        data = self._file.read(most + 1 if n_bytes < 0 else n_bytes) if n_bytes <= most else b""
        if n_bytes > most or len(data) > most:
            message = f"expected a list of parts of at most {most:,} bytes, got a longer one."
            raise InputError("ARCHIVE_LIMIT", message, where=self._where)
        return data

    def close(self) -> None:
        """The file belongs to whoever opened it."""
