"""What every route shares: who asks, the body as checked JSON, and errors as answers.

A route's own file holds functions from a ``Call`` to a response; they raise
``StudioError`` and never build an error answer themselves.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from db.damage import DAMAGE_CODES
from db.engine import Database, get_database
from db.people import get_annotator
from imigue_core.errors import (
    ConflictError,
    DeniedError,
    InputError,
    NotAvailableError,
    StorageError,
    StudioError,
)
from imigue_core.files import find_storage_error
from imigue_core.formats.strict_json import parse_strict_json
from imigue_core.ids import AnnotatorId, VideoId
from imigue_core.settings import MAX_POST_BYTES, Settings
from imigue_core.studio.access import Action, Resource, identify, require
from imigue_core.studio.safety.damage import find_damage
from imigue_core.web.hub import Hub
from imigue_core.web.identity import load_secret, name_cookie, read_cookie

logger = logging.getLogger("imigue.web")
MAX_ID = 2**53
_STATUS_OF_CODE = {
    "IDENTITY_REQUIRED": 401,
    "UPLOAD_TOO_LARGE": 413,
    "METHOD_NOT_ALLOWED": 405,
    "BODY_TYPE": 415,
    "TOO_MANY_POLLS": 429,
}
_STATUS_OF_CLASS: tuple[tuple[type[StudioError], int], ...] = (
    (NotAvailableError, 404),
    (DeniedError, 403),
    (ConflictError, 409),
    (StorageError, 503),
    (InputError, 400),
)
T = TypeVar("T")


class Project:
    """One project as the routes see it: settings, database, secret and who is known in it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.hub = Hub()
        self._secret: bytes | None = None
        self._known: set[int] = set()
        self.revealed: set[tuple[int, int, str]] = set()
        """(video_id, annotator_id, view) whose first pixels are in the audit log."""

    @property
    def db(self) -> Database:
        return get_database(self.settings)

    @property
    def secret(self) -> bytes:
        if self._secret is None:
            self._secret = load_secret(self.settings)
        return self._secret

    def find_damage(self) -> StorageError | None:
        """What is known to be wrong with the database: its code, what it says and what to do."""
        return find_damage(self.db)

    def explain(self, error: Exception) -> Exception:
        """The error, with what to do about it when it is that the database is damaged."""
        if not isinstance(error, StorageError) or error.hint or error.code not in (*DAMAGE_CODES, "EDITS_MISSING"):
            return error
        return self.find_damage() or error

    def find_annotator_id(self, cookie: str | None) -> AnnotatorId | None:
        """The person whom a cookie names. People are never removed, so a known id stays known."""
        annotator_id = read_cookie(cookie, self.secret) if cookie else None
        if annotator_id is None or annotator_id in self._known:
            return annotator_id
        try:
            with self.db.read() as conn:
                get_annotator(conn, annotator_id)
        except NotAvailableError:
            return None
        self._known.add(annotator_id)
        return annotator_id


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``annotator_id`` is None on open routes when nobody is known; ``body`` is its JSON or None."""

    project: Project
    request: Request
    annotator_id: AnnotatorId | None
    body: Any = None

    @property
    def db(self) -> Database:
        return self.project.db

    @property
    def actor(self) -> AnnotatorId:
        """The person asking; every route that is not open has one."""
        assert self.annotator_id is not None
        return self.annotator_id

    @property
    def video_id(self) -> VideoId:
        """The id in the path; ``NotAvailableError`` when no database could hold it."""
        video_id = int(self.request.path_params["video_id"])
        if video_id > MAX_ID:
            raise NotAvailableError("this video is not available")
        return VideoId(video_id)

    def get_field(self, name: str, kind: type[T]) -> T:
        """A field of the body that must be there.

        Raises:
            InputError: ``BODY_MALFORMED``.
        """
        value = self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise InputError("BODY_MALFORMED", f"{name}: expected {_NAMES.get(kind, kind.__name__)}.")
        return value


_NAMES: dict[type, str] = {bool: "true or false", int: "a whole number", str: "text", list: "a list"}
Handler = Callable[[Call], Response] | Callable[[Call], Awaitable[Response]]
OPEN = None
"""In the place of an action: answers people who have not said who they are, and tells nothing of the project."""
Answer = tuple[Action | None, Handler]
"""What a request does, and the function that does it."""


class Endpoint:
    """One path of the API as an ASGI application.

    Plain functions run in a thread and get their JSON body read; coroutine functions
    read the body themselves.

    Args:
        get: Answers GET and HEAD.
        post: Answers POST.
    """

    def __init__(self, project: Project, *, get: Answer | None = None, post: Answer | None = None) -> None:
        self._project = project
        self.answers = {"GET": get, "HEAD": get, "POST": post}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(Request(scope, receive))
        except ClientDisconnect:
            return
        except Exception as error:
            response = answer_error(await run_in_threadpool(self._project.explain, error))
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        answer = self.answers.get(request.method)
        if answer is None:
            raise InputError("METHOD_NOT_ALLOWED", f"{request.method} is not answered here.")
        action, handler = answer
        if inspect.iscoroutinefunction(handler):
            response: Response = await handler(await run_in_threadpool(self._make_call, request, action, b""))
            return response
        body = await read_body(request, MAX_POST_BYTES) if request.method == "POST" else b""
        return await run_in_threadpool(lambda: handler(self._make_call(request, action, body)))  # type: ignore[arg-type,return-value]

    def _make_call(self, request: Request, action: Action | None, body: bytes) -> Call:
        """The call, once it is known who asks and that they may. What a route changes is the asking person's own."""
        annotator_id = self._project.find_annotator_id(request.cookies.get(name_cookie(self._project.secret)))
        if action is not OPEN:
            actor = identify(annotator_id)
            require(actor, action, Resource(request.path_params.get("video_id"), actor))
        return Call(self._project, request, annotator_id, _parse_body(request, body))


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body.

    Raises:
        InputError: ``UPLOAD_TOO_LARGE`` as soon as it is longer than ``limit`` bytes.
    """
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > limit:
            raise InputError("UPLOAD_TOO_LARGE", f"expected at most {limit} bytes.")
    return bytes(body)


def _parse_body(request: Request, body: bytes) -> Any:
    if not body:
        return None
    if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
        raise InputError("BODY_TYPE", "expected the content type application/json.")
    return parse_strict_json(body, "request")


def answer_json(value: Any, status: int = 200) -> Response:
    """``value`` as JSON; integer keys become text."""
    return Response(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS), status, media_type="application/json")


def answer_error(error: Exception) -> Response:
    """The answer to a refusal; an error of our own making is logged and told without its inside."""
    if isinstance(error, OSError):
        error = find_storage_error(error) or error
    if not isinstance(error, StudioError):
        logger.error("a request failed", exc_info=error)
        error = StudioError("INTERNAL", "the studio made a mistake; its log says more.")
    status = _STATUS_OF_CODE.get(error.code) or next(
        (status for kind, status in _STATUS_OF_CLASS if isinstance(error, kind)), 500
    )
    return answer_json({"error": error.to_dict()}, status)


async def answer_not_found(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer to every path below /api that is none of ours."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": "NOT_AVAILABLE"})
        return
    await answer_error(NotAvailableError("there is nothing at this address"))(scope, receive, send)
