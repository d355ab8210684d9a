"""Which video of the project a file means: by content, by number, or by name when it says no more.

What is to be filled in or made stands in the plan; nothing is written here.
"""

from __future__ import annotations

from fractions import Fraction

from db.engine import Connection
from db.videos import Video, list_videos
from imigue_core.formats.label_file import FileVideo
from imigue_core.formats.seconds import FrameClock
from imigue_core.settings import LABEL_FPS
from imigue_core.studio.exchange.import_plan import ImportPlan
from imigue_core.studio.videos.clocks import load_clock

_INFO = ("subject_id", "subject_gender", "subject_nationality", "outcome")


class _Shelf:
    """The project's videos in the three ways a file may name them.

    Hidden ones are among them, but a name means a hidden video only when no other has it.
    """

    def __init__(self, videos: list[Video]) -> None:
        self.by_number = {v.number: v for v in videos if v.number is not None}
        self.by_sha256 = {v.sha256: v for v in videos if v.sha256}
        self.by_name: dict[str, list[Video]] = {}
        shown = {video.name for video in videos if video.hidden_utc is None}
        for video in videos:
            if video.hidden_utc is None or video.name not in shown:
                self.by_name.setdefault(video.name, []).append(video)

    def find(self, wanted: FileVideo) -> list[Video]:
        """The video; several when only a name is given that several have."""
        found = self.by_sha256.get(wanted.sha256)
        if found is None and wanted.number is not None:
            found = self.by_number.get(wanted.number)
        if found is not None:
            return [found]
        is_name_only = wanted.number is None and not wanted.sha256
        return self.by_name.get(wanted.name, []) if is_name_only else []


def match_videos(conn: Connection, plan: ImportPlan) -> None:
    """Finds the file's videos in the project, and what would be new or changed about them."""
    shelf = _Shelf(list_videos(conn, include_hidden=True))
    taken: dict[int, str] = {}
    for key, wanted in plan.file.videos.items():
        candidates = shelf.find(wanted)
        if not candidates:
            plan.new_videos[key] = wanted
            plan.video_ids[key] = -len(plan.new_videos)
            plan.clocks[key] = FrameClock(wanted.fps or Fraction(LABEL_FPS))
            plan.lengths[key] = wanted.n_frames
            continue
        found = candidates[0]
        problem = _explain_mismatch(key, wanted, found)
        if found.video_id in taken:
            problem = "VIDEO_DIFFERS", f"videos {taken[found.video_id]} and {key} are one video in this project."
        if len(candidates) > 1:
            problem = "VIDEO_AMBIGUOUS", f"{len(candidates)} videos of this project are called {wanted.name!r}."
        if problem is not None:
            plan.refuse(wanted, *problem)
            continue
        taken[found.video_id] = key
        plan.video_ids[key] = found.video_id
        if found.hidden_utc is not None:
            plan.returning.append(found.video_id)
        plan.clocks[key] = load_clock(conn, found)
        plan.lengths[key] = found.n_frames
        _compare_info(plan, key, wanted, found)
        if found.number is None and wanted.number is not None and wanted.number not in shelf.by_number:
            plan.fill.setdefault(found.video_id, {})["number"] = wanted.number


def _explain_mismatch(key: str, wanted: FileVideo, found: Video) -> tuple[str, str] | None:
    """Why labels of ``wanted`` cannot go to ``found``, or None when they can."""
    name = f"video {key}"
    if found.hidden_utc is not None and not found.is_label_only:
        return "NOT_AVAILABLE", f"{name} was removed from this project; add its file again to bring it back."
    if wanted.sha256 and found.sha256 and wanted.sha256 != found.sha256:
        return "VIDEO_DIFFERS", f"{name} is another video in this project: {found.name!r}."
    if not found.is_label_only and found.n_frames is None:
        return "VIDEO_NOT_READY", f"the length of {name} is not known yet; wait until it has been read."
    if wanted.fps and found.fps and wanted.fps != found.fps:
        return "VIDEO_DIFFERS", f"{name}: expected {found.fps} frames a second, got {wanted.fps}."
    if wanted.n_frames and found.n_frames and wanted.n_frames != found.n_frames:
        return "VIDEO_DIFFERS", f"{name}: expected {found.n_frames} frames, got {wanted.n_frames}."
    return None


def _compare_info(plan: ImportPlan, key: str, wanted: FileVideo, found: Video) -> None:
    """Fills in what the project does not know; what it knows otherwise stays, with a warning."""
    for name in _INFO:
        ours, theirs = getattr(found, name), getattr(wanted, name)
        if theirs and not ours:
            plan.fill.setdefault(found.video_id, {})[name] = theirs
        elif theirs and theirs != ours:
            text = f"{name} of video {key}: the project says {ours!r} and keeps it, the file says {theirs!r}."
            plan.warn(wanted, "VIDEO_INFO_DISAGREES", text)
