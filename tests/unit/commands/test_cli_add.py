"""The command line: what it prints, how it ends, and that ``add`` returns when its steps are done."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.engine import Database
from db.jobs import lease_job, list_jobs, set_progress
from imigue_core.cli import build_parser, main
from imigue_core.commands.waiting import format_progress, is_server_running
from imigue_core.settings import Settings
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.studio.videos.adding import register_file
from imigue_core.studio.videos.steps import QUEUE_RULES
from imigue_core.web.server import hold_server_lock
from tests.harness.places import ROOT
from tests.harness.poses import make_keypoints, make_person, write_openpose

Output = pytest.CaptureFixture[str]


@pytest.fixture
def run(settings: Settings, capfd: Output) -> Callable[..., tuple[int, str, str]]:
    """Runs a command on the project: exit code, output, errors."""

    def call(*arguments: object) -> tuple[int, str, str]:
        code = main([*map(str, arguments), "--data", str(settings.data)])
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


@pytest.fixture
def poses(tmp_path: Path) -> Path:
    """Poses for the 60 frames of a marker video."""
    path = tmp_path / "poses" / "plain_25.npz"
    save_npz(path, PoseSequence(make_keypoints(60, size=(320, 240))))
    return path


def list_commands(parser: Any, name: str = "") -> dict[str, Any]:
    """Every command by its whole name, such as ``train scanner``."""
    inner = [action.choices for action in parser._actions if isinstance(action.choices, dict)]
    if not inner:
        return {name: parser}
    found: dict[str, Any] = {}
    for word, command in inner[0].items():
        found |= list_commands(command, f"{name} {word}".strip())
    return found


def test_every_command_has_help() -> None:
    commands = list_commands(build_parser())
    expected = {"add", "list", "remove", "erase", "scan", "jobs", "worker", "import", "export", "stats", "check"}
    assert expected <= set(commands)
    for name, command in commands.items():
        assert command.description, name
        assert {"--data", "--help"} <= {flag for action in command._actions for flag in action.option_strings}, name


def test_the_module_runs_with_every_command() -> None:
    done = subprocess.run([sys.executable, "-m", "imigue_core", "--help"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0
    assert "bench" in done.stdout


def test_add_returns_when_the_steps_are_done(
    run: Callable[..., Any], marker_video: Callable[[str], Path], poses: Path
) -> None:
    code, out, err = run("add", marker_video("plain_25"), "--poses", poses, "--json")
    assert (code, err) == (0, "")
    (added,) = json.loads(out)
    assert (added["id"], added["name"], added["n_frames"], added["fps"]) == (1, "plain_25", 60, "25")
    assert added["steps"] == dict.fromkeys(("probe", "proxy", "import_poses", "scan"), "done")
    assert (added["created"], added["poses_ready"]) == (True, 60)
    code, out, _ = run("list", "--json")
    assert json.loads(out)[0] == {k: v for k, v in added.items() if k not in ("created", "attached", "changed", "kept")}
    assert [job["state"] for job in json.loads(run("jobs", "--json")[1])] == ["done"] * 4

    code, out, _ = run("add", marker_video("plain_25"))
    assert code == 0
    assert out.startswith("known already, nothing changed: 1 plain_25")


def test_a_refused_file_ends_with_its_code_and_leaves_no_video(
    run: Callable[..., Any], settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "words.mp4").write_text("words")
    code, out, err = run("add", tmp_path / "words.mp4")
    assert (code, out) == (1, "")
    assert err.startswith("VIDEO_FORMAT: words.mp4: expected a video file")
    assert json.loads(run("list", "--json")[1]) == []
    assert list(settings.videos.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["add"], "NOTHING_TO_ADD"),
        (["add", "http://127.0.0.1/x.mp4"], "PATH_NOT_LOCAL"),
        (["add", "nowhere.mp4"], "NOT_A_FILE"),
        (["add", "--manifest", "nowhere.csv"], "NOT_A_FILE"),
        (["add", "a.mp4", "--person", "1,2,3"], "PERSON_BOX"),
        (["add", "--poses-only", "x"], "USAGE"),
        (["add", "--poses-only", "x", "--fps", "0", "--size", "9x9"], "VIDEO_FPS_INVALID"),
        (["add", "--poses-only", "x", "--fps", "25", "--size", "9"], "POSE_SIZE"),
        (["add", "--poses-only", "x", "--fps", "25", "--size", "9x9"], "NOT_A_FILE"),
        (["remove", "7"], "STORAGE_MISSING"),
    ],
)
def test_refusals_are_one_line_with_a_code(run: Callable[..., Any], arguments: list[str], code: str) -> None:
    exit_code, out, err = run(*arguments)
    assert (exit_code, out) == (1, "")
    assert err.startswith(f"{code}: ")


def test_a_folder_goes_in_by_its_manifest(
    run: Callable[..., Any], marker_video: Callable[[str], Path], poses: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    (folder / "plain_25.mp4").write_bytes(marker_video("plain_25").read_bytes())
    (folder / "other.mp4").write_bytes(marker_video("one_frame").read_bytes())
    (folder / "videos.csv").write_text("file,video_id,subject_gender,win_or_lose\nplain_25.mp4,298,F,Lose\n")
    code, _, err = run("add", folder, "--manifest", folder / "videos.csv", "--poses", poses.parent)
    assert (code, err) == (0, "1 files are not in the manifest and are left out.\n")
    (video,) = json.loads(run("list", "--json")[1])
    assert (video["number"], video["steps"]["import_poses"]) == (298, "done")


def test_a_bad_manifest_adds_nothing(
    run: Callable[..., Any], marker_video: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "a.mp4").write_bytes(marker_video("plain_25").read_bytes())
    (tmp_path / "videos.csv").write_text("file\na.mp4\n../b.mp4\n")
    code, _, err = run("add", "--manifest", tmp_path / "videos.csv")
    assert code == 1
    assert "line 3: PATH_OUTSIDE_ROOT" in err
    assert run("list", "--json")[2].startswith("STORAGE_MISSING: ")


def test_what_a_manifest_says_of_a_known_video_is_told_and_not_taken(
    run: Callable[..., Any], marker_video: Callable[[str], Path], poses: Any, tmp_path: Path
) -> None:
    (tmp_path / "a.mp4").write_bytes(marker_video("plain_25").read_bytes())
    run("add", tmp_path / "a.mp4", "--poses", poses)
    (tmp_path / "videos.csv").write_text("file,video_id,subject_id\na.mp4,7,S1\n")
    code, out, err = run("add", "--manifest", tmp_path / "videos.csv")
    assert (code, out.split(":")[0]) == (0, "known already, nothing changed")
    assert "a: number: the project keeps nothing, not 7;" in err
    assert "a: subject_id: the project keeps nothing, not S1;" in err


def test_media_that_do_not_fit_are_said_to_be_refused(
    run: Callable[..., Any], marker_video: Callable[[str], Path], poses: Path, tmp_path: Path
) -> None:
    header = "video_id,label_id,start_time,start_frame,end_time,end_frame,class,subject_id,subject_gender"
    row = "7,1,0.4,10,2.4,60,5,S1,F,,Win"
    (tmp_path / "labels.csv").write_text(f"{header},subject_nationality,win_or_lose\n{row}\n")
    run("import", "--format", "imigue", tmp_path / "labels.csv", "--annotator", "Ann")
    (tmp_path / "0007.mp4").write_bytes(marker_video("plain_25").read_bytes())
    code, out, err = run("add", tmp_path / "0007.mp4", "--poses", poses)
    assert (code, out.split(":")[0]) == (1, "not attached")
    assert err.startswith("ATTACH_REFUSED: 0007.mp4: iMiGUE 0007: expected labels within frames 0..59")
    save_npz(tmp_path / "0007.npz", PoseSequence(make_keypoints(61)))
    code, out, err = run("add", "--poses-only", tmp_path / "0007.npz", "--fps", "25", "--size", "640x480", "--json")
    (video,) = json.loads(out)
    assert (code, err, video["attached"], video["n_frames"]) == (0, "", True, 61)


def test_poses_that_were_refused_give_way_to_good_ones(
    run: Callable[..., Any], marker_video: Callable[[str], Path], poses: Path, tmp_path: Path
) -> None:
    save_npz(tmp_path / "short.npz", PoseSequence(make_keypoints(59)))
    video = marker_video("plain_25")
    assert run("add", video, "--poses", poses)[0] == 0
    assert run("add", video, "--poses", tmp_path / "short.npz")[2].startswith("POSE_LENGTH: plain_25.mp4: ")
    code, out, _ = run("add", video, "--poses", poses)
    assert (code, out.split(":")[:2]) == (0, ["known already, changed", " poses"])
    assert json.loads(run("list", "--json")[1])[0]["steps"]["import_poses"] == "done"


def test_a_folder_that_cannot_be_one_is_refused(tmp_path: Path, capfd: Output) -> None:
    (tmp_path / "file").write_text("x")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        assert main(["add", "x.mp4", "--data", str(folder)]) == 1
        assert capfd.readouterr().err.startswith("STORAGE_UNREADABLE: ")


@pytest.mark.parametrize(
    "command",
    [
        ["list"], ["jobs"], ["annotators"], ["stats"], ["check"], ["backup"], ["remove", "1"], ["scan", "1"],
        ["export", "--format", "csv", "labels.csv"],
    ],
    ids=lambda command: command[0],
)  # fmt: skip
def test_a_mistyped_folder_is_named_and_not_made(command: list[str], tmp_path: Path, capfd: Output) -> None:
    assert main([*command, "--data", str(tmp_path / "dta")]) == 1
    assert capfd.readouterr().err.startswith("STORAGE_MISSING: expected a project at ")
    assert list(tmp_path.iterdir()) == []


def test_poses_alone_are_added_a_video_each(run: Callable[..., Any], tmp_path: Path) -> None:
    write_openpose(tmp_path / "set" / "0007", {frame: [make_person(90, 90)] for frame in range(5)})
    save_npz(tmp_path / "set" / "second.npz", PoseSequence(make_keypoints(7)))
    code, out, _ = run("add", "--poses-only", tmp_path / "set", "--fps", "359/12", "--size", "256x256", "--json")
    assert code == 0
    shown = [
        (v["name"], v["number"], v["n_frames"], v["fps"], v["width"])
        for v in sorted(json.loads(out), key=lambda v: v["name"])
    ]
    assert shown == [("0007", 7, 5, "359/12", 256), ("second", None, 7, "359/12", 256)]


def test_removed_and_erased_videos_are_gone_from_the_list(
    run: Callable[..., Any], settings: Settings, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        save_npz(tmp_path / f"{name}.npz", PoseSequence(make_keypoints(3, seed=ord(name))))
        run("add", "--poses-only", tmp_path / f"{name}.npz", "--fps", "25", "--size", "64x64")
    assert run("remove", "1")[0] == 0
    assert run("remove", "2", "--erase")[:2] == (0, "Erased: 2.\n")
    assert json.loads(run("list", "--json")[1]) == []
    assert sorted(path.name for path in settings.videos.iterdir()) == ["1"]
    assert run("remove", "2")[2].startswith("NOT_AVAILABLE: ")


def test_a_studio_that_serves_the_folder_is_noticed(settings: Settings) -> None:
    assert not is_server_running(settings)
    with hold_server_lock(settings):
        assert is_server_running(settings)
    assert not is_server_running(settings)


def test_progress_is_one_line(db: Database, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name)
        register_file(db, tmp_path / name)
    with db.write() as conn:
        job = lease_job(conn, QUEUE_RULES, "me")
        assert job is not None
        set_progress(conn, job.job_id, 500, 1000)
        line = format_progress(list_jobs(conn), 2)
    assert line == "probe        [###############               ] 500/1,000 frames, 2 of 2 videos left"
