"""The route that finds stretches like a given one."""

from __future__ import annotations

from starlette.responses import Response

from imigue_core.errors import InputError
from imigue_core.settings import MAX_FRAMES
from imigue_core.studio.models.similar import load_similar
from imigue_core.web.calls import Call, answer_json


def get_similar(call: Call) -> Response:
    """GET /api/videos/{id}/similar?start=&end=: ten stretches of this video and ten of the others."""
    start, end = (_read_frame(call, name) for name in ("start", "end"))
    return answer_json(load_similar(call.db, call.video_id, call.actor, start, end))


def _read_frame(call: Call, name: str) -> int:
    text = call.request.query_params.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > len(str(MAX_FRAMES)):
        raise InputError("FRAME_NOT_INTEGER", f"{name}: expected the number of a frame.")
    return int(text)
