"""Scans as the worker and the command line run them: a real small network, real children, whole results or none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load, save

from db.check import check_database
from db.engine import Database
from db.jobs import Job, enqueue_job, find_job, lease_job, list_jobs
from db.people import set_setting
from db.suggestions import Scan, find_current_scan, list_suggestions
from db.videos import get_video, insert_video, save_times, update_video
from imigue_core import cli
from imigue_core.formats.poses import find_pose_inputs
from imigue_core.jobs import scan
from imigue_core.jobs.scan import run_scan
from imigue_core.jobs.step_run import StepCancelledError, StepRun
from imigue_core.jobs.worker import run_jobs
from imigue_core.models.cards import WEIGHTS_FILE, load_card, save_card
from imigue_core.skeleton.pose import PoseSequence, load_npz, save_npz
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.models.scanning import request_scan
from imigue_core.studio.people.project_settings import ACTIVE_SCANNER, AUTO_SCAN
from imigue_core.studio.videos.adding import register_poses_only
from imigue_core.studio.videos.library import find_item, retry_steps
from imigue_core.studio.videos.steps import QUEUE_RULES
from imigue_core.studio.videos.tracks import request_poses
from imigue_core.suggest.scanner import load_scanner
from imigue_core.suggest.token_tracks import TrackOrigin, find_origin, find_track
from tests.harness.models import make_emotion_model, make_scanner
from tests.harness.poses import make_keypoints

N_FRAMES = 300
SIZE = (1280, 720)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a small scanner called ``tiny``."""
    folder = tmp_path_factory.mktemp("models")
    make_scanner(folder, "tiny")
    return folder


@pytest.fixture
def db(db: Database, trained: Path) -> Database:
    """A project with the small scanner as its active one."""
    (db.settings.data / "models").symlink_to(trained / "models")
    with db.write() as conn:
        ACTIVE_SCANNER.write(conn, "tiny")
    return db


def add_posed_video(db: Database, name: str = "posed", **columns: Any) -> int:
    """A video with whole poses and uneven presentation times."""
    poses = PoseTrack(source=PoseOrigin.IMPORTED, n_ready=N_FRAMES, complete=True, revision=1)
    row = {"kind": "poses", "n_frames": N_FRAMES, "fps_num": 25, "fps_den": 1, "width": SIZE[0], "height": SIZE[1]}
    with db.write() as conn:
        video_id = insert_video(conn, **{"name": name, "poses": poses, "shot_cuts": [120], **row, **columns})
        pts = np.arange(N_FRAMES) * 40 + np.arange(N_FRAMES) % 3
        save_times(conn, video_id, pts, Fraction(1, 1000))
    save_npz(db.settings.video_folder(video_id) / "poses.npz", PoseSequence(make_keypoints(N_FRAMES), SIZE))
    return video_id


def request(db: Database, video_id: int = 1, **fields: Any) -> int:
    with db.write() as conn:
        return request_scan(conn, video_id, **fields)


def get_job(db: Database, kind: str = "scan", video_id: int = 1) -> Job:
    with db.read() as conn:
        job = find_job(conn, video_id, kind)
    assert job is not None
    return job


def find_scan(db: Database, video_id: int = 1, model: str = "tiny") -> Scan | None:
    with db.read() as conn:
        return find_current_scan(conn, video_id, model)


def count_suggestions(db: Database) -> int:
    with db.read() as conn:
        return int(conn.exec_driver_sql("SELECT count(*) FROM suggestion").scalar_one())


def test_the_worker_stores_what_the_scanner_finds(db: Database) -> None:
    video_id = add_posed_video(db)
    request(db)
    run_jobs(db)
    job = get_job(db)
    assert (job.state, job.progress_done, job.progress_total) == ("done", N_FRAMES, N_FRAMES)
    scan = find_scan(db)
    assert scan is not None
    scanner = load_scanner(db.settings.models / "tiny", "cpu")
    poses = load_npz(db.settings.video_folder(video_id) / "poses.npz")
    times = (np.arange(N_FRAMES) * 40 + np.arange(N_FRAMES) % 3) / 1000
    expected = scanner.scan(poses, times, [120]).suggestions
    with db.read() as conn:
        stored = list_suggestions(conn, scan.scan_id)
    assert len(expected) > 5
    assert sorted((s.class_id, s.start_frame, s.end_frame, s.score) for s in stored) == sorted(
        (s.class_id, s.start_frame, s.end_frame, s.score) for s in expected
    )
    assert all(s.end_frame < 120 or s.start_frame >= 120 for s in stored)
    assert (scan.model_hash, scan.trained_on, scan.device) == (scanner.card.weights_sha256, "synthetic", "cpu")
    assert (scan.poses_revision, scan.n_suggestions, scan.cpu_s > 0) == (1, len(stored), True)


def find_tokens(db: Database, video_id: int = 1) -> TrackOrigin | None:
    return find_origin(db.settings.video_folder(video_id) / "tokens.safetensors")


def test_a_scan_leaves_tokens_behind_and_the_next_one_makes_them_anew(db: Database) -> None:
    video_id = add_posed_video(db)
    assert find_tokens(db) is None
    request(db)
    run_jobs(db)
    scan, origin = find_scan(db), find_tokens(db)
    assert scan is not None
    assert origin == TrackOrigin("tiny", scan.model_hash, 1)
    path = db.settings.video_folder(video_id) / "tokens.safetensors"
    track = find_track(path, N_FRAMES)
    assert track is not None
    assert track.starts[np.flatnonzero(np.diff(track.shots))[0] + 1] == 120
    before = path.read_bytes()
    path.write_bytes(b"")
    assert run_cli(db, "1") == 0
    assert path.read_bytes() == before


def test_scanning_again_gives_the_same_and_replaces_it(db: Database) -> None:
    add_posed_video(db)
    for _ in range(2):
        request(db)
        run_jobs(db)
    scan = find_scan(db)
    assert scan is not None
    assert (scan.scan_id, count_suggestions(db)) == (2, scan.n_suggestions)
    assert check_database(db).findings == []


def add_poses_only(db: Database, tmp_path: Path) -> int:
    np.save(tmp_path / "table.npy", make_keypoints(N_FRAMES).reshape(N_FRAMES, -1))
    (found,) = find_pose_inputs(tmp_path / "table.npy")
    return register_poses_only(db, found, fps=Fraction(359, 12), size=SIZE).video_id


def test_whole_poses_are_scanned_without_being_asked(db: Database, tmp_path: Path) -> None:
    video_id = add_poses_only(db, tmp_path)
    run_jobs(db)
    assert (get_job(db, "import_poses").state, get_job(db).state) == ("done", "done")
    scan = find_scan(db)
    assert scan is not None
    assert scan.n_suggestions > 0
    item = find_item(db, video_id)
    assert item is not None
    assert [job.kind for job in item.jobs] == ["import_poses", "scan"]


@pytest.mark.parametrize(
    ("setting", "value"), [(AUTO_SCAN.name, "0"), (ACTIVE_SCANNER.name, "none"), (ACTIVE_SCANNER.name, "odd")]
)
def test_nothing_is_scanned_unasked_when_it_is_off_or_cannot_be(
    db: Database, tmp_path: Path, setting: str, value: str
) -> None:
    with db.write() as conn:
        set_setting(conn, setting, value)
    add_poses_only(db, tmp_path)
    run_jobs(db)
    with db.read() as conn:
        assert [job.kind for job in list_jobs(conn)] == ["import_poses"]


def test_new_poses_take_a_waiting_scan_away(db: Database) -> None:
    add_posed_video(db, kind="video", source_file="source.mp4")
    request(db)
    with db.write() as conn:
        request_poses(conn, get_video(conn, 1))
    assert (get_job(db).state, get_job(db, "poses").state) == ("cancelled", "queued")


class Disturbed(StepRun):
    """A step whose first scan is disturbed by SQL before its child begins."""

    statement = ""
    n_scans = 0

    def run_in_child(self, task: Any, *args: Any, **options: Any) -> Any:
        self.n_scans += 1
        if self.n_scans == 1:
            with self.db.write() as conn:
                conn.exec_driver_sql(self.statement)
        return super().run_in_child(task, *args, **options)


def run_disturbed(db: Database, statement: str) -> Disturbed:
    request(db)
    with db.write() as conn:
        job = lease_job(conn, QUEUE_RULES, "me")
    assert job is not None
    step = Disturbed(db, job)
    step.statement = statement
    try:
        run_scan(step)
    except StepCancelledError:
        step.n_scans = -step.n_scans
    return step


def test_poses_that_were_replaced_meanwhile_are_scanned_again(db: Database) -> None:
    add_posed_video(db)
    step = run_disturbed(db, "UPDATE video SET poses = json_set(poses, '$.revision', 2)")
    scan = find_scan(db)
    assert scan is not None
    assert (step.n_scans, scan.scan_id, scan.poses_revision) == (2, 1, 2)
    origin = find_tokens(db)
    assert origin is not None
    assert origin.poses_revision == 2


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE video SET poses = json_set(poses, '$.revision', 2, '$.complete', json('false'))",
        "UPDATE job SET state = 'cancelled'",
    ],
)
def test_a_scan_that_nobody_wants_any_more_leaves_nothing(db: Database, statement: str) -> None:
    add_posed_video(db)
    assert run_disturbed(db, statement).n_scans == -1
    assert (find_scan(db), count_suggestions(db), find_tokens(db)) == (None, 0, None)


@pytest.mark.parametrize(
    ("model", "code"),
    [("none", "MODEL_UNKNOWN"), ("../tiny", "MODEL_UNKNOWN"), ("broken", "MODEL_CARD"), ("cut", "MODEL_TRUNCATED"),
     ("mood", "MODEL_TASK")],
)  # fmt: skip
def test_a_model_that_is_refused_fails_the_scan_alone(db: Database, model: str, code: str) -> None:
    (db.settings.data / "models").unlink()
    make_scanner(db.settings.data, "cut")
    make_emotion_model(db.settings.data)
    weights = db.settings.models / "cut" / "weights.safetensors"
    weights.write_bytes(weights.read_bytes()[:-10])
    (db.settings.models / "broken").mkdir()
    (db.settings.models / "broken" / "card.json").write_text("{")
    add_posed_video(db)
    request(db, model=model)
    with db.write() as conn:
        track = {"path": "/nowhere.npz", "sha256": "0" * 64, "box": None}
        enqueue_job(conn, 1, "import_poses", track)
    run_jobs(db)
    assert (get_job(db).state, get_job(db).error_code) == ("failed", code)
    assert get_job(db, "import_poses").error_code != "PREVIOUS_FAILED"
    assert (find_scan(db, model=model), count_suggestions(db)) == (None, 0)


def test_a_scan_of_lost_poses_says_so_and_can_be_tried_again(db: Database) -> None:
    add_posed_video(db, sha256="1" * 64)
    path = db.settings.video_folder(1) / "poses.npz"
    content = path.read_bytes()
    path.unlink()
    request(db)
    run_jobs(db)
    assert (get_job(db).state, get_job(db).error_code) == ("failed", "NOT_A_FILE")
    path.write_bytes(content)
    retry_steps(db, 1)
    run_jobs(db)
    assert get_job(db).state == "done"


def test_a_failed_search_for_poses_takes_its_scan_along(db: Database) -> None:
    add_posed_video(db)
    with db.write() as conn:
        update_video(conn, 1, poses=None)
        enqueue_job(conn, 1, "import_poses", {"path": "/nowhere.npz", "sha256": "0" * 64, "box": None})
        enqueue_job(conn, 1, "scan", {"model": "tiny", "device": "cpu"})
    run_jobs(db)
    assert (get_job(db).state, get_job(db).error_code) == ("cancelled", "PREVIOUS_FAILED")


def run_cli(db: Database, *arguments: str) -> int:
    return cli.main(["scan", *arguments, "--data", str(db.settings.data)])


def test_the_command_scans_and_prints(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    add_posed_video(db)
    assert run_cli(db, "1", "--json", "--device", "cpu") == 0
    (result,) = json.loads(capsys.readouterr().out)
    assert (result["id"], result["name"], result["model"], result["device"]) == (1, "posed", "tiny", "cpu")
    first = result["suggestions"][0]
    assert set(first) == {
        "suggestion_id", "class_id", "name", "start_frame", "end_frame", "score", "top", "start_sd", "end_sd",
    }  # fmt: skip
    scan = find_scan(db)
    assert scan is not None
    assert (scan.n_suggestions, scan.trained_on) == (len(result["suggestions"]), result["trained_on"])
    with db.read() as conn:
        assert list_jobs(conn) == []
    assert run_cli(db, "1") == 0
    assert f"1 posed: {scan.n_suggestions} suggestions by tiny" in capsys.readouterr().out


def test_the_command_takes_all_videos_that_have_poses(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    make_scanner(db.settings.data, "other", seed=4)
    add_posed_video(db)
    add_posed_video(db, "without", poses=None)
    add_posed_video(db, "labels", kind="labels", poses=None)
    add_posed_video(db, "last")
    assert run_cli(db, "--all", "--json", "--model", "other") == 0
    assert [(one["id"], one["model"]) for one in json.loads(capsys.readouterr().out)] == [(1, "other"), (4, "other")]
    assert find_scan(db) is None
    assert find_scan(db, 4, "other") is not None


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), "USAGE"),
        (("1", "--all"), "USAGE"),
        (("9",), "NOT_AVAILABLE"),
        (("2",), "POSES_MISSING"),
        (("1", "--model", "none"), "MODEL_UNKNOWN"),
        (("1", "--device", "cuda"), "DEVICE"),
    ],
)
def test_the_command_says_what_it_cannot_do(
    db: Database, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: str
) -> None:
    import torch

    if "cuda" in arguments and torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    add_posed_video(db)
    add_posed_video(db, "without", poses=None)
    assert run_cli(db, *arguments) == 1
    assert code in capsys.readouterr().err
    assert count_suggestions(db) == 0


def test_one_bad_video_does_not_keep_the_others_from_being_scanned(
    db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    add_posed_video(db)
    add_posed_video(db, "second")
    (db.settings.video_folder(1) / "poses.npz").unlink()
    assert run_cli(db, "1", "2", "--json") == 1
    told = capsys.readouterr()
    assert [one["id"] for one in json.loads(told.out)] == [2]
    assert "NOT_A_FILE: video 1 (posed)" in told.err


def write_weights(db: Database, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    """A scanner of the project's own, its weights changed and their hash on its card."""
    make_scanner(db.settings.data, "changed")
    folder = db.settings.models / "changed"
    tensors = load((folder / WEIGHTS_FILE).read_bytes())
    change(tensors)
    data = save(tensors)
    (folder / WEIGHTS_FILE).write_bytes(data)
    save_card(folder, replace(load_card(folder), weights_sha256=hashlib.sha256(data).hexdigest()))


def test_a_model_whose_weights_are_no_numbers_suggests_nothing(db: Database) -> None:
    add_posed_video(db)
    write_weights(db, lambda tensors: tensors["classify.bias"].fill_(float("nan")))
    request(db, model="changed")
    run_jobs(db)
    job = get_job(db)
    assert (job.state, job.error_code) == ("failed", "MODEL_NOT_FINITE")
    assert (find_scan(db, model="changed"), count_suggestions(db)) == (None, 0)


def test_a_scan_that_runs_out_of_memory_says_so_and_the_worker_goes_on(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_frames = 50_000
    video_id = add_posed_video(db)
    keypoints = np.tile(make_keypoints(N_FRAMES), (1 + n_frames // N_FRAMES, 1, 1))[:n_frames]
    save_npz(db.settings.video_folder(video_id) / "poses.npz", PoseSequence(keypoints, SIZE))
    with db.write() as conn:
        update_video(conn, video_id, n_frames=n_frames)
        save_times(conn, video_id, np.arange(n_frames) * 40, Fraction(1, 1000))
    request(db)
    with monkeypatch.context() as patch:
        patch.setattr(scan, "MEMORY_BYTES", 320 * 1024**2)
        run_jobs(db)
    assert (get_job(db).state, get_job(db).error_code) == ("failed", "WORKER_MEMORY")
    assert find_scan(db) is None
    request(db, add_posed_video(db, "small"))
    run_jobs(db)
    assert get_job(db, video_id=2).state == "done"


def test_torch_without_memory_is_an_error_like_any_other() -> None:
    with pytest.raises(MemoryError), scan.torch_memory_errors():
        torch.empty(2**60)
    with pytest.raises(RuntimeError), scan.torch_memory_errors():
        torch.zeros(2) @ torch.zeros(3)
