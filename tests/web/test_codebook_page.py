"""A class's page over the wire: what stands in it, and whose labels a person is shown as clips."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from db.engine import Database
from db.people import set_setting
from db.videos import get_video, update_video
from imigue_core.codebook.entries import SPAN_RULE, get_entry
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.people.holdback import list_held_back
from imigue_core.studio.people.seeing_others import has_seen_others
from imigue_core.studio.videos.removing import remove_video
from tests.harness.asking import N_FRAMES, add_video, make_edit, make_post, read_refusal


@pytest.fixture
def videos(shared_db: Database) -> list[int]:
    """Three videos of two people."""
    return [add_video(shared_db, name=f"interview {k}", subject_id="s" if k < 2 else "t") for k in range(3)]


def get(client: TestClient, class_id: int = 5) -> dict[str, Any]:
    answer = client.get(f"/api/codebook/{class_id}")
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


def label(client: TestClient, video_id: int, start: int, *, who: int = 1, class_id: int = 5, **fields: Any) -> None:
    edits = [make_edit(1, video_id, class_id=class_id, start_frame=start, end_frame=start + 20)]
    if fields:
        about = {"annotation_id": edits[0]["annotation_id"], "base_version": 1, "kind": "annotate", **fields}
        edits.append(make_edit(2, video_id, **about))
    answer = client.post("/api/edits", json=make_post(client, edits, annotator_id=who)).json()
    assert (answer["acked"], answer["refused"]) == (len(edits), []), answer


def places(page: dict[str, Any]) -> list[tuple[int, int]]:
    return [(one["video_id"], one["start_frame"]) for one in page["clips"]]


def test_a_page_says_what_the_class_is(ann: TestClient) -> None:
    page, entry = get(ann, 29), get_entry(29)
    assert (page["class_id"], page["definition"], page["start"], page["end"]) == (
        29, entry.definition, entry.start, entry.end,
    )  # fmt: skip
    assert page["rule"] == SPAN_RULE
    assert page["confusions"] == [{"class_id": c.class_id, "how": c.how} for c in entry.confusions]
    assert page["sight"] == {
        "source": "well", "masked": "not", "skeleton": "partly", "sets": ["face"], "thing": "",
        "note": entry.views.note,
    }  # fmt: skip
    assert ann.get(f"/api{page['loop']}").headers["cache-control"].endswith("immutable")
    assert (page["clips"], page["n_labels"]) == ([], 0)


def test_the_class_list_carries_the_same_needs(ann: TestClient) -> None:
    for one in ann.get("/api/taxonomy").json()["classes"]:
        sight = get(ann, one["class_id"])["sight"]
        assert {**one["sight"], "note": sight["note"]} == sight


def test_nobodys_and_unknown_pages(ann: TestClient, stranger: TestClient) -> None:
    assert read_refusal(stranger.get("/api/codebook/5")) == (401, "IDENTITY_REQUIRED")
    for class_id in (0, 32, 98, 10**40):
        assert read_refusal(ann.get(f"/api/codebook/{class_id}")) == (404, "NOT_AVAILABLE")
    assert read_refusal(ann.post("/api/codebook/5", json={})) == (405, "METHOD_NOT_ALLOWED")


def test_a_clip_has_what_it_takes_to_play_it(ann: TestClient, videos: list[int]) -> None:
    label(ann, 2, 100)
    label(ann, 2, 200, class_id=6)
    (clip,) = get(ann)["clips"]
    assert clip.pop("annotation_id")
    assert clip == {
        "video_id": 2, "name": "interview 1", "annotator": "Ann", "is_own": True,
        "start_frame": 100, "end_frame": 120, "fps": 25.0, "n_frames": N_FRAMES,
    }  # fmt: skip


def test_people_filmed_take_turns_and_the_clearest_of_each_come_first(ann: TestClient, videos: list[int]) -> None:
    label(ann, 1, 0, mark="discuss", confidence=1)
    label(ann, 1, 50, confidence=0.25)
    label(ann, 1, 100)
    label(ann, 2, 150, confidence=1)
    label(ann, 3, 200, confidence=0.25)
    label(ann, 3, 250, confidence=0.75)
    assert places(get(ann)) == [(2, 150), (3, 250), (1, 100), (3, 200), (1, 50), (1, 0)]


def test_at_most_six_of_however_many(ann: TestClient, videos: list[int]) -> None:
    for start in range(0, 400, 40):
        label(ann, 1, start)
    page = get(ann)
    assert (len(page["clips"]), page["n_labels"]) == (6, 10)


def test_two_peoples_labels_of_one_moment_are_one_clip(ann: TestClient, ben: TestClient, videos: list[int]) -> None:
    label(ann, 1, 100)
    label(ben, 1, 105, who=2)
    assert [one["is_own"] for one in get(ann)["clips"]] == [True]
    assert [one["is_own"] for one in get(ben)["clips"]] == [True]


def test_others_labels_are_shown_and_that_is_remembered(
    ann: TestClient, ben: TestClient, shared_db: Database, videos: list[int]
) -> None:
    label(ben, 1, 100, who=2)
    (clip,) = get(ann)["clips"]
    assert (clip["annotator"], clip["is_own"]) == ("Ben", False)
    with shared_db.read() as conn:
        assert has_seen_others(conn, 1, 1)
        assert not has_seen_others(conn, 1, 2)
        assert not has_seen_others(conn, 2, 1)


def test_blind_mode_withholds_them_until_the_video_is_done(
    ann: TestClient, ben: TestClient, shared_db: Database, videos: list[int]
) -> None:
    with shared_db.write() as conn:
        set_setting(conn, "blind", "on")
    label(ben, 1, 100, who=2)
    label(ben, 2, 100, who=2)
    page = get(ann)
    assert (page["clips"], page["n_labels"]) == ([], 0)
    with shared_db.read() as conn:
        assert not has_seen_others(conn, 1, 1)
    assert ann.post("/api/videos/1/progress", json={"state": "done"}).status_code == 200
    assert places(get(ann)) == [(1, 100)]


def test_held_back_stretches_show_own_labels_only(
    ann: TestClient, ben: TestClient, shared_db: Database, videos: list[int]
) -> None:
    with shared_db.write() as conn:
        set_setting(conn, "holdback_percent", "50")
        update_video(conn, 1, n_frames=2000, poses=PoseTrack(PoseOrigin.MEDIAPIPE, 1, n_ready=2000, complete=True))
    with shared_db.read() as conn:
        held = list_held_back(conn, get_video(conn, 1), 1)[0].start_frame
    label(ben, 1, held, who=2)
    assert get(ann)["clips"] == []
    label(ann, 1, held)
    assert places(get(ann)) == [(1, held)]


def test_what_cannot_be_played_is_no_clip(ann: TestClient, shared_db: Database, videos: list[int]) -> None:
    label(ann, 1, 100)
    label(ann, 2, 100)
    label(ann, 3, 100)
    with shared_db.write() as conn:
        update_video(conn, 1, poses=PoseTrack(PoseOrigin.MEDIAPIPE, 1, n_ready=110))
        update_video(conn, 3, poses=None)
    assert places(get(ann)) == [(2, 100)]
    remove_video(shared_db, 2, annotator_id=1)
    assert get(ann)["clips"] == []
