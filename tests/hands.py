"""A person's page that makes edits, as the contract tests and the fault tests use it."""

from __future__ import annotations

import uuid
from typing import Any

from db.engine import Database
from db.people import add_annotator
from db.videos import insert_video
from imigue_core.studio.annotating import EditAnswer, apply_edits, load_video_state

N_FRAMES = 1000


def make_video(db: Database, name: str = "interview.mp4", **columns: Any) -> int:
    """A video of 1,000 frames that can be labelled; no files belong to it."""
    with db.write() as conn:
        return insert_video(
            conn, **{"name": name, "kind": "video", "n_frames": N_FRAMES, "fps_num": 25, "fps_den": 1, **columns}
        )


def make_person(db: Database, name: str) -> int:
    with db.write() as conn:
        return add_annotator(conn, name).annotator_id


class Hand:
    """One page load of one person on one video. It numbers edits and remembers them, as the player does."""

    def __init__(self, db: Database, annotator_id: int, video_id: int = 1, client: str | None = None) -> None:
        self.db, self.annotator_id, self.video_id = db, annotator_id, video_id
        self.client = client or str(uuid.uuid4())
        self.seq = 0
        self.last: dict[str, Any] = {}

    def make(self, kind: str, annotation_id: str | None = None, base_version: int = 0, **fields: Any) -> dict[str, Any]:
        """The next edit, not sent yet."""
        self.seq += 1
        self.last = {
            "client_seq": self.seq,
            "edit_id": str(uuid.uuid4()),
            "kind": kind,
            "video_id": self.video_id,
            "annotation_id": annotation_id,
            "base_version": base_version,
            **fields,
        }
        return self.last

    def send(self, *edits: dict[str, Any]) -> EditAnswer:
        return apply_edits(self.db, annotator_id=self.annotator_id, client=self.client, edits=list(edits))

    def do(self, kind: str, annotation_id: str | None = None, base_version: int = 0, **fields: Any) -> EditAnswer:
        """Makes one edit and sends it."""
        return self.send(self.make(kind, annotation_id, base_version, **fields))

    def create(self, class_id: int = 5, start_frame: int = 10, end_frame: int = 20) -> str:
        """A new label; returns its id."""
        annotation_id = str(uuid.uuid4())
        answer = self.do("create", annotation_id, class_id=class_id, start_frame=start_frame, end_frame=end_frame)
        assert answer.refused == []
        return annotation_id

    def undo(self, edit_id: str) -> EditAnswer:
        return self.do("undo", target_edit_id=edit_id)

    def redo(self, edit_id: str) -> EditAnswer:
        return self.do("redo", target_edit_id=edit_id)

    def state(self) -> dict[str, Any]:
        return load_video_state(self.db, self.video_id, self.annotator_id)

    def label(self, annotation_id: str) -> dict[str, Any]:
        """A standing label as the player reads it."""
        return next(a for a in self.state()["annotations"] if a["annotation_id"] == annotation_id)
