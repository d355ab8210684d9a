"""Stored scans: whole or absent, one for each model, and never without what people's work refers to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db.check import check_database
from db.engine import Database
from db.jobs import find_job, list_jobs
from db.people import Annotator, list_audit
from db.suggestions import (
    ROWS_PER_STATEMENT,
    delete_scans,
    find_current_scan,
    find_suggestion,
    list_current_scans,
    list_decisions,
    list_suggestions,
)
from db.videos import update_video
from imigue_core.annotation import SuggestedSpan, Verdict
from imigue_core.errors import ConflictError, NotAvailableError, WorkerError
from imigue_core.ids import VideoId
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.exchange.exchanging import export_labels
from imigue_core.studio.models.scanning import (
    ScanFacts,
    load_scan_input,
    record_scan,
    request_scan,
    request_scans,
)
from imigue_core.studio.safety.backing_up import make_backup
from imigue_core.studio.safety.restoring import restore_backup
from imigue_core.studio.videos.removing import remove_video
from tests.harness.hands import N_FRAMES, Hand, make_person, make_scan, make_video

FACTS = ScanFacts("scanner-dense", "b" * 64, "synthetic", "cpu", poses_revision=3, cpu_s=1.25)
POSES = PoseTrack(source=PoseOrigin.IMPORTED, n_ready=N_FRAMES, complete=True, revision=3)


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    """Ann's page on a video with poses."""
    return Hand(db, ann.annotator_id, make_video(db, poses=POSES))


@pytest.fixture(autouse=True)
def _every_invariant_holds_afterwards(db: Database) -> Any:
    yield
    assert check_database(db).findings == []


def count(db: Database, table: str) -> int:
    with db.read() as conn:
        return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


def make_span(**fields: Any) -> SuggestedSpan:
    span = {"class_id": 5, "start_frame": 10, "end_frame": 20, "score": 0.5, "top": ((5, 0.5),), "start_sd": 1.0}
    return SuggestedSpan(**{**span, "end_sd": 1.0, **fields})


def record(db: Database, *spans: SuggestedSpan, facts: ScanFacts = FACTS) -> int | None:
    with db.read() as conn:
        scanned = load_scan_input(conn, 1)
    with db.write() as conn:
        return record_scan(conn, scanned, facts, spans)


def test_a_scan_is_stored_as_it_was_found(hand: Hand) -> None:
    before = hand.state()["revision"]
    top = ((7, 0.6), (5, 0.2), (1, 0.1), (2, 0.05), (99, 0.01))
    scan_id = record(hand.db, make_span(class_id=7, top=top, start_frame=40, end_frame=40), make_span(end_sd=0.0))
    assert scan_id is not None
    with hand.db.read() as conn:
        scan = find_current_scan(conn, 1, "scanner-dense")
        first, second = list_suggestions(conn, scan_id)
    assert scan is not None
    assert (scan.model_hash, scan.trained_on, scan.device) == ("b" * 64, "synthetic", "cpu")
    assert (scan.poses_revision, scan.n_suggestions, scan.cpu_s, scan.utc[-1]) == (3, 2, 1.25, "Z")
    assert (first.start_frame, first.end_sd, second.class_id, second.span.n_frames) == (10, 0.0, 7, 1)
    assert second.top == [list(pair) for pair in top]
    assert hand.state()["revision"] == before + 1


def test_a_scan_of_thousands_is_whole(hand: Hand) -> None:
    n = 3 * ROWS_PER_STATEMENT + 1
    spans = [make_span(start_frame=k % 900, end_frame=k % 900 + 5) for k in range(n)]
    scan_id = record(hand.db, *spans)
    assert scan_id is not None
    with hand.db.read() as conn:
        stored = list_suggestions(conn, scan_id)
    assert len(stored) == n
    assert [s.start_frame for s in stored] == sorted(span.start_frame for span in spans)


def test_a_rescan_replaces_what_nobody_referred_to(hand: Hand) -> None:
    old = make_scan(hand.db, (5, 10, 20), (6, 30, 40), (7, 50, 60), (8, 70, 80))
    label = hand.accept(old[0])
    hand.review(old[1], "rejected")
    hand.review(old[2], "skipped")
    new = make_scan(hand.db, (5, 11, 20), (9, 90, 99))
    assert min(new) > max(old)
    with hand.db.read() as conn:
        assert [find_suggestion(conn, k) is not None for k in old] == [True, True, True, False]
        scan = find_current_scan(conn, 1, "scanner-dense")
        assert scan is not None
        assert [s.suggestion_id for s in list_suggestions(conn, scan.scan_id)] == new
    assert count(hand.db, "scan") == 2
    hand.do("delete", label, 1)
    make_scan(hand.db, (9, 90, 99))
    with hand.db.read() as conn:
        assert [find_suggestion(conn, k) is not None for k in old] == [True, True, True, False]
    assert count(hand.db, "suggestion") == 4


def test_a_number_is_never_given_twice(hand: Hand) -> None:
    first = make_scan(hand.db, (5, 10, 20), (5, 30, 40))
    with hand.db.write() as conn:
        delete_scans(conn, 1)
    assert make_scan(hand.db, (5, 10, 20)) == [max(first) + 1]


def test_scans_of_several_models_stand_side_by_side(hand: Hand) -> None:
    make_scan(hand.db, (5, 10, 20))
    make_scan(hand.db, (6, 10, 20), model="mine")
    make_scan(hand.db, (7, 10, 20), model="mine")
    assert count(hand.db, "scan") == 2
    with hand.db.read() as conn:
        assert list_current_scans(conn, "scanner-dense")[VideoId(1)].scan_id == 1
        assert list_current_scans(conn, "mine")[VideoId(1)].scan_id == 3
        assert list_current_scans(conn, "other") == {}


@pytest.mark.parametrize(
    "wrong",
    [
        {"score": float("nan")},
        {"score": 1.5},
        {"class_id": 32},
        {"end_frame": N_FRAMES},
        {"start_frame": -1},
        {"start_frame": 21},
        {"top": ((5, 0.5), (0, 0.1))},
        {"top": ((5, float("inf")),)},
        {"top": tuple((k, 0.1) for k in range(1, 7))},
        {"start_sd": float("nan")},
        {"end_sd": -1.0},
    ],
)
def test_what_makes_no_sense_is_not_stored(hand: Hand, wrong: dict[str, Any]) -> None:
    make_scan(hand.db, (5, 10, 20))
    with pytest.raises(WorkerError, match="MODEL_OUTPUT"):
        record(hand.db, make_span(), make_span(**wrong))
    assert (count(hand.db, "scan"), count(hand.db, "suggestion")) == (1, 1)


@pytest.mark.parametrize("poses", [replace(POSES, revision=4), replace(POSES, complete=False), None])
def test_a_scan_of_poses_that_were_replaced_is_dropped(hand: Hand, poses: dict[str, Any] | None) -> None:
    with hand.db.read() as conn:
        scanned = load_scan_input(conn, 1)
    with hand.db.write() as conn:
        update_video(conn, 1, poses=poses)
        assert record_scan(conn, scanned, FACTS, [make_span()]) is None
    assert count(hand.db, "scan") == 0


def test_a_scan_of_a_removed_video_is_dropped(hand: Hand) -> None:
    with hand.db.read() as conn:
        scanned = load_scan_input(conn, 1)
    remove_video(hand.db, 1)
    with pytest.raises(NotAvailableError), hand.db.write() as conn:
        record_scan(conn, scanned, FACTS, [make_span()])
    assert count(hand.db, "scan") == 0


def test_times_are_the_stored_ones_else_the_rates(db: Database, ann: Annotator) -> None:
    from fractions import Fraction

    from db.videos import save_times

    make_video(db, n_frames=4, poses=POSES, shot_cuts=[0, 2, 9])
    make_video(db, "poses", kind="poses", n_frames=4, fps_num=359, fps_den=12, poses=POSES)
    with db.write() as conn:
        save_times(conn, 1, np.array([100, 140, 200, 210]), Fraction(1, 1000))
        filmed, posed = load_scan_input(conn, 1), load_scan_input(conn, 2)
    np.testing.assert_allclose(filmed.times_s, [0, 0.04, 0.1, 0.11])
    np.testing.assert_allclose(posed.times_s, np.arange(4) * 12 / 359)
    assert (filmed.shot_cuts, posed.shot_cuts, filmed.poses_revision) == ([2], [], 3)


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"kind": "labels", "poses": None}, "POSES_MISSING"),
        ({"poses": None}, "POSES_MISSING"),
        ({"poses": replace(POSES, complete=False, n_ready=250)}, "POSES_NOT_READY"),
    ],
)
def test_a_video_without_whole_poses_is_not_scanned(db: Database, columns: dict[str, Any], code: str) -> None:
    make_video(db, **columns)
    with pytest.raises(ConflictError, match=code), db.write() as conn:
        request_scan(conn, 1)
    with pytest.raises(ConflictError, match=code), db.read() as conn:
        load_scan_input(conn, 1)


def test_asking_twice_is_one_job(hand: Hand) -> None:
    with hand.db.write() as conn:
        first = request_scan(conn, 1)
        assert request_scan(conn, 1) == first
        job = find_job(conn, 1, "scan")
    assert job is not None
    assert job.params == {"model": "scanner-dense", "device": "auto"}


def test_another_models_scan_takes_the_place_of_one_that_waits(hand: Hand) -> None:
    with hand.db.write() as conn:
        first = request_scan(conn, 1)
        second = request_scan(conn, 1, model="mine")
        assert second != first
        assert request_scan(conn, 1, model="mine") == second
        assert [(job.state, job.params["model"]) for job in list_jobs(conn)] == [
            ("cancelled", "scanner-dense"),
            ("queued", "mine"),
        ]


def test_the_whole_project_is_asked_for_at_once(hand: Hand) -> None:
    make_video(hand.db, "labels only", kind="labels")
    make_video(hand.db, "second", poses=POSES)
    make_scan(hand.db, (5, 10, 20), video_id=3)
    assert request_scans(hand.db, 1, only_missing=True) == 1
    assert request_scans(hand.db, 1) == 2
    with hand.db.read() as conn:
        assert [(job.video_id, job.kind) for job in list_jobs(conn)] == [(1, "scan"), (3, "scan")]
        assert [entry.detail["videos"] for entry in list_audit(conn, "scan.request")] == [1, 2]


def test_a_removed_video_keeps_its_suggestions_and_an_erased_one_loses_them(hand: Hand) -> None:
    first, second, _ = make_scan(hand.db, (5, 10, 20), (6, 30, 40), (7, 50, 60))
    label = hand.accept(first)
    hand.review(second, "rejected")
    remove_video(hand.db, 1)
    assert count(hand.db, "suggestion") == 3
    remove_video(hand.db, 1, erase=True)
    assert (count(hand.db, "scan"), count(hand.db, "suggestion"), count(hand.db, "decision")) == (0, 0, 1)
    with hand.db.read() as conn:
        labels = conn.exec_driver_sql("SELECT annotation_id, suggestion_id FROM annotation").all()
        (decision,) = list_decisions(conn, 1, 1)
    assert [tuple(row) for row in labels] == [(label, first)]
    assert (decision.verdict, decision.class_id, decision.model) == (Verdict.REJECTED, 6, "scanner-dense")


def test_a_backup_brings_suggestions_and_decisions_back(hand: Hand, tmp_path: Path) -> None:
    first, second, third = make_scan(hand.db, (5, 10, 20), (6, 30, 40), (7, 50, 60))
    hand.accept(first)
    hand.review(second, "rejected")
    backup = make_backup(hand.db)
    restored = restore_backup(backup.folder, tmp_path / "restored")
    from db.engine import open_database
    from imigue_core.settings import Settings

    other = open_database(Settings(data=restored.data))
    page = Hand(other, 1)
    assert page.shown() == [third]
    assert page.state()["annotations"] == hand.state()["annotations"]
    page.review(third, "skipped")
    assert make_scan(other, (5, 10, 20)) == [4]
    assert check_database(other).findings == []
    other.close()


@pytest.mark.parametrize("fmt", ["imigue", "csv", "json"])
def test_files_say_nothing_of_what_models_said(hand: Hand, fmt: str) -> None:
    """The same labels, once by hand and once from suggestions, make the same file but for the labels' own ids."""
    first, second = make_scan(hand.db, (5, 10, 20), (6, 100, 120), scores=(0.8125, 0.4375))
    hand.accept(first)
    hand.review(second, "rejected")
    text = export_labels(hand.db, fmt, 1 if fmt == "imigue" else None).data.decode()
    for word in ("0.8125", "0.4375", "suggest", "score", "scanner", "logit"):
        assert word not in text


def test_decisions_are_each_persons_own(hand: Hand) -> None:
    ben = Hand(hand.db, make_person(hand.db, "Ben"))
    (one,) = make_scan(hand.db, (5, 10, 20))
    assert hand.review(one, "rejected").refused == []
    assert ben.review(one, "skipped").refused == []
    with hand.db.read() as conn:
        assert [d.verdict for d in list_decisions(conn, 1, 1)] == [Verdict.REJECTED]
        assert [d.verdict for d in list_decisions(conn, 1, 2)] == [Verdict.SKIPPED]
