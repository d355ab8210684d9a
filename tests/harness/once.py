"""Things that are slow to make and only read afterwards: made once for all test processes that run side by side."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path


def make_once(path: Path, make: Callable[[Path], object]) -> Path:
    """The file or folder at ``path``, which the first process to ask has made; the others wait for it.

    Args:
        path: Where it lies, in a folder that all processes share.
        make: Writes it to the path it is given; what it leaves half done is never seen under ``path``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with (path.parent / f"{path.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            half_done = path.with_name(f"making-{os.getpid()}-{path.name}")
            make(half_done)
            half_done.rename(path)
    return path
