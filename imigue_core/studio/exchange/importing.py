"""Many labels at once: the bulk way into ledger and state, in the caller's transaction.

Each label becomes one ledger row of kind ``import``, so that replay and versions
hold for imported labels exactly as for those made by hand.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from db.engine import Connection
from db.ledger import Entry, append_entries
from db.objects import object_of_label, object_of_rating
from db.states import find_state, save_note, store_new_labels, store_state
from imigue_core.annotation import RATING_SAID, Emotion, LabelState, RatingSaid, RatingState
from imigue_core.ids import AnnotatorId, ClientId, EditId, VideoId
from imigue_core.label_fields import EditKind, Plain

_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


@dataclass(frozen=True, slots=True)
class NewRating(RatingSaid):
    """One emotion rating to store where none stands; all fields are known to be legal."""

    video_id: int
    annotator_id: int
    emotion: str
    note: str = ""


def import_labels(
    conn: Connection, labels: Sequence[tuple[LabelState, str]], *, source_sha256: str, imported_by: int | None = None
) -> int:
    """Stores labels and returns how many. Call inside ``write()`` after validating all of them.

    Args:
        labels: Each with its note, which may be empty.
        source_sha256: Hash of the file they come from; it stands in each row's provenance.
        imported_by: Who brought the file, when it is not (only) that annotator's own.
    """
    clients: dict[int, tuple[ClientId, int]] = {}
    content: Plain = {}
    provenance = {"source": "import", "sha256": source_sha256, "imported_by": imported_by}
    entries, states = [], []
    edit_ids = make_uuids(len(labels))
    for state, note in labels:
        if note:
            state = replace(state, note_hash=save_note(conn, state.video_id, note))
        client, seq = clients.get(state.annotator_id) or (ClientId(str(uuid.uuid4())), 0)
        clients[state.annotator_id] = (client, seq + 1)
        states.append(state)
        entries.append(
            Entry(
                edit_id=EditId(next(edit_ids)),
                client=client,
                client_seq=seq + 1,
                annotator_id=state.annotator_id,
                video_id=state.video_id,
                kind=EditKind.IMPORT,
                object_id=object_of_label(state.annotation_id),
                base_version=0,
                before=None,
                after=state,
                content=content,
                provenance=provenance,
            )
        )
    if states:
        store_new_labels(conn, states)
        append_entries(conn, entries)
    return len(states)


def import_ratings(
    conn: Connection, ratings: Iterable[NewRating], *, source_sha256: str, imported_by: int | None = None
) -> int:
    """Stores ratings and returns how many. Call inside ``write()`` after validating all of them.

    A rating that was undone before keeps its history: the new one builds on it.
    """
    clients: dict[int, tuple[str, int]] = {}
    provenance = {"source": "import", "sha256": source_sha256, "imported_by": imported_by}
    entries = []
    for rating in ratings:
        client, seq = clients.get(rating.annotator_id) or (str(uuid.uuid4()), 0)
        clients[rating.annotator_id] = (client, seq + 1)
        object_id = object_of_rating(rating.video_id, rating.annotator_id)
        before, version = find_state(conn, object_id) or (None, 0)
        state = RatingState(
            VideoId(rating.video_id),
            AnnotatorId(rating.annotator_id),
            Emotion(rating.emotion),
            note_hash=save_note(conn, rating.video_id, rating.note),
            **RATING_SAID.write(rating),
        )
        store_state(conn, state, version + 1)
        entries.append(
            Entry(
                edit_id=EditId(str(uuid.uuid4())),
                client=ClientId(client),
                client_seq=seq + 1,
                annotator_id=state.annotator_id,
                video_id=state.video_id,
                kind=EditKind.IMPORT,
                object_id=object_id,
                base_version=version,
                before=before,
                after=state,
                content={},
                provenance=provenance,
            )
        )
    if entries:
        append_entries(conn, entries)
    return len(entries)


def make_uuids(n: int) -> Iterator[str]:
    """``n`` random uuids (version 4) as text, ascending, so that indexes grow at their end.

    Many times as fast as ``uuid.uuid4``, which is made for one at a time.
    """
    random = os.urandom(16 * n).hex()
    for h in sorted([random[i : i + 32] for i in range(0, 32 * n, 32)]):
        yield f"{h[:8]}-{h[8:12]}-4{h[13:16]}-{_VARIANT[h[16]]}{h[17:20]}-{h[20:]}"
