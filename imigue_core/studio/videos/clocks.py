"""Which clock a project's video runs on: its presentation times, else its rate, else 25."""

from __future__ import annotations

from fractions import Fraction

from db.engine import Connection
from db.videos import Video, load_times
from imigue_core.formats.seconds import FrameClock
from imigue_core.settings import LABEL_FPS


def load_clock(conn: Connection, video: Video) -> FrameClock:
    """The video's clock; a label-only video of unknown rate runs at 25 frames a second."""
    fps = video.fps or Fraction(LABEL_FPS)
    stored = None if video.is_label_only else load_times(conn, video.video_id)
    if stored is None or len(stored[0]) == 0:
        return FrameClock(fps)
    pts, time_base = stored
    return FrameClock(fps, pts - pts[0], time_base)
