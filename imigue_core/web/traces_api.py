"""The route of the motion traces: how fast head, shoulders and hands move, how near a hand is to the face."""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict

import orjson
from starlette.responses import Response

from db.videos import get_video, load_seconds
from imigue_core.errors import NotAvailableError
from imigue_core.studio.videos.motion import compute_video_traces
from imigue_core.web.calls import Call
from imigue_core.web.media import FOR_EVER

_GZIP_LEVEL = 4
_MOST_KEPT = 12


class _Kept:
    """Answers of the last few videos; a lock around the whole making of one keeps two tabs from making it twice."""

    def __init__(self) -> None:
        self.answers: OrderedDict[tuple[str, int, int, int], bytes] = OrderedDict()
        self.lock = threading.Lock()


_KEPT = _Kept()


def get_traces(call: Call) -> Response:
    """GET /api/videos/{id}/traces?v=revision, gzip'd JSON: ``revision``, ``n_frames`` that the rows have, and ``rows``.

    A row has ``name``, ``unit``, ``step`` (units a step), ``values`` (steps, -1 where the points are missing),
    ``peaks`` (frames) and ``valleys`` (boundaries between frames). While poses are being made the rows are as long
    as the poses that are there.

    Raises:
        NotAvailableError: The video was erased, or there are no poses yet.
    """
    with call.db.read() as conn:
        video = get_video(conn, call.video_id)
        if video.erased_utc is not None or video.poses_ready == 0:
            raise NotAvailableError("there are no poses to trace yet")
        times_s = load_seconds(conn, video)
    revision = video.poses_revision
    key = (str(call.project.settings.data), video.video_id, revision, video.poses_ready)
    with _KEPT.lock:
        body = _KEPT.answers.get(key)
        if body is None:
            rows = compute_video_traces(call.project.settings, video, times_s)
            if not rows:
                raise NotAvailableError("these poses are not available")
            told = {"revision": revision, "n_frames": len(rows[0].values), "rows": rows}
            body = gzip.compress(orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY), _GZIP_LEVEL, mtime=0)
            _KEPT.answers[key] = body
            if len(_KEPT.answers) > _MOST_KEPT:
                _KEPT.answers.popitem(last=False)
        _KEPT.answers.move_to_end(key)
    is_final = video.poses_complete and call.request.query_params.get("v") == str(revision)
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOR_EVER if is_final else "no-store"}
    return Response(body, media_type="application/json", headers=headers)
