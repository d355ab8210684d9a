"""Paths: ids are numbers, assets are a list, and nothing else below /api leads anywhere."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from db.engine import Database
from imigue_core.web.player.assets import compute_asset_version, list_assets, name_asset
from tests.harness.asking import add_video, read_refusal


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/videos",
        "/api/videos/-1",
        "/api/videos/0",
        "/api/videos/99",
        "/api/videos/1%20OR%201=1",
        "/api/videos/9999999999999999999999999",
        "/api/videos/1.0/state",
        "/api/videos/1/secret",
        "/api/videos/1/source.mp4",
        "/api/videos/1/chunks/00000.bin.gz",
        "/api/videos/1/chunks/%2e%2e",
        "/api/videos/%2e%2e/%2e%2e/studio.db",
        "/api/videos/1/proxy.mp4%00.txt",
        "/api/assets/x/..%2f..%2fsettings.py",
        "/api/assets/x/%2e%2e%2fassets.py",
        "/api/assets/x/assets.py",
        "/api/assets/x/mount.py",
        "/api/assets/x/mount.js",
        "/api/assets/x/core/assets.py",
        "/api/assets/x/core/%2e%2e/core/mount.js",
        "/api/assets/x/core//mount.js",
        "/api/assets/x/core/..%2fmount.py",
        "/api/assets/x/%2fcore/mount.js",
        "/api/assets/x/package.json",
        "/api/assets/x/core",
        "/api/assets/x/%00",
        "/api/assets/x/" + "a" * 300,
    ],
)
def test_nothing_leads_out_of_the_api(ann: TestClient, shared_db: Database, path: str) -> None:
    add_video(shared_db)
    assert read_refusal(ann.get(path)) == (404, "NOT_AVAILABLE")


def test_absent_hidden_and_absurd_videos_get_the_same_words(ann: TestClient, shared_db: Database) -> None:
    hidden = add_video(shared_db, hidden_utc="2026-01-01T00:00:00.000Z")
    answers = {ann.get(f"/api/videos/{video_id}").text for video_id in (hidden, 77, 10**25)}
    assert len(answers) == 1


@pytest.mark.parametrize("method", ["DELETE", "PUT", "PATCH"])
def test_other_methods_are_not_answered(ann: TestClient, method: str) -> None:
    assert read_refusal(ann.request(method, "/api/view")) == (405, "METHOD_NOT_ALLOWED")


def test_every_asset_is_served_with_its_type_and_kept_for_ever(stranger: TestClient) -> None:
    version = compute_asset_version()
    assert list_assets()
    for path in list_assets():
        answer = stranger.get(f"/api/assets/{version}/{name_asset(path)}")
        assert answer.content == path.read_bytes()
        assert answer.headers["content-type"].startswith(("text/javascript", "text/css"))
        assert "immutable" in answer.headers["cache-control"]


def test_an_old_version_of_an_asset_is_not_kept(stranger: TestClient) -> None:
    name = name_asset(list_assets()[0])
    assert stranger.get(f"/api/assets/0123456789ab/{name}").headers["cache-control"] == "no-store"
