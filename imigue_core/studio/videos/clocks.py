"""Which clock a project's video runs on: its presentation times, else its rate, else 25."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from db.engine import Connection
from db.videos import Video, load_all_times, load_times
from imigue_core.formats.seconds import FrameClock
from imigue_core.ids import VideoId
from imigue_core.settings import LABEL_FPS


def load_clock(conn: Connection, video: Video) -> FrameClock:
    """The video's clock; a label-only video of unknown rate runs at 25 frames a second."""
    return _make_clock(video, None if video.is_label_only else load_times(conn, video.video_id))


def load_clocks(conn: Connection, videos: Iterable[Video]) -> dict[VideoId, FrameClock]:
    """The clocks of many visible videos, by one question to the database."""
    stored = load_all_times(conn)
    return {one.video_id: _make_clock(one, None if one.is_label_only else stored.get(one.video_id)) for one in videos}


def _make_clock(video: Video, stored: tuple[npt.NDArray[np.int64], Fraction] | None) -> FrameClock:
    fps = video.fps or Fraction(LABEL_FPS)
    if stored is None or len(stored[0]) == 0:
        return FrameClock(fps)
    pts, time_base = stored
    return FrameClock(fps, pts - pts[0], time_base)
