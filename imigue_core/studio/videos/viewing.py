"""How much of a person this project shows: skeleton, face masked, or source; and asking for masked copies.

The setting names the most revealing view that is allowed; everything below it is allowed too. The
masked copy itself is made by jobs/mask.py, and a note beside it says which poses it was made from.
"""

from __future__ import annotations

import json

from db.engine import Connection, Database
from db.jobs import enqueue_job, find_job
from db.people import add_audit, get_setting
from db.videos import Video, list_videos
from imigue_core.errors import InputError
from imigue_core.settings import Settings
from imigue_core.studio.access import PROJECT, Action, require
from imigue_core.studio.people.project_settings import MOST_REVEALING_VIEW, VIEWS
from imigue_core.studio.videos.steps import Step

MASK_RECIPE = 1
"""Raised when masks are made in another way, so that older ones are made again."""
_OLD_SETTING = "source_pixels"
"""What projects had before there were masks: ``on`` or ``off``."""


def read_view(conn: Connection) -> str:
    """The most revealing view that this project allows; skeleton until somebody says otherwise."""
    before = "source" if get_setting(conn, _OLD_SETTING, "off") == "on" else None
    return MOST_REVEALING_VIEW.read(conn, before)


def get_view(db: Database) -> str:
    """See ``read_view``."""
    with db.read() as conn:
        return read_view(conn)


def set_view(db: Database, view: str, annotator_id: int | None) -> None:
    """Sets the most revealing view, logs who did, and queues the masked copies that it needs.

    Raises:
        InputError: ``VIEW_UNKNOWN``.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.CHANGE_VIEW, PROJECT)
    if view not in VIEWS:
        raise InputError("VIEW_UNKNOWN", f"expected one of {', '.join(VIEWS)}, got {view!r}.")
    with db.write() as conn:
        before = read_view(conn)
        if before == view:
            return
        MOST_REVEALING_VIEW.write(conn, view)
        add_audit(conn, annotator_id, "view.switch", "project", {"from": before, "to": view})
        for video in list_videos(conn):
            request_mask(conn, db.settings, video)


def is_allowed(view: str, most_revealing: str) -> bool:
    """Whether a view may be shown where ``most_revealing`` is the setting."""
    return VIEWS.index(view) <= VIEWS.index(most_revealing)


def list_modes(settings: Settings, video: Video, most_revealing: str) -> list[str]:
    """The views of a video that are allowed and there, from the least to the most revealing."""
    is_there = {"skeleton": True, "masked": is_masked(settings, video), "source": video.has_proxy}
    return [view for view in VIEWS if is_allowed(view, most_revealing) and is_there[view]]


def is_masked(settings: Settings, video: Video) -> bool:
    """Whether the masked copy is there and was made from the poses that stand now."""
    if not video.has_proxy or not video.poses_complete:
        return False
    files = settings.files_of(video.video_id)
    try:
        note = json.loads(files.mask_note.read_bytes())
    except (OSError, ValueError):
        return False
    return note == make_note(video) and files.masked.is_file()


def make_note(video: Video) -> dict[str, int]:
    """What a masked copy of this video depends on."""
    return {"poses_revision": video.poses_revision, "recipe": MASK_RECIPE}


def request_mask(conn: Connection, settings: Settings, video: Video) -> None:
    """Queues the masked copy of a video when the project shows such copies and this one is not there."""
    is_wanted = is_allowed("masked", read_view(conn)) and video.has_proxy and video.poses_complete
    if is_wanted and not is_masked(settings, video):
        enqueue_job(conn, video.video_id, Step.MASK, {"poses_revision": make_note(video)["poses_revision"]})


def request_missing_masks(db: Database) -> None:
    """Queues the masked copies that are missing, as after a restore; what failed waits for a retry."""
    with db.write() as conn:
        if not is_allowed("masked", read_view(conn)):
            return
        for video in list_videos(conn):
            last = find_job(conn, video.video_id, Step.MASK)
            if last is None or last.state == "done":
                request_mask(conn, db.settings, video)
