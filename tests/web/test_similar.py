"""The route that finds similar stretches: who may ask for what, what is compared, and what a person is told of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from db.engine import Database
from db.people import set_setting
from db.videos import get_video, update_video
from imigue_core.studio.models.scanning import ScanFacts
from imigue_core.studio.people.holdback import list_held_back
from imigue_core.studio.safety.backing_up import make_backup
from imigue_core.studio.videos.removing import remove_video
from tests.harness.asking import N_FRAMES, add_video, make_edit, make_post, read_refusal
from tests.harness.tokens import SPAN, leave_tokens


@pytest.fixture
def videos(shared_db: Database) -> list[int]:
    """Three videos; the third one was never scanned."""
    ids = [add_video(shared_db, name=f"interview {k}") for k in range(3)]
    for video_id in ids[:2]:
        leave_tokens(shared_db, video_id, seed=video_id)
    return ids


def ask(client: TestClient, video_id: int = 1, start: object = SPAN.start_frame, end: object = SPAN.end_frame) -> Any:
    return client.get(f"/api/videos/{video_id}/similar", params={"start": str(start), "end": str(end)})


def get(client: TestClient, video_id: int = 1) -> dict[str, Any]:
    answer = ask(client, video_id)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def label(client: TestClient, video_id: int, class_id: int, start: int, end: int, annotator_id: int = 1) -> None:
    edit = make_edit(1, video_id, class_id=class_id, start_frame=start, end_frame=end)
    assert client.post("/api/edits", json=make_post(client, [edit], annotator_id=annotator_id)).json()["acked"] == 1


def test_the_same_movement_comes_first_here_and_elsewhere(ann: TestClient, videos: list[int]) -> None:
    answer = get(ann)
    assert (answer["n_videos"], answer["n_not_scanned"]) == (3, 1)
    here, there = answer["this_video"], answer["project"]
    assert (here[0]["start_frame"], here[0]["end_frame"]) == (200, 239)
    assert all(one["video_id"] == 1 for one in here)
    assert {(one["start_frame"], one["end_frame"]) for one in there[:2]} == {(40, 79), (200, 239)}
    assert all(one["video_id"] == 2 for one in there)
    assert all(one["end_frame"] < SPAN.start_frame or one["start_frame"] > SPAN.end_frame for one in here)
    first = there[0]
    assert first.pop("score") > 0.95
    assert {k: first[k] for k in ("name", "fps", "n_frames", "own", "others")} == {
        "name": "interview 1", "fps": 25.0, "n_frames": N_FRAMES, "own": None, "others": [],
    }  # fmt: skip


def test_at_most_ten_of_each_best_first(ann: TestClient, videos: list[int]) -> None:
    for found in (get(ann)[name] for name in ("this_video", "project")):
        assert 2 <= len(found) <= 10
        assert [one["score"] for one in found] == sorted((one["score"] for one in found), reverse=True)


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (50, 40, "SPAN_REVERSED"),
        (0, N_FRAMES, "SPAN_OUT_OF_RANGE"),
        (-1, 5, "FRAME_NOT_INTEGER"),
        ("", 5, "FRAME_NOT_INTEGER"),
        ("1.5", 5, "FRAME_NOT_INTEGER"),
        ("٣", 5, "FRAME_NOT_INTEGER"),
        (0, "9" * 40, "FRAME_NOT_INTEGER"),
    ],
)
def test_spans_that_are_none(ann: TestClient, videos: list[int], start: object, end: object, code: str) -> None:
    assert read_refusal(ask(ann, 1, start, end)) == (400, code)


def test_a_span_must_be_given(ann: TestClient, videos: list[int]) -> None:
    assert read_refusal(ann.get("/api/videos/1/similar")) == (400, "FRAME_NOT_INTEGER")


def test_strangers_and_unknown_videos(stranger: TestClient, ann: TestClient, videos: list[int]) -> None:
    assert read_refusal(ask(stranger)) == (401, "IDENTITY_REQUIRED")
    assert read_refusal(ask(ann, 99))[0] == 404
    assert read_refusal(ann.post("/api/videos/1/similar", json={})) == (405, "METHOD_NOT_ALLOWED")


def test_a_video_without_tokens_is_to_be_scanned_first(ann: TestClient, videos: list[int]) -> None:
    assert read_refusal(ask(ann, 3)) == (409, "NOT_SCANNED")


def test_tokens_of_older_poses_are_ignored(ann: TestClient, shared_db: Database, videos: list[int]) -> None:
    with shared_db.write() as conn:
        poses = get_video(conn, 2).poses
        assert poses is not None
        update_video(conn, 2, poses=replace(poses, revision=4))
    answer = get(ann)
    assert (answer["project"], answer["n_not_scanned"]) == ([], 2)
    assert read_refusal(ask(ann, 2)) == (409, "NOT_SCANNED")


def test_tokens_of_another_model_are_not_compared(ann: TestClient, shared_db: Database, videos: list[int]) -> None:
    other = ScanFacts("mine", "b" * 64, "user", "cpu", poses_revision=3, cpu_s=1.0)
    leave_tokens(shared_db, 2, other)
    assert (get(ann)["project"], get(ann)["n_not_scanned"]) == ([], 2)
    leave_tokens(shared_db, 1, other)
    assert get(ann)["n_not_scanned"] == 1


def test_damaged_tokens_are_no_tokens(ann: TestClient, shared_db: Database, videos: list[int]) -> None:
    path = shared_db.settings.video_folder(2) / "tokens.safetensors"
    path.write_bytes(path.read_bytes()[:-100])
    assert get(ann)["n_not_scanned"] == 2


def test_a_removed_video_is_neither_searched_nor_counted(
    ann: TestClient, shared_db: Database, videos: list[int]
) -> None:
    remove_video(shared_db, 2)
    answer = get(ann)
    assert (answer["project"], answer["n_videos"], answer["n_not_scanned"]) == ([], 2, 1)
    remove_video(shared_db, 2, erase=True)
    assert not (shared_db.settings.video_folder(2) / "tokens.safetensors").exists()


def test_own_labels_are_told(ann: TestClient, videos: list[int]) -> None:
    label(ann, 2, 7, 205, 230)
    found = next(one for one in get(ann)["project"] if one["start_frame"] == 200)
    assert (found["own"]["class_id"], found["own"]["version"], found["others"]) == (7, 1, [])
    assert all(one["own"] is None for one in get(ann)["project"] if one["start_frame"] != 200)


def test_labels_of_others_are_told_where_they_may_be_known(
    ann: TestClient, ben: TestClient, shared_db: Database, videos: list[int]
) -> None:
    label(ben, 2, 8, 200, 239, annotator_id=2)

    def find() -> dict[str, Any]:
        return next(one for one in get(ann)["project"] if one["start_frame"] == 200)

    assert find()["others"] == [{"class_id": 8, "annotator": "Ben"}]
    with shared_db.write() as conn:
        set_setting(conn, "blind", "on")
    assert find()["others"] == []
    assert ann.post("/api/videos/2/progress", json={"state": "done"}).status_code == 200
    assert find()["others"] == [{"class_id": 8, "annotator": "Ben"}]


def test_whoever_was_told_of_others_labels_has_seen_them(
    ann: TestClient, ben: TestClient, shared_db: Database, videos: list[int]
) -> None:
    label(ben, 2, 8, 200, 239, annotator_id=2)
    get(ann)
    label(ann, 2, 9, 300, 320)
    label(ann, 3, 9, 300, 320)
    with shared_db.read() as conn:
        rows = conn.exec_driver_sql("SELECT provenance FROM ledger WHERE annotator_id = 1 ORDER BY ledger_seq").all()
    assert ['"saw_others":true' in row[0].replace(" ", "") for row in rows] == [True, False]


def test_held_back_stretches_are_left_out(ann: TestClient, shared_db: Database, videos: list[int]) -> None:
    def overlaps(found: list[dict[str, Any]], video_id: int) -> bool:
        with shared_db.read() as conn:
            held = list_held_back(conn, get_video(conn, video_id), 1)
        assert held
        return any(
            h.start_frame <= one["end_frame"] and one["start_frame"] <= h.end_frame for h in held for one in found
        )

    long = {"n_frames": N_FRAMES, "fps_num": 1, "fps_den": 1}  # so that there are many stretches of 20 seconds
    before = get(ann)
    with shared_db.write() as conn:
        for video_id in videos:
            update_video(conn, video_id, **long)
        set_setting(conn, "holdback_percent", "50")
    after = get(ann)
    assert overlaps(before["this_video"], 1)
    assert overlaps(before["project"], 2)
    assert not overlaps(after["this_video"], 1)
    assert not overlaps(after["project"], 2)


def test_a_rescan_replaces_the_tokens_and_a_backup_holds_them(shared_db: Database, videos: list[int]) -> None:
    path = shared_db.settings.video_folder(1) / "tokens.safetensors"
    before = path.read_bytes()
    leave_tokens(shared_db, 1, seed=77)
    assert path.read_bytes() != before
    backup = make_backup(shared_db)
    assert (backup.folder / "videos" / "1" / "tokens.safetensors").read_bytes() == path.read_bytes()
    assert not (backup.folder / "videos" / "3" / "tokens.safetensors").exists()
