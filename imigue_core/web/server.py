"""One server over one data folder: its lock, its routes, what starts and stops with it."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import cookie_parser
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.engine import close_database, get_database
from imigue_core.errors import StorageError
from imigue_core.files import make_folder
from imigue_core.settings import Settings
from imigue_core.studio.demo import request_demo
from imigue_core.studio.safety.damage import look_before_work
from imigue_core.web.calls import Project
from imigue_core.web.guard import LOOPBACK, Guard
from imigue_core.web.identity import load_secret, name_cookie
from imigue_core.web.routes import list_routes
from imigue_core.web.supervisor import Supervisor
from imigue_core.web.uploads import clear_uploads

logger = logging.getLogger("imigue.web")


class Server:
    """The parts that ``app.py`` hands to Streamlit.

    Args:
        settings: The project to serve.
        worker_command: What to run instead of the worker, for tests.
    """

    def __init__(self, settings: Settings, worker_command: Sequence[str] | None = None) -> None:
        self.settings = settings
        self._worker_command = worker_command
        self._project = Project(settings)

    def list_routes(self) -> list[BaseRoute]:
        """Everything below /api."""
        return list_routes(self._project)

    def list_middleware(self) -> list[Middleware]:
        """What stands in front of every request."""
        return [Middleware(PlainFailure), self._make_guard()]

    def _make_guard(self) -> Middleware:
        return Middleware(Guard, allowed_hosts=self.settings.allowed_hosts, is_known=self._is_known)

    def _is_known(self, cookies: str) -> bool:
        value = cookie_parser(cookies).get(name_cookie(self._project.secret))
        return self._project.find_annotator_id(value) is not None

    def list_host_names(self) -> list[str]:
        """Every host name under which the server may be reached, IPv6 addresses without brackets."""
        return [host.strip("[]") for host in (*LOOPBACK, *self.settings.allowed_hosts)]

    @asynccontextmanager
    async def run(self, _app: Any) -> AsyncIterator[None]:
        """Opens the project, migrated to the newest schema, looks at it, and keeps a worker running until the end.

        A damaged project is served all the same, as far as it can be read; every page says what is wrong, and
        nothing is written into it.

        Raises:
            StorageError: ``SERVER_ALREADY_RUNNING`` or why the project cannot be opened.
            ConflictError: ``DEMO_FOLDER`` where the demo is to be made among videos of somebody's own.
        """
        # Streamlit gives uvicorn's access log a handler again, whatever uvicorn was told; a line an edit is too much.
        logging.getLogger("uvicorn.access").disabled = True
        with hold_server_lock(self.settings):
            db = await run_in_threadpool(get_database, self.settings)
            damage = await run_in_threadpool(look_before_work, db)
            if damage is not None:
                logger.error("%s", damage)
            elif self.settings.makes_demo:
                await run_in_threadpool(request_demo, db)
            load_secret(self.settings)
            clear_uploads(self.settings)
            supervisor = Supervisor(self.settings, self._worker_command)
            supervisor.start()
            try:
                with self._project.hub.closing_on_signals():
                    yield
            finally:
                await run_in_threadpool(supervisor.stop)
                close_database(self.settings)


@contextmanager
def hold_server_lock(settings: Settings) -> Iterator[None]:
    """Keeps other servers off the data folder; the system lets go of it even when we are killed.

    Raises:
        StorageError: ``SERVER_ALREADY_RUNNING``, naming the other one's process id, or
            ``STORAGE_READ_ONLY`` when nothing can be written there.
    """
    try:
        make_folder(settings.data)
        handle = os.open(settings.data / "server.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"the data folder {settings.data} cannot be used: {error.strerror}."
        raise StorageError("STORAGE_READ_ONLY", message) from error
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            raise StorageError(
                "SERVER_ALREADY_RUNNING",
                f"another studio (process {pid}) serves {settings.data}.",
                hint="Use that one, stop it first, or name another folder: make run DATA=folder.",
            ) from None
        os.ftruncate(handle, 0)
        os.write(handle, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(handle)


class PlainFailure:
    """ASGI middleware: a server that cannot start says why in one sentence, not in a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            await self._app(scope, receive, send)
            return

        async def send_plainly(message: Message) -> None:
            if message["type"] == "lifespan.startup.failed":
                *_, sentence = message.get("message", "").strip().splitlines() or [""]
                if sentence.startswith("imigue_core.errors."):
                    message = {**message, "message": sentence.partition(": ")[2]}
            await send(message)

        await self._app(scope, receive, send_plainly)
