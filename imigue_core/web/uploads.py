"""The Library's upload: a body of any length, straight to disk under a name of our own.

Nothing of it is kept in memory. A file that breaks off, is too large or finds no room
is removed; what is complete is handed to ``studio.adding`` as if it had been in the inbox.
"""

from __future__ import annotations

import re
import shutil
import unicodedata
import uuid
from pathlib import Path, PurePath
from typing import BinaryIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from imigue_core.errors import InputError
from imigue_core.files import make_folder
from imigue_core.settings import MAX_NAME_CHARS, Settings
from imigue_core.studio.demo import refuse_demo
from imigue_core.studio.videos.adding import register_file
from imigue_core.web.calls import Call, answer_json

BUFFER_BYTES = 1024 * 1024
_HIDDEN = ("Cc", "Cf", "Cs", "Zl", "Zp")
_JOINERS = "\u200c\u200d"
"""Invisible, but emoji and some scripts are written with them."""


async def post_upload(call: Call) -> Response:
    """POST /api/upload?name=...: the body is the file.

    Raises:
        InputError: ``NAME_INVALID``, ``UPLOAD_TOO_LARGE``, ``UPLOAD_EMPTY`` or what registering says.
        DeniedError: ``DEMO_CLOSED``.
    """
    settings = call.project.settings
    with call.db.read() as conn:
        refuse_demo(conn)
    name = validate_file_name(call.request.query_params.get("name", ""))
    make_folder(settings.uploads)
    path = settings.uploads / (uuid.uuid4().hex + _get_ending(name))
    try:
        with path.open("xb") as file:
            n_bytes = await _store(call.request, file, settings.upload_limit_bytes, name)
        if n_bytes == 0:
            raise InputError("VIDEO_EMPTY", "expected a video, got a file of 0 bytes.", where=name)
        result = await run_in_threadpool(
            register_file, call.db, path, name=name, meta=None, move=True, annotator_id=call.actor
        )
    finally:
        path.unlink(missing_ok=True)
    return answer_json({"video_id": result.video_id, "created": result.created})


async def _store(request: Request, file: BinaryIO, limit: int, name: str) -> int:
    """Writes the body to ``file`` a megabyte at a time; returns its length in bytes."""
    told = request.headers.get("content-length", "0")
    n_bytes = int(told) if told.isascii() and told.isdigit() else 0
    _check_size(n_bytes, limit, name)
    n_bytes, waiting = 0, bytearray()
    async for part in request.stream():
        n_bytes += len(part)
        _check_size(n_bytes, limit, name)
        waiting += part
        if len(waiting) >= BUFFER_BYTES:
            await run_in_threadpool(file.write, bytes(waiting))
            waiting.clear()
    await run_in_threadpool(file.write, bytes(waiting))
    return n_bytes


def _check_size(n_bytes: int, limit: int, name: str) -> None:
    if n_bytes > limit:
        raise InputError(
            "UPLOAD_TOO_LARGE",
            f"expected at most {limit} bytes.",
            hint="IMIGUE_UPLOAD_LIMIT_BYTES sets the limit; the command line's add has none.",
            where=name,
        )


def validate_file_name(name: str) -> str:
    """The name a person gave a file, for show only; it never becomes a path.

    Raises:
        InputError: ``NAME_INVALID``: empty, too long, a path, or with control or invisible characters.
    """
    text = unicodedata.normalize("NFC", name).strip()
    if not 1 <= len(text) <= MAX_NAME_CHARS:
        raise InputError("NAME_INVALID", f"expected a file name of 1 to {MAX_NAME_CHARS} characters.")
    if text in (".", "..") or any(c in "/\\" or _is_hidden(c) for c in text):
        raise InputError("NAME_INVALID", "expected a plain file name without folders or hidden characters.")
    return text


def _is_hidden(c: str) -> bool:
    return c not in _JOINERS and unicodedata.category(c) in _HIDDEN


def _get_ending(name: str) -> str:
    ending = PurePath(name).suffix.lower()
    return ending if re.fullmatch(r"\.[a-z0-9]{1,8}", ending) else ""


def clear_uploads(settings: Settings) -> None:
    """Removes what a server that was killed left half uploaded. Call under the server lock."""
    if settings.uploads.is_dir():
        for path in settings.uploads.iterdir():
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
