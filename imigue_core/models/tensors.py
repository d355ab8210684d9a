"""Reading a file of weights: safetensors only, of a bearable size, finite, with the hash that its card names.

Which library makes arrays of the bytes is the caller's choice; pickles are never opened.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from safetensors import SafetensorError

from imigue_core.errors import InputError
from imigue_core.files import read_regular
from imigue_core.limits import TENSORS, WEIGHTS_FILE, WEIGHTS_HEADER

PRECISIONS = ("F16", "F32")
_LENGTH_BYTES = 8

Array = TypeVar("Array")


def read_tensors(path: Path, sha256: str, load: Callable[[bytes], dict[str, Array]]) -> dict[str, Array]:
    """The arrays of a weights file.

    Args:
        path: The file.
        sha256: What the model's card says of it.
        load: Of ``safetensors``, for the arrays that are wanted.

    Raises:
        InputError: ``MODEL_NOT_SAFETENSORS``, ``MODEL_TRUNCATED``, ``MODEL_TOO_LARGE``, ``MODEL_CARD`` for weights of
            another precision, or ``MODEL_NOT_FINITE``.
    """
    where = str(path)
    try:
        data = read_regular(path, WEIGHTS_FILE.most, code="MODEL_TOO_LARGE")
    except InputError as error:
        code = "MODEL_TRUNCATED" if error.code == "NOT_A_FILE" else error.code
        raise InputError(code, f"weights: {error.message}", where=where) from error
    n_header = int.from_bytes(data[:_LENGTH_BYTES], "little")
    if len(data) > _LENGTH_BYTES and (
        data[_LENGTH_BYTES : _LENGTH_BYTES + 1] != b"{" or n_header > WEIGHTS_HEADER.most
    ):
        raise InputError(
            "MODEL_NOT_SAFETENSORS",
            "expected a safetensors file, got something else.",
            hint="Pickled checkpoints (.pt, .pth, .bin) can run programs and are never opened.",
            where=where,
        )
    if hashlib.sha256(data).hexdigest() != sha256:
        raise InputError("MODEL_TRUNCATED", "expected the weights the card was made for, got others.", where=where)
    try:
        _validate_header(json.loads(data[_LENGTH_BYTES : _LENGTH_BYTES + n_header]), where)
        tensors = load(data)
    except (SafetensorError, ValueError, TypeError, LookupError, OverflowError, RecursionError) as error:
        raise InputError("MODEL_TRUNCATED", f"expected a whole weights file: {error!s:.200}.", where=where) from error
    for name, values in tensors.items():
        if not np.isfinite(np.asarray(values)).all():
            message = f"expected finite weights, got NaN or infinity in {name[:80]!r}."
            raise InputError("MODEL_NOT_FINITE", message, where=where)
    return tensors


def _validate_header(header: Any, where: str) -> None:
    """Refuses weights of another precision; names and shapes are compared by whoever knows the network."""
    entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
    if len(entries) > TENSORS.most:
        message = f"expected at most {TENSORS.most:,} tensors, got {len(entries):,}."
        raise InputError("MODEL_TOO_LARGE", message, where=where)
    for name, entry in entries.items():
        if entry["dtype"] not in PRECISIONS:
            message = f"expected weights of {' or '.join(PRECISIONS)}, got {entry['dtype']!r:.40} in {name[:80]!r}."
            raise InputError("MODEL_CARD", message, where=where)
