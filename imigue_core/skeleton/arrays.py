"""Reading numpy's npy and npz files that others made, without trusting their headers.

A header is read and judged before a byte is reserved for the data, and pickled
objects are never loaded. What the numbers mean is for ``pose.py``.
"""

from __future__ import annotations

import math
import zipfile
import zlib
from typing import IO

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError

MAX_POSE_BYTES = 1024**3
"""Largest array accepted, in bytes once unpacked: 7 hours at 25 frames a second as float32."""
MAX_MEMBERS = 32
_PICKLE_HINT = "Save plain numbers with numpy.savez or numpy.save."


def read_npy(file: IO[bytes], where: str, *, max_bytes: int = MAX_POSE_BYTES) -> NDArray[np.number]:
    """The numbers of one npy stream.

    Args:
        file: Opened at the magic bytes.
        where: What error messages call the file.
        max_bytes: Largest array accepted.

    Returns:
        A read-only array of an integer or floating dtype.

    Raises:
        InputError: ``POSE_PICKLE_FORBIDDEN``, ``POSE_TOO_LARGE`` or ``POSE_FORMAT``.
    """
    shape, is_fortran, dtype = _read_header(file, where, max_bytes)
    n_bytes = math.prod(shape) * dtype.itemsize
    data = file.read(n_bytes)
    if len(data) != n_bytes:
        raise InputError("POSE_FORMAT", f"expected {n_bytes:,} bytes of numbers, got {len(data):,}.", where=where)
    return np.frombuffer(data, dtype).reshape(shape, order="F" if is_fortran else "C")


def read_npz(file: IO[bytes], where: str, *, max_bytes: int = MAX_POSE_BYTES) -> dict[str, NDArray[np.number]]:
    """All arrays of an npz file by name; every header is judged before any array is read.

    Raises:
        InputError: ``POSE_PICKLE_FORBIDDEN``, ``POSE_TOO_LARGE``, ``POSE_FORMAT``,
            ``ARCHIVE_LIMIT`` or ``ARCHIVE_ENCRYPTED``.
    """
    _refuse_bare_pickle(file, where)
    try:
        with zipfile.ZipFile(file) as archive:
            members = _list_members(archive, where)
            total = 0
            for info in members:
                with archive.open(info) as member:
                    shape, _, dtype = _read_header(member, f"{where}[{info.filename}]", max_bytes)
                    total += math.prod(shape) * dtype.itemsize
            if total > max_bytes:
                raise _too_large(total, max_bytes, where)
            arrays: dict[str, NDArray[np.number]] = {}
            for info in members:
                with archive.open(info) as member:
                    name = info.filename.removesuffix(".npy")
                    arrays[name] = read_npy(member, f"{where}[{info.filename}]", max_bytes=max_bytes)
            return arrays
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise InputError("POSE_FORMAT", f"expected an npz file, got a damaged one: {error}.", where=where) from error


def _list_members(archive: zipfile.ZipFile, where: str) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise InputError("ARCHIVE_LIMIT", f"expected at most {MAX_MEMBERS} arrays, got {len(members)}.", where=where)
    for info in members:
        if info.flag_bits & 1:
            raise InputError("ARCHIVE_ENCRYPTED", f"expected a file without password: {info.filename}.", where=where)
        if not info.filename.endswith(".npy"):
            raise InputError("POSE_FORMAT", f"expected arrays only, got {info.filename!r}.", where=where)
    return members


def _read_header(file: IO[bytes], where: str, max_bytes: int) -> tuple[tuple[int, ...], bool, np.dtype]:
    _refuse_bare_pickle(file, where)
    try:
        version = np.lib.format.read_magic(file)
        read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}[version]
        shape, is_fortran, dtype = read(file)
    except KeyError as error:
        raise InputError("POSE_FORMAT", "expected an npy file of version 1 or 2.", where=where) from error
    except Exception as error:  # numpy parses the header as Python text and lets any parser's error through
        raise InputError("POSE_FORMAT", "expected an npy file, got a damaged header.", where=where) from error
    if dtype.hasobject:
        raise InputError(
            "POSE_PICKLE_FORBIDDEN", "expected numbers, got pickled objects.", hint=_PICKLE_HINT, where=where
        )
    if dtype.kind not in "fiu":
        raise InputError("POSE_FORMAT", f"expected numbers, got values of type {dtype}.", where=where)
    if any(n < 0 for n in shape):
        raise InputError("POSE_FORMAT", f"expected a shape, got {shape}.", where=where)
    if math.prod(shape) * dtype.itemsize > max_bytes:
        raise _too_large(math.prod(shape) * dtype.itemsize, max_bytes, where)
    return shape, is_fortran, dtype


def _too_large(n_bytes: int, max_bytes: int, where: str) -> InputError:
    message = f"expected at most {max_bytes:,} bytes of numbers, got {n_bytes:,}."
    return InputError("POSE_TOO_LARGE", message, where=where)


def _refuse_bare_pickle(file: IO[bytes], where: str) -> None:
    """A pickle that was merely renamed begins with its protocol byte."""
    start = file.tell()
    first = file.read(1)
    file.seek(start)
    if first == b"\x80":
        raise InputError("POSE_PICKLE_FORBIDDEN", "expected numbers, got a pickle.", hint=_PICKLE_HINT, where=where)
