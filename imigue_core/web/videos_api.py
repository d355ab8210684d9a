"""Routes about videos: what the player needs to know of one, the person box, the most revealing view."""

from __future__ import annotations

import gzip
from typing import Any

from starlette.responses import Response

from db.jobs import Job, list_jobs
from db.videos import Video, get_video, load_seconds
from imigue_core.errors import InputError, NotAvailableError
from imigue_core.skeleton.chunks import compute_step_px
from imigue_core.studio.videos.steps import Step, format_job, get_rule
from imigue_core.studio.videos.tracks import set_person_box
from imigue_core.studio.videos.viewing import list_modes, read_view, set_view
from imigue_core.web.calls import Call, answer_json

_VIDEO_FIELDS = (
    "video_id",
    "name",
    "kind",
    "number",
    "n_frames",
    "fps_num",
    "fps_den",
    "width",
    "height",
    "proxy_width",
    "proxy_height",
    "subject_id",
    "subject_gender",
    "subject_nationality",
    "outcome",
    "has_proxy",
    "revision",
)


def get_video_info(call: Call) -> Response:
    """GET /api/videos/{id}: the video, what this viewer may see of it, its poses and its jobs."""
    with call.db.read() as conn:
        view = read_view(conn)
        video = get_video(conn, call.video_id)
        jobs = list_jobs(conn, video.video_id)
    shown = {name: getattr(video, name) for name in _VIDEO_FIELDS}
    latest = {job.kind: job for job in jobs}
    return answer_json(
        {
            "video": {**shown, "shot_cuts": video.shot_cuts or []},
            "most_revealing_view": view,
            "modes": list_modes(call.project.settings, video, view),
            "mask": _describe_job(latest[Step.MASK]) if Step.MASK in latest else None,
            "poses": _describe_poses(video),
            "jobs": [_describe_job(job) for job in latest.values()],
            "times_url": f"/api/videos/{video.video_id}/times",
        }
    )


def _describe_poses(video: Video) -> dict[str, Any]:
    track = video.poses
    size = (video.width, video.height)
    return {
        "n_ready": video.poses_ready,
        "n_frames": video.n_frames,
        "complete": video.poses_complete,
        "source": track.source if track else None,
        "revision": video.poses_revision,
        "step_px": compute_step_px((size[0], size[1])) if size[0] and size[1] else None,
        "person": track.person if track else None,
        "followed": track.followed if track else "",
    }


def _describe_job(job: Job) -> dict[str, Any]:
    return {
        "kind": job.kind,
        "words": format_job(job),
        "is_aside": get_rule(job).is_aside,
        "state": job.state,
        "progress_done": job.progress_done,
        "progress_total": job.progress_total,
        "error_code": job.error_code,
        "error_text": job.error_text,
    }


def get_times(call: Call) -> Response:
    """GET /api/videos/{id}/times: gzip'd little-endian float64 (T,), seconds from the first frame."""
    with call.db.read() as conn:
        seconds = load_seconds(conn, get_video(conn, call.video_id))
    if seconds is None:
        raise NotAvailableError("the times of this video are not known yet")
    data = gzip.compress(seconds.astype("<f8").tobytes(), 4, mtime=0)
    return Response(data, media_type="application/octet-stream", headers={"Content-Encoding": "gzip"})


def post_person(call: Call) -> Response:
    """POST /api/videos/{id}/person with ``box`` [x, y, w, h] in source pixels, or null for whom MediaPipe picks."""
    if not isinstance(call.body, dict) or "box" not in call.body:
        raise InputError("BODY_MALFORMED", "box: expected [x, y, width, height] or null.")
    box = call.body["box"]
    is_box = isinstance(box, list) and len(box) == 4 and all(type(side) in (int, float) for side in box)
    if box is not None and not is_box:
        raise InputError("PERSON_BOX", "expected a box of four numbers: x, y, width, height in source pixels.")
    set_person_box(call.db, call.video_id, None if box is None else tuple(box), call.actor)
    return answer_json({"box": box})


def post_view(call: Call) -> Response:
    """POST /api/view with ``most_revealing_view``: skeleton, masked or source, for the whole project."""
    view = call.get_field("most_revealing_view", str)
    set_view(call.db, view, call.actor)
    return answer_json({"most_revealing_view": view})
