"""``train`` on the command line: from acted interviews and from a project's own labels."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from db.engine import Database
from db.people import Annotator, add_annotator
from db.videos import insert_video, save_times
from imigue_core import cli
from imigue_core.models.cards import get_model_folder, load_card
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.suggest.scanner import load_scanner
from imigue_core.training.project import load_project_recordings
from tests.harness.hands import Hand
from tests.harness.poses import make_keypoints
from tests.unit.suggest.voting import COLUMN

N_FRAMES = 500
TRACK = PoseTrack(source=PoseOrigin.IMPORTED, n_ready=N_FRAMES, complete=True, revision=1)


def add_posed_video(db: Database, name: str) -> int:
    row: dict[str, Any] = {
        "kind": "poses",
        "n_frames": N_FRAMES,
        "fps_num": 25,
        "fps_den": 1,
        "width": 1280,
        "height": 720,
    }
    with db.write() as conn:
        video_id = insert_video(conn, name=name, poses=TRACK, shot_cuts=[], **row)
        save_times(conn, video_id, np.arange(N_FRAMES) * 50, Fraction(1, 1000))
    save_npz(db.settings.video_folder(video_id) / "poses.npz", PoseSequence(make_keypoints(N_FRAMES), (1280, 720)))
    return video_id


@pytest.fixture
def labelled(db: Database, ann: Annotator) -> Database:
    """Two videos with poses and labels of Ann, who labelled more of the first one than Ben; and one without labels."""
    with db.write() as conn:
        ben = add_annotator(conn, "Ben")
    for name in ("one", "two", "unseen"):
        video_id = add_posed_video(db, name)
        if name != "unseen":
            for start in (40, 200, 350):
                Hand(db, ann.annotator_id, video_id).create(8, start, start + 39)
    Hand(db, ben.annotator_id, 1).create(31, 100, 120)
    return db


def test_a_project_s_recordings_are_labelled_videos_in_their_own_seconds(labelled: Database) -> None:
    recordings = load_project_recordings(labelled)
    assert len(recordings) == 2
    for recording in recordings:
        assert recording.spans.columns.tolist() == [COLUMN[8]] * 3
        assert np.allclose(recording.spans.starts, np.array([40, 200, 350]) * 0.05 - 0.025)
        assert np.allclose(recording.spans.ends - recording.spans.starts, 40 * 0.05)
        assert len(recording.features) == pytest.approx(N_FRAMES * 0.05 * 25, abs=2)


def test_a_project_trains_its_own_scanner_from_the_bundled_one(
    labelled: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    data = str(labelled.settings.data)
    assert cli.main(["train", "scanner", "--data", data, "--minutes", "0.05", "--device", "cpu"]) == 0
    assert "trained on user data" in capsys.readouterr().out
    folder = get_model_folder("scanner-own", labelled.settings.data)
    card = load_card(folder)
    assert (card.trained_on, card.recipe["recordings"]) == ("user", 2)
    assert load_scanner(folder, "cpu").card == card


def test_acted_interviews_train_a_scanner(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "acted"
    arguments = [
        "train",
        "scanner",
        "--data",
        "synthetic",
        "--minutes",
        "0.1",
        "--seed",
        "5",
        "--out",
        str(out),
        "--json",
    ]
    assert cli.main(arguments) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["name"], told["recipe"]["seed"], told["recipe"]["interviews"] >= 4) == ("acted", 5, True)
    assert load_card(out).trained_on == "synthetic"


def test_an_emotion_model_is_trained_beside(tmp_path: Path) -> None:
    assert cli.main(["train", "emotion", "--out", str(tmp_path / "mood")]) == 0
    assert load_card(tmp_path / "mood").trained_on == "synthetic"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--minutes", "-1"], "TRAINING_MINUTES"),
        (["--minutes", "nan"], "TRAINING_MINUTES"),
        (["--data", "DATA"], "TRAINING_TOO_FEW"),
        (["--data", "DATA", "--start", "nobody"], "MODEL_UNKNOWN"),
    ],
)
def test_what_cannot_be_trained_is_refused(
    db: Database, arguments: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(db.settings.data) if a == "DATA" else a for a in arguments]
    assert cli.main(["train", "scanner", *given, "--out", str(db.settings.models / "x")]) == 1
    assert code in capsys.readouterr().err
    assert not (db.settings.models / "x").exists()
