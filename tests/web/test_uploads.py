"""Uploads: streamed to a name of our own, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from db.engine import Database
from db.videos import get_video, list_videos
from imigue_core.settings import Settings
from imigue_core.web.calls import answer_error
from imigue_core.web.server import Server
from imigue_core.web.uploads import clear_uploads
from tests.harness.asking import read_refusal
from tests.web.conftest import BASE

LIMIT = 3_000_000


@pytest.fixture
def ann(settings: Settings, shared_db: Database) -> Any:
    """Ann, in a project that takes three million bytes."""
    server = Server(replace(settings, upload_limit_bytes=LIMIT))
    app = Starlette(routes=server.list_routes(), middleware=server.list_middleware())
    client = TestClient(app, base_url=BASE, headers={"Origin": BASE})
    client.post("/api/identity", json={"name": "Ann"})
    return client


def list_left_over(settings: Settings) -> Any:
    return sorted(p.name for p in settings.uploads.iterdir()) if settings.uploads.exists() else []


def test_an_upload_becomes_a_video_and_leaves_nothing_behind(
    ann: TestClient, settings: Settings, shared_db: Database
) -> None:
    content = os.urandom(LIMIT)
    answer = ann.post("/api/upload", params={"name": "Größe 1 \U0001f468\u200d\U0001f467.MP4"}, content=content)
    assert answer.json() == {"video_id": 1, "created": True}
    with shared_db.read() as conn:
        video = get_video(conn, 1)
    assert video.name == "Größe 1 \U0001f468\u200d\U0001f467"
    assert video.source_file is not None
    assert (settings.video_folder(1) / video.source_file).read_bytes() == content
    assert list_left_over(settings) == []


def test_known_content_changes_nothing_under_any_name(ann: TestClient, settings: Settings, shared_db: Database) -> None:
    content = os.urandom(1000)
    ann.post("/api/upload?name=a.mp4", content=content)
    assert ann.post("/api/upload?name=b.mp4", content=content).json() == {"video_id": 1, "created": False}
    with shared_db.read() as conn:
        assert len(list_videos(conn)) == 1
    assert list_left_over(settings) == []


def test_one_byte_too_many_is_refused_by_its_announcement(ann: TestClient, settings: Settings) -> None:
    answer = ann.post("/api/upload?name=a.mp4", content=b"x" * (LIMIT + 1))
    assert read_refusal(answer) == (413, "UPLOAD_TOO_LARGE")
    assert list_left_over(settings) == []


def test_an_unannounced_length_is_counted(ann: TestClient, settings: Settings, shared_db: Database) -> None:
    def send() -> Iterator[bytes]:
        for _ in range(LIMIT // 100_000 + 1):
            yield b"x" * 100_000

    answer = ann.post("/api/upload?name=a.mp4", content=send())
    assert read_refusal(answer) == (413, "UPLOAD_TOO_LARGE")
    assert list_left_over(settings) == []
    with shared_db.read() as conn:
        assert list_videos(conn) == []


def test_an_empty_file_is_no_video(ann: TestClient, settings: Settings) -> None:
    assert read_refusal(ann.post("/api/upload?name=a.mp4", content=b"")) == (400, "VIDEO_EMPTY")
    assert list_left_over(settings) == []


@pytest.mark.parametrize(
    "name", ["", "   ", ".", "..", "../a.mp4", "a/b.mp4", "a\\b.mp4", "/etc/passwd", "a\x00.mp4", "a\nb.mp4",
             "a\u202eb.mp4", "x" * 300 + ".mp4"],
)  # fmt: skip
def test_a_name_that_is_no_plain_name_is_refused(ann: TestClient, settings: Settings, name: str) -> None:
    assert read_refusal(ann.post("/api/upload", params={"name": name}, content=b"x")) == (400, "NAME_INVALID")
    assert list_left_over(settings) == []


def test_what_a_killed_server_left_is_removed_at_the_next_start(settings: Settings) -> None:
    settings.uploads.mkdir(parents=True)
    (settings.uploads / "half.mp4").write_bytes(b"x")
    (settings.uploads / "folder").mkdir()
    clear_uploads(settings)
    assert list_left_over(settings) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "STORAGE_FULL"), (errno.EDQUOT, "STORAGE_FULL"), (errno.EROFS, "STORAGE_READ_ONLY")],
)
def test_a_disk_that_refuses_says_so(number: int, code: str) -> None:
    answer = answer_error(OSError(number, "no"))
    assert answer.status_code == 503
    assert code.encode() in answer.body


def test_an_error_of_our_own_is_told_without_its_inside() -> None:
    answer = answer_error(ZeroDivisionError("secret inside"))
    assert answer.status_code == 500
    assert b"INTERNAL" in answer.body
    assert b"secret inside" not in answer.body
