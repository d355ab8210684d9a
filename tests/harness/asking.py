"""Words that tests of the web share: a video in the project, edits to send, refusals to read."""

from __future__ import annotations

import uuid
from fractions import Fraction
from typing import Any

import httpx
import numpy as np
from starlette.testclient import TestClient

from db.engine import Database
from db.videos import insert_video, save_times
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack

Caller = TestClient | httpx.Client
"""Somebody who asks a server in this process, or a running one."""
N_FRAMES = 500
PROXY = bytes(range(256)) * 40
PICTURE = b"\xff\xd8 a picture \xff\xd9"
DRAWING = "<svg xmlns='http://www.w3.org/2000/svg'/>"


def add_video(db: Database, **columns: Any) -> int:
    """A video whose files are all there, though none of them is a real one."""
    row: dict[str, Any] = {
        "name": "interview.mp4",
        "kind": "video",
        "source_file": "source.mp4",
        "n_frames": N_FRAMES,
        "fps_num": 25,
        "fps_den": 1,
        "width": 640,
        "height": 480,
        "proxy_width": 640,
        "proxy_height": 480,
        "shot_cuts": [100],
        "poses": PoseTrack(source=PoseOrigin.MEDIAPIPE, n_ready=N_FRAMES, complete=True, revision=3),
    }
    with db.write() as conn:
        video_id = insert_video(conn, **{**row, **columns})
        save_times(conn, video_id, np.arange(N_FRAMES) * 40 + 7, Fraction(1, 1000))
    folder = db.settings.video_folder(video_id)
    (folder / "chunks").mkdir(parents=True)
    (folder / "proxy.mp4").write_bytes(PROXY)
    (folder / "thumb.jpg").write_bytes(PICTURE)
    (folder / "thumb_skeleton.svg").write_text(DRAWING)
    return video_id


def make_edit(seq: int, video_id: int = 1, **fields: Any) -> dict[str, Any]:
    """A create of frames 10..20, or what ``fields`` make of it."""
    edit = {
        "client_seq": seq,
        "edit_id": str(uuid.uuid4()),
        "kind": "create",
        "video_id": video_id,
        "annotation_id": str(uuid.uuid4()),
        "base_version": 0,
        "class_id": 5,
        "start_frame": 10,
        "end_frame": 20,
        "provenance": {"view_mode": "source", "active_ms": 400, "player_version": "1", "suggestion": None},
    }
    return {**edit, **fields}


def make_post(client: Caller, edits: list[dict[str, Any]], **fields: Any) -> dict[str, Any]:
    """The body of POST /api/edits by annotator 1."""
    project_id = client.get("/api/health").json()["project_id"]
    return {"project_id": project_id, "annotator_id": 1, "client": str(uuid.uuid4()), "edits": edits, **fields}


def read_refusal(answer: Any) -> tuple[int, str]:
    """Status and code of an error answer."""
    return answer.status_code, answer.json()["error"]["code"]
