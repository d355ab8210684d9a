"""Routes that send files of a video: its proxy, its masked copy, its chunks of poses, its thumbnail.

Pixels go out only as far as the project's most revealing view allows, and each person's
first ones of a video, masked or not, are logged before they are sent. A path is made of our own ids and
fixed names, never of what a request says; links are not followed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

from starlette.responses import FileResponse, Response

from db.derived import find_derived
from db.people import record_masked_reveal, record_reveal
from db.videos import Video, get_video
from imigue_core.errors import DeniedError, NotAvailableError
from imigue_core.files import read_regular, stat_regular
from imigue_core.settings import MAX_FRAMES
from imigue_core.skeleton.chunks import CHUNK_FRAMES, MAX_CHUNK_BYTES, get_chunk_name
from imigue_core.studio import access
from imigue_core.studio.videos.derived import Fault, Flaw, is_as_made
from imigue_core.studio.videos.mending import mend_video
from imigue_core.studio.videos.viewing import get_view, is_allowed, is_masked
from imigue_core.web.calls import Call

KEEP_NOTHING = "private, no-store"
"""Pictures of people stay out of the browser's disk, so that the switch also rules over what was shown."""
FOR_EVER = "private, max-age=31536000, immutable"
_SWITCH_HINT = "The Library page says how much this project shows."


def get_proxy(call: Call) -> Response:
    """GET /api/videos/{id}/proxy.mp4, whole or by Range.

    Raises:
        DeniedError: ``SOURCE_PIXELS_OFF``.
    """
    video = _get_video(call)
    if get_view(call.db) != "source":
        message = "source pixels are switched off in this project."
        raise DeniedError("SOURCE_PIXELS_OFF", message, hint=_SWITCH_HINT)
    if not video.has_proxy:
        raise NotAvailableError("the picture of this video is not ready")
    path = call.project.settings.files_of(video.video_id).proxy
    found = _stat_whole(call, video, path)
    _log_reveal(call, video, "source")
    return FileResponse(path, media_type="video/mp4", stat_result=found, headers={"Cache-Control": KEEP_NOTHING})


def get_masked(call: Call) -> Response:
    """GET /api/videos/{id}/masked.mp4, the copy with the face masked, whole or by Range.

    Raises:
        DeniedError: ``MASKED_OFF``.
    """
    video = _get_video(call)
    if not is_allowed("masked", get_view(call.db)):
        raise DeniedError("MASKED_OFF", "this project shows skeletons only.", hint=_SWITCH_HINT)
    if not is_masked(call.project.settings, video):
        raise NotAvailableError("the masked picture of this video is not ready")
    path = call.project.settings.files_of(video.video_id).masked
    found = _stat_whole(call, video, path)
    _log_reveal(call, video, "masked")
    return FileResponse(path, media_type="video/mp4", stat_result=found, headers={"Cache-Control": KEEP_NOTHING})


def get_chunk(call: Call) -> Response:
    """GET /api/videos/{id}/chunks/{n}?v=revision: 250 frames of poses, gzip'd."""
    video = _get_video(call)
    number = int(call.request.path_params["number"])
    if number > MAX_FRAMES // CHUNK_FRAMES or video.erased_utc is not None:
        raise NotAvailableError("these poses are not available")
    folder = call.project.settings.files_of(video.video_id)
    path = folder.chunks / get_chunk_name(number)
    found = stat_regular(path)
    if found is None and number * CHUNK_FRAMES >= video.poses_ready:
        raise NotAvailableError("these poses are not available")
    data = read_regular(path, MAX_CHUNK_BYTES) if found is not None and found.st_size <= MAX_CHUNK_BYTES else b""
    with call.db.read() as conn:
        known = find_derived(conn, video.video_id, folder.name(path))
    if not is_as_made(data, known):
        _mend(call, video, Fault(folder.name(path), Flaw.CONTENT))
    is_final = known is not None and video.poses_complete
    is_final = is_final and call.request.query_params.get("v") == str(video.poses_revision)
    headers = {"Content-Encoding": "gzip", "Cache-Control": FOR_EVER if is_final else "no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)


def get_thumb(call: Call) -> Response:
    """GET /api/videos/{id}/thumb: the picture where the project shows source pixels, else a skeleton."""
    video = _get_video(call)
    files = call.project.settings.files_of(video.video_id)
    headers = {"Cache-Control": KEEP_NOTHING, "Vary": "Cookie"}
    picture = files.thumb
    may_show = access.is_allowed(call.actor, access.Action.SEE_PIXELS, access.Resource(video.video_id))
    if may_show and video.has_proxy and get_view(call.db) == "source" and picture.is_file():
        found = _stat_whole(call, video, picture)
        _log_reveal(call, video, "source")
        return FileResponse(picture, media_type="image/jpeg", stat_result=found, headers=headers)
    drawing = files.skeleton_thumb
    found = _stat_whole(call, video, drawing, is_expected=video.poses_complete)
    return FileResponse(drawing, media_type="image/svg+xml", stat_result=found, headers=headers)


def _get_video(call: Call) -> Video:
    with call.db.read() as conn:
        return get_video(conn, call.video_id)


def _log_reveal(call: Call, video: Video, view: str) -> None:
    key = (video.video_id, call.actor, view)
    if call.request.method == "HEAD" or key in call.project.revealed:
        return
    with call.db.write() as conn:
        if view == "source":
            record_reveal(conn, video.video_id, call.actor)
        else:
            record_masked_reveal(conn, video.video_id, call.actor)
    call.project.revealed.add(key)


def _stat_whole(call: Call, video: Video, path: Path, *, is_expected: bool = True) -> os.stat_result:
    """A file that is as long as it was made; one that is not, or is missing though expected, is asked for anew."""
    found = stat_regular(path)
    name = call.project.settings.files_of(video.video_id).name(path)
    if found is None:
        if is_expected:
            _mend(call, video, Fault(name, Flaw.MISSING))
        raise NotAvailableError("this file is not available")
    with call.db.read() as conn:
        known = find_derived(conn, video.video_id, name)
    if found.st_size == 0 or (known is not None and found.st_size != known.n_bytes):
        _mend(call, video, Fault(name, Flaw.LENGTH))
    return found


def _mend(call: Call, video: Video, fault: Fault) -> NoReturn:
    """Has a file made again and says so; never answers with what is left of it.

    Raises:
        NotAvailableError: Always.
    """
    with call.db.write() as conn:
        mend_video(conn, call.project.settings, video.video_id, [fault])
    raise NotAvailableError("this file was damaged and is being made again")
