"""Media finds label-only videos by number or by hand, and only media that fits the labels."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from db.check import check_database
from db.engine import Database
from db.jobs import cancel_jobs, fail_job, finish_job, lease_job, list_jobs
from db.people import Annotator
from db.videos import Video, get_video, load_times, update_video
from imigue_core.annotation import Outcome
from imigue_core.errors import ConflictError, InputError
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.models.project_models import set_active_model
from imigue_core.studio.videos.adding import RegisterResult, register_file
from imigue_core.studio.videos.attaching import attach_media
from imigue_core.studio.videos.library import find_item, retry_steps
from imigue_core.studio.videos.probing import record_probe, refuse_media
from imigue_core.studio.videos.removing import remove_video
from imigue_core.studio.videos.steps import QUEUE_RULES
from imigue_core.studio.videos.video_info import VideoMeta
from imigue_core.video.probe_facts import ProbeFacts
from tests.harness.hands import Hand, make_scan, make_video
from tests.harness.models import make_scanner


def load(db: Database, video_id: int) -> Video:
    with db.read() as conn:
        return get_video(conn, video_id, include_hidden=True)


def make_facts(n_frames: int = 100, fps: Fraction = Fraction(25), *, is_variable: bool = False) -> ProbeFacts:
    """What a probe would say of a video."""
    pts = np.arange(n_frames, dtype=np.int64)
    return ProbeFacts("h264", 640, 480, 0, n_frames, n_frames, fps, pts, 1 / fps, is_variable, [], False)


@pytest.fixture
def labels(db: Database, ann: Annotator) -> int:
    """A label-only video, number 298, with Ann's labels 10..20 and 90..99."""
    video_id = make_video(db, "iMiGUE 0298", kind="labels", number=298, n_frames=None, outcome="Win")
    hand = Hand(db, ann.annotator_id, video_id)
    hand.create(5, 10, 20)
    hand.create(7, 90, 99)
    return video_id


def record(db: Database, video_id: int, facts: ProbeFacts) -> None:
    with db.write() as conn:
        record_probe(conn, video_id, facts)


def refuse(db: Database, video_id: int) -> None:
    with db.write() as conn:
        refuse_media(conn, db.settings, video_id, "ATTACH_REFUSED")


def add(db: Database, folder: Path, name: str = "0298.mp4", meta: VideoMeta | None = None) -> RegisterResult:
    path = folder / name
    path.write_bytes(name.encode())
    return register_file(db, path, meta=meta)


def test_a_file_named_by_the_number_becomes_the_media(db: Database, labels: int, tmp_path: Path) -> None:
    result = add(db, tmp_path)
    assert (result.video_id, result.created, result.attached) == (labels, True, True)
    assert load(db, labels).is_label_only
    record(db, labels, make_facts())
    video = load(db, labels)
    assert (video.kind, video.n_frames, video.has_media, video.outcome) == ("video", 100, True, Outcome.WIN.value)


def test_a_manifest_attaches_by_its_number(db: Database, labels: int, tmp_path: Path) -> None:
    result = add(db, tmp_path, "whatever.mp4", VideoMeta(number=298, subject_id="7"))
    assert (result.video_id, result.attached, load(db, labels).subject_id) == (labels, True, "7")


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (make_facts(99), r"frames 0\.\.98, got label 2 of Ann \(90\.\.99\)"),
        (make_facts(15), r"label 1 of Ann \(10\.\.20\), label 2 of Ann"),
        (make_facts(100, Fraction(30)), "expected 25 frames a second, as its labels have, got 30"),
        (make_facts(is_variable=True), "a variable rate"),
    ],
)
def test_media_that_does_not_fit_is_refused_with_the_reason(
    db: Database, labels: int, tmp_path: Path, facts: ProbeFacts, words: str
) -> None:
    add(db, tmp_path)
    with pytest.raises(InputError, match=f"ATTACH_REFUSED.*{words}"):
        record(db, labels, facts)
    refuse(db, labels)
    video, item = load(db, labels), find_item(db, labels)
    assert (video.is_label_only, video.has_media, video.sha256, video.n_frames) == (True, False, None, None)
    assert item is not None
    assert item.n_labels == 2
    assert not db.settings.video_folder(labels).exists()
    assert check_database(db).findings == []


def test_removed_labels_are_named_when_their_number_is_asked_for(db: Database, labels: int, tmp_path: Path) -> None:
    remove_video(db, labels)
    with pytest.raises(ConflictError, match="VIDEO_NUMBER_TAKEN") as refusal:
        add(db, tmp_path, "other.mp4", VideoMeta(number=298))
    assert "import its labels again" in refusal.value.hint


def test_refused_media_may_be_tried_again(db: Database, labels: int, tmp_path: Path) -> None:
    add(db, tmp_path)
    refuse(db, labels)
    assert add(db, tmp_path).attached


def test_media_is_attached_by_hand_with_all_its_files(db: Database, labels: int, tmp_path: Path) -> None:
    media = add(db, tmp_path, "interview.mp4").video_id
    with pytest.raises(InputError, match="ATTACH_REFUSED"):
        attach_media(db, labels, media)
    record(db, media, make_facts())
    with pytest.raises(ConflictError, match="VIDEO_NOT_READY"):
        attach_media(db, labels, media)
    with db.write() as conn:
        cancel_jobs(conn, media)
    attach_media(db, labels, media)

    video = load(db, labels)
    assert (video.kind, video.number, video.n_frames, video.has_media) == ("video", 298, 100, True)
    assert (db.settings.video_folder(labels) / "source.mp4").read_bytes() == b"interview.mp4"
    assert not db.settings.video_folder(media).exists()
    assert find_item(db, media) is None
    with db.read() as conn:
        times = load_times(conn, labels)
    assert times is not None
    assert len(times[0]) == 100
    assert not register_file(db, tmp_path / "interview.mp4").created


def test_a_step_that_failed_can_be_tried_again_after_attaching(db: Database, labels: int, tmp_path: Path) -> None:
    add(db, tmp_path)
    refuse(db, labels)
    media = add(db, tmp_path, "interview.mp4").video_id
    record(db, media, make_facts())
    with db.write() as conn:
        cancel_jobs(conn, labels)
        for kind in ("probe", "proxy", "poses"):
            job = lease_job(conn, QUEUE_RULES, "me", [media])
            assert job is not None
            assert job.kind == kind
            if kind == "poses":
                fail_job(conn, QUEUE_RULES, job.job_id, "WORKER_TIMEOUT", "no progress")
            else:
                finish_job(conn, job.job_id)
    attach_media(db, labels, media)
    item = find_item(db, labels)
    assert item is not None
    assert [(j.kind, j.state) for j in item.jobs] == [("probe", "done"), ("proxy", "done"), ("poses", "failed")]
    retry_steps(db, labels)
    with db.read() as conn:
        assert [(j.kind, j.video_id) for j in list_jobs(conn, states=("queued",))] == [("poses", labels)]


def test_suggestions_stay_behind_and_a_scan_of_the_new_place_is_asked_for(
    db: Database, ann: Annotator, labels: int, tmp_path: Path
) -> None:
    """People may have rejected suggestions of the video that goes; its ledger rows cannot move along."""
    make_scanner(db.settings.data)
    set_active_model(db, "tiny", None)
    media = add(db, tmp_path, "interview.mp4").video_id
    record(db, media, make_facts())
    with db.write() as conn:
        cancel_jobs(conn, media)
        update_video(conn, media, poses=PoseTrack(source=PoseOrigin.IMPORTED, n_ready=100, complete=True, revision=1))
    hand = Hand(db, ann.annotator_id, media)
    first, second = make_scan(db, (5, 1, 9), (6, 20, 30), video_id=media, model="tiny")
    hand.review(first, "rejected")
    hand.accept(second, 6, 20, 30)
    hand.undo(hand.last["edit_id"])
    attach_media(db, labels, media)
    assert Hand(db, ann.annotator_id, labels).shown() == []
    with db.read() as conn:
        assert [(j.kind, j.video_id) for j in list_jobs(conn, states=("queued",))] == [("scan", labels)]
        assert conn.exec_driver_sql("SELECT count(*) FROM suggestion").scalar_one() == 0
    assert check_database(db).findings == []


def test_media_with_labels_of_its_own_stays_where_it_is(
    db: Database, ann: Annotator, labels: int, tmp_path: Path
) -> None:
    media = add(db, tmp_path, "interview.mp4").video_id
    record(db, media, make_facts())
    Hand(db, ann.annotator_id, media).create(5, 1, 2)
    with pytest.raises(InputError, match="without labels of its own"):
        attach_media(db, labels, media)


def test_a_video_with_media_takes_no_other(db: Database, labels: int, tmp_path: Path) -> None:
    add(db, tmp_path)
    record(db, labels, make_facts())
    (tmp_path / "298.mp4").write_bytes(b"x")
    second = register_file(db, tmp_path / "298.mp4")
    assert (second.attached, load(db, second.video_id).number) == (False, None)
    with db.read() as conn:
        assert len(list_jobs(conn, labels)) == 3
