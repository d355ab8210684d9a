"""A person's page that makes edits, as the contract tests and the fault tests use it."""

from __future__ import annotations

import uuid
from typing import Any

from db.engine import Database
from db.people import add_annotator
from db.suggestions import insert_scan, list_suggestions
from db.videos import insert_video
from imigue_core.annotation import SuggestedSpan
from imigue_core.studio.edits.annotating import EditAnswer, apply_edits
from imigue_core.studio.edits.reviewing import load_review
from imigue_core.studio.edits.shown import load_video_state

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


def make_scan(
    db: Database,
    *spans: tuple[int, int, int],
    video_id: int = 1,
    model: str = "scanner-dense",
    model_hash: str = "a" * 64,
    scores: tuple[float, ...] = (),
) -> list[int]:
    """A stored scan that suggests ``(class_id, start_frame, end_frame)``; returns the suggestions' ids by time."""
    suggested = []
    for k, (class_id, start, end) in enumerate(spans):
        score = scores[k] if scores else 0.75
        others = [other for other in (1, 2, 3, 4, 5, 6) if other != class_id][:4]
        top = ((class_id, score), *((other, 0.1 * score) for other in others))
        suggested.append(SuggestedSpan(class_id, start, end, score, top, 1.5, 2.0))
    with db.write() as conn:
        scan_id = insert_scan(
            conn, video_id, suggested, model=model, model_hash=model_hash, trained_on="synthetic", device="cpu",
            poses_revision=1, cpu_s=0.5,
        )  # fmt: skip
        return [one.suggestion_id for one in list_suggestions(conn, scan_id)]


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

    def make_group(self, *members: tuple[str, str | None, int, dict[str, Any]]) -> list[dict[str, Any]]:
        """The next edits, a whole group: kind, label, base version and fields of each."""
        group = {"group_id": str(uuid.uuid4()), "group_size": len(members)}
        return [self.make(kind, label, version, **fields, **group) for kind, label, version, fields in members]

    def do(self, kind: str, annotation_id: str | None = None, base_version: int = 0, **fields: Any) -> EditAnswer:
        """Makes one edit and sends it."""
        return self.send(self.make(kind, annotation_id, base_version, **fields))

    def create(self, class_id: int = 5, start_frame: int = 10, end_frame: int = 20) -> str:
        """A new label; returns its id."""
        annotation_id = str(uuid.uuid4())
        answer = self.do("create", annotation_id, class_id=class_id, start_frame=start_frame, end_frame=end_frame)
        assert answer.refused == []
        return annotation_id

    def accept(self, suggestion_id: int, class_id: int = 5, start_frame: int = 10, end_frame: int = 20) -> str:
        """A new label from a suggestion; returns its id."""
        annotation_id = str(uuid.uuid4())
        span = {"class_id": class_id, "start_frame": start_frame, "end_frame": end_frame}
        answer = self.do("create", annotation_id, **span, suggestion={"suggestion_id": suggestion_id, "rank": 1})
        assert answer.refused == []
        return annotation_id

    def review(self, suggestion_id: int, verdict: str, base_version: int = 0) -> EditAnswer:
        return self.do("review", None, base_version, suggestion_id=suggestion_id, verdict=verdict)

    def shown(self) -> list[int]:
        """Ids of the suggestions that this person is shown."""
        return [one["suggestion_id"] for one in load_review(self.db, self.video_id, self.annotator_id)["suggestions"]]

    def undo(self, edit_id: str) -> EditAnswer:
        return self.do("undo", target_edit_id=edit_id)

    def redo(self, edit_id: str) -> EditAnswer:
        return self.do("redo", target_edit_id=edit_id)

    def state(self) -> dict[str, Any]:
        return load_video_state(self.db, self.video_id, self.annotator_id)

    def label(self, annotation_id: str) -> dict[str, Any]:
        """A standing label as the player reads it."""
        return next(a for a in self.state()["annotations"] if a["annotation_id"] == annotation_id)
