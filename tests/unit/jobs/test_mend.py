"""Files that are made of a video: known by length and hash, and made again when they are lost or damaged."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from db.derived import find_derived, forget_derived, list_derived
from db.engine import Database, open_database
from db.jobs import enqueue_job, find_job, set_params
from db.videos import Video, get_video, update_video
from imigue_core.jobs import upkeep
from imigue_core.jobs.mend import ROUNDED
from imigue_core.jobs.worker import run_jobs
from imigue_core.models.cards import DEFAULT_MODELS
from imigue_core.models.tasks import Task
from imigue_core.settings import Settings, load_settings
from imigue_core.skeleton.pose import PoseSequence, load_npz, save_npz
from imigue_core.skeleton.pose_track import PoseOrigin
from imigue_core.studio.models.scanning import request_scan
from imigue_core.studio.safety.backing_up import check_project, make_backup
from imigue_core.studio.videos.adding import load_pose_source, register_file
from imigue_core.studio.videos.mending import mend_project
from imigue_core.studio.videos.removing import remove_video
from imigue_core.studio.videos.steps import Step
from imigue_core.studio.videos.viewing import set_view
from tests.harness.materials import draw_person
from tests.harness.media import MarkerSpec, make_marker_video

SPEC = MarkerSpec(n_frames=260, width=640, height=480)
MADE = (
    "chunks/00000.bin.gz",
    "chunks/00001.bin.gz",
    "masked.json",
    "masked.mp4",
    "poses.npz",
    "proxy.mp4",
    "thumb.jpg",
    "thumb_skeleton.svg",
    "tokens.safetensors",
)
EXACT = [path for path in MADE if not path.endswith(".mp4")]
"""Made again, these are the same to the last bit."""
OF_THE_POSES = [path for path in EXACT if path.startswith(("chunks", "poses", "thumb"))]
"""The same also when the poses are read again, which gives them another revision."""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A project with one video, poses that were brought along, a masked copy and a scan."""
    folder = tmp_path_factory.mktemp("whole")
    settings = load_settings(folder / "data")
    db = open_database(settings)
    set_view(db, "source", None)
    save_npz(folder / "poses.npz", PoseSequence(draw_person(SPEC.n_frames)))
    register_file(db, make_marker_video(folder / "clip.mp4", SPEC), poses=load_pose_source(folder / "poses.npz"))
    run_jobs(db)
    with db.write() as conn:
        request_scan(conn, 1, model=DEFAULT_MODELS[Task.SCAN])
    run_jobs(db)
    db.close()
    return settings


@pytest.fixture
def project(whole: Settings, tmp_path: Path) -> Iterator[Database]:
    """A copy of that project."""
    shutil.copytree(whole.data, tmp_path / "data")
    db = open_database(replace(whole, data=tmp_path / "data"))
    yield db
    db.close()


def load(db: Database) -> Video:
    with db.read() as conn:
        return get_video(conn, 1)


def read(db: Database, path: str) -> bytes:
    return (db.settings.video_folder(1) / path).read_bytes()


def list_faults(db: Database) -> list[str]:
    return [finding.message for finding in check_project(db.settings).findings]


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def forget_source(db: Database) -> None:
    """The file the poses were brought in is no longer where it was."""
    with db.write() as conn:
        job = find_job(conn, 1, "import_poses")
        assert job is not None
        shutil.copy(job.params["path"], db.settings.data / "elsewhere.npz")
        set_params(conn, job.job_id, {**job.params, "path": str(db.settings.data / "gone.npz")})


def test_every_file_that_is_made_is_known_by_length_and_hash(project: Database) -> None:
    with project.read() as conn:
        assert tuple(file.path for file in list_derived(conn, 1)) == MADE
    assert list_faults(project) == []


@pytest.mark.parametrize(("path", "harm"), list(zip(MADE, (Path.unlink, empty, cut) * 3, strict=True)))
def test_what_is_missing_empty_or_cut_is_there_again_after_the_next_start(
    project: Database, path: str, harm: Callable[[Path], None]
) -> None:
    before = read(project, path)
    harm(project.settings.video_folder(1) / path)
    assert any(path in fault for fault in list_faults(project))
    mend_project(project)
    run_jobs(project)
    assert list_faults(project) == []
    assert path not in EXACT or read(project, path) == before


def test_flipped_bits_are_found_by_reading_and_mended(project: Database) -> None:
    before = {path: read(project, path) for path in OF_THE_POSES}
    for path in MADE:
        flip(project.settings.video_folder(1) / path)
    assert mend_project(project) == {}
    assert tuple(fault.path for fault in mend_project(project, thorough=True)[1]) == MADE
    run_jobs(project)
    assert list_faults(project) == []
    assert {path: read(project, path) for path in OF_THE_POSES} == before


def test_everything_lost_at_once_comes_back(project: Database) -> None:
    before = {path: read(project, path) for path in OF_THE_POSES}
    for path in MADE:
        empty(project.settings.video_folder(1) / path)
    mend_project(project)
    run_jobs(project)
    assert list_faults(project) == []
    assert {path: read(project, path) for path in OF_THE_POSES} == before


def test_poses_whose_source_is_gone_come_back_from_the_chunks_and_say_so(project: Database) -> None:
    folder = project.settings.files_of(1)
    before = load_npz(folder.poses).keypoints
    forget_source(project)
    empty(folder.poses)
    mend_project(project)
    run_jobs(project)
    again = load_npz(folder.poses, n_frames=SPEC.n_frames).keypoints
    found = before[:, :, 2] > 0
    assert np.array_equal(again[:, :, 2] > 0, found)
    assert np.abs(again[found][:, :2] - before[found][:, :2]).max() <= 1 / 16
    track = load(project).poses
    assert track is not None
    assert track.warnings[-1] == ROUNDED
    assert list_faults(project) == []


def test_poses_that_are_lost_for_good_are_said_to_be(project: Database) -> None:
    folder = project.settings.files_of(1)
    forget_source(project)
    empty(folder.poses)
    empty(folder.chunks / "00001.bin.gz")
    mend_project(project)
    run_jobs(project)
    with project.read() as conn:
        job = find_job(conn, 1, "mend")
    assert job is not None
    assert (job.state, job.error_code) == ("failed", "POSES_LOST")
    video = load(project)
    assert video.poses is not None
    assert (video.poses.complete, video.poses.n_ready, video.poses.revision) == (False, 0, 2)
    assert "Add them again" in video.poses.warnings[0]
    register_file(
        project,
        project.settings.video_folder(1) / "source.mp4",
        poses=load_pose_source(project.settings.data / "elsewhere.npz"),
    )
    run_jobs(project)
    assert load(project).poses_complete
    assert list_faults(project) == []


def test_half_a_track_that_nothing_goes_on_with_stays_as_it_is(project: Database) -> None:
    track = load(project).poses
    assert track is not None
    half = replace(track, source=PoseOrigin.MEDIAPIPE, n_ready=250, complete=False, sha256=None)
    with project.write() as conn:
        update_video(conn, 1, poses=half)
        forget_derived(conn, 1)
        enqueue_job(conn, 1, Step.MEND)
    run_jobs(project)
    assert load(project).poses == half
    with project.read() as conn:
        assert find_derived(conn, 1, "chunks/00000.bin.gz") is not None


def test_adding_a_file_again_says_what_is_made_again(project: Database) -> None:
    empty(project.settings.video_folder(1) / "chunks/00000.bin.gz")
    result = register_file(project, project.settings.video_folder(1) / "source.mp4")
    assert result.changed == ("lost files",)
    run_jobs(project)
    assert list_faults(project) == []


def test_files_of_an_older_studio_are_taken_down_while_nothing_waits(project: Database) -> None:
    with project.write() as conn:
        before = list_derived(conn, 1)
        forget_derived(conn, 1)
    flip(project.settings.video_folder(1) / "chunks/00001.bin.gz")
    keeper = upkeep.Upkeep(project)
    for _ in range(3 * upkeep.REST):
        keeper.tick()
        run_jobs(project)
    with project.read() as conn:
        assert list_derived(conn, 1) == before


def test_a_pass_is_over_for_a_week(project: Database) -> None:
    keeper = upkeep.Upkeep(project)
    for _ in range(3 * upkeep.REST):
        keeper.tick()
    flip(project.settings.video_folder(1) / "thumb.jpg")
    for _ in range(3 * upkeep.REST):
        keeper.tick()
        run_jobs(project)
    assert len(list_faults(project)) == 1


def test_nothing_is_known_of_the_files_of_an_erased_video(project: Database) -> None:
    remove_video(project, 1, erase=True)
    with project.read() as conn:
        assert list_derived(conn, 1) == []
    assert mend_project(project, thorough=True) == {}


def test_a_backup_names_what_it_could_not_copy_as_it_was_made(project: Database) -> None:
    empty(project.settings.video_folder(1) / "chunks/00001.bin.gz")
    report = make_backup(project)
    assert report.warnings == [
        "FILE_DAMAGED: videos/1/chunks/00001.bin.gz is not what was made; it is left out and made again"
    ]
    run_jobs(project)
    assert make_backup(project).warnings == []
