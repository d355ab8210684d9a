"""Who one is: the secret, the signed cookie, and what nobody in particular may ask."""

from __future__ import annotations

import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from imigue_core.errors import StorageError
from imigue_core.settings import Settings
from imigue_core.web.identity import load_secret, name_cookie, read_cookie, sign_annotator
from tests.harness.asking import read_refusal


def test_the_secret_is_made_once_and_is_its_owners_alone(settings: Settings) -> None:
    with ThreadPoolExecutor(8) as pool:
        secrets = set(pool.map(lambda _: load_secret(settings), range(16)))
    assert len(secrets) == 1
    path = settings.data / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.stat().st_size == 32
    assert [p.name for p in settings.data.iterdir()] == ["secret"]


def test_a_damaged_secret_is_refused(settings: Settings) -> None:
    settings.data.mkdir()
    (settings.data / "secret").write_bytes(b"changeme")
    with pytest.raises(StorageError, match="SECRET_INVALID"):
        load_secret(settings)


def test_a_cookie_names_its_annotator_under_the_same_secret_only() -> None:
    value = sign_annotator(b"a" * 32, 12)
    assert read_cookie(value, b"a" * 32) == 12
    assert read_cookie(value, b"b" * 32) is None


@pytest.mark.parametrize("value", ["", "12", "12.", ".", "13." + "A" * 43, "1\u00e9.x", "x" * 10_000])
def test_a_made_up_cookie_names_nobody(value: str) -> None:
    assert read_cookie(value, b"a" * 32) is None


def test_one_character_changed_anywhere_breaks_a_cookie() -> None:
    value = sign_annotator(b"a" * 32, 12)
    for at in range(len(value) - 1):
        changed = value[:at] + ("B" if value[at] != "B" else "C") + value[at + 1 :]
        assert read_cookie(changed, b"a" * 32) is None


def test_the_cookie_is_closed_to_scripts_and_to_other_sites(stranger: TestClient) -> None:
    answer = stranger.post("/api/identity", json={"name": "Ann"})
    parts = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=strict", "path=/"} <= parts


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/videos/1"),
        ("GET", "/api/videos/1/state"),
        ("GET", "/api/videos/1/times"),
        ("GET", "/api/videos/1/proxy.mp4"),
        ("GET", "/api/videos/1/chunks/0"),
        ("GET", "/api/videos/1/thumb"),
        ("POST", "/api/videos/1/person"),
        ("POST", "/api/view"),
        ("POST", "/api/upload?name=a.mp4"),
        ("POST", "/api/edits"),
    ],
)
def test_a_stranger_is_asked_who_they_are(stranger: TestClient, method: str, path: str) -> None:
    assert read_refusal(stranger.request(method, path)) == (401, "IDENTITY_REQUIRED")


def test_a_cookie_of_somebody_who_does_not_exist_is_a_strangers(stranger: TestClient, settings: Settings) -> None:
    secret = load_secret(settings)
    stranger.cookies.set(name_cookie(secret), sign_annotator(secret, 99))
    assert read_refusal(stranger.get("/api/videos/1/state")) == (401, "IDENTITY_REQUIRED")


def test_a_known_person_is_picked_by_id(ann: TestClient, make_client: Callable[[], TestClient]) -> None:
    other = make_client()
    assert other.post("/api/identity", json={"annotator_id": 1}).json() == {"annotator_id": 1, "name": "Ann"}
    assert read_refusal(other.get("/api/videos/1/state"))[0] == 404, "known now"


def test_leaving_makes_a_stranger(ann: TestClient) -> None:
    assert ann.post("/api/identity/leave").status_code == 200
    assert read_refusal(ann.get("/api/videos/1/state")) == (401, "IDENTITY_REQUIRED")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"annotator_id": 7}, (404, "NOT_AVAILABLE")),
        ({"annotator_id": -1}, (404, "NOT_AVAILABLE")),
        ({"annotator_id": 10**30}, (404, "NOT_AVAILABLE")),
        ({"annotator_id": True}, (400, "BODY_MALFORMED")),
        ({"annotator_id": "1"}, (400, "BODY_MALFORMED")),
        ({"annotator_id": 1, "name": "Ann"}, (400, "BODY_MALFORMED")),
        ({}, (400, "BODY_MALFORMED")),
        ([1], (400, "BODY_MALFORMED")),
        ({"name": "ANN"}, (400, "NAME_TAKEN")),
        ({"name": "  "}, (400, "NAME_INVALID")),
        ({"name": "a\nb"}, (400, "NAME_INVALID")),
        ({"name": "x" * 5000}, (400, "NAME_INVALID")),
        ({"name": None}, (400, "NAME_INVALID")),
    ],
)
def test_an_identity_that_makes_no_sense_is_refused(ann: TestClient, body: Any, expected: str) -> None:
    assert read_refusal(ann.post("/api/identity", json=body)) == expected


def test_a_body_needs_the_json_content_type(stranger: TestClient) -> None:
    answer = stranger.post("/api/identity", content=b'{"name": "Ann"}', headers={"Content-Type": "text/plain"})
    assert read_refusal(answer) == (415, "BODY_TYPE")
