"""POST /api/edits and what is read back: acknowledged after COMMIT, refused with a reason, never by another."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from starlette.testclient import TestClient

from db.engine import Database
from imigue_core.settings import MAX_POST_BYTES
from tests.harness.asking import add_video, make_edit, make_post, read_refusal

JSON = {"Content-Type": "application/json"}


@pytest.fixture(autouse=True)
def video(shared_db: Database) -> Any:
    return add_video(shared_db)


def test_an_edit_is_acknowledged_and_stands_in_the_state(ann: TestClient) -> None:
    edit = make_edit(1)
    answer = ann.post("/api/edits", json=make_post(ann, [edit])).json()
    assert answer["acked"] == 1
    assert answer["refused"] == []
    assert answer["ledger_seq"] == 1
    assert answer["revisions"].keys() == {"1"}
    state = ann.get("/api/videos/1/state").json()
    assert [a["annotation_id"] for a in state["annotations"]] == [edit["annotation_id"]]
    assert state["annotations"][0] | {"class_id": 5, "start_frame": 10, "end_frame": 20} == state["annotations"][0]
    assert state["annotations"][0]["annotator"] == "Ann"
    assert state["revision"] == answer["revisions"]["1"]
    assert state["undo"] == [edit["edit_id"]]


def test_the_same_post_again_changes_nothing(ann: TestClient) -> None:
    post = make_post(ann, [make_edit(1), make_edit(2)])
    assert ann.post("/api/edits", json=post).json()["acked"] == 2
    again = ann.post("/api/edits", json=post).json()
    assert (again["acked"], again["ledger_seq"]) == (2, 2)
    assert {change["version"] for change in again["changes"]} <= {1}
    assert len(ann.get("/api/videos/1/state").json()["annotations"]) == 2


def test_a_gap_stops_and_the_rest_is_asked_for_again(ann: TestClient) -> None:
    post = make_post(ann, [make_edit(1), make_edit(3)])
    assert ann.post("/api/edits", json=post).json()["acked"] == 1


def make_group(*edits: dict[str, Any]) -> list[dict[str, Any]]:
    group = {"group_id": str(uuid.uuid4()), "group_size": len(edits)}
    return [edit | group for edit in edits]


def test_a_group_is_taken_as_a_whole_and_stands_in_the_state_as_one(ann: TestClient) -> None:
    group = make_group(make_edit(1), make_edit(2))
    answer = ann.post("/api/edits", json=make_post(ann, [*group, make_edit(3)])).json()
    assert (answer["acked"], answer["refused"]) == (3, [])
    state = ann.get("/api/videos/1/state").json()
    assert state["groups"] == {edit["edit_id"]: group[0]["group_id"] for edit in group}
    assert len(state["undo"]) == 3


def test_a_group_with_one_bad_edit_is_refused_as_a_whole(ann: TestClient) -> None:
    group = make_group(make_edit(1), make_edit(2, start_frame=490, end_frame=500), make_edit(3))
    answer = ann.post("/api/edits", json=make_post(ann, [*group, make_edit(4)])).json()
    assert answer["acked"] == 4
    assert [r["code"] for r in answer["refused"]] == ["GROUP_REFUSED", "SPAN_OUT_OF_RANGE", "GROUP_REFUSED"]
    state = ann.get("/api/videos/1/state").json()
    assert (len(state["annotations"]), state["groups"]) == (1, {})


def test_the_largest_group_travels_in_one_request_and_a_part_of_one_never(ann: TestClient) -> None:
    group = make_group(*(make_edit(n) for n in range(1, 1001)))
    post = make_post(ann, group[:-1])
    assert read_refusal(ann.post("/api/edits", json=post)) == (400, "EDIT_MALFORMED")
    assert ann.get("/api/videos/1/state").json()["ledger_seq"] == 0
    assert ann.post("/api/edits", json={**post, "edits": group}).json()["acked"] == 1000
    assert ann.post("/api/edits", json={**post, "edits": group}).json()["ledger_seq"] == 1000


def test_a_bad_span_is_refused_acknowledged_and_not_drawn(ann: TestClient) -> None:
    edit = make_edit(1, start_frame=490, end_frame=500)
    answer = ann.post("/api/edits", json=make_post(ann, [edit])).json()
    assert answer["acked"] == 1
    assert [(r["edit_id"], r["code"]) for r in answer["refused"]] == [(edit["edit_id"], "SPAN_OUT_OF_RANGE")]
    assert ann.get("/api/videos/1/state").json()["annotations"] == []


def test_nobody_edits_what_is_not_theirs(ann: TestClient, ben: TestClient) -> None:
    mine = make_edit(1)
    ann.post("/api/edits", json=make_post(ann, [mine]))
    theirs = make_edit(1, kind="delete", annotation_id=mine["annotation_id"], base_version=1)
    answer = ben.post("/api/edits", json=make_post(ben, [theirs], annotator_id=2)).json()
    assert answer["refused"][0]["code"] == "PERMISSION_DENIED"
    assert len(ben.get("/api/videos/1/state").json()["annotations"]) == 1


def test_edits_of_another_person_or_project_are_kept_not_applied(ann: TestClient, ben: TestClient) -> None:
    post = make_post(ann, [make_edit(1)])
    assert read_refusal(ben.post("/api/edits", json=post)) == (403, "IDENTITY_MISMATCH")
    other = {**post, "project_id": str(uuid.uuid4())}
    assert read_refusal(ann.post("/api/edits", json=other)) == (403, "PROJECT_MISMATCH")
    assert ann.post("/api/edits", json=post).json()["acked"] == 1
    taken_over = {**post, "annotator_id": 2, "edits": [make_edit(2)]}
    assert read_refusal(ben.post("/api/edits", json=taken_over)) == (403, "IDENTITY_MISMATCH")


@pytest.mark.parametrize(
    "fields",
    [
        {"edits": None},
        {"edits": {}},
        {"edits": [make_edit(n) for n in range(1, 1002)]},
        {"edits": [1]},
        {"edits": [make_edit(1, kind="drop table")]},
        {"edits": [make_edit(1, edit_id="1")]},
        {"edits": [make_edit(0)]},
        {"edits": [make_edit(1, class_id={"a": []})]},
        {"client": 5},
        {"client": "me"},
        {"project_id": None},
    ],
)
def test_a_malformed_post_writes_nothing(ann: TestClient, fields: Any) -> None:
    post = make_post(ann, [make_edit(1)]) | fields
    assert read_refusal(ann.post("/api/edits", json=post)) == (400, "EDIT_MALFORMED")
    assert ann.get("/api/videos/1/state").json()["ledger_seq"] == 0


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'{"edits": NaN}', (400, "JSON_NOT_FINITE")),
        (b'{"edits": -Infinity}', (400, "JSON_NOT_FINITE")),
        (b'{"edits": 1e999}', (400, "JSON_NOT_FINITE")),
        (b'{"edits": [], "edits": []}', (400, "JSON_DUPLICATE_KEY")),
        (b'{"edits": [', (400, "JSON_SYNTAX")),
        (b"\xff\xfe{}", (400, "JSON_SYNTAX")),
        (b"[" * 100_000, (400, "JSON_TOO_DEEP")),
        (b'{"edits": 1' + b"0" * 5000 + b"}", (400, "NUMBER_TOO_LARGE")),
        (b" " * (MAX_POST_BYTES + 1), (413, "UPLOAD_TOO_LARGE")),
        (b"null", (400, "EDIT_MALFORMED")),
        (b"", (400, "EDIT_MALFORMED")),
    ],
)
def test_json_is_read_strictly(ann: TestClient, content: Any, expected: str) -> None:
    assert read_refusal(ann.post("/api/edits", content=content, headers=JSON)) == expected


def test_a_deleted_or_hidden_video_takes_no_labels(ann: TestClient, shared_db: Database) -> None:
    hidden = add_video(shared_db, name="gone", hidden_utc="2026-01-01T00:00:00.000Z")
    answer = ann.post("/api/edits", json=make_post(ann, [make_edit(1, hidden)])).json()
    assert answer["refused"][0]["code"] == "NOT_AVAILABLE"
    assert read_refusal(ann.get(f"/api/videos/{hidden}/state")) == (404, "NOT_AVAILABLE")


def test_a_full_disk_is_a_reason_to_try_again(ann: TestClient, shared_db: Database) -> None:
    post = make_post(ann, [make_edit(n) for n in range(1, 101)])
    with shared_db.write() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count=1")
    assert read_refusal(ann.post("/api/edits", json=post)) == (503, "STORAGE_FULL")
    assert ann.get("/api/videos/1/state").json()["ledger_seq"] == 0
    with shared_db.write() as conn:
        conn.exec_driver_sql("PRAGMA max_page_count=1000000")
    assert ann.post("/api/edits", json=post).json()["acked"] == 100


def test_the_class_list_holds_32_classes_in_their_groups(stranger: TestClient) -> None:
    taxonomy = stranger.get("/api/taxonomy").json()
    assert len(taxonomy["classes"]) == 32
    assert {c["group"] for c in taxonomy["classes"]} == {g["name"] for g in taxonomy["groups"]}
    assert taxonomy["classes"][-1]["class_id"] == 99
    assert all(c["cue"].endswith(".") for c in taxonomy["classes"])
