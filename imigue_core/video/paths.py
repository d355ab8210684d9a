"""Which names are video files of this machine.

Lives here: the check that a path is an ordinary local file. Not here: what is in
the file (``source``), or whether it lies inside the project (the caller's rule).
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from imigue_core.errors import InputError

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_PATTERN = re.compile(r"%\d*d|[*?]")
_HINT = "Name one video file on this machine."


def validate_local_file(path: str | os.PathLike[str]) -> Path:
    """The absolute path of an ordinary local file.

    Opens nothing, so that a pipe without a writer cannot hold the caller.

    Raises:
        InputError: ``PATH_NOT_LOCAL`` for an address, a device or a file pattern,
            ``NAME_INVALID`` for a name no file can have, ``NOT_A_FILE`` for what is
            absent, a folder, a pipe or a socket.
    """
    text = os.fspath(path)
    if "://" in text or _is_device_name(text):
        raise _not_local(text)
    try:
        mode = os.stat(text).st_mode
    except FileNotFoundError as error:
        if _ADDRESS.match(text) or _PATTERN.search(text):
            raise _not_local(text) from error
        message = "expected a file, got a name where nothing is."
        raise InputError("NOT_A_FILE", message, hint=_HINT, where=text) from error
    except (ValueError, OSError) as error:
        shown = text[:80].replace("\0", "\\0")
        raise InputError("NAME_INVALID", f"expected the name of a file, got {shown!r}.", hint=_HINT) from error
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise _not_local(text)
    if not stat.S_ISREG(mode):
        raise InputError("NOT_A_FILE", f"expected a file, got {_kind(mode)}.", hint=_HINT, where=text)
    return Path(text).resolve()


def _is_device_name(text: str) -> bool:
    return os.path.normpath(text).startswith("/dev/")


def _not_local(text: str) -> InputError:
    message = "expected a local file, got an address, a device or a pattern."
    return InputError("PATH_NOT_LOCAL", message, hint=_HINT, where=text)


def _kind(mode: int) -> str:
    if stat.S_ISDIR(mode):
        return "a folder"
    return "a pipe" if stat.S_ISFIFO(mode) else "a socket"
