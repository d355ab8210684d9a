"""Routes of what a person watched of a video and how far the person is with it."""

from __future__ import annotations

from starlette.responses import Response

from imigue_core.errors import InputError
from imigue_core.studio.people.coverage import mark_progress, record_watched
from imigue_core.web.calls import Call, answer_json


def post_watched(call: Call) -> Response:
    """POST /api/videos/{id}/watched with ``stretches``, ``reviewed`` and, if wanted, ``remove``."""
    stretches, reviewed = call.get_field("stretches", list), call.get_field("reviewed", bool)
    remove = call.body.get("remove", False)
    if not isinstance(remove, bool):
        raise InputError("BODY_MALFORMED", "remove: expected true or false.")
    merged = record_watched(call.db, call.video_id, call.actor, stretches, reviewed=reviewed, remove=remove)
    return answer_json({"watched": [[one.start_frame, one.end_frame, one.reviewed] for one in merged]})


def post_progress(call: Call) -> Response:
    """POST /api/videos/{id}/progress with ``state``; in blind mode ``done`` lets others' labels be seen."""
    state = call.get_field("state", str)
    progress = mark_progress(call.db, call.video_id, call.actor, state)
    return answer_json({"progress": progress.state})
