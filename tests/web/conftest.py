"""The API of one project behind its real guard, without a worker, and people who ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from db.engine import Database, close_database, get_database
from imigue_core.settings import Settings
from imigue_core.web.server import Server

BASE = "http://127.0.0.1:8501"


@pytest.fixture
def shared_db(settings: Settings) -> Iterator[Database]:
    """The project's database as routes see it."""
    yield get_database(settings)
    close_database(settings)


@pytest.fixture
def make_client(settings: Settings, shared_db: Database) -> Callable[[], TestClient]:
    """Browsers: each keeps its own cookies and says its origin."""
    server = Server(settings)
    app = Starlette(routes=server.list_routes(), middleware=server.list_middleware())

    def make() -> TestClient:
        return TestClient(app, base_url=BASE, headers={"Origin": BASE}, follow_redirects=False)

    return make


@pytest.fixture
def stranger(make_client: Callable[[], TestClient]) -> TestClient:
    """Somebody who has not said who they are."""
    return make_client()


@pytest.fixture
def ann(make_client: Callable[[], TestClient]) -> TestClient:
    """Ann at her browser; annotator 1."""
    client = make_client()
    assert client.post("/api/identity", json={"name": "Ann"}).json() == {"annotator_id": 1, "name": "Ann"}
    return client


@pytest.fixture
def ben(ann: TestClient, make_client: Callable[[], TestClient]) -> TestClient:
    """Ben at his; annotator 2."""
    client = make_client()
    assert client.post("/api/identity", json={"name": "Ben"}).json()["annotator_id"] == 2
    return client
