"""What the browser tests of suggestions and of the emotion score share: a scanned video, and looking at decisions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from db.engine import Database
from db.people import set_setting
from imigue_core.settings import Settings
from tests.harness.hands import make_scan
from tests.harness.materials import add_person
from tests.harness.seat import Seat
from tests.harness.studio import Studio

SPANS = tuple((5 + k % 4, 20 + 40 * k, 40 + 40 * k) for k in range(11))
"""Class, first and last frame of each suggestion, by time."""
SCORES = (0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5, 0.45, 0.2)
"""The last one lies under the default threshold."""
N_SHOWN = 10


def open_project(folder: Path) -> Studio:
    """A running studio in which nothing is scanned by itself."""
    studio = Studio(folder / "data").start()
    db = Database(Settings(data=studio.data))
    with db.write() as conn:
        set_setting(conn, "auto_scan", "0")
    db.close()
    return studio


def add_scanned(studio: Studio, folder: Path, seed: int = 0) -> int:
    """A video of 500 frames with ``SPANS`` suggested; returns its id."""
    video_id = add_person(studio, folder, seed=seed)
    rescan(studio, video_id)
    return video_id


def rescan(studio: Studio, video_id: int, model_hash: str = "a" * 64) -> None:
    """Stores the same suggestions as a new scan."""
    db = Database(Settings(data=studio.data))
    make_scan(db, *SPANS, video_id=video_id, scores=SCORES, model_hash=model_hash)
    db.close()


def get_review(seat: Seat, video_id: int) -> dict[str, Any]:
    """Suggestions and rejections as the server has them once all is saved."""
    seat.wait_saved()
    answer: dict[str, Any] = seat.http.get(f"/api/videos/{video_id}/suggestions").json()
    return answer


def list_own(seat: Seat, video_id: int) -> list[dict[str, Any]]:
    """Own labels by start, as the server has them once all is saved."""
    seat.wait_saved()
    own = seat.run("return player.annotatorId")
    labels = seat.http.get(f"/api/videos/{video_id}/state").json()["annotations"]
    return sorted((a for a in labels if a["annotator_id"] == own), key=lambda a: int(a["start_frame"]))


def selected_start(seat: Seat) -> int | None:
    """First frame of the selected suggestion."""
    start: int | None = seat.run("return player.picked.suggestion?.start_frame ?? null")
    return start
