"""Reading a file of weights: safetensors only, of a bearable size, with the hash that its card names.

Which library makes arrays of the bytes is the caller's choice; pickles are never opened.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from safetensors import SafetensorError

from imigue_core.errors import InputError

MAX_WEIGHT_BYTES = 256 * 1024 * 1024
_MAX_HEADER_BYTES = 100_000_000

Array = TypeVar("Array")


def read_tensors(path: Path, sha256: str, load: Callable[[bytes], dict[str, Array]]) -> dict[str, Array]:
    """The arrays of a weights file.

    Args:
        path: The file.
        sha256: What the model's card says of it.
        load: Of ``safetensors``, for the arrays that are wanted.

    Raises:
        InputError: ``MODEL_NOT_SAFETENSORS`` or ``MODEL_TRUNCATED``.
    """
    where = str(path)
    try:
        data = path.read_bytes() if path.stat().st_size <= MAX_WEIGHT_BYTES else b""
    except OSError as error:
        raise InputError("MODEL_TRUNCATED", f"expected a weights file, got {error}.", where=where) from error
    header = int.from_bytes(data[:8], "little")
    if len(data) > 8 and (data[8:9] != b"{" or header > _MAX_HEADER_BYTES):
        raise InputError(
            "MODEL_NOT_SAFETENSORS",
            "expected a safetensors file, got something else.",
            hint="Pickled checkpoints (.pt, .pth, .bin) can run programs and are never opened.",
            where=where,
        )
    try:
        tensors = load(data)
    except (SafetensorError, ValueError) as error:
        raise InputError("MODEL_TRUNCATED", f"expected a whole weights file: {error}.", where=where) from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InputError("MODEL_TRUNCATED", "expected the weights the card was made for, got others.", where=where)
    return tensors
