"""Small label files and edits that the exchange tests share."""

from __future__ import annotations

import uuid
from typing import Any

from db.engine import Database
from imigue_core.formats.imigue import COLUMNS
from imigue_core.studio.edits.annotating import apply_edits

HEADER = ",".join(COLUMNS)
ODD = "\n".join(
    [
        HEADER,
        "12,1,3.5,87,12.0400,301,29,6,F,Czech ,Win",
        "12,2,0.1,2,0.25,6,99,6,F,Czech ,Win",
        '298,1,5,125,5.039,125,8,"Ö, ß",M,"=1+1 ""so""",',
        '298,4,5.00000,125,6,150,8,"Ö, ß",M,"=1+1 ""so""",',
    ]
).encode()
"""A hand-written table: odd seconds, odd nationalities, a gap in the numbers, an overlap."""


def make_table(*rows: str) -> bytes:
    """An iMiGUE table of rows ``video,label,start,end,class`` with exact seconds at 25 a second."""
    lines = [HEADER]
    for row in rows:
        video, label, start, end, class_id = row.split(",")
        seconds = [f"{int(frame) / 25:.4f}" if frame.isdigit() else "1" for frame in (start, end)]
        lines.append(f"{video},{label},{seconds[0]},{start},{seconds[1]},{end},{class_id},,,,")
    return "\n".join(lines).encode()


def edit(db: Database, annotator_id: int, video_id: int, kind: str, **fields: Any) -> str:
    """Sends one edit as a browser would; returns the annotation's id."""
    annotation_id = fields.pop("annotation_id", None) or str(uuid.uuid4())
    answer = apply_edits(
        db,
        annotator_id=annotator_id,
        client=str(uuid.uuid4()),
        edits=[
            {
                "client_seq": 1,
                "edit_id": str(uuid.uuid4()),
                "kind": kind,
                "video_id": video_id,
                "annotation_id": annotation_id,
                "base_version": 0,
                **fields,
            }
        ],
    )
    assert answer.refused == []
    return annotation_id
