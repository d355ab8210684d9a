"""The door: which Host and Origin may speak to the server, and the headers every answer carries.

Pure ASGI and in front of everything, Streamlit's own routes and socket included.
Without a password, these checks are what keeps other web pages out: a foreign
page can make a browser send requests, but it cannot choose Host or Origin.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = ("127.0.0.1", "[::1]")
_HOST = re.compile(r"(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::([0-9]{1,5}))?")
_SAFE_METHODS = ("GET", "HEAD")
_NEVER_NAVIGATED = ("/api/", "/media/", "/component/", "/_stcore/")
_FOR_THE_KNOWN = "/_stcore/metrics"
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_PAGE_HEADERS = (*_HEADERS, (b"content-security-policy", b"frame-ancestors 'self'"))
_API_HEADERS = (
    *_HEADERS,
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'self'"),
    (b"cache-control", b"no-store"),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request goes no further; ``location`` when it only took the wrong name of this computer."""

    status: int
    code: str = ""
    message: str = ""
    hint: str = ""
    location: str = ""


class Guard:
    """ASGI middleware that refuses foreign hosts and origins.

    Args:
        app: What it protects.
        allowed_hosts: Host names beside the loopback addresses, without ports.
        is_known: Whether a Cookie header names somebody; what tells of the people at work is for those only.
    """

    def __init__(
        self, app: ASGIApp, allowed_hosts: tuple[str, ...] = (), is_known: Callable[[str], bool] = lambda cookies: False
    ) -> None:
        self._app = app
        self._is_known = is_known
        self._hosts = frozenset((*LOOPBACK, *allowed_hosts))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refusal = self._find_refusal(scope)
        if refusal is None and scope["path"].rstrip("/").endswith(_FOR_THE_KNOWN):
            cookies = "; ".join(_collect(scope).get(b"cookie", []))
            refusal = None if await run_in_threadpool(self._is_known, cookies) else _IDENTITY_REQUIRED
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            else:
                await send({"type": "websocket.close", "code": 1008, "reason": refusal.code})
            return
        send = _add_headers(send, _API_HEADERS if scope["path"].startswith("/api/") else _PAGE_HEADERS)
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await _answer(refusal, send)

    def _find_refusal(self, scope: Scope) -> Refusal | None:
        headers = _collect(scope)
        hosts = headers.get(b"host", [])
        match = _HOST.fullmatch(hosts[0].lower()) if len(hosts) == 1 else None
        is_safe = scope["type"] == "http" and scope["method"] in _SAFE_METHODS
        if match is None or match[1] not in self._hosts:
            if match is not None and match[1] == "localhost" and is_safe:
                return Refusal(307, location=_move_to_loopback(scope, match[2]))
            return Refusal(
                400,
                "HOST_DENIED",
                f"expected the host 127.0.0.1, got {', '.join(hosts)[:200] or 'none'}.",
                "Open the studio at http://127.0.0.1 and its port; IMIGUE_ALLOWED_HOSTS names further hosts.",
            )
        if not _is_own_origin(headers.get(b"origin", []), match[0], needed=not is_safe):
            return _ORIGIN_DENIED
        if scope["type"] == "http" and not _is_own_fetch(scope["path"], headers):
            return _ORIGIN_DENIED
        return None


_IDENTITY_REQUIRED = Refusal(401, "IDENTITY_REQUIRED", "expected a known annotator; say who you are first.")
_ORIGIN_DENIED = Refusal(
    403, "ORIGIN_DENIED", "expected a request from the studio's own pages, got one from elsewhere."
)


def _collect(scope: Scope) -> dict[bytes, list[str]]:
    found: dict[bytes, list[str]] = {}
    for name, value in scope["headers"]:
        if name in (b"host", b"origin", b"cookie") or name.startswith(b"sec-fetch-"):
            found.setdefault(name, []).append(value.decode("latin-1"))
    return found


def _is_own_origin(origins: list[str], host: str, *, needed: bool) -> bool:
    """Whether the Origin is the address the request was sent to. Safe requests may come without one."""
    if not origins:
        return not needed
    return len(origins) == 1 and origins[0].lower() in (f"http://{host}", f"https://{host}")


def _is_own_fetch(path: str, headers: dict[bytes, list[str]]) -> bool:
    """Whether a browser that says where a request began may have it: links to pages from anywhere, the rest not.

    ``same-site`` is refused too: to a browser, any other port of this computer is the same site.
    """
    if headers.get(b"sec-fetch-site", ["none"])[0] in ("same-origin", "none"):
        return True
    is_link = headers.get(b"sec-fetch-mode") == ["navigate"] and headers.get(b"sec-fetch-dest") == ["document"]
    return is_link and not path.startswith(_NEVER_NAVIGATED)


def _move_to_loopback(scope: Scope, port: str | None) -> str:
    path = scope.get("raw_path") or scope["path"].encode()
    query = scope.get("query_string", b"")
    address = f"127.0.0.1:{port}" if port else "127.0.0.1"
    return f"{scope['scheme']}://{address}{path.decode('latin-1')}" + (f"?{query.decode('latin-1')}" if query else "")


def _add_headers(send: Send, headers: tuple[tuple[bytes, bytes], ...]) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = list(message.get("headers", []))
            names = {name.lower() for name, _ in given}
            message = {**message, "headers": given + [pair for pair in headers if pair[0] not in names]}
        await send(message)

    return send_with_headers


async def _answer(refusal: Refusal, send: Send) -> None:
    if refusal.location:
        body, headers = b"", [(b"location", refusal.location.encode("latin-1"))]
    else:
        error = {"code": refusal.code, "message": refusal.message, "hint": refusal.hint, "where": ""}
        body, headers = orjson.dumps({"error": error}), [(b"content-type", b"application/json")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
