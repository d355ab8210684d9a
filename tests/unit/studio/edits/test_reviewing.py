"""Reviewing suggestions: what a person is shown, and how accepting, rejecting, skipping and lifting behave."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.check import check_database
from db.engine import Database
from db.ledger import iter_entries
from db.people import Annotator
from db.suggestions import Suggestion
from imigue_core.annotation import Annotation, Decision, Span, Verdict, compute_tiou
from imigue_core.errors import InputError, NotAvailableError
from imigue_core.studio.edits.reviewing import load_review
from imigue_core.studio.edits.suppression import select_suggestions
from imigue_core.studio.videos.removing import remove_video
from tests.harness.hands import Hand, make_person, make_scan, make_video


def suggest(suggestion_id: int, class_id: int, start: int, end: int) -> Suggestion:
    return Suggestion(suggestion_id, 1, 1, class_id, start, end, 0.5, [[class_id, 0.5]], 1.0, 1.0)


def label(class_id: int, start: int, end: int, suggestion_id: int | None = None) -> Annotation:
    return Annotation(str(uuid.uuid4()), 1, 1, 1, class_id, start, end, suggestion_id=suggestion_id)


def decide(verdict: Verdict, suggestion_id: int, class_id: int, start: int, end: int, version: int = 1) -> Decision:
    about = (class_id, start, end, 0.5, "another model", "f" * 64)
    return Decision(suggestion_id, 1, 1, verdict, *about, version=version)


def select(
    suggestions: list[Suggestion],
    labels: tuple[Annotation, ...] = (),
    accepted: tuple[Suggestion, ...] = (),
    decisions: tuple[Decision, ...] = (),
) -> list[int]:
    return [s.suggestion.suggestion_id for s in select_suggestions(suggestions, labels, accepted, decisions)]


SCAN = [suggest(11, 5, 10, 19), suggest(12, 6, 10, 19), suggest(13, 5, 100, 109)]


def test_without_any_work_everything_is_shown() -> None:
    assert select(SCAN) == [11, 12, 13]
    assert select([]) == []


@pytest.mark.parametrize(
    ("start", "end", "hidden"),
    [
        (10, 19, True),
        (10, 14, True),  # half of it: 5 frames of 10
        (10, 13, False),
        (15, 24, False),  # 5 shared of 15
        (13, 22, True),  # 7 shared of 13
        (0, 29, False),  # 10 shared of 30
        (0, 19, True),  # 10 shared of 20
        (20, 29, False),
    ],
)
def test_the_same_class_hides_from_an_overlap_of_one_half_on(start: int, end: int, hidden: bool) -> None:
    """Labels by hand, suggestions that a label came from, and rejections hide alike; other classes never do."""
    left = [12, 13] if hidden else [11, 12, 13]
    assert select(SCAN, labels=(label(5, start, end),)) == left
    assert select(SCAN, accepted=(suggest(2, 5, start, end),)) == left
    assert select(SCAN, decisions=(decide(Verdict.REJECTED, 2, 5, start, end),)) == left
    assert select(SCAN, labels=(label(7, start, end),)) == [11, 12, 13]


def test_an_accepted_suggestion_is_hidden_wherever_its_label_went() -> None:
    moved = label(30, 500, 510, suggestion_id=12)
    assert select(SCAN, labels=(moved,)) == [11, 13]


def test_what_a_label_was_changed_from_is_not_suggested_again() -> None:
    """The label is of class 30 and elsewhere by now; a later scan finds what it came from once more."""
    assert select(SCAN, labels=(label(30, 500, 510, 1),), accepted=(suggest(1, 5, 11, 20),)) == [12, 13]


def test_skipped_ones_stay_and_are_marked() -> None:
    decisions = [decide(Verdict.SKIPPED, 11, 5, 10, 19, version=3)]
    shown = select_suggestions(SCAN, [], [], decisions)
    assert [(s.suggestion.suggestion_id, s.is_skipped, s.version) for s in shown] == [
        (11, True, 3),
        (12, False, 0),
        (13, False, 0),
    ]


def test_a_lifted_rejection_hides_nothing() -> None:
    decisions = [decide(Verdict.OPEN, 11, 5, 10, 19, version=2)]
    shown = select_suggestions(SCAN, [], [], decisions)
    assert [(s.is_skipped, s.version) for s in shown] == [(False, 2), (False, 0), (False, 0)]


def test_skipping_hides_nothing_of_a_later_scan() -> None:
    assert select(SCAN, decisions=(decide(Verdict.SKIPPED, 2, 5, 10, 19),)) == [11, 12, 13]


SPANS = st.tuples(st.integers(5, 7), st.integers(0, 30), st.integers(0, 12))


@given(found=st.lists(SPANS, max_size=8), mine=st.lists(SPANS, max_size=4), refused=st.lists(SPANS, max_size=4))
def test_hidden_is_exactly_what_was_settled(found: Any, mine: Any, refused: Any) -> None:
    suggestions = [suggest(100 + k, c, start, start + n) for k, (c, start, n) in enumerate(found)]
    labels = tuple(label(c, start, start + n) for c, start, n in mine)
    decisions = tuple(decide(Verdict.REJECTED, k, c, start, start + n) for k, (c, start, n) in enumerate(refused))
    left = set(select(suggestions, labels, (), decisions))
    for one in suggestions:
        rivals = [Span(s, s + n) for c, s, n in (*mine, *refused) if c == one.class_id]
        is_settled = any(compute_tiou(one.span, rival) >= 0.5 for rival in rivals)
        assert (one.suggestion_id not in left) == is_settled


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    """Ann's page on a video."""
    return Hand(db, ann.annotator_id, make_video(db))


@pytest.fixture
def ben(hand: Hand) -> Hand:
    return Hand(hand.db, make_person(hand.db, "Ben"), hand.video_id)


@pytest.fixture(autouse=True)
def _every_invariant_holds_afterwards(db: Database) -> Any:
    yield
    assert check_database(db).findings == []


def read_last_entry(db: Database) -> Any:
    with db.read() as conn:
        *_, last = iter_entries(conn)
    return last


def test_accepting_makes_a_label_that_remembers(hand: Hand, ben: Hand) -> None:
    first, second = make_scan(hand.db, (5, 10, 20), (6, 30, 40))
    annotation_id = hand.accept(first, class_id=7, start_frame=11, end_frame=22)
    found = hand.label(annotation_id)
    assert (found["suggestion_id"], found["suggestion_rank"], found["class_id"]) == (first, 1, 7)
    assert (hand.shown(), ben.shown()) == ([second], [first, second])
    origin = json.loads(read_last_entry(hand.db).provenance)["suggestion"]
    assert origin == {
        "suggestion_id": first, "model": "scanner-dense", "model_hash": "a" * 64,
        "class_id": 5, "start_frame": 10, "end_frame": 20, "score": 0.75, "edited": True,
    }  # fmt: skip
    assert ben.state()["annotations"][0]["suggestion_id"] == first


@pytest.mark.parametrize(
    ("span", "is_edited"), [((5, 10, 20), False), ((6, 10, 20), True), ((5, 9, 20), True), ((5, 10, 21), True)]
)
def test_the_ledger_tells_accepted_from_edited(hand: Hand, span: tuple[int, int, int], is_edited: bool) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    hand.accept(first, *span)
    assert json.loads(read_last_entry(hand.db).provenance)["suggestion"]["edited"] is is_edited


def test_a_label_by_hand_remembers_nothing(hand: Hand) -> None:
    make_scan(hand.db, (5, 10, 20))
    found = hand.label(hand.create())
    assert (found["suggestion_id"], found["suggestion_rank"]) == (None, None)
    after = json.loads(read_last_entry(hand.db).after)
    assert "suggestion_id" not in after
    assert hand.shown() == []


def test_undoing_an_acceptance_brings_the_suggestion_back(hand: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    annotation_id = hand.accept(first)
    create_id = hand.last["edit_id"]
    answer = hand.undo(create_id)
    assert answer.changes[0]["deleted"]
    assert answer.changes[0]["suggestion_id"] == first
    assert hand.shown() == [first]
    hand.redo(create_id)
    assert hand.shown() == []
    assert hand.label(annotation_id)["suggestion_id"] == first
    hand.do("delete", annotation_id, 3)
    assert hand.shown() == [first]


def test_moving_and_relabelling_keeps_what_it_came_from(hand: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    annotation_id = hand.accept(first)
    hand.do("move", annotation_id, 1, start_frame=400, end_frame=410)
    hand.do("relabel", annotation_id, 2, class_id=31)
    hand.do("annotate", annotation_id, 3, note="sure", confidence=0.5)
    assert hand.label(annotation_id)["suggestion_id"] == first
    assert hand.shown() == []
    assert make_scan(hand.db, (5, 11, 21), (31, 700, 710)) == [2, 3]
    assert hand.shown() == [3]


def test_one_suggestion_becomes_one_standing_label(hand: Hand, ben: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    annotation_id = hand.accept(first)
    link = {"suggestion_id": first, "rank": 2}
    fields: dict[str, Any] = {"class_id": 5, "start_frame": 10, "end_frame": 20, "suggestion": link}
    answer = hand.do("create", str(uuid.uuid4()), **fields)
    assert [refusal["code"] for refusal in answer.refused] == ["CONFLICT"]
    ben.accept(first)
    hand.do("delete", annotation_id, 1)
    assert hand.do("create", str(uuid.uuid4()), **fields).refused == []


def test_two_acceptances_in_one_post_are_one_label(hand: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    fields: dict[str, Any] = {
        "class_id": 5,
        "start_frame": 10,
        "end_frame": 20,
        "suggestion": {"suggestion_id": first, "rank": 1},
    }
    edits = [hand.make("create", str(uuid.uuid4()), **fields) for _ in range(2)]
    answer = hand.send(*edits)
    assert (len(answer.changes), [r["code"] for r in answer.refused]) == (1, ["CONFLICT"])


def test_a_label_from_a_suggestion_that_was_replaced_meanwhile_is_kept(hand: Hand) -> None:
    """The page showed it before a rescan, perhaps while it was offline."""
    (gone,) = make_scan(hand.db, (5, 10, 20))
    make_scan(hand.db, (5, 12, 22))
    annotation_id = hand.accept(gone)
    assert hand.label(annotation_id)["suggestion_id"] is None
    assert json.loads(read_last_entry(hand.db).content)["suggestion"] == {"suggestion_id": gone, "rank": 1}
    assert hand.shown() == []


def test_a_suggestion_of_another_video_is_nobodys(hand: Hand) -> None:
    make_video(hand.db, "other.mp4")
    (other,) = make_scan(hand.db, (5, 10, 20), video_id=2)
    link = {"suggestion_id": other, "rank": 1}
    refused = hand.do("create", str(uuid.uuid4()), class_id=5, start_frame=1, end_frame=2, suggestion=link).refused
    refused += hand.review(other, "rejected").refused
    assert [refusal["code"] for refusal in refused] == ["NOT_AVAILABLE", "NOT_AVAILABLE"]
    assert Hand(hand.db, 1, 2).review(other, "skipped").refused == []
    assert [r["code"] for r in hand.review(other, "open", 1).refused] == ["NOT_AVAILABLE"]


def test_a_rejection_is_ones_own_and_is_lifted(hand: Hand, ben: Hand) -> None:
    first, second = make_scan(hand.db, (5, 10, 20), (6, 30, 40))
    answer = hand.review(first, "rejected")
    assert answer.reviews == [{"suggestion_id": first, "verdict": "rejected", "version": 1}]
    assert (answer.changes, answer.ratings, answer.refused) == ([], [], [])
    assert (hand.shown(), ben.shown()) == ([second], [first, second])
    (rejected,) = load_review(hand.db, 1, 1)["rejected"]
    assert (rejected["suggestion_id"], rejected["class_id"], rejected["model"]) == (first, 5, "scanner-dense")
    assert hand.review(first, "open", rejected["version"]).refused == []
    assert hand.shown() == [first, second]
    assert load_review(hand.db, 1, 1)["rejected"] == []


def test_a_rejection_holds_for_later_models_until_it_is_lifted(hand: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20), model="older")
    hand.review(first, "rejected")
    same, other = make_scan(hand.db, (5, 12, 21), (6, 12, 21))
    assert hand.shown() == [other]
    hand.review(first, "open", 1)
    assert hand.shown() == [same, other]
    hand.undo(hand.last["edit_id"])
    assert hand.shown() == [other]


def test_reviews_are_undone_and_redone(hand: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    hand.review(first, "skipped")
    skip_id = hand.last["edit_id"]
    hand.review(first, "rejected", 1)
    reject_id = hand.last["edit_id"]
    assert [r["code"] for r in hand.undo(skip_id).refused] == ["CONFLICT"]
    assert hand.undo(reject_id).reviews == [{"suggestion_id": first, "verdict": "skipped", "version": 3}]
    assert load_review(hand.db, 1, 1)["suggestions"][0]["verdict"] == "skipped"
    assert hand.undo(skip_id).reviews == [{"suggestion_id": first, "verdict": "open", "version": 4}]
    assert load_review(hand.db, 1, 1)["suggestions"][0]["verdict"] is None
    assert hand.redo(skip_id).reviews[0]["verdict"] == "skipped"
    assert hand.state()["undo"] == [skip_id]


def test_a_review_based_on_an_old_version_conflicts(hand: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    hand.review(first, "rejected")
    (refusal,) = hand.review(first, "skipped").refused
    assert refusal["code"] == "CONFLICT"
    assert refusal["current"] == {"suggestion_id": first, "verdict": "rejected", "version": 1}


def test_a_review_sent_again_changes_nothing(hand: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    edit = hand.make("review", suggestion_id=first, verdict="rejected")
    answer = hand.send(edit)
    again = hand.send(edit)
    assert (answer.reviews, answer.acked) == (again.reviews, again.acked)


def test_a_review_of_a_suggestion_that_was_replaced_is_refused(hand: Hand) -> None:
    (gone,) = make_scan(hand.db, (5, 10, 20))
    make_scan(hand.db, (5, 12, 22))
    (refusal,) = hand.review(gone, "rejected").refused
    assert (refusal["code"], refusal["current"]) == ("NOT_AVAILABLE", None)


@pytest.mark.parametrize("verdict", ["accepted", "", None, 1])
def test_an_unknown_verdict_is_refused(hand: Hand, verdict: Any) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    assert [r["code"] for r in hand.review(first, verdict).refused] == ["VOCABULARY_UNKNOWN"]


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": "review", "verdict": "rejected"},
        {"kind": "review", "verdict": "rejected", "suggestion_id": "1"},
        {"kind": "review", "verdict": "rejected", "suggestion_id": 0},
        {"kind": "review", "verdict": "rejected", "suggestion_id": 2**60},
        {"kind": "review", "verdict": ["rejected"], "suggestion_id": 1},
        {"kind": "create", "suggestion": 1},
        {"kind": "create", "suggestion": {}},
        {"kind": "create", "suggestion": {"suggestion_id": 1}},
        {"kind": "create", "suggestion": {"suggestion_id": 1, "rank": 0}},
        {"kind": "create", "suggestion": {"suggestion_id": 1, "rank": 6}},
        {"kind": "create", "suggestion": {"suggestion_id": True, "rank": 1}},
        {"kind": "create", "suggestion": {"suggestion_id": 1, "rank": "1"}},
    ],
)
def test_malformed_edits_are_refused_whole(hand: Hand, fields: dict[str, Any]) -> None:
    edit = hand.make(annotation_id=str(uuid.uuid4()), **{"class_id": 5, "start_frame": 0, "end_frame": 1, **fields})
    with pytest.raises(InputError, match="EDIT_MALFORMED"):
        hand.send(edit)


def test_what_else_stands_in_a_link_is_dropped(hand: Hand) -> None:
    (first,) = make_scan(hand.db, (5, 10, 20))
    link = {"suggestion_id": first, "rank": 3, "score": 9, "model": "mine"}
    hand.do("create", str(uuid.uuid4()), class_id=5, start_frame=10, end_frame=20, suggestion=link)
    assert json.loads(read_last_entry(hand.db).content)["suggestion"] == {"suggestion_id": first, "rank": 3}


def test_a_removed_video_shows_no_suggestions(hand: Hand) -> None:
    make_scan(hand.db, (5, 10, 20))
    remove_video(hand.db, 1)
    with pytest.raises(NotAvailableError):
        load_review(hand.db, 1, 1)
    assert [r["code"] for r in hand.review(1, "rejected").refused] == ["NOT_AVAILABLE"]


@pytest.mark.parametrize(
    ("statement", "invariant"),
    [
        ("UPDATE decision SET verdict = 'skipped'", "I2"),
        ("UPDATE decision SET class_id = class_id + 1", "I2"),
        ("UPDATE decision SET score = score / 3", "I2"),
        ("UPDATE decision SET version = 2", "I5"),
        ("DELETE FROM decision", "I7"),
        ("UPDATE annotation SET suggestion_id = NULL", "I2"),
        ("UPDATE annotation SET suggestion_rank = 2", "I2"),
        ("DELETE FROM suggestion WHERE suggestion_id = 1", "I4"),
        ("DELETE FROM suggestion WHERE suggestion_id = 2", "I4"),
        ("UPDATE suggestion SET video_id = 2 WHERE suggestion_id = 1", "I4"),
        ("DROP TABLE suggestion", "I4"),
        ("DROP INDEX ix_suggestion_scan_id", "I4"),
    ],
)
def test_a_change_past_the_ledger_is_found(tmp_path: Any, statement: str, invariant: str) -> None:
    from db.engine import open_database
    from imigue_core.settings import Settings

    db = open_database(Settings(data=tmp_path / "spoiled"))
    hand = Hand(db, make_person(db, "Ann"), make_video(db))
    make_video(db, "other.mp4")
    first, second, _ = make_scan(db, (5, 10, 20), (6, 30, 40), (7, 50, 60))
    hand.accept(first)
    hand.review(second, "rejected")
    assert check_database(db).ok
    with db.write() as conn:
        conn.exec_driver_sql(statement)
    assert {finding.invariant for finding in check_database(db).findings} == {invariant}
    db.close()
