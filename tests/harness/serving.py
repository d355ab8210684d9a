"""The process that the killer kills: the studio's API behind its real guard, without pages and worker."""

from __future__ import annotations

import socket
from multiprocessing.connection import Connection
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from db.engine import get_database
from imigue_core.settings import load_settings
from imigue_core.web.server import Server, hold_server_lock


def serve(data: Path, listener: socket.socket, ready: Connection) -> None:
    """Serves until killed. Sends what the database's connections say of themselves once it is open."""
    settings = load_settings(data)
    server = Server(settings)
    app = Starlette(routes=server.list_routes(), middleware=server.list_middleware())
    with hold_server_lock(settings):
        ready.send(get_database(settings).read_pragmas())
        uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False)).run(sockets=[listener])


def open_project(data: Path, ready: Connection) -> None:
    """Opens a project, which makes its tables when there are none, again and again until killed."""
    from db.engine import open_database

    ready.send(True)
    for k in range(1000):
        open_database(load_settings(data / str(k))).close()


def back_up(data: Path, ready: Connection) -> None:
    """Makes backups until killed."""
    from db.engine import open_database
    from imigue_core.studio.safety.backing_up import make_backup

    db = open_database(load_settings(data))
    ready.send(True)
    while True:
        make_backup(db)
