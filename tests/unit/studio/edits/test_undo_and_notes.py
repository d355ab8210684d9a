"""Undo and redo, emotion ratings, and free text that can be erased while the ledger stays whole."""

from __future__ import annotations

from typing import Any

import pytest

from db.check import check_database
from db.engine import Database
from db.ledger import iter_entries
from db.people import Annotator
from db.videos import delete_notes, update_video
from tests.harness.hands import Hand, make_video


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    """Ann's page on an empty video."""
    return Hand(db, ann.annotator_id, make_video(db))


@pytest.fixture(autouse=True)
def _every_invariant_holds_afterwards(db: Database) -> Any:
    yield
    assert check_database(db).findings == []


def do(hand: Hand, kind: str, *arguments: Any, **fields: Any) -> str:
    """Does something that must be accepted; returns the edit's id."""
    assert hand.do(kind, *arguments, **fields).refused == []
    return str(hand.last["edit_id"])


def list_codes(answer: Any) -> list[str]:
    return [refusal["code"] for refusal in answer.refused]


def test_undo_takes_steps_back_and_redo_takes_them_again(hand: Hand) -> None:
    label = hand.create()
    created = hand.last["edit_id"]
    moved = do(hand, "move", label, 1, start_frame=3, end_frame=4)
    assert (hand.state()["undo"], hand.state()["redo"]) == ([created, moved], [])
    do(hand, "undo", target_edit_id=moved)
    assert (hand.label(label)["start_frame"], hand.label(label)["version"]) == (10, 3)
    do(hand, "undo", target_edit_id=created)
    assert hand.state()["annotations"] == []
    assert (hand.state()["undo"], hand.state()["redo"]) == ([], [moved, created])
    do(hand, "redo", target_edit_id=created)
    do(hand, "redo", target_edit_id=moved)
    assert (hand.label(label)["start_frame"], hand.label(label)["version"]) == (3, 6)
    assert (hand.state()["undo"], hand.state()["redo"]) == ([created, moved], [])


def test_a_new_step_ends_what_could_be_redone(hand: Hand) -> None:
    hand.create()
    do(hand, "undo", target_edit_id=hand.last["edit_id"])
    hand.create()
    assert hand.state()["redo"] == []


def test_a_deleted_label_comes_back_by_undo_with_number_and_note(hand: Hand) -> None:
    label = hand.create()
    do(hand, "annotate", label, 1, note="look again")
    deleted = do(hand, "delete", label, 2)
    do(hand, "undo", target_edit_id=deleted)
    assert (hand.label(label)["label_id"], hand.label(label)["note"]) == (1, "look again")


def test_only_the_latest_change_of_a_label_can_be_undone(hand: Hand) -> None:
    label = hand.create()
    created = hand.last["edit_id"]
    do(hand, "relabel", label, 1, class_id=6)
    assert list_codes(hand.undo(created)) == ["CONFLICT"]


def test_undo_in_the_same_post_as_what_it_undoes(hand: Hand) -> None:
    label = hand.create()
    moved = hand.make("move", label, 1, start_frame=1, end_frame=2)
    answer = hand.send(moved, hand.make("undo", target_edit_id=moved["edit_id"]))
    assert (answer.refused, hand.label(label)["start_frame"]) == ([], 10)


@pytest.mark.parametrize("target", [None, 5, "", "no such edit", "00000000-0000-4000-8000-000000000000"])
def test_undo_of_what_never_was_is_refused(hand: Hand, target: Any) -> None:
    assert list_codes(hand.undo(target)) == ["NOT_AVAILABLE"]


def test_refused_edits_and_undos_themselves_cannot_be_undone(hand: Hand) -> None:
    label = hand.create()
    hand.do("move", label, 5, start_frame=0, end_frame=0)
    assert list_codes(hand.undo(hand.last["edit_id"])) == ["NOT_AVAILABLE"]
    moved = do(hand, "move", label, 1, start_frame=0, end_frame=0)
    undone = do(hand, "undo", target_edit_id=moved)
    assert list_codes(hand.undo(undone)) == ["NOT_AVAILABLE"]


def test_an_edit_of_another_video_is_not_undone_from_here(hand: Hand) -> None:
    hand.create()
    elsewhere = Hand(hand.db, hand.annotator_id, make_video(hand.db, "other.mp4"))
    assert list_codes(elsewhere.undo(hand.last["edit_id"])) == ["NOT_AVAILABLE"]


def test_a_rating_is_given_changed_and_undone(hand: Hand) -> None:
    given = do(hand, "rate", emotion="negative", note="tired")
    changed = do(hand, "rate", None, 1, emotion="unsure")
    (rating,) = hand.state()["ratings"]
    assert (rating["emotion"], rating["note"], rating["version"]) == ("unsure", "tired", 2)
    assert list_codes(hand.do("rate", None, 1, emotion="positive")) == ["CONFLICT"]
    do(hand, "undo", target_edit_id=changed)
    do(hand, "undo", target_edit_id=given)
    assert hand.state()["ratings"] == [
        {
            "video_id": hand.video_id,
            "annotator_id": 1,
            "emotion": None,
            "version": 4,
            "note": "",
            "valence": None,
            "confidence": None,
        }
    ]
    do(hand, "rate", None, 4, emotion="positive")
    assert (hand.state()["ratings"][0]["emotion"], hand.state()["ratings"][0]["note"]) == ("positive", "")


def read_rating(hand: Hand) -> tuple[object, ...]:
    (rating,) = hand.state()["ratings"]
    return rating["emotion"], rating["valence"], rating["confidence"], rating["note"]


def test_valence_and_confidence_are_kept_changed_cleared_and_undone(hand: Hand) -> None:
    do(hand, "rate", emotion="positive", valence=2, confidence=0.75, note="smiles while losing")
    assert read_rating(hand) == ("positive", 2, 0.75, "smiles while losing"), "neither is derived from the other"
    do(hand, "rate", None, 1, emotion="unsure")
    assert read_rating(hand) == ("unsure", 2, 0.75, "smiles while losing")
    cleared = do(hand, "rate", None, 2, emotion="unsure", valence=None, confidence=None)
    assert read_rating(hand) == ("unsure", None, None, "smiles while losing")
    do(hand, "undo", target_edit_id=cleared)
    assert read_rating(hand) == ("unsure", 2, 0.75, "smiles while losing")
    do(hand, "redo", target_edit_id=cleared)
    assert read_rating(hand) == ("unsure", None, None, "smiles while losing")
    assert check_database(hand.db).findings == []


def test_a_rating_that_was_taken_back_leaves_no_valence_to_the_next(hand: Hand) -> None:
    given = do(hand, "rate", emotion="negative", valence=1, confidence=1)
    do(hand, "undo", target_edit_id=given)
    assert read_rating(hand) == (None, None, None, "")
    do(hand, "rate", None, 2, emotion="positive")
    assert read_rating(hand) == ("positive", None, None, "")
    assert check_database(hand.db).findings == []


def test_the_ledger_never_holds_free_text(hand: Hand) -> None:
    label = hand.create()
    do(hand, "annotate", label, 1, note="a secret word")
    do(hand, "rate", emotion="positive", note="a secret word")
    hand.do("annotate", label, 1, note="a secret word")
    with hand.db.read() as conn:
        assert not any("secret" in str(entry) for entry in iter_entries(conn))


def test_equal_notes_have_different_hashes(hand: Hand) -> None:
    first, second = hand.create(), hand.create()
    do(hand, "annotate", first, 1, note="same")
    do(hand, "annotate", second, 1, note="same")
    with hand.db.read() as conn:
        hashes = conn.exec_driver_sql("SELECT note_hash FROM note").scalars().all()
    assert len(set(hashes)) == 2


def test_an_empty_note_takes_the_note_away(hand: Hand) -> None:
    label = hand.create()
    do(hand, "annotate", label, 1, note="a")
    do(hand, "annotate", label, 2, note="")
    assert hand.label(label)["note"] == ""


def test_erased_text_is_in_no_file_once_the_project_is_closed(hand: Hand) -> None:
    do(hand, "annotate", hand.create(), 1, note="a secret word")
    with hand.db.write() as conn:
        delete_notes(conn, hand.video_id)
        update_video(conn, hand.video_id, name="erased", erased_utc="2026-01-01T00:00:00.000Z")
    hand.db.close()
    for path in hand.db.settings.data.iterdir():
        assert b"secret" not in path.read_bytes()
        assert b"interview" not in path.read_bytes()


def test_erased_notes_read_as_empty_and_the_ledger_stays_whole(hand: Hand) -> None:
    label = hand.create()
    do(hand, "annotate", label, 1, note="a secret word")
    with hand.db.write() as conn:
        assert delete_notes(conn, hand.video_id) == 1
        update_video(conn, hand.video_id, erased_utc="2026-01-01T00:00:00.000Z")
    assert hand.label(label)["note"] == ""
    assert check_database(hand.db).ok
