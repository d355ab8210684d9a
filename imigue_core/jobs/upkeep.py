"""What the worker does while nothing waits: it reads what was made of videos, a little at a time.

Lengths are looked at when the worker starts; here contents are, once a week. Files that an older
studio made, of which nothing is known, are taken down.
"""

from __future__ import annotations

import time
from collections.abc import Iterator

from db.derived import list_derived
from db.engine import Database
from db.jobs import enqueue_job, find_job
from db.people import get_setting, set_setting
from db.videos import Video, list_videos
from imigue_core.studio.videos.derived import list_other_files, list_track_files
from imigue_core.studio.videos.mending import look_at_files, mend_video
from imigue_core.studio.videos.steps import Step

PASS_S = 7 * 24 * 3600
"""From the end of one pass over all files to the next."""
_READ_AT = "files_read_at"
REST = 4
"""Looks of the worker between two videos, so that reading never fills a disk's time."""


class Upkeep:
    """One worker's passes over the files of all videos."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._pass: Iterator[None] | None = None
        with db.read() as conn:
            self._due_at = int(get_setting(conn, _READ_AT, "0")) + PASS_S

    def tick(self) -> None:
        """Does a little: one video at most. Call when nothing waits."""
        if self._pass is None:
            if time.time() < self._due_at:
                return
            self._pass = self._look_through()
        if next(self._pass, self) is self:
            self._pass = None
            now = int(time.time())
            self._due_at = now + PASS_S
            with self._db.write() as conn:
                set_setting(conn, _READ_AT, str(now))

    def _look_through(self) -> Iterator[None]:
        with self._db.read() as conn:
            videos = list_videos(conn, include_hidden=True)
        for video in videos:
            self._look_at(video)
            for _ in range(REST):
                yield

    def _look_at(self, video: Video) -> None:
        settings = self._db.settings
        files = settings.files_of(video.video_id)
        faults = look_at_files(self._db, video, thorough=True)
        with self._db.read() as conn:
            known = {file.path for file in list_derived(conn, video.video_id)}
            last = find_job(conn, video.video_id, Step.MEND)
        expected = [*list_track_files(files, video), *(p for p in list_other_files(files, video) if p.is_file())]
        is_unknown = any(files.name(path) not in known for path in expected)
        if faults:
            with self._db.write() as conn:
                mend_video(conn, settings, video.video_id, faults)
        elif is_unknown and video.erased_utc is None and (last is None or last.state != "failed"):
            with self._db.write() as conn:
                enqueue_job(conn, video.video_id, Step.MEND)
