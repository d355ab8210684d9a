"""What follows a step that has become whole: those after it in steps.py, where the project wants them."""

from __future__ import annotations

from collections.abc import Callable

from db.engine import Connection
from db.videos import get_video
from imigue_core.settings import Settings
from imigue_core.studio.models.scanning import request_auto_scan
from imigue_core.studio.videos.steps import STEPS, Step
from imigue_core.studio.videos.viewing import request_mask


def _request_mask(conn: Connection, settings: Settings, video_id: int) -> None:
    request_mask(conn, settings, get_video(conn, video_id))


_REQUESTS: dict[Step, Callable[[Connection, Settings, int], None]] = {
    Step.SCAN: request_auto_scan,
    Step.MASK: _request_mask,
}


def request_followers(conn: Connection, settings: Settings, video_id: int, done: Step) -> None:
    """Queues what comes after a step of a video; call where the step's result is stored.

    Raises:
        NotAvailableError: The video was removed meanwhile.
    """
    for step in STEPS[done].then:
        _REQUESTS[step](conn, settings, video_id)
