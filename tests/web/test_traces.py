"""The route of motion traces: who may ask, partial poses, caching, size."""

from __future__ import annotations

import gzip
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from db.engine import Database
from db.videos import update_video
from imigue_core.skeleton.chunks import decode_chunk, decode_points, encode_chunk, write_chunks
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.skeleton.traces import TRACE_NAMES
from imigue_core.synthesis.interview import InterviewSpec, make_interview
from tests.harness.asking import N_FRAMES, add_video, read_refusal
from tests.harness.materials import draw_person

SIZE = (640, 480)
URL = "/api/videos/1/traces"


def write_poses(db: Database, n_frames: int = N_FRAMES, seed: int = 0) -> None:
    write_chunks(db.settings.video_folder(1) / "chunks", draw_person(n_frames, seed), 0, SIZE)


def set_poses(db: Database, **poses: Any) -> None:
    with db.write() as conn:
        track = PoseTrack(PoseOrigin.MEDIAPIPE, 3, n_ready=N_FRAMES, complete=True)
        update_video(conn, 1, poses=replace(track, **poses))


@pytest.fixture(autouse=True)
def video(shared_db: Database) -> None:
    add_video(shared_db, shot_cuts=[100])
    write_poses(shared_db)


def test_rows_cover_every_frame_and_name_what_stands_out(ann: TestClient) -> None:
    told = ann.get(URL).json()
    assert (told["revision"], told["n_frames"]) == (3, N_FRAMES)
    assert tuple(row["name"] for row in told["rows"]) == TRACE_NAMES
    for row in told["rows"]:
        assert len(row["values"]) == N_FRAMES
        assert all(0 <= frame < N_FRAMES for frame in row["peaks"])
        assert row["peaks"] == sorted(row["peaks"])
        assert all(0 <= boundary <= N_FRAMES for boundary in row["valleys"])
    rows = {row["name"]: row for row in told["rows"]}
    right, left = rows["right hand"], rows["left hand"]
    assert max(right["values"]) * right["step"] > 0.8
    assert max(left["values"]) < max(right["values"]) / 2
    assert rows["hand–face"]["unit"] == "shoulder widths"
    assert rows["hand–face"]["valleys"] == []


def test_only_known_people_may_ask_and_only_of_videos_with_poses(
    stranger: TestClient, ann: TestClient, shared_db: Database
) -> None:
    assert read_refusal(stranger.get(URL)) == (401, "IDENTITY_REQUIRED")
    assert read_refusal(ann.get("/api/videos/99/traces")) == (404, "NOT_AVAILABLE")
    assert read_refusal(ann.get(f"/api/videos/{2**60}/traces")) == (404, "NOT_AVAILABLE")
    set_poses(shared_db, n_ready=0, complete=False)
    assert read_refusal(ann.get(URL)) == (404, "NOT_AVAILABLE")
    with shared_db.write() as conn:
        update_video(conn, 1, erased_utc="2026-01-01T00:00:00Z")
    assert read_refusal(ann.get(URL)) == (404, "NOT_AVAILABLE")


def test_partial_poses_are_answered_as_far_as_they_are(ann: TestClient, shared_db: Database) -> None:
    set_poses(shared_db, n_ready=250, complete=False)
    answer = ann.get(f"{URL}?v=3")
    assert answer.json()["n_frames"] == 250
    assert answer.headers["cache-control"] == "no-store"
    set_poses(shared_db)
    assert ann.get(URL).json()["n_frames"] == N_FRAMES
    (shared_db.settings.video_folder(1) / "chunks" / "00001.bin.gz").write_bytes(b"damaged")
    set_poses(shared_db, revision=4)
    assert ann.get(URL).json()["n_frames"] == 250
    (shared_db.settings.video_folder(1) / "chunks" / "00000.bin.gz").unlink()
    set_poses(shared_db, revision=5)
    assert read_refusal(ann.get(URL)) == (404, "NOT_AVAILABLE")


def test_final_traces_are_kept_by_the_browser_and_other_poses_make_others(ann: TestClient, shared_db: Database) -> None:
    first = ann.get(f"{URL}?v=3")
    assert "immutable" in first.headers["cache-control"]
    assert ann.get(f"{URL}?v=2").headers["cache-control"] == "no-store"
    write_poses(shared_db, seed=2)
    assert ann.get(f"{URL}?v=3").content == first.content
    set_poses(shared_db, revision=4)
    assert ann.get(f"{URL}?v=4").json()["rows"][3]["values"] != first.json()["rows"][3]["values"]


def test_a_long_interview_is_small(ann: TestClient, shared_db: Database) -> None:
    interview = make_interview(InterviewSpec(3, 1560.0, profile="mediapipe"))
    n_frames = interview.poses.n_frames
    write_chunks(shared_db.settings.video_folder(1) / "chunks", interview.poses.keypoints, 0, interview.size)
    with shared_db.write() as conn:
        update_video(conn, 1, n_frames=n_frames)
    set_poses(shared_db, n_ready=n_frames, revision=9)
    answer = ann.get(f"{URL}?v=9")
    assert answer.json()["n_frames"] == n_frames
    assert len(gzip.compress(answer.content, 4)) < 250_000


def test_points_of_a_chunk_are_those_of_the_whole_chunk() -> None:
    keypoints = draw_person(40)
    keypoints[5, 4] = (np.nan, np.nan, 0)
    data = encode_chunk(keypoints, 250, 0.0625)
    whole = decode_chunk(data).keypoints
    some = decode_points(data, [4, 0, 100])
    np.testing.assert_array_equal(some, whole[:, [4, 0, 100]].transpose(2, 1, 0))
