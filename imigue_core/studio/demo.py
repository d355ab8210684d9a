"""The demo project: what is in it, asking for it, and keeping it closed.

Its videos are acted interviews; jobs/demo.py makes them. From the first moment the project takes
no videos or labels of one's own, so that nobody's work begins in it by accident.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from db.engine import Connection, Database
from db.jobs import enqueue_job, find_job
from db.people import get_setting, set_setting
from db.videos import list_videos
from imigue_core.errors import ConflictError, DeniedError
from imigue_core.studio.videos.steps import Step
from imigue_core.studio.videos.viewing import set_view

ANNOTATORS = ("Demo Aino", "Demo Bruno")
_SETTING, _MAKING, _WHOLE = "demo", "making", "1"


@dataclass(frozen=True, slots=True)
class Scene:
    """One video of the demo: a seed whose camera and gestures show well, its length, and what is known of it.

    Attributes:
        duration_s: Seconds.
        outcome: ``win`` or ``lose``.
        emotions: Each annotator's rating, None for none.
        valences: Of the ratings, 1 to 7.
        labelled_s: How far each annotator has come, seconds.
        has_picture: False for a video of poses alone, which is there at once.
    """

    seed: int
    duration_s: float
    outcome: str
    emotions: tuple[str | None, str | None]
    valences: tuple[int | None, int | None]
    labelled_s: tuple[float, float]
    has_picture: bool = True


SCENES = (
    Scene(55, 75.0, "win", ("positive", "positive"), (6, 5), (75.0, 75.0)),
    Scene(101, 66.0, "lose", ("negative", "unsure"), (2, 4), (66.0, 40.0)),
    Scene(60, 84.0, "win", (None, None), (None, None), (24.0, 0.0)),
    Scene(81, 30.0, "lose", (None, None), (None, None), (30.0, 20.0), has_picture=False),
)


def name_scene(number: int) -> str:
    """What the Library calls a video of the demo."""
    return f"Acted interview {number}"


def request_demo(db: Database, scenes: tuple[Scene, ...] = SCENES) -> None:
    """Queues making the demo in an empty project, or going on with it; nothing when it is whole.

    Raises:
        ConflictError: ``DEMO_FOLDER`` when the project has videos of somebody's own.
    """
    with db.write() as conn:
        if get_setting(conn, _SETTING) == _WHOLE:
            return
        known = {name_scene(number) for number in range(1, len(scenes) + 1)}
        if any(video.name not in known for video in list_videos(conn)):
            message = f"expected an empty folder for the demo, got the project at {db.settings.data}."
            raise ConflictError("DEMO_FOLDER", message, hint="Name another folder with --data.")
        set_setting(conn, _SETTING, _MAKING)
        is_new = find_job(conn, None, Step.DEMO) is None
    if is_new:
        set_view(db, "source", None)
    with db.write() as conn:
        enqueue_job(conn, None, Step.DEMO, {"scenes": [asdict(scene) for scene in scenes]})


def read_scenes(params: dict[str, Any]) -> list[Scene]:
    """The scenes of a job as ``request_demo`` queued it."""
    pairs = ("emotions", "valences", "labelled_s")
    return [Scene(**{**told, **{name: tuple(told[name]) for name in pairs}}) for told in params["scenes"]]


def is_demo(db: Database) -> bool:
    """Whether this project is the demo, finished or not."""
    with db.read() as conn:
        return get_setting(conn, _SETTING) in (_MAKING, _WHOLE)


def close_demo(db: Database) -> None:
    """Says that the demo is whole."""
    with db.write() as conn:
        set_setting(conn, _SETTING, _WHOLE)


def refuse_demo(conn: Connection) -> None:
    """Stands before everything that would add to a project.

    Raises:
        DeniedError: ``DEMO_CLOSED``.
    """
    if get_setting(conn, _SETTING) in (_MAKING, _WHOLE):
        raise DeniedError(
            "DEMO_CLOSED",
            "the demo project takes no videos or labels of your own.",
            hint="Start your own project: make run DATA=folder.",
        )
