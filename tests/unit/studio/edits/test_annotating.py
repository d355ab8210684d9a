"""The edit contract: order, exactly once, conflicts, refusals, undo, whose labels they are, notes."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from db.check import check_database
from db.engine import Database
from db.ledger import iter_entries
from db.people import Annotator
from db.videos import delete_notes, update_video
from imigue_core.annotation import LabelState
from imigue_core.errors import DeniedError, InputError, NotAvailableError
from imigue_core.ids import AnnotationId, AnnotatorId, ClassId, LabelNumber, VideoId
from imigue_core.studio.edits.annotating import apply_edits
from imigue_core.studio.exchange.importing import import_labels
from tests.harness.hands import N_FRAMES, Hand, make_person, make_video


@pytest.fixture
def ann_hand(db: Database, ann: Annotator) -> Hand:
    """Ann's page on an empty video."""
    return Hand(db, ann.annotator_id, make_video(db))


@pytest.fixture
def ben_hand(ann_hand: Hand) -> Hand:
    """Ben's page on the same video."""
    return Hand(ann_hand.db, make_person(ann_hand.db, "Ben"), ann_hand.video_id)


@pytest.fixture(autouse=True)
def _every_invariant_holds_afterwards(db: Database) -> Any:
    yield
    assert check_database(db).findings == []


def list_codes(answer: Any) -> list[str]:
    return [refusal["code"] for refusal in answer.refused]


def count_ledger(db: Database) -> int:
    with db.read() as conn:
        return sum(1 for _ in iter_entries(conn))


def test_a_created_label_is_in_the_answer_and_in_the_state(ann_hand: Hand) -> None:
    annotation_id = str(uuid.uuid4())
    answer = ann_hand.do("create", annotation_id, class_id=7, start_frame=3, end_frame=3)
    assert (answer.acked, answer.refused, answer.ledger_seq, answer.revisions) == (1, [], 1, {ann_hand.video_id: 1})
    label = ann_hand.label(annotation_id)
    assert answer.changes == [{name: label[name] for name in label if name != "annotator"}]
    assert (label["label_id"], label["class_id"], label["start_frame"], label["end_frame"]) == (1, 7, 3, 3)
    assert (label["version"], label["annotator"], label["deleted"]) == (1, "Ann", False)


def test_a_label_lives_through_every_kind_of_edit(ann_hand: Hand) -> None:
    label = ann_hand.create()
    ann_hand.do("move", label, 1, start_frame=0, end_frame=N_FRAMES - 1)
    ann_hand.do("relabel", label, 2, class_id=99)
    ann_hand.do("annotate", label, 3, note="ä\nb", confidence=0.5, mark="discuss")
    found = ann_hand.label(label)
    assert (found["start_frame"], found["end_frame"], found["class_id"], found["version"]) == (0, N_FRAMES - 1, 99, 4)
    assert (found["note"], found["confidence"], found["mark"]) == ("ä\nb", 0.5, "discuss")
    answer = ann_hand.do("delete", label, 4)
    assert answer.changes == [
        {"annotation_id": label, "video_id": ann_hand.video_id, "annotator_id": 1, "version": 5, "deleted": True}
    ]
    assert ann_hand.state()["annotations"] == []


def test_many_edits_in_one_post_build_on_each_other(ann_hand: Hand) -> None:
    label = str(uuid.uuid4())
    answer = ann_hand.send(
        ann_hand.make("create", label, class_id=1, start_frame=0, end_frame=5),
        ann_hand.make("move", label, 1, start_frame=2, end_frame=6),
        ann_hand.make("relabel", label, 2, class_id=2),
    )
    assert (answer.acked, answer.refused, answer.ledger_seq) == (3, [], 3)
    assert answer.revisions == {ann_hand.video_id: 1}
    assert ann_hand.label(label)["version"] == 3


def test_clip_numbers_are_never_given_twice(ann_hand: Hand) -> None:
    labels = [ann_hand.create() for _ in range(3)]
    ann_hand.do("delete", labels[2], 1)
    assert ann_hand.label(ann_hand.create())["label_id"] == 4


def test_an_edit_sent_again_changes_nothing_and_gets_its_first_verdict(ann_hand: Hand, ben_hand: Hand) -> None:
    label = ann_hand.create()
    sent = [ann_hand.make("move", label, 1, start_frame=4, end_frame=9), ann_hand.make("delete", label, 7)]
    first = ann_hand.send(*sent)
    ben_hand.create()
    again = ann_hand.send(*sent)
    assert (again.acked, again.changes) == (first.acked, first.changes)
    assert list_codes(again) == list_codes(first) == ["CONFLICT"]
    assert again.refused[0]["edit_id"] == sent[1]["edit_id"]
    assert again.revisions == {ann_hand.video_id: 3}
    assert count_ledger(ann_hand.db) == 4


def test_the_same_edit_twice_in_one_post_is_one_edit(ann_hand: Hand) -> None:
    edit = ann_hand.make("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=5)
    assert ann_hand.send(edit, edit).acked == 1
    assert count_ledger(ann_hand.db) == 1


def test_edits_after_a_gap_wait_for_the_missing_one(ann_hand: Hand) -> None:
    first, second, third = (
        ann_hand.make("create", str(uuid.uuid4()), class_id=1, start_frame=k, end_frame=k) for k in range(3)
    )
    assert ann_hand.send(first, third).acked == 1
    assert ann_hand.send(third).acked == 1
    assert ann_hand.send(second, third).acked == 3
    assert [a["start_frame"] for a in ann_hand.state()["annotations"]] == [0, 1, 2]


def test_a_label_changed_elsewhere_conflicts_and_shows_what_stands(ann_hand: Hand) -> None:
    label = ann_hand.create()
    other_tab = Hand(ann_hand.db, ann_hand.annotator_id, ann_hand.video_id)
    other_tab.do("move", label, 1, start_frame=1, end_frame=2)
    answer = ann_hand.do("relabel", label, 1, class_id=9)
    assert (answer.acked, list_codes(answer)) == (2, ["CONFLICT"])
    assert answer.refused[0]["current"]["start_frame"] == 1
    assert ann_hand.label(label)["version"] == 2


def test_what_builds_on_a_refused_creation_is_refused_with_it(ann_hand: Hand) -> None:
    label = str(uuid.uuid4())
    answer = ann_hand.send(
        ann_hand.make("create", label, class_id=5, start_frame=9, end_frame=N_FRAMES),
        ann_hand.make("move", label, 1, start_frame=1, end_frame=2),
        ann_hand.make("create", str(uuid.uuid4()), class_id=5, start_frame=0, end_frame=0),
    )
    assert (answer.acked, list_codes(answer)) == (3, ["SPAN_OUT_OF_RANGE", "NOT_AVAILABLE"])
    assert len(ann_hand.state()["annotations"]) == 1
    assert count_ledger(ann_hand.db) == 3


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"start_frame": 5, "end_frame": 4}, "SPAN_REVERSED"),
        ({"start_frame": -1}, "SPAN_OUT_OF_RANGE"),
        ({"start_frame": 1.5}, "FRAME_NOT_INTEGER"),
        ({"start_frame": None}, "FRAME_NOT_INTEGER"),
        ({"start_frame": True}, "FRAME_NOT_INTEGER"),
        ({"end_frame": 2**40}, "NUMBER_TOO_LARGE"),
        ({"class_id": 0}, "VOCABULARY_UNKNOWN"),
        ({"class_id": 32}, "VOCABULARY_UNKNOWN"),
        ({"class_id": True}, "VOCABULARY_UNKNOWN"),
        ({"class_id": 1.0}, "VOCABULARY_UNKNOWN"),
        ({"class_id": "1"}, "VOCABULARY_UNKNOWN"),
        ({"class_id": None}, "VOCABULARY_UNKNOWN"),
        ({"video_id": 77}, "NOT_AVAILABLE"),
    ],
)
def test_an_impossible_label_is_refused_with_its_code(ann_hand: Hand, fields: dict[str, Any], code: str) -> None:
    given = {"class_id": 5, "start_frame": 1, "end_frame": 20, **fields}
    answer = ann_hand.do("create", str(uuid.uuid4()), **given)
    assert (answer.acked, list_codes(answer), answer.revisions) == (1, [code], {})


@pytest.mark.parametrize(
    ("kind", "fields", "code"),
    [
        ("annotate", {"confidence": 1.1}, "CONFIDENCE_INVALID"),
        ("annotate", {"confidence": True}, "CONFIDENCE_INVALID"),
        ("annotate", {"confidence": "high"}, "CONFIDENCE_INVALID"),
        ("annotate", {"mark": "later"}, "VOCABULARY_UNKNOWN"),
        ("annotate", {"note": 5}, "NOTE_INVALID"),
        ("annotate", {"note": "a\x00b"}, "LABEL_CHARS"),
        ("annotate", {"note": "x" * 4001}, "LABEL_TOO_LONG"),
        ("rate", {"emotion": "happy", "note": "kept nowhere"}, "VOCABULARY_UNKNOWN"),
        ("rate", {}, "VOCABULARY_UNKNOWN"),
        ("rate", {"valence": 4}, "VOCABULARY_UNKNOWN"),
        ("rate", {"emotion": "unsure", "valence": 0}, "VALENCE_INVALID"),
        ("rate", {"emotion": "unsure", "valence": 8}, "VALENCE_INVALID"),
        ("rate", {"emotion": "unsure", "valence": 4.0}, "VALENCE_INVALID"),
        ("rate", {"emotion": "unsure", "valence": True}, "VALENCE_INVALID"),
        ("rate", {"emotion": "unsure", "valence": "4"}, "VALENCE_INVALID"),
        ("rate", {"emotion": "unsure", "confidence": -0.1}, "CONFIDENCE_INVALID"),
        ("create", {"class_id": 5, "start_frame": 0, "end_frame": 0}, "CONFLICT"),
    ],
)
def test_an_impossible_change_is_refused_and_leaves_no_text_behind(
    ann_hand: Hand, kind: str, fields: dict[str, Any], code: str
) -> None:
    label = ann_hand.create()
    answer = ann_hand.do(kind, label, 0 if kind in ("rate", "create") else 1, **fields)
    assert list_codes(answer) == [code]
    with ann_hand.db.write() as conn:
        assert delete_notes(conn, ann_hand.video_id) == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "review"},
        {"kind": None},
        {"client_seq": 0},
        {"client_seq": "1"},
        {"client_seq": True},
        {"edit_id": "x"},
        {"edit_id": 5},
        {"annotation_id": None},
        {"annotation_id": "0" * 36},
        {"video_id": "1"},
        {"video_id": 2**53},
        {"base_version": -1},
        {"class_id": [1]},
        {"start_frame": float("nan")},
        {"end_frame": float("inf")},
        {"end_frame": 2**60},
        {"class_id": "\ud800"},
    ],
)
def test_a_malformed_edit_stops_the_whole_post(ann_hand: Hand, fields: dict[str, Any]) -> None:
    good = ann_hand.make("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=1)
    bad = {**ann_hand.make("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=1), **fields}
    with pytest.raises(InputError, match="EDIT_MALFORMED"):
        ann_hand.send(good, bad)
    assert count_ledger(ann_hand.db) == 0


@pytest.mark.parametrize("client", ["", "me", 5, None, "0" * 36])
def test_a_client_must_be_a_uuid(ann_hand: Hand, client: Any) -> None:
    with pytest.raises(InputError, match="EDIT_MALFORMED"):
        apply_edits(ann_hand.db, annotator_id=1, client=client, edits=[])


def test_a_client_in_capitals_is_the_same_client(ann_hand: Hand) -> None:
    ann_hand.create()
    shouting = Hand(ann_hand.db, 1, ann_hand.video_id, client=ann_hand.client.upper())
    shouting.seq = 1
    shouting.create()
    assert shouting.send().acked == 2


def test_an_edit_id_stands_for_one_edit_only(ann_hand: Hand, ben_hand: Hand) -> None:
    ann_hand.create()
    used = ann_hand.last
    with pytest.raises(InputError, match="EDIT_MALFORMED"):
        ben_hand.send({**used, "annotation_id": str(uuid.uuid4())})
    with pytest.raises(InputError, match="EDIT_MALFORMED"):
        ann_hand.send({**used, "client_seq": 2})


def test_a_number_already_used_is_never_acknowledged_for_another_edit(ann_hand: Hand) -> None:
    ann_hand.create()
    with pytest.raises(InputError, match="EDIT_MALFORMED"):
        ann_hand.send({**ann_hand.last, "edit_id": str(uuid.uuid4())})


def test_nobody_edits_another_persons_label(ann_hand: Hand, ben_hand: Hand) -> None:
    label = ann_hand.create()
    for kind, fields in (
        ("move", {"start_frame": 0, "end_frame": 1}),
        ("relabel", {"class_id": 1}),
        ("delete", {}),
        ("annotate", {"note": "mine now"}),
    ):
        assert list_codes(ben_hand.do(kind, label, 1, **fields)) == ["PERMISSION_DENIED"]
    assert list_codes(ben_hand.undo(ann_hand.last["edit_id"])) == ["NOT_AVAILABLE"]
    assert ann_hand.label(label)["version"] == 1


def test_a_client_belongs_to_the_person_who_used_it_first(ann_hand: Hand, ben_hand: Hand) -> None:
    ann_hand.create()
    thief = Hand(ann_hand.db, ben_hand.annotator_id, ann_hand.video_id, client=ann_hand.client)
    with pytest.raises(DeniedError, match="IDENTITY_MISMATCH"):
        thief.do("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=0)


def test_edits_for_another_project_or_by_nobody_are_turned_away(ann_hand: Hand) -> None:
    edit = ann_hand.make("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=0)
    with pytest.raises(DeniedError, match="PROJECT_MISMATCH"):
        apply_edits(ann_hand.db, annotator_id=1, client=ann_hand.client, edits=[edit], project_id=str(uuid.uuid4()))
    with pytest.raises(NotAvailableError):
        apply_edits(ann_hand.db, annotator_id=55, client=ann_hand.client, edits=[edit])


def test_a_hidden_video_takes_no_edits(ann_hand: Hand) -> None:
    label = ann_hand.create()
    with ann_hand.db.write() as conn:
        update_video(conn, ann_hand.video_id, hidden_utc="2026-01-01T00:00:00.000Z")
    assert list_codes(ann_hand.do("delete", label, 1)) == ["NOT_AVAILABLE"]


@pytest.mark.parametrize("kind", ["video", "poses"])
def test_a_video_without_known_frames_takes_no_labels(db: Database, ann: Annotator, kind: str) -> None:
    hand = Hand(db, ann.annotator_id, make_video(db, kind=kind, n_frames=None))
    answer = hand.do("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=0)
    assert list_codes(answer) == ["VIDEO_NOT_READY"]
    assert list_codes(hand.do("rate", emotion="unsure")) == ["VIDEO_NOT_READY"]


def test_provenance_keeps_what_is_known_and_nothing_else(ann_hand: Hand) -> None:
    given = {"view_mode": "skeleton", "active_ms": 1200, "player_version": "x" * 80, "name": "Ann", "suggestion": "s"}
    ann_hand.do("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=0, provenance=given)
    ann_hand.do("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=0, provenance=["odd"])
    odd = {"view_mode": ["skeleton"], "active_ms": True, "player_version": "\ud800"}
    ann_hand.do("create", str(uuid.uuid4()), class_id=1, start_frame=0, end_frame=0, provenance=odd)
    with ann_hand.db.read() as conn:
        first, second, third = (entry.provenance for entry in iter_entries(conn))
    assert first == f'{{"active_ms":1200,"player_version":"{"x" * 40}","suggestion":null,"view_mode":"skeleton"}}'
    assert second == third == '{"active_ms":null,"player_version":null,"suggestion":null,"view_mode":null}'


def test_a_moved_label_forgets_the_seconds_it_was_imported_with(ann_hand: Hand) -> None:
    imported = LabelState(
        AnnotationId(str(uuid.uuid4())),
        VideoId(ann_hand.video_id),
        AnnotatorId(1),
        LabelNumber(1),
        ClassId(5),
        start_frame=10,
        end_frame=20,
        start_time="0.4",
        end_time="0.81",
    )
    with ann_hand.db.write() as conn:
        import_labels(conn, [(imported, "")], source_sha256="0" * 64)
    (label,) = ann_hand.state()["annotations"]
    ann_hand.do("move", label["annotation_id"], 1, start_frame=10, end_frame=21)
    with ann_hand.db.read() as conn:
        *_, last = iter_entries(conn)
    assert '"start_time":"0.4"' in str(last.after)
    assert '"end_time":null' in str(last.after)
