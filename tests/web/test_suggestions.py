"""The routes of suggestions: what a person is shown, deciding through edits, asking for scans, the emotion score."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from db.check import check_database
from db.engine import Database
from db.jobs import find_job, set_progress
from db.people import set_setting
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.models.project_models import set_active_model
from imigue_core.studio.videos.removing import remove_video
from tests.harness.asking import add_video, make_edit, make_post, read_refusal
from tests.harness.hands import make_scan
from tests.harness.models import make_emotion_model


@pytest.fixture
def video_id(shared_db: Database) -> int:
    return add_video(shared_db)


def review(seq: int, suggestion_id: int, verdict: str, version: int = 0) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "kind": "review",
        "annotation_id": None,
        "suggestion_id": suggestion_id,
        "verdict": verdict,
    }
    return make_edit(seq, base_version=version, **fields)


def get(client: TestClient, video_id: int = 1) -> dict[str, Any]:
    answer = client.get(f"/api/videos/{video_id}/suggestions")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


def test_a_video_that_was_never_scanned(ann: TestClient, video_id: int) -> None:
    answer = get(ann)
    assert 0 < answer.pop("threshold") < 1
    assert answer == {"scan": None, "suggestions": [], "rejected": [], "job": None}


def test_suggestions_are_as_the_scan_found_them(ann: TestClient, shared_db: Database, video_id: int) -> None:
    first, _ = make_scan(shared_db, (5, 10, 20), (6, 30, 40))
    answer = get(ann)
    assert {name: answer["scan"][name] for name in ("scan_id", "model", "model_hash", "trained_on", "n")} == {
        "scan_id": 1, "model": "scanner-dense", "model_hash": "a" * 64, "trained_on": "synthetic", "n": 2,
    }  # fmt: skip
    assert answer["scan"]["utc"].endswith("Z")
    shown = answer["suggestions"][0]
    assert shown.pop("top")[0] == [5, 0.75]
    assert shown == {
        "suggestion_id": first, "class_id": 5, "start_frame": 10, "end_frame": 20, "score": 0.75,
        "start_sd": 1.5, "end_sd": 2.0, "verdict": None, "version": 0,
    }  # fmt: skip


def test_only_the_active_models_scan_is_shown(ann: TestClient, shared_db: Database, video_id: int) -> None:
    make_scan(shared_db, (5, 10, 20), model="mine")
    assert get(ann)["scan"] is None
    with shared_db.write() as conn:
        set_setting(conn, "active_scanner", "mine")
    assert get(ann)["scan"]["model"] == "mine"


def test_reviews_travel_as_edits(ann: TestClient, ben: TestClient, shared_db: Database, video_id: int) -> None:
    first, second, third = make_scan(shared_db, (5, 10, 20), (6, 30, 40), (7, 50, 60))
    label = make_edit(3, class_id=7, start_frame=50, end_frame=60, suggestion={"suggestion_id": third, "rank": 1})
    post = make_post(ann, [review(1, first, "rejected"), review(2, second, "skipped"), label])
    body = ann.post("/api/edits", json=post).json()
    assert body["reviews"] == [
        {"suggestion_id": first, "verdict": "rejected", "version": 1},
        {"suggestion_id": second, "verdict": "skipped", "version": 1},
    ]
    assert [change["suggestion_id"] for change in body["changes"]] == [third]
    assert (body["acked"], body["refused"]) == (3, [])
    answer = get(ann)
    assert [(s["suggestion_id"], s["verdict"], s["version"]) for s in answer["suggestions"]] == [(second, "skipped", 1)]
    assert [(r["suggestion_id"], r["version"]) for r in answer["rejected"]] == [(first, 1)]
    state = ann.get("/api/videos/1/state").json()
    assert [(a["suggestion_id"], a["suggestion_rank"]) for a in state["annotations"]] == [(third, 1)]
    assert len(get(ben)["suggestions"]) == 3
    assert check_database(shared_db).findings == []


def test_undo_through_the_api_brings_a_rejected_suggestion_back(
    ann: TestClient, shared_db: Database, video_id: int
) -> None:
    (first,) = make_scan(shared_db, (5, 10, 20))
    edit = review(1, first, "rejected")
    undo = make_edit(2, kind="undo", annotation_id=None, target_edit_id=edit["edit_id"])
    body = ann.post("/api/edits", json=make_post(ann, [edit, undo])).json()
    assert body["reviews"] == [{"suggestion_id": first, "verdict": "open", "version": 2}]
    assert [s["version"] for s in get(ann)["suggestions"]] == [2]


def test_a_refused_review_says_what_stands(ann: TestClient, shared_db: Database, video_id: int) -> None:
    (first,) = make_scan(shared_db, (5, 10, 20))
    body = ann.post("/api/edits", json=make_post(ann, [review(1, first, "skipped", version=4)])).json()
    assert (body["refused"][0]["code"], body["refused"][0]["current"]) == ("CONFLICT", None)


def test_a_scan_is_asked_for_once(ann: TestClient, shared_db: Database, video_id: int) -> None:
    first = ann.post("/api/videos/1/scan")
    assert first.status_code == 200
    assert ann.post("/api/videos/1/scan").json() == first.json() == {"job_id": 1}
    assert get(ann)["job"] == {
        "state": "queued", "progress_done": 0, "progress_total": 0, "error_code": None, "error_text": None,
    }  # fmt: skip
    with shared_db.write() as conn:
        conn.exec_driver_sql("UPDATE job SET state = 'running'")
        set_progress(conn, 1, 3, 8)
        job = find_job(conn, 1, "scan")
    assert job is not None
    assert job.params == {"model": "scanner-dense", "device": "auto"}
    assert (get(ann)["job"]["state"], get(ann)["job"]["progress_done"]) == ("running", 3)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"poses": None}, "POSES_MISSING"),
        ({"kind": "labels", "poses": None}, "POSES_MISSING"),
        ({"poses": PoseTrack(source=PoseOrigin.MEDIAPIPE, n_ready=9, complete=False, revision=1)}, "POSES_NOT_READY"),
    ],
)
def test_what_cannot_be_scanned_is_refused(
    ann: TestClient, shared_db: Database, columns: dict[str, Any], code: str
) -> None:
    add_video(shared_db, **columns)
    assert read_refusal(ann.post("/api/videos/1/scan")) == (409, code)
    assert get(ann)["job"] is None


@pytest.mark.parametrize("path", ["suggestions", "scan", "emotion"])
def test_strangers_and_absent_videos(
    ann: TestClient, stranger: TestClient, shared_db: Database, video_id: int, path: str
) -> None:
    def ask(client: TestClient, number: int) -> Any:
        address = f"/api/videos/{number}/{path}"
        return client.post(address) if path == "scan" else client.get(address)

    assert read_refusal(ask(stranger, 1)) == (401, "IDENTITY_REQUIRED")
    assert read_refusal(ask(ann, 99)) == (404, "NOT_AVAILABLE")
    assert read_refusal(ask(ann, 2**60)) == (404, "NOT_AVAILABLE")
    remove_video(shared_db, video_id)
    assert read_refusal(ask(ann, 1)) == (404, "NOT_AVAILABLE")


def test_another_sites_page_cannot_start_a_scan(make_client: Callable[[], TestClient], ann: TestClient) -> None:
    refused = ann.post("/api/videos/1/scan", headers={"Origin": "http://evil.example"})
    assert refused.status_code == 403


def test_nobody_sees_a_score_before_an_own_rating(
    ann: TestClient, ben: TestClient, shared_db: Database, video_id: int
) -> None:
    make_emotion_model(shared_db.settings.data)
    set_active_model(shared_db, "mood", 1)
    assert read_refusal(ann.get("/api/videos/1/emotion")) == (409, "RATING_FIRST")
    edit = make_edit(1, kind="rate", annotation_id=None, emotion="negative")
    assert ann.post("/api/edits", json=make_post(ann, [edit])).json()["refused"] == []
    score = ann.get("/api/videos/1/emotion").json()
    assert set(score) == {
        "value", "logit", "probability", "interval", "intercept", "contributions", "trained_on", "model", "note",
        "spans", "full",
    }  # fmt: skip
    assert set(score["contributions"][0]) == {"class_id", "logit", "unseen", "n"}
    assert -1 <= score["interval"][0] <= score["value"] <= score["interval"][1] <= 1
    assert read_refusal(ben.get("/api/videos/1/emotion")) == (409, "RATING_FIRST")


def test_a_span_is_left_out_of_one_answer_by_its_id(ann: TestClient, shared_db: Database, video_id: int) -> None:
    make_emotion_model(shared_db.settings.data)
    set_active_model(shared_db, "mood", 1)
    (other,) = make_scan(shared_db, (5, 100, 120))
    rate = make_edit(1, kind="rate", annotation_id=None, emotion="negative", valence=3, confidence=0.5)
    label = make_edit(2, class_id=5, start_frame=0, end_frame=20)
    answer = ann.post("/api/edits", json=make_post(ann, [rate, label])).json()
    assert answer["refused"] == []
    assert (answer["ratings"][0]["valence"], answer["ratings"][0]["confidence"]) == (3, 0.5)
    whole = ann.get("/api/videos/1/emotion").json()
    span = next(one for one in whole["spans"] if one.get("annotation_id") == label["annotation_id"])
    assert span["is_on"]
    assert span["logit"] > 0
    without = ann.get(f"/api/videos/1/emotion?without={label['annotation_id']},{other}").json()
    assert without["logit"] < whole["logit"] == without["full"]["logit"]
    assert {one.get("annotation_id", one.get("suggestion_id")) for one in without["spans"] if not one["is_on"]} == {
        label["annotation_id"], other,
    }  # fmt: skip
    assert ann.get("/api/videos/1/emotion").json() == whole, "nothing of it is stored"


@pytest.mark.parametrize("without", ["x", "1,", ",", "-1", "1.5", "0", "1 ", "A" * 36, ",".join("1" * 501)])
def test_spans_to_leave_out_are_ids(ann: TestClient, video_id: int, without: str) -> None:
    assert read_refusal(ann.get("/api/videos/1/emotion", params={"without": without})) == (400, "EMOTION_WITHOUT")
