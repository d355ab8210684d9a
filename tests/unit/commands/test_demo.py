"""The demo project: made once, whole, by two people, and closed to anybody's own videos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from db.engine import Database
from db.jobs import QueueRules, lease_job
from db.labels import list_annotations
from db.people import list_annotators
from imigue_core.commands.demo import make_demo
from imigue_core.errors import ConflictError, DeniedError
from imigue_core.jobs.demo import FOLDER, act
from imigue_core.jobs.worker import hold_worker_lock, run_job
from imigue_core.skeleton.layout import NECK
from imigue_core.studio import demo as demo_scenes
from imigue_core.studio.demo import Scene, is_demo, refuse_demo, request_demo
from imigue_core.studio.exchange.exchanging import run_import
from imigue_core.studio.safety.backing_up import check_project
from imigue_core.studio.videos.adding import register_file
from imigue_core.studio.videos.library import list_library, list_project_jobs
from imigue_core.studio.videos.steps import QUEUE_RULES, Step

SCENES = (Scene(60, 12.0, "win", ("positive", None), (7, None), (12.0, 12.0)),)
SKELETON = Scene(60, 6.0, "lose", (None, None), (None, None), (6.0, 6.0), has_picture=False)
NOT_THE_REST = QueueRules(slow=(Step.SCAN, Step.MASK))
"""Under these the demo goes first, as it does for a worker that finds nothing else to do."""


@pytest.fixture
def demo(db: Database) -> Database:
    make_demo(db, SCENES)
    return db


@pytest.mark.parametrize("scene", demo_scenes.SCENES, ids=lambda scene: str(scene.seed))
def test_the_person_of_a_scene_sits_well_inside_the_picture(scene: Scene) -> None:
    interview = act(scene)
    neck = np.nanmedian(interview.poses.keypoints[:, NECK, :2], axis=0) / interview.size
    assert (neck > 0.2).all()
    assert (neck < 0.8).all()


def test_the_demo_is_whole_and_labelled_by_two_people(demo: Database) -> None:
    (item,) = list_library(demo)
    assert item.video.n_frames == 300
    assert item.video.has_proxy
    assert item.video.poses_complete
    with demo.read() as conn:
        people = list_annotators(conn)
        labels = list_annotations(conn)
    assert len(people) == 2
    assert {label.annotator_id for label in labels} == {person.annotator_id for person in people}
    assert check_project(demo.settings).findings == []


def test_making_it_again_changes_nothing(demo: Database) -> None:
    with demo.read() as conn:
        before = list_annotations(conn)
    make_demo(demo, SCENES)
    with demo.read() as conn:
        assert list_annotations(conn) == before
    assert len(list_library(demo)) == 1


def test_it_takes_nobodys_own_video_or_labels(demo: Database, marker_video: Callable[[str], Path]) -> None:
    assert is_demo(demo)
    with pytest.raises(DeniedError) as refusal:
        register_file(demo, marker_video("one_frame"))
    assert refusal.value.code == "DEMO_CLOSED"
    with demo.read() as conn:
        person = list_annotators(conn)[0]
    header = "video_id,label_id,start_time,start_frame,end_time,end_frame,class,subject_id,subject_gender,"
    data = f"{header}subject_nationality,win_or_lose\n9,1,0,0,1,25,8,1,F,Czech,Win\n".encode()
    with pytest.raises(DeniedError) as refusal:
        run_import(demo, data, "imigue", person.annotator_id)
    assert refusal.value.code == "DEMO_CLOSED"


def test_the_skeleton_is_there_with_its_labels_before_a_picture_is_drawn_and_a_kill_half_way_is_no_matter(
    db: Database,
) -> None:
    request_demo(db, (*SCENES, SKELETON))
    with hold_worker_lock(db.settings):
        lease_and_run(db, Step.DEMO)
        with pytest.raises(DeniedError, match="DEMO_CLOSED"), db.read() as conn:
            refuse_demo(conn)
        lease_and_run(db, Step.IMPORT_POSES)
    waits, plays = list_library(db)
    assert (waits.video.name, waits.video.kind, waits.n_labels) == ("Acted interview 1", "labels", 0)
    assert (plays.video.kind, plays.video.poses_complete, plays.video.n_frames) == ("poses", True, 150)
    assert plays.n_labels > 0
    (job,) = list_project_jobs(db, None)
    assert (job.kind, job.state) == (Step.DEMO, "queued")
    with db.write() as conn:
        lease_job(conn, NOT_THE_REST, "a worker that is killed")
    make_demo(db, (*SCENES, SKELETON))
    assert [item.video.poses_complete for item in list_library(db)] == [True, True]
    assert list_library(db)[0].video.has_proxy
    assert list_project_jobs(db, None) == []
    assert not (db.settings.data / FOLDER).exists()
    assert check_project(db.settings).findings == []


def lease_and_run(db: Database, expected: Step) -> None:
    """One turn of the worker."""
    with db.write() as conn:
        job = lease_job(conn, QUEUE_RULES, "me")
    assert job is not None
    assert job.kind == expected
    run_job(db, job, None)


def test_a_folder_with_videos_of_ones_own_never_becomes_the_demo(
    db: Database, marker_video: Callable[[str], Path]
) -> None:
    register_file(db, marker_video("one_frame"))
    with pytest.raises(ConflictError) as refusal:
        make_demo(db, SCENES)
    assert refusal.value.code == "DEMO_FOLDER"
    assert not is_demo(db)
