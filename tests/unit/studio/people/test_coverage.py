"""What was watched: stretches merge without losing or inventing a frame; states follow; erasing takes it all."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from db.engine import Database
from db.people import Annotator
from db.watched import Stretch, list_all_watched, list_progress, list_watched
from imigue_core.errors import ConflictError, InputError, StudioError
from imigue_core.studio.explore.exploring import LabelFilters, load_explored
from imigue_core.studio.people.coverage import (
    MAX_STRETCHES_PER_POST,
    mark_progress,
    merge_stretches,
    record_watched,
    subtract_frames,
    unreview_stretches,
)
from imigue_core.studio.videos.library import list_library
from imigue_core.studio.videos.removing import remove_video
from tests.harness.hands import N_FRAMES, Hand, make_person, make_video

LENGTH = 60


def paint(stretches: list[Stretch]) -> np.ndarray:
    """Per frame: 0 not seen, 1 watched, 2 reviewed; stretches of a merge must not overlap."""
    frames = np.zeros(LENGTH, int)
    for one in stretches:
        part = slice(one.start_frame, one.end_frame + 1)
        frames[part] = np.maximum(frames[part], 2 if one.reviewed else 1)
    return frames


def draw_stretches(rng: np.random.Generator) -> list[Stretch]:
    pairs = np.sort(rng.integers(0, LENGTH, (int(rng.integers(0, 12)), 2)), axis=1)
    return [Stretch(int(a), int(b), bool(rng.integers(2))) for a, b in pairs]


@pytest.mark.parametrize("seed", range(60))
def test_merging_keeps_every_frame_at_its_best_in_the_fewest_stretches(seed: int) -> None:
    given = draw_stretches(np.random.default_rng(seed))
    merged = merge_stretches(given)
    assert (paint(merged) == paint(given)).all()
    assert sum(one.n_frames for one in merged) == (paint(given) > 0).sum()
    for left, right in itertools.pairwise(merged):
        assert left.end_frame < right.start_frame
        assert left.end_frame + 1 < right.start_frame or left.reviewed != right.reviewed
    assert merge_stretches(merged) == merged
    assert merge_stretches(reversed(given)) == merged


@pytest.mark.parametrize("seed", range(40))
def test_taking_reviewed_back_leaves_frames_watched_and_others_alone(seed: int) -> None:
    rng = np.random.default_rng(seed)
    given = merge_stretches(draw_stretches(rng))
    holes = [(one.start_frame, one.end_frame) for one in draw_stretches(rng)]
    expected = paint(given)
    for start, end in holes:
        expected[start : end + 1] = np.minimum(expected[start : end + 1], 1)
    assert (paint(unreview_stretches(given, holes)) == expected).all()


@pytest.mark.parametrize("seed", range(40))
def test_subtracting_leaves_what_is_outside(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spans, holes = (
        [(s.start_frame, s.end_frame) for s in merge_stretches(Stretch(a, b) for a, b, *_ in pairs)]
        for pairs in (((s.start_frame, s.end_frame) for s in draw_stretches(rng)) for _ in range(2))
    )
    left = subtract_frames(spans, holes)
    covered = {f for a, b in spans for f in range(a, b + 1)} - {f for a, b in holes for f in range(a, b + 1)}
    assert [f for a, b in left for f in range(a, b + 1)] == sorted(covered)


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    make_video(db)
    return Hand(db, ann.annotator_id)


def test_what_is_posted_piece_by_piece_is_read_back_whole(db: Database, hand: Hand) -> None:
    assert hand.state() | {"watched": [], "progress": "new"} == hand.state()
    record_watched(db, 1, 1, [[0, 49], [50, 99]], reviewed=False)
    record_watched(db, 1, 1, [[40, 59]], reviewed=True)
    record_watched(db, 1, 1, [[30, 120]], reviewed=False)
    state = hand.state()
    assert state["watched"] == [[0, 39, False], [40, 59, True], [60, 120, False]]
    assert state["progress"] == "in_progress"
    assert state["ledger_seq"] == 0
    record_watched(db, 1, 1, [[45, 200]], reviewed=True, remove=True)
    assert hand.state()["watched"] == [[0, 39, False], [40, 44, True], [45, 120, False]]


@pytest.mark.parametrize(
    ("spans", "code"),
    [
        ([[0, N_FRAMES]], "SPAN_OUT_OF_RANGE"),
        ([[-1, 5]], "SPAN_OUT_OF_RANGE"),
        ([[9, 5]], "SPAN_REVERSED"),
        ([[0, 5], [1.5, 2]], "FRAME_NOT_INTEGER"),
        ([[0]], "WATCHED_MALFORMED"),
        ({"0": 1}, "WATCHED_MALFORMED"),
        ([[0, 1]] * (MAX_STRETCHES_PER_POST + 1), "WATCHED_MALFORMED"),
    ],
)
def test_what_cannot_be_watched_is_refused_whole(db: Database, hand: Hand, spans: object, code: str) -> None:
    with pytest.raises(StudioError, match=code):
        record_watched(db, 1, 1, spans, reviewed=False)
    assert hand.state()["watched"] == []
    assert hand.state()["progress"] == "new"


def test_a_video_without_known_length_cannot_be_watched(db: Database, ann: Annotator) -> None:
    video_id = make_video(db, n_frames=None)
    with pytest.raises(ConflictError, match="VIDEO_NOT_READY"):
        record_watched(db, video_id, ann.annotator_id, [[0, 5]], reviewed=False)


def test_states_begin_with_a_label_and_done_is_taken_back_by_hand(db: Database, hand: Hand) -> None:
    other = make_person(db, "Ben")
    hand.create()
    assert hand.state()["progress"] == "in_progress"
    mark_progress(db, 1, 1, "done")
    hand.create(6, 30, 40)
    record_watched(db, 1, 1, [[0, 9]], reviewed=True)
    assert hand.state()["progress"] == "done"
    assert Hand(db, other).state()["progress"] == "new"
    assert mark_progress(db, 1, 1, "in_progress").state == "in_progress"
    with pytest.raises(InputError, match="PROGRESS_UNKNOWN"):
        mark_progress(db, 1, 1, "finished")


def test_the_library_tells_each_person_their_own(db: Database, hand: Hand) -> None:
    other = make_person(db, "Ben")
    record_watched(db, 1, 1, [[0, 249]], reviewed=True)
    record_watched(db, 1, 1, [[250, 499]], reviewed=False)
    (item,) = list_library(db, 1)
    assert (item.progress, item.reviewed) == ("in_progress", 0.25)
    (item,) = list_library(db, other)
    assert (item.progress, item.reviewed) == ("new", 0.0)


def test_erasing_takes_it_and_hiding_keeps_it(db: Database, hand: Hand) -> None:
    record_watched(db, 1, 1, [[0, 249]], reviewed=True)
    remove_video(db, 1)
    with db.read() as conn:
        assert list_watched(conn, 1, 1) == [Stretch(0, 249, True)]
    remove_video(db, 1, erase=True)
    with db.read() as conn:
        assert (list_all_watched(conn), list_progress(conn, 1)) == ({}, {})


def test_explore_counts_in_reviewed_time_what_begins_there(db: Database, hand: Hand) -> None:
    empty = make_video(db, "nothing here.mp4", outcome="Win")
    for start in (100, 240, 249, 250, 600):
        hand.create(5, start, start + 20)
    ben = make_person(db, "Ben")
    Hand(db, ben).create(5, 100, 120)
    record_watched(db, 1, 1, [[50, 249], [550, 849]], reviewed=True)
    record_watched(db, 1, 1, [[250, 300]], reviewed=False)
    record_watched(db, empty, 1, [[0, 999]], reviewed=True)
    assert load_explored(db).compute_distribution()["count"].tolist() == [6]
    table = load_explored(db).compute_distribution(reviewed_only=True)
    assert table["count"].tolist() == [4]
    assert table["rate_per_min"].tolist() == pytest.approx([4 / (60 / 60)])  # 8 + 12 + 40 s at 25 fps
    assert load_explored(db).list_clips(reviewed_only=True)["start_frame"].tolist() == [100, 240, 249, 600]
    assert load_explored(db).count_reviewed_seconds() == pytest.approx(60)
    wins = LabelFilters(outcomes=("Win",))
    assert load_explored(db).compute_distribution(filters=wins, reviewed_only=True).empty
    assert load_explored(db).count_reviewed_seconds(wins) == pytest.approx(40)
