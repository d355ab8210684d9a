"""Hosts, origins and headers: who may speak to the server at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from imigue_core.settings import load_settings
from imigue_core.web.server import Server
from tests.harness.asking import read_refusal
from tests.web.conftest import BASE


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.1:9000", "[::1]:8501"])
def test_loopback_addresses_are_served_on_any_port(stranger: TestClient, host: str) -> None:
    assert stranger.get("/api/health", headers={"Host": host, "Origin": f"http://{host}"}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1@evil.example", "127.0.0.1:80:80", "", "0.0.0.0"]
)
@pytest.mark.parametrize("path", ["/api/health", "/", "/_stcore/health"])
def test_any_other_host_is_denied_everywhere(stranger: TestClient, host: str, path: str) -> None:
    assert read_refusal(stranger.get(path, headers={"Host": host})) == (400, "HOST_DENIED")


def test_localhost_is_sent_to_the_one_origin_that_keeps_the_logs(stranger: TestClient) -> None:
    answer = stranger.get("/annotate?video=3&frame=%20", headers={"Host": "localhost:8501"})
    assert answer.status_code == 307
    assert answer.headers["location"] == "http://127.0.0.1:8501/annotate?video=3&frame=%20"


def test_a_post_to_localhost_is_not_redirected(stranger: TestClient) -> None:
    answer = stranger.post("/api/identity", json={"name": "X"}, headers={"Host": "localhost:8501"})
    assert read_refusal(answer) == (400, "HOST_DENIED")


def test_a_setting_adds_hosts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMIGUE_ALLOWED_HOSTS", "studio.lab, [fe80::1]")
    server = Server(load_settings(tmp_path))
    app = Starlette(routes=server.list_routes(), middleware=server.list_middleware())
    assert TestClient(app, base_url="https://studio.lab").get("/api/taxonomy").status_code == 200
    assert server.list_host_names() == ["127.0.0.1", "::1", "studio.lab", "fe80::1"]


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:9999", "http://localhost:8501", "null", "http://127.0.0.1", ""]
)
def test_a_foreign_origin_is_denied_for_reading_and_writing(ann: TestClient, origin: str) -> None:
    assert read_refusal(ann.get("/api/videos/1/state", headers={"Origin": origin})) == (403, "ORIGIN_DENIED")
    assert (
        read_refusal(ann.post("/api/view", json={"most_revealing_view": "source"}, headers={"Origin": origin}))[0]
        == 403
    )


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_writing_needs_an_origin(ann: TestClient, method: str) -> None:
    del ann.headers["Origin"]
    assert read_refusal(ann.request(method, "/api/view", json={"most_revealing_view": "source"})) == (
        403,
        "ORIGIN_DENIED",
    )


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_other_sites_and_other_ports_cannot_fetch(ann: TestClient, site: str) -> None:
    del ann.headers["Origin"]
    fetch = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "video"}
    assert read_refusal(ann.get("/api/videos/1/proxy.mp4", headers=fetch)) == (403, "ORIGIN_DENIED")
    link = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert read_refusal(ann.get("/api/taxonomy", headers=link)) == (403, "ORIGIN_DENIED")
    assert read_refusal(ann.get("/media/x.png", headers=link)) == (403, "ORIGIN_DENIED")


def test_a_link_from_elsewhere_may_open_a_page_but_not_a_frame(stranger: TestClient) -> None:
    del stranger.headers["Origin"]
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert stranger.get("/annotate", headers=link).status_code == 404, "passed on; the pages are not part of this app"
    frame = {**link, "Sec-Fetch-Dest": "iframe"}
    assert read_refusal(stranger.get("/annotate", headers=frame)) == (403, "ORIGIN_DENIED")


def test_the_studios_own_fetches_pass(ann: TestClient) -> None:
    own = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors", "Sec-Fetch-Dest": "empty"}
    assert ann.get("/api/taxonomy", headers=own).status_code == 200
    assert ann.get("/api/taxonomy", headers={"Sec-Fetch-Site": "none"}).status_code == 200


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example", "Origin": BASE}, {"Origin": "http://evil.example"}, {"Origin": ""}]
)
def test_a_foreign_socket_is_closed_before_it_opens(stranger: TestClient, headers: dict[str, str]) -> None:
    with pytest.raises(WebSocketDisconnect) as closed, stranger.websocket_connect("/_stcore/stream", headers=headers):
        pass
    assert closed.value.code == 1008


def test_every_answer_carries_the_safety_headers(ann: TestClient) -> None:
    for path in ("/api/health", "/api/videos/9/state", "/nowhere"):
        headers = ann.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
    assert ann.get("/api/health").headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in ann.get("/api/health").headers


def test_how_busy_the_studio_is_only_those_inside_are_told(stranger: TestClient, ann: TestClient) -> None:
    for path in ("/_stcore/metrics", "/_stcore/metrics/"):
        assert read_refusal(stranger.get(path)) == (401, "IDENTITY_REQUIRED")
        assert ann.get(path).status_code == 404, "there is no Streamlit here, but the door is open"
