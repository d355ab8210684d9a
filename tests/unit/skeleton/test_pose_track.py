"""What a project stores of a pose track reads back, also as older versions wrote it."""

from __future__ import annotations

from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack, read_pose_track

EXTRACTED = {
    "source": "mediapipe",
    "n_ready": 250,
    "complete": False,
    "revision": 2,
    "person": [10, 20, 200.5, 300],
    "followed": "the person inside the box",
}
IMPORTED = {
    "source": "imported",
    "n_ready": 9,
    "complete": True,
    "revision": 1,
    "person": None,
    "followed": "the person in the file",
    "sha256": "a" * 64,
    "warnings": ["POSE_GAP: one frame is empty."],
}


def test_a_stored_track_is_stored_the_same_again() -> None:
    for stored in (EXTRACTED, IMPORTED):
        assert read_pose_track(stored).to_json() == stored


def test_a_track_with_less_in_it_is_read() -> None:
    stored = {"source": "imported", "n_ready": 9, "complete": True, "revision": 3}
    assert read_pose_track(stored) == PoseTrack(PoseOrigin.IMPORTED, 3, n_ready=9, complete=True)
