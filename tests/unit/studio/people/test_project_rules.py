"""The project's rules: each change is audited; overlaps are refused; held-back stretches stay and nest."""

from __future__ import annotations

import json

import numpy as np
import pytest

from db.check import check_database
from db.engine import Database
from db.ledger import iter_entries
from db.people import Annotator, list_audit
from imigue_core.annotation import Span
from imigue_core.errors import InputError
from imigue_core.studio.edits.live import load_changes
from imigue_core.studio.people.coverage import mark_progress
from imigue_core.studio.people.holdback import BLOCK_S, draw_stretches
from imigue_core.studio.people.project_settings import ProjectSettings, load_project_settings, save_project_settings
from imigue_core.studio.videos.library import list_library
from tests.harness.hands import Hand, make_person, make_scan, make_video


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    make_video(db)
    return Hand(db, ann.annotator_id)


@pytest.fixture
def ben(db: Database, hand: Hand) -> Hand:
    return Hand(db, make_person(db, "Ben"))


def test_rules_are_off_at_first_and_each_change_is_audited(db: Database, ann: Annotator) -> None:
    assert load_project_settings(db) == ProjectSettings()
    wanted = ProjectSettings(blind=True, overlap_rule="refused", holdback_percent=20, auto_scan=False)
    save_project_settings(db, wanted, ann.annotator_id)
    save_project_settings(db, wanted, ann.annotator_id)
    assert load_project_settings(db) == wanted
    with db.read() as conn:
        rows = [(row.annotator_id, row.target, row.detail["to"]) for row in list_audit(conn, "setting.change")]
    assert rows == [
        (1, "blind", True),
        (1, "overlap_rule", "refused"),
        (1, "holdback_percent", 20),
        (1, "auto_scan", False),
    ]


@pytest.mark.parametrize("wanted", [ProjectSettings(overlap_rule="maybe"), ProjectSettings(holdback_percent=51)])
def test_rules_that_make_no_sense_are_refused(db: Database, wanted: ProjectSettings) -> None:
    with pytest.raises(InputError, match="SETTING_INVALID"):
        save_project_settings(db, wanted, None)
    assert load_project_settings(db) == ProjectSettings()


def test_refused_overlaps_are_refused_for_new_and_moved_labels_only(db: Database, hand: Hand, ben: Hand) -> None:
    first, crossing = hand.create(5, 10, 20), hand.create(6, 20, 30)
    save_project_settings(db, ProjectSettings(overlap_rule="refused"), None)
    ben.create(5, 10, 20)
    answer = hand.do("create", "11111111-1111-4111-8111-111111111111", class_id=9, start_frame=30, end_frame=40)
    assert [refusal["code"] for refusal in answer.refused] == ["OVERLAP_REFUSED"]
    # What overlapped before may be moved, also while it still overlaps, but not into a third label.
    assert hand.do("move", crossing, 1, start_frame=19, end_frame=30).refused == []
    far = hand.create(7, 31, 40)
    assert hand.do("move", crossing, 2, start_frame=19, end_frame=31).refused[0]["code"] == "OVERLAP_REFUSED"
    assert hand.do("move", crossing, 2, start_frame=21, end_frame=30).refused == []
    assert hand.do("move", first, 1, start_frame=11, end_frame=21).refused[0]["code"] == "OVERLAP_REFUSED"
    assert hand.do("delete", far, 1).refused == []
    deletion = hand.last["edit_id"]
    hand.create(8, 35, 45)
    assert hand.undo(deletion).refused == []  # undo leads back, whatever the rule
    assert check_database(db).findings == []


@pytest.mark.parametrize("seed", range(20))
def test_the_held_back_share_is_what_was_asked_for_and_nests(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n_frames, fps = int(rng.integers(5000, 90_000)), float(rng.choice([12.5, 25.0, 29.97, 60.0]))
    held: set[int] = set()
    for percent in (10, 20, 50):
        stretches = draw_stretches(n_frames, fps, percent, f"project:{seed}")
        assert stretches == draw_stretches(n_frames, fps, percent, f"project:{seed}")
        frames = {f for one in stretches for f in range(one.start_frame, one.end_frame + 1)}
        assert sum(one.end_frame - one.start_frame + 1 for one in stretches) == len(frames)
        assert len(frames) / n_frames == pytest.approx(percent / 100, abs=0.6 * BLOCK_S * fps / n_frames + 0.001)
        assert held <= frames <= set(range(n_frames))
        held = frames
    assert draw_stretches(n_frames, fps, 50, "another") != draw_stretches(n_frames, fps, 50, f"project:{seed}")
    assert draw_stretches(n_frames, fps, 0, "any") == []
    assert draw_stretches(n_frames, fps, 100, "any") == [Span(0, n_frames - 1)]


def test_held_back_suggestions_are_not_shown_and_differ_between_people(db: Database, ann: Annotator) -> None:
    video_id = make_video(db, n_frames=25_000)
    ids = make_scan(db, *((5, start, start + 10) for start in range(100, 24_900, 200)), video_id=video_id)
    hands = [Hand(db, ann.annotator_id, video_id), Hand(db, make_person(db, "Ben"), video_id)]
    assert [hand.shown() for hand in hands] == [ids, ids]
    save_project_settings(db, ProjectSettings(holdback_percent=50), None)
    first, second = (set(hand.shown()) for hand in hands)
    assert first != second
    for shown in (first, second):
        assert 0.4 < len(shown) / len(ids) < 0.6


def test_blind_mode_withholds_everywhere_until_done_and_remembers(db: Database, hand: Hand, ben: Hand) -> None:
    theirs, mine = ben.create(5, 10, 20), hand.create(6, 30, 40)
    save_project_settings(db, ProjectSettings(blind=True), None)
    state = hand.state()
    assert [label["annotation_id"] for label in state["annotations"]] == [mine]
    assert state["others_withheld"] is True
    assert list_library(db, 1)[0].labels_by == {1: 1}
    assert list_library(db)[0].labels_by == {1: 1, 2: 1}
    seq = ben.do("delete", theirs, 1).ledger_seq - 1
    later = ben.create(5, 50, 60)
    changes = load_changes(db, 1, 1, 0)
    assert [label["annotation_id"] for label in changes["annotations"]] == [mine]
    assert changes["deleted"] == []
    assert theirs not in json.dumps(changes)
    refusal = hand.do("relabel", later, 1, class_id=9).refused[0]
    assert (refusal["code"], refusal["current"]) == ("PERMISSION_DENIED", None)

    mark_progress(db, 1, 1, "done")
    assert {label["annotation_id"] for label in load_changes(db, 1, 1, seq)["annotations"]} == {later}
    assert load_changes(db, 1, 1, seq)["deleted"] == [theirs]
    mark_progress(db, 1, 1, "in_progress")  # what was seen stays seen
    assert {label["annotation_id"] for label in hand.state()["annotations"]} == {mine, later}
    hand.do("relabel", mine, 1, class_id=9)
    with db.read() as conn:
        saw = [(e.annotator_id, e.kind, json.loads(e.provenance).get("saw_others")) for e in iter_entries(conn)]
        assert [row.target for row in list_audit(conn, "others.shown")] == ["video:1"]
    assert saw[-1] == (1, "relabel", True)
    assert all(mark is None for _, _, mark in saw[:-1])
    assert check_database(db).findings == []


def test_whoever_saw_others_before_blind_mode_says_so(db: Database, hand: Hand, ben: Hand) -> None:
    ben.create()
    hand.create(6, 30, 40)
    hand.state()
    save_project_settings(db, ProjectSettings(blind=True), None)
    assert len(hand.state()["annotations"]) == 1
    hand.create(6, 50, 60)
    with db.read() as conn:
        saw = [json.loads(entry.provenance).get("saw_others") for entry in iter_entries(conn)]
    assert saw == [None, None, True]
