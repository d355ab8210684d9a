"""Routes of what models say: suggestions of a video, asking for a scan, the emotion score."""

from __future__ import annotations

from starlette.responses import Response

from imigue_core.studio.edits.reviewing import load_review
from imigue_core.studio.models.emotion import load_emotion, read_without
from imigue_core.studio.models.scanning import request_scan
from imigue_core.web.calls import Call, answer_json


def get_suggestions(call: Call) -> Response:
    """GET /api/videos/{id}/suggestions, as the asking person sees them."""
    return answer_json(load_review(call.db, call.video_id, call.actor))


def post_scan(call: Call) -> Response:
    """POST /api/videos/{id}/scan: queues a scan by the active model."""
    with call.db.write() as conn:
        job_id = request_scan(conn, call.video_id, annotator_id=call.actor)
    return answer_json({"job_id": job_id})


def get_emotion(call: Call) -> Response:
    """GET /api/videos/{id}/emotion?without=ID,ID; ``RATING_FIRST`` until the asking person has rated the video."""
    without = read_without(call.request.query_params.get("without", ""))
    return answer_json(load_emotion(call.db, call.video_id, call.actor, without))
