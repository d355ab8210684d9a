"""GET /api/videos/{id}/changes: a long poll that pages follow each other by."""

from __future__ import annotations

import asyncio
import math

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from db.videos import get_revision, get_video
from imigue_core.errors import InputError
from imigue_core.studio.edits.live import load_changes
from imigue_core.web.calls import MAX_ID, Call, answer_json

MAX_WAIT_S = 25.0
LOOK_EVERY_S = 1.0
"""Edits of other processes, such as the command line, are found by looking."""
GATHER_S = 0.06
"""News waits that long after an edit: the answer to whoever made it goes first, and what follows comes along."""


async def get_changes(call: Call) -> Response:
    """GET /api/videos/{id}/changes?since=REVISION&seq=LEDGER_SEQ&wait=SECONDS&damage=CODE.

    Answers as soon as the video's revision is not ``since``, or the code of what is wrong with the database is not
    ``damage`` (empty at first), else after ``wait`` seconds (25 at most), with what edits after ``seq`` did, as this
    person may see it, and ``damage``: code, message and hint, or null. Both numbers come from the state or the answer
    before.

    Raises:
        InputError: ``QUERY_MALFORMED`` or ``TOO_MANY_POLLS``.
        NotAvailableError: The video is absent or hidden.
    """
    since, seq = _read_count(call, "since"), _read_count(call, "seq")
    seconds = _read_wait(call)
    hub, video_id = call.project.hub, call.video_id
    told = call.request.query_params.get("damage", "")
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    with hub.wait_for(video_id, call.actor) as wait:
        revision = await run_in_threadpool(_look, call, True)
        while revision == since and not hub.is_closing and _name_damage(call) == told:
            left = until - loop.time()
            if left <= 0 or await call.request.is_disconnected():
                break
            if await wait.pause(min(left, LOOK_EVERY_S)) and not hub.is_closing:
                await asyncio.sleep(GATHER_S)
            revision = await run_in_threadpool(_look, call)
        answer = await run_in_threadpool(load_changes, call.db, video_id, call.actor, seq)
        damage = await run_in_threadpool(call.project.find_damage)
    return answer_json({**answer, "damage": None if damage is None else damage.to_dict()})


def _name_damage(call: Call) -> str:
    damage = call.db.damage.find()
    return "" if damage is None else damage.code


def _look(call: Call, is_first: bool = False) -> int:
    with call.db.read() as conn:
        if is_first:
            get_video(conn, call.video_id)
        return get_revision(conn, call.video_id)


def _read_count(call: Call, name: str) -> int:
    text = call.request.query_params.get(name, "")
    if not text.isascii() or not text.isdigit() or len(text) > 16 or int(text) > MAX_ID:
        raise InputError("QUERY_MALFORMED", f"{name}: expected a whole number.")
    return int(text)


def _read_wait(call: Call) -> float:
    try:
        seconds = float(call.request.query_params.get("wait", "0"))
    except ValueError:
        seconds = math.nan
    if not seconds >= 0:
        raise InputError("QUERY_MALFORMED", "wait: expected seconds.")
    return min(seconds, MAX_WAIT_S)
