"""The table of actions against the routes: each names its action or is known to be open, and the table decides."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from db.engine import Database
from imigue_core.settings import Settings
from imigue_core.studio.access import RULES, Action
from imigue_core.web.calls import OPEN, Endpoint, Project
from imigue_core.web.routes import list_routes
from tests.harness.asking import add_video, read_refusal

OPEN_ROUTES = {
    "GET /health",
    "POST /identity",
    "POST /identity/leave",
    "GET /taxonomy",
    "GET /assets/{version}/{file:path}",
    "GET /codebook/{class_id:int}.svg",
}
"""What answers strangers. Nothing here may tell of a video or of a label."""


def list_answers(settings: Settings) -> Iterator[tuple[str, str, object]]:
    """(method, path, action) of every request that the API answers."""
    [mount] = list_routes(Project(settings))
    assert isinstance(mount, Mount)
    for route in mount.routes:
        assert isinstance(route, Route)
        assert isinstance(route.endpoint, Endpoint)
        for method in ("GET", "POST"):
            answer = route.endpoint.answers[method]
            if answer is not None:
                yield method, route.path, answer[0]


def ask(client: TestClient, method: str, path: str) -> tuple[int, str]:
    address = "/api" + re.sub(r"\{(\w+)(:\w+)?\}", "1", path)
    answer = client.request(method, address, json={} if method == "POST" else None)
    return (answer.status_code, "") if answer.status_code < 400 else read_refusal(answer)


def test_every_route_names_its_action_or_is_known_to_be_open(settings: Settings) -> None:
    answers = list(list_answers(settings))
    assert {f"{method} {path}" for method, path, action in answers if action is OPEN} == OPEN_ROUTES
    assert all(action is OPEN or action in RULES for _, _, action in answers)


def test_strangers_are_asked_who_they_are_everywhere_else(settings: Settings, stranger: TestClient) -> None:
    for method, path, action in list_answers(settings):
        refused = ask(stranger, method, path) == (401, "IDENTITY_REQUIRED")
        assert refused == (action is not OPEN), f"{method} {path}"


@pytest.mark.parametrize("denied", list(Action))
def test_the_table_decides_what_a_known_person_is_answered(
    denied: Action, settings: Settings, shared_db: Database, ann: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_video(shared_db)
    monkeypatch.setitem(RULES, denied, lambda actor, resource: False)
    for method, path, action in list_answers(settings):
        if action == denied:
            assert ask(ann, method, path) == (403, "PERMISSION_DENIED"), f"{method} {path}"
        elif action is not OPEN and method == "GET":
            assert ask(ann, method, path)[0] != 403 or path.endswith(".mp4"), f"{method} {path}"
