"""Opening and writing files with care: regular files only, never half a file, a full disk told in words.

The house's only atomic write, its only opening of files that others made, and its only map from what the
system says of a disk to an error's code. What the bytes mean is for those that call this.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from imigue_core.errors import InputError, StorageError

PART_BYTES = 1024 * 1024
"""How much of a file is in memory at a time while it is copied or hashed."""
DISK_FULL = ("STORAGE_FULL", "the disk is full; free some space, what was saved is safe.")
READ_ONLY = ("STORAGE_READ_ONLY", "the folder cannot be written to.")
_QUOTA_FULL = ("STORAGE_FULL", "the disk quota is used up; free some space, what was saved is safe.")
_ERRORS_OF_ERRNO = {
    errno.ENOSPC: DISK_FULL,
    errno.EDQUOT: _QUOTA_FULL,
    errno.EROFS: READ_ONLY,
    errno.EACCES: READ_ONLY,
    errno.EPERM: READ_ONLY,
}
_NO_LINKS = (errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EXDEV)
"""What a disk answers that knows no second names for a file."""
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
"""Opening a pipe must not wait for its other end."""
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_CLOEXEC", 0)
_LONGEST_NAME_BYTES = 255
PRIVATE_UMASK = 0o077
_given_umask: int | None = None


def find_storage_error(error: OSError, where: str = "") -> StorageError | None:
    """The sentence for a disk that is full or cannot be written to, None for any other error."""
    known = _ERRORS_OF_ERRNO.get(error.errno or 0)
    return StorageError(*known, where=where) if known else None


@contextmanager
def storage_errors(
    code: str = "STORAGE_IO", failure: str = "the data folder cannot be used", *, where: str = ""
) -> Iterator[None]:
    """Turns the system's errors about the disk into sentences.

    Args:
        code: For what is neither a full disk nor one that cannot be written to.
        failure: The beginning of that sentence.
        where: The place that all of these sentences name.

    Raises:
        StorageError: ``STORAGE_FULL``, ``STORAGE_READ_ONLY`` or ``code``.
    """
    try:
        yield
    except OSError as error:
        known = find_storage_error(error, where)
        raise (known or StorageError(code, f"{failure}: {error.strerror or error}.", where=where)) from error


def stat_regular(path: Path) -> os.stat_result | None:
    """What the system knows of a regular file, links not followed; None when there is none of that name."""
    try:
        found = path.lstat()
    except OSError:
        return None
    return found if stat.S_ISREG(found.st_mode) else None


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


def open_inside(root: Path, path: str) -> BinaryIO:
    """A regular file below a folder whose content somebody else made; no link is followed on the way, nothing waits.

    Args:
        path: Below ``root``, "/" between folders.

    Raises:
        FileNotFoundError: There is nothing of this name.
        InputError: ``NOT_A_FILE`` for a link, a pipe, a device, a folder, or a way that leads out of ``root``.
    """
    *folders, name = path.split("/")
    if not all(is_plain_name(part) for part in (*folders, name)):
        raise InputError("NOT_A_FILE", "expected a file inside the folder.", where=path)
    try:
        with ExitStack() as stack:
            at = os.open(root, _FOLDER_FLAGS)
            stack.callback(os.close, at)
            for part in folders:
                at = os.open(part, _FOLDER_FLAGS | os.O_NOFOLLOW, dir_fd=at)
                stack.callback(os.close, at)
            if not stat.S_ISREG(os.stat(name, dir_fd=at, follow_symlinks=False).st_mode):
                raise InputError(
                    "NOT_A_FILE", "expected a regular file, got a link, folder, pipe or device.", where=path
                )
            return os.fdopen(os.open(name, _FLAGS | os.O_NOFOLLOW, dir_fd=at), "rb")
    except FileNotFoundError:
        raise
    except OSError as error:
        raise InputError("NOT_A_FILE", f"expected a readable file: {error.strerror}.", where=path) from error


def is_plain_name(name: object) -> bool:
    """Whether a text is the name of one file and nothing else: no way to another folder, nothing unprintable."""
    return (
        isinstance(name, str)
        and name not in ("", ".", "..")
        and len(os.fsencode(name)) <= _LONGEST_NAME_BYTES
        and not any(c in "/\\" or ord(c) < ord(" ") for c in name)
    )


def sync_path(path: Path) -> None:
    """Waits until a file's bytes, or the names in a folder, are on the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def keep_private() -> None:
    """From here on what this process and its children make is for this user alone; for the entry points."""
    global _given_umask
    umask = os.umask(PRIVATE_UMASK)
    if umask != PRIVATE_UMASK:
        _given_umask = umask


def make_folder(path: Path) -> None:
    """A folder for this user alone, with those above it that are missing; one that is there stays as it is."""
    missing = [path, *path.parents][: next(i for i, one in enumerate([path, *path.parents]) if one.exists())]
    for folder in reversed(missing):
        folder.mkdir(mode=0o700, exist_ok=True)
    if not path.is_dir():
        path.mkdir()  # says what is there instead


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """Says that a folder is being worked on, until the block ends or this process does."""
    number = os.open(folder, _FOLDER_FLAGS)
    try:
        fcntl.flock(number, fcntl.LOCK_SH)
        yield
    finally:
        os.close(number)


def is_held(folder: Path) -> bool:
    """Whether some process works on a folder."""
    number = os.open(folder, _FOLDER_FLAGS)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(number)
    return False


def create_private(path: Path) -> None:
    """An empty file for this user alone, for a library that would make it for everybody; one that is there stays."""
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def sync_folders(root: Path) -> None:
    """Waits until the names in a folder and in all folders below it are on the disk."""
    for parent, _, _ in os.walk(root):
        sync_path(Path(parent))


def write_atomic(
    path: Path, write: Callable[[BinaryIO], object], *, durable: bool = True, is_private: bool = True
) -> None:
    """Write a file that is either there whole or not there at all.

    Args:
        path: The final name; an older file of that name is replaced.
        write: Gets the open temporary file beside it.
        durable: Wait until the bytes are on the disk. False for what can be made again.
        is_private: For this user's eyes only; else with the permissions that new files get.
    """
    make_folder(path.parent)
    temporary = _write_beside(path, write, durable=durable)
    try:
        if not is_private:
            temporary.chmod(0o666 & ~_get_umask())
        os.replace(temporary, path)
        if durable:
            sync_path(path.parent)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_once(path: Path, data: bytes) -> None:
    """Write a private file, whole; where one of that name is, also one made at the same moment, it stays."""
    make_folder(path.parent)
    temporary = _write_beside(path, lambda file: file.write(data), durable=True)
    try:
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
        sync_path(path.parent)


def _write_beside(path: Path, write: Callable[[BinaryIO], object], *, durable: bool) -> Path:
    number, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}.", suffix=".part")
    try:
        with os.fdopen(number, "wb") as file:
            write(file)
            if durable:
                file.flush()
                os.fsync(file.fileno())
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    return Path(temporary)


def _get_umask() -> int:
    """What this process was given, whatever ``keep_private`` made of it."""
    umask = os.umask(0)
    os.umask(umask)
    return umask if umask != PRIVATE_UMASK or _given_umask is None else _given_umask


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A path to write to that becomes ``target`` once written, and is gone when writing failed.

    For writers that want a name and not an open file.

    Raises:
        StorageError: As ``storage_errors`` says it, when the finished file cannot be put in place.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        yield part
        with storage_errors():
            part.chmod(0o600)
            sync_path(part)
            os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def copy_bytes(reader: BinaryIO, target: Path | None, on_part: Callable[[bytes], object] = lambda part: None) -> None:
    """Reads a file to its end, a megabyte at a time, and writes a new file of it.

    Args:
        target: What to write, on the disk before this returns and gone when it fails; None writes nothing.
        on_part: Is given each part, to hash or count it.

    Raises:
        FileExistsError: ``target`` is there; it stays as it is.
    """
    if target is None:
        while part := reader.read(PART_BYTES):
            on_part(part)
        return
    with open(target, "xb", opener=_open_private) as writer:
        try:
            while part := reader.read(PART_BYTES):
                on_part(part)
                writer.write(part)
            writer.flush()
            os.fsync(writer.fileno())
        except BaseException:
            target.unlink()
            raise


def link_file(path: Path, target: Path) -> None:
    """The same file under a second name, or a copy on disks that know only one; never over another file."""
    try:
        os.link(path, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with path.open("rb") as reader:
            copy_bytes(reader, target)


def move_path(path: Path, target: Path) -> None:
    """Gives a file or a whole folder another name on the same disk, and waits until the disk knows it.

    A file takes the place of another file, a folder only that of an empty one.
    """
    os.replace(path, target)
    sync_path(target.parent)
