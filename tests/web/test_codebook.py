"""The codebook's loops over the wire: for everybody, as pictures, kept for ever under their version."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from imigue_core.synthesis.loops import compute_loop_version, list_dialects, make_loop_svg
from tests.harness.asking import read_refusal


def test_a_loop_is_a_picture_that_browsers_keep_under_its_version(stranger: TestClient) -> None:
    answer = stranger.get(f"/api/codebook/17.svg?v={compute_loop_version()}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text == make_loop_svg(17)


@pytest.mark.parametrize("query", ["", "?v=0123456789ab", "?v="])
def test_another_version_is_not_kept(stranger: TestClient, query: dict[str, Any]) -> None:
    answer = stranger.get(f"/api/codebook/29.svg{query}")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"


def test_every_way_of_acting_has_its_own_address(stranger: TestClient) -> None:
    for number in range(len(list_dialects(8))):
        assert stranger.get(f"/api/codebook/8.svg?d={number}").text == make_loop_svg(8, number)


@pytest.mark.parametrize(
    "address", ["0.svg", "32.svg", "100.svg", "17.svg?d=40", "17.svg?d=-1", "17.svg?d=x", "17.svg?d=", "x", "x.svg",
                f"{10**40}.svg", f"17.svg?d={10**40}"]
)  # fmt: skip
def test_there_is_nothing_at_other_addresses(stranger: TestClient, address: Any) -> None:
    assert read_refusal(stranger.get(f"/api/codebook/{address}")) == (404, "NOT_AVAILABLE")


def test_it_takes_no_post(ann: TestClient) -> None:
    assert read_refusal(ann.post("/api/codebook/17.svg", json={})) == (405, "METHOD_NOT_ALLOWED")


def test_another_site_cannot_have_it(stranger: TestClient) -> None:
    answer = stranger.get("/api/codebook/17.svg", headers={"Origin": "http://evil.example"})
    assert read_refusal(answer) == (403, "ORIGIN_DENIED")
