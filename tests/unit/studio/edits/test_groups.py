"""Edits that belong together: whole or not at all, judged by what they lead to, undone together after a reload."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from db.check import check_database
from db.engine import Database
from db.ledger import iter_entries
from db.people import Annotator, set_setting
from imigue_core.errors import InputError
from imigue_core.studio.edits import undo
from tests.harness.hands import Hand, make_scan, make_video

SPLIT_AT = 15


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    """Ann's page on an empty video."""
    return Hand(db, ann.annotator_id, make_video(db))


@pytest.fixture(autouse=True)
def _every_invariant_holds_afterwards(db: Database) -> Any:
    yield
    assert check_database(db).findings == []


def refuse_overlaps(db: Database) -> None:
    with db.write() as conn:
        set_setting(conn, "overlap_rule", "refused")


def split(hand: Hand, label: str, version: int = 1) -> list[dict[str, Any]]:
    """A label of frames 10-20 cut into 10-14 and 15-20, the new part first."""
    part = {"class_id": 5, "start_frame": SPLIT_AT, "end_frame": 20}
    return hand.make_group(
        ("create", str(uuid.uuid4()), 0, part),
        ("move", label, version, {"start_frame": 10, "end_frame": SPLIT_AT - 1}),
    )


def list_codes(answer: Any) -> list[str]:
    return [refusal["code"] for refusal in answer.refused]


def list_spans(hand: Hand) -> list[tuple[int, int]]:
    return sorted((a["start_frame"], a["end_frame"]) for a in hand.state()["annotations"])


def step_back(hand: Hand, kind: str, targets: list[str]) -> Any:
    return hand.send(*hand.make_group(*((kind, None, 0, {"target_edit_id": target}) for target in targets)))


def test_a_group_is_accepted_and_the_ledger_names_it(hand: Hand) -> None:
    label = hand.create()
    edits = split(hand, label)
    answer = hand.send(*edits)
    assert (answer.acked, answer.refused) == (3, [])
    assert list_spans(hand) == [(10, 14), (15, 20)]
    with hand.db.read() as conn:
        contents = [json.loads(entry.content) for entry in iter_entries(conn)]
    assert [content.get("group_id") for content in contents] == [None, *[edits[0]["group_id"]] * 2]
    assert hand.state()["groups"] == {edit["edit_id"]: edits[0]["group_id"] for edit in edits}


def test_one_refused_member_refuses_the_others_and_nothing_is_half_done(hand: Hand) -> None:
    label = hand.create()
    before = hand.state()["annotations"]
    answer = hand.send(*split(hand, label, version=7))
    assert (answer.acked, list_codes(answer)) == (3, ["GROUP_REFUSED", "CONFLICT"])
    assert hand.state()["annotations"] == before
    assert answer.refused[1]["current"]["version"] == 1
    assert len(hand.state()["undo"]) == 1
    assert hand.send(*split(hand, label)).refused == []  # the wire goes on


def test_what_was_already_done_of_a_refused_group_leaves_no_trace(hand: Hand) -> None:
    label = hand.create()
    edits = hand.make_group(
        ("annotate", label, 1, {"note": "a word"}),
        ("relabel", label, 2, {"class_id": 6}),
        ("delete", str(uuid.uuid4()), 1, {}),
    )
    answer = hand.send(*edits)
    assert list_codes(answer) == ["GROUP_REFUSED", "GROUP_REFUSED", "NOT_AVAILABLE"]
    assert (hand.label(label)["note"], hand.label(label)["class_id"], hand.label(label)["version"]) == ("", 5, 1)
    with hand.db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM note").scalar_one() == 0


def test_the_same_group_again_gets_the_same_verdicts(hand: Hand) -> None:
    label = hand.create()
    bad, good = split(hand, label, version=7), split(hand, label)
    first = [hand.send(*bad), hand.send(*good)]
    again = [hand.send(*bad), hand.send(*good)]
    assert [list_codes(answer) for answer in again] == [["GROUP_REFUSED", "CONFLICT"], []]
    assert sorted(c["annotation_id"] for c in again[1].changes) == sorted(c["annotation_id"] for c in first[1].changes)
    assert list_spans(hand) == [(10, 14), (15, 20)]


def test_a_group_that_is_not_all_there_is_malformed_and_nothing_is_written(hand: Hand) -> None:
    label = hand.create()
    first, second = split(hand, label)
    with pytest.raises(InputError, match="expected all of its edits"):
        hand.send(first)
    with pytest.raises(InputError, match="expected all of its edits"):
        hand.send(first, {**second, "client_seq": second["client_seq"] + 1})
    with pytest.raises(InputError, match="group_size"):
        hand.send({**first, "group_size": 1}, second)
    with pytest.raises(InputError, match="group_id"):
        hand.send({**first, "group_id": "mine"}, second)
    with pytest.raises(InputError, match="of one video"):
        hand.send(first, {**second, "video_id": make_video(hand.db, "other.mp4")})
    with pytest.raises(InputError, match="or steps back"):
        hand.send(first, {**second, "kind": "undo", "target_edit_id": first["edit_id"]})
    assert list_spans(hand) == [(10, 20)]
    assert hand.send(first, second).refused == []


def test_a_group_that_takes_numbers_which_were_used_is_malformed(hand: Hand) -> None:
    label = hand.create()
    first, second = split(hand, label)
    with pytest.raises(InputError, match="stands for another edit"):
        hand.send({**first, "client_seq": 1}, {**second, "client_seq": 2})
    assert list_spans(hand) == [(10, 20)]


def test_a_gap_before_a_group_holds_the_whole_of_it_back(hand: Hand) -> None:
    label = hand.create()
    hand.seq += 1
    assert hand.send(*split(hand, label)).acked == 1
    assert list_spans(hand) == [(10, 20)]


@pytest.mark.parametrize("order", [1, -1])
def test_where_overlaps_are_refused_only_the_end_of_a_group_counts(hand: Hand, db: Database, order: int) -> None:
    label, neighbour = hand.create(), hand.create(5, 21, 30)
    refuse_overlaps(db)
    moves = [
        ("move", label, 1, {"start_frame": 10, "end_frame": 25}),
        ("move", neighbour, 1, {"start_frame": 26, "end_frame": 30}),
    ]
    assert hand.send(*hand.make_group(*moves[::order])).refused == []
    merge = [("move", label, 2, {"start_frame": 10, "end_frame": 30}), ("delete", neighbour, 2, {})]
    assert hand.send(*hand.make_group(*merge[::order])).refused == []
    assert list_spans(hand) == [(10, 30)]


def test_where_overlaps_are_refused_a_group_may_not_lead_to_one(hand: Hand, db: Database) -> None:
    label, neighbour = hand.create(), hand.create(5, 21, 30)
    hand.create(5, 40, 50)
    refuse_overlaps(db)
    moves = hand.make_group(("move", label, 1, {"start_frame": 10, "end_frame": 45}), ("delete", neighbour, 1, {}))
    answer = hand.send(*moves)
    assert list_codes(answer) == ["OVERLAP_REFUSED", "GROUP_REFUSED"]
    assert list_spans(hand) == [(10, 20), (21, 30), (40, 50)]


def test_a_label_that_overlapped_before_can_be_split(hand: Hand, db: Database) -> None:
    label = hand.create()
    hand.create(5, 18, 30)
    refuse_overlaps(db)
    assert hand.send(*split(hand, label)).refused == []
    wider = hand.make_group(
        ("create", str(uuid.uuid4()), 0, {"class_id": 5, "start_frame": 25, "end_frame": 26}),
        ("relabel", label, 2, {"class_id": 6}),
    )
    assert list_codes(hand.send(*wider)) == ["OVERLAP_REFUSED", "GROUP_REFUSED"]


def test_a_group_is_undone_and_redone_by_another_page(hand: Hand) -> None:
    label = hand.create()
    hand.send(*split(hand, label))
    edits = hand.state()["undo"][1:]
    later = Hand(hand.db, hand.annotator_id, hand.video_id)
    assert step_back(later, "undo", edits[::-1]).refused == []
    assert list_spans(hand) == [(10, 20)]
    state = hand.state()
    assert (state["redo"], set(state["groups"])) == (edits[::-1], set(edits))
    assert step_back(later, "redo", edits).refused == []
    assert list_spans(hand) == [(10, 14), (15, 20)]
    assert hand.state()["undo"][1:] == edits
    assert hand.state()["objects"][edits[1]] == label


def test_the_first_part_of_an_accepted_suggestion_keeps_it_and_it_stays_hidden(hand: Hand) -> None:
    (suggestion,) = make_scan(hand.db, (5, 10, 20), video_id=hand.video_id)
    label = hand.accept(suggestion)
    edits = split(hand, label)
    assert hand.send(*edits).refused == []
    assert [hand.label(str(edit["annotation_id"]))["suggestion_id"] for edit in edits] == [None, suggestion]
    assert hand.shown() == []
    assert step_back(hand, "undo", [edit["edit_id"] for edit in edits[::-1]]).refused == []
    assert (hand.label(label)["suggestion_id"], hand.label(label)["suggestion_rank"]) == (suggestion, 1)


def test_what_changed_since_is_left_and_the_rest_of_a_group_is_undone(hand: Hand) -> None:
    labels = [hand.create() for _ in range(3)]
    edits = hand.make_group(*(("relabel", label, 1, {"class_id": 9}) for label in labels))
    assert hand.send(*edits).refused == []
    hand.do("move", labels[1], 2, start_frame=1, end_frame=2)
    answer = step_back(hand, "undo", [edit["edit_id"] for edit in edits[::-1]])
    assert list_codes(answer) == ["CONFLICT"]
    assert [hand.label(label)["class_id"] for label in labels] == [5, 9, 5]


def test_the_list_of_steps_is_never_cut_inside_a_group(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = [hand.create() for _ in range(3)]
    hand.send(*hand.make_group(*(("relabel", label, 1, {"class_id": 9}) for label in labels)))
    hand.create()
    assert len(hand.state()["undo"]) == 7
    for most, left in ((4, 4), (3, 1), (2, 1), (1, 1)):
        monkeypatch.setattr(undo, "MAX_UNDO", most)
        assert len(hand.state()["undo"]) == left
    monkeypatch.setattr(undo, "MAX_UNDO", 2)
    assert hand.state()["groups"] == {}
