"""What is known of a video's pose track: where it came from, how far it is, and whom it follows.

The points themselves lie in files; asking for a track and moving it on is for studio/videos/tracks.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Box = tuple[float, float, float, float]
"""x, y, width and height in pixels of the upright source picture."""


class PoseOrigin(StrEnum):
    """Where the points came from."""

    MEDIAPIPE = "mediapipe"
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class PoseTrack:
    """The pose track of one video.

    Attributes:
        revision: Raised with every new track, from 1.
        n_ready: Frames from 0 whose poses may be shown.
        complete: Whether all are there.
        person: Where the person to follow stood, None for no box.
        followed: Who is followed, in words.
        sha256: Of the file that was brought along, None for MediaPipe's.
        warnings: Sentences about poses that were brought along.
    """

    source: PoseOrigin
    revision: int
    n_ready: int = 0
    complete: bool = False
    person: Box | None = None
    followed: str = ""
    sha256: str | None = None
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the project stores it."""
        stored: dict[str, Any] = {
            "source": self.source.value,
            "n_ready": self.n_ready,
            "complete": self.complete,
            "revision": self.revision,
            "person": list(self.person) if self.person else None,
            "followed": self.followed,
        }
        if self.source is PoseOrigin.IMPORTED:
            stored |= {"sha256": self.sha256, "warnings": list(self.warnings)}
        return stored


def read_pose_track(stored: dict[str, Any]) -> PoseTrack:
    """The track that a project stores; what an older version did not write is as it was then."""
    person = stored.get("person")
    return PoseTrack(
        source=PoseOrigin(stored["source"]),
        revision=stored["revision"],
        n_ready=stored["n_ready"],
        complete=stored["complete"],
        person=tuple(person) if person else None,
        followed=stored.get("followed", ""),
        sha256=stored.get("sha256"),
        warnings=tuple(stored.get("warnings", ())),
    )
