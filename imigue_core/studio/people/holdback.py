"""Holding back: stretches of time in which a person is shown no suggestions, so that anchoring can be measured.

Drawn for each person and video from a seed that nobody chooses, the same on every day
and for every model. A larger percentage holds back what a smaller one does, and more.
"""

from __future__ import annotations

import hashlib

import numpy as np

from db.engine import Connection
from db.people import get_project_id
from db.videos import Video
from imigue_core.annotation import Span
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.people.project_settings import HOLDBACK

BLOCK_S = 20.0
"""Long enough for a few gestures, short enough that any video has several."""


def draw_stretches(n_frames: int, fps: float, percent: int, seed: str) -> list[Span]:
    """The held-back stretches of one person's video, by time, neighbours joined.

    Args:
        n_frames: Length of the video.
        fps: Its frames a second.
        percent: Share of the time to hold back, 0 to 100; rounded to whole blocks of about 20 s.
        seed: Whatever names person and video.
    """
    n_blocks = max(1, round(n_frames / (BLOCK_S * fps)))
    n_held = round(n_blocks * percent / 100)
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    held = sorted(np.random.default_rng(number).permutation(n_blocks)[:n_held].tolist())
    edges = [round(n_frames * k / n_blocks) for k in range(n_blocks + 1)]
    stretches: list[Span] = []
    for block in held:
        start, end = edges[block], edges[block + 1] - 1
        if stretches and stretches[-1].end_frame + 1 == start:
            stretches[-1] = Span(stretches[-1].start_frame, end)
        elif start <= end:
            stretches.append(Span(start, end))
    return stretches


def list_held_back(conn: Connection, video: Video, annotator_id: int) -> list[Span]:
    """The stretches of a video in which this person is shown no suggestions."""
    percent = HOLDBACK.read(conn)
    if not percent or not video.n_frames:
        return []
    seed = f"{get_project_id(conn)}:{video.video_id}:{annotator_id}"
    return draw_stretches(video.n_frames, float(video.fps or LABEL_FPS), percent, seed)


def is_held_back(span: Span, stretches: list[Span]) -> bool:
    """Whether any frame of a suggestion lies in a held-back stretch."""
    return any(one.start_frame <= span.end_frame and span.start_frame <= one.end_frame for one in stretches)
