"""Opening and writing files with care: regular files only, and never half a file.

What the bytes mean is for the readers that call this.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from imigue_core.errors import InputError

_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Opening a pipe must not wait for its other end."""


def open_regular(path: str | os.PathLike[str], max_bytes: int, *, code: str = "UPLOAD_TOO_LARGE") -> BinaryIO:
    """The file at ``path``, opened to read bytes; pipes, devices and folders are refused without waiting on them.

    Args:
        path: Where the file lies.
        max_bytes: Largest size accepted.
        code: What a larger file is refused with.

    Raises:
        InputError: ``NOT_A_FILE`` when absent, unreadable or no regular file, or ``code``.
    """
    try:
        number = os.open(path, _FLAGS)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError("NOT_A_FILE", f"expected a readable file: {reason}.", where=str(path)) from error
    info = os.fstat(number)
    if not stat.S_ISREG(info.st_mode):
        os.close(number)
        raise InputError("NOT_A_FILE", "expected a regular file, got a folder, pipe or device.", where=str(path))
    if info.st_size > max_bytes:
        os.close(number)
        raise InputError(code, f"expected at most {max_bytes:,} bytes, got {info.st_size:,}.", where=str(path))
    return os.fdopen(number, "rb")


def read_regular(path: str | os.PathLike[str], max_bytes: int, *, code: str = "UPLOAD_TOO_LARGE") -> bytes:
    """All bytes of a regular file; raises what ``open_regular`` raises."""
    with open_regular(path, max_bytes, code=code) as file:
        return file.read(max_bytes)


def sync_path(path: Path) -> None:
    """Waits until a file's bytes, or the names in a folder, are on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def write_atomic(path: Path, write: Callable[[BinaryIO], object], *, durable: bool = True) -> None:
    """Write a file that is either there whole or not there at all.

    Args:
        path: The final name; an older file of that name is replaced.
        write: Gets the open temporary file beside it.
        durable: Wait until the bytes are on the disk. False for what can be made again.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    number, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(number, "wb") as file:
            write(file)
            if durable:
                file.flush()
                os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
