"""Reading numpy's npy and npz files that others made, without trusting their headers.

A header is read and judged before a byte is reserved for the data, and pickled
objects are never loaded. What the numbers mean is for ``pose.py``.
"""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, BinaryIO

import numpy as np
from numpy.typing import NDArray

from imigue_core.archives import PART_BYTES, ArchiveKind, iter_part, open_archive
from imigue_core.errors import InputError
from imigue_core.limits import ARRAY_HEADER, ARRAYS, POSE_ARRAY

_KIND = ArchiveKind("an npz file", ARRAYS, POSE_ARRAY)
_PICKLE_HINT = "Save plain numbers with numpy.savez or numpy.save."
_MAGIC_BYTES = 6
_LENGTH_BYTES = {b"\1\0": 2, b"\2\0": 4}
"""How many bytes say how long the header is, by the version of the format."""


@dataclass(frozen=True, slots=True)
class ArrayHeader:
    """What a file says of an array, before anything of it is read.

    Attributes:
        where: What messages call the array.
        n_header: Bytes before its numbers.
    """

    where: str
    shape: tuple[int, ...]
    is_fortran: bool
    dtype: np.dtype
    n_header: int

    @property
    def n_bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


class NpzFile:
    """An open npz file: the headers of all its arrays, and the numbers of those that are asked for.

    Attributes:
        headers: By the arrays' names.
    """

    def __init__(self, archive: zipfile.ZipFile, where: str) -> None:
        self._archive = archive
        self._parts: dict[str, zipfile.ZipInfo] = {}
        self.headers: dict[str, ArrayHeader] = {}
        for info in archive.infolist():
            if not info.filename.endswith(".npy"):
                raise InputError("POSE_FORMAT", f"expected arrays only, got {info.filename[:200]!r}.", where=where)
            name = info.filename.removesuffix(".npy")
            with archive.open(info) as part:
                header = read_header(part, f"{where}[{info.filename[:200]}]")
            if header.n_header + header.n_bytes != info.file_size:
                message = f"expected {header.n_bytes:,} bytes of numbers, got {info.file_size - header.n_header:,}."
                raise InputError("POSE_FORMAT", message, where=header.where)
            self._parts[name], self.headers[name] = info, header

    def read(self, name: str, dtype: type[np.number] | None = None) -> NDArray[np.number]:
        """The numbers of one array; see ``read_values``."""
        header = self.headers[name]
        return read_values(_skip(iter_part(self._archive, self._parts[name]), header.n_header), header, dtype)


@contextmanager
def open_npz(file: BinaryIO, where: str) -> Iterator[NpzFile]:
    """An npz file whose every header was read, and nothing else of it.

    Raises:
        InputError: ``POSE_PICKLE_FORBIDDEN``, ``POSE_TOO_LARGE``, ``POSE_FORMAT``, ``ARCHIVE_LIMIT``,
            ``ARCHIVE_NAME`` or ``ARCHIVE_ENCRYPTED``.
    """
    first = file.read(1)
    file.seek(0)
    _refuse_pickle(first, where)
    with open_archive(file, _KIND, where) as archive:
        yield NpzFile(archive, where)


def iter_parts(file: BinaryIO) -> Iterator[bytes]:
    """The rest of an open file, a little at a time."""
    while data := file.read(PART_BYTES):
        yield data


def read_header(file: IO[bytes], where: str) -> ArrayHeader:
    """The header of an npy stream that is open at its magic bytes.

    Raises:
        InputError: ``POSE_PICKLE_FORBIDDEN``, ``POSE_TOO_LARGE`` or ``POSE_FORMAT``.
    """
    start = file.read(_MAGIC_BYTES + 2)
    _refuse_pickle(start[:1], where)
    n_length = _LENGTH_BYTES.get(start[_MAGIC_BYTES:])
    if start[:_MAGIC_BYTES] != b"\x93NUMPY" or n_length is None:
        raise InputError("POSE_FORMAT", "expected an npy file of version 1 or 2.", where=where)
    length = file.read(n_length)
    n_text = int.from_bytes(length, "little")
    if n_text > ARRAY_HEADER.most:
        raise InputError("POSE_FORMAT", f"expected a header of at most {ARRAY_HEADER.most:,} bytes.", where=where)
    text = length + file.read(n_text)
    try:
        parse = np.lib.format.read_array_header_1_0 if n_length == 2 else np.lib.format.read_array_header_2_0
        shape, is_fortran, dtype = parse(io.BytesIO(text))
    except Exception as error:  # numpy parses the header as Python text and lets any parser's error through
        raise InputError("POSE_FORMAT", "expected an npy file, got a damaged header.", where=where) from error
    header = ArrayHeader(where, tuple(map(int, shape)), bool(is_fortran), dtype, len(start) + len(text))
    _validate_header(header)
    return header


def read_values(
    parts: Iterable[bytes], header: ArrayHeader, dtype: type[np.number] | None = None
) -> NDArray[np.number]:
    """The numbers behind a header; only those and a small part of the file are in memory.

    Args:
        parts: The bytes after the header, in parts of any size.
        header: What they are.
        dtype: What to make of them, None for what they are. What does not fit becomes infinity.

    Raises:
        InputError: ``POSE_FORMAT`` when there are more or fewer than the header says.
    """
    flat = np.empty(math.prod(header.shape), dtype or header.dtype.newbyteorder("="))
    size = header.dtype.itemsize
    done, rest = 0, b""
    for part in parts:
        rest += part
        n_whole = len(rest) // size
        if done + n_whole > len(flat) or (done + n_whole == len(flat) and len(rest) % size):
            raise _refuse_length(header, "more")
        with np.errstate(over="ignore", invalid="ignore"):
            flat[done : done + n_whole] = np.frombuffer(rest, header.dtype, n_whole)
        done, rest = done + n_whole, rest[n_whole * size :]
    if done != len(flat):
        raise _refuse_length(header, f"{done * size + len(rest):,}")
    return flat.reshape(header.shape, order="F" if header.is_fortran else "C")


def _skip(parts: Iterable[bytes], n_bytes: int) -> Iterator[bytes]:
    for part in parts:
        if n_bytes < len(part):
            yield part[n_bytes:]
        n_bytes = max(0, n_bytes - len(part))


def _validate_header(header: ArrayHeader) -> None:
    dtype, where = header.dtype, header.where
    if dtype.hasobject:
        raise InputError(
            "POSE_PICKLE_FORBIDDEN", "expected numbers, got pickled objects.", hint=_PICKLE_HINT, where=where
        )
    if dtype.kind not in "fiu":
        raise InputError("POSE_FORMAT", f"expected numbers, got values of type {dtype!s:.200}.", where=where)
    if any(n < 0 for n in header.shape):
        raise InputError("POSE_FORMAT", f"expected a shape, got {header.shape!s:.200}.", where=where)
    if header.n_bytes > POSE_ARRAY.most:
        message = f"expected at most {POSE_ARRAY.most:,} bytes of numbers, got {header.n_bytes:,}."
        raise InputError("POSE_TOO_LARGE", message, where=where)


def _refuse_length(header: ArrayHeader, got: str) -> InputError:
    return InputError("POSE_FORMAT", f"expected {header.n_bytes:,} bytes of numbers, got {got}.", where=header.where)


def _refuse_pickle(first: bytes, where: str) -> None:
    """A pickle that was merely renamed begins with its protocol byte."""
    if first == b"\x80":
        raise InputError("POSE_PICKLE_FORBIDDEN", "expected numbers, got a pickle.", hint=_PICKLE_HINT, where=where)
