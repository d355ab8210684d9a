"""``demo`` on the command line: a project of acted interviews, so that every page has something to show.

The three videos are drawn from the performers; their labels are the truth seen through two
people's eyes, with edges that differ and a gesture missed now and then. Nobody real is in them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import uuid
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from db.engine import Database
from db.people import add_annotator, find_annotator
from db.videos import find_video_by_number, get_video
from imigue_core.commands.parts import Subparsers, add_command, open_project
from imigue_core.commands.waiting import finish_steps
from imigue_core.errors import ConflictError
from imigue_core.settings import MAX_EDITS_PER_POST
from imigue_core.skeleton.pose import save_npz
from imigue_core.studio.demo import close_demo, is_demo
from imigue_core.studio.edits.annotating import apply_edits
from imigue_core.studio.videos.adding import load_pose_source, register_file
from imigue_core.studio.videos.library import list_library
from imigue_core.studio.videos.video_info import VideoMeta
from imigue_core.studio.videos.viewing import set_view
from imigue_core.synthesis.interview import Interview, InterviewSpec, make_interview
from imigue_core.synthesis.mannequin import LOOKS
from imigue_core.synthesis.render import Scenery, render_interview
from imigue_core.synthesis.stage_set import ROOMS

FPS = Fraction(25)
ANNOTATORS = ("Demo Aino", "Demo Bruno")
_EDGE_SD_FRAMES = 2.5
_MISSED = 0.12
_ID_SPACE = uuid.UUID("6f1f2c1e-6d0a-4f0e-9a54-3c6b7b0d7a11")
"""Ids of edits are made from names in it, so that a demo made again holds the same labels."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One video of the demo: a seed whose camera and gestures show well, its length, and what is known of it."""

    seed: int
    duration_s: float
    outcome: str
    emotions: tuple[str | None, str | None]
    valences: tuple[int | None, int | None]
    """Of the ratings, 1 to 7."""
    labelled_s: tuple[float, float]
    """How far each annotator has come, seconds."""


SCENES = (
    Scene(55, 75.0, "win", ("positive", "positive"), (6, 5), (75.0, 75.0)),
    Scene(101, 66.0, "lose", ("negative", "unsure"), (2, 4), (66.0, 40.0)),
    Scene(60, 84.0, "win", (None, None), (None, None), (24.0, 0.0)),
)


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    add_command(subparsers, "demo", "make a project of acted interviews, unless it is there", run_demo, has_json=False)


def run_demo(args: argparse.Namespace) -> int:
    """Makes what is missing of the demo; does nothing when it is whole."""
    with open_project(args, create=True) as db:
        make_demo(db)
    return 0


def make_demo(db: Database, scenes: tuple[Scene, ...] = SCENES) -> None:
    """Fills an empty project with acted interviews and closes it; goes on where an earlier try stopped.

    Raises:
        ConflictError: ``DEMO_FOLDER`` when the project has videos of somebody's own.
    """
    if is_demo(db):
        return
    _refuse_other_projects(db, scenes)
    print("Making the demo project, once: acted interviews of about a minute.", file=sys.stderr)
    for number, scene in enumerate(scenes, start=1):
        _make_video(db, number, scene)
    set_view(db, "source", None)
    close_demo(db)


def _refuse_other_projects(db: Database, scenes: tuple[Scene, ...]) -> None:
    """Videos of somebody's own are never mixed with acted ones."""
    known = {name_scene(number) for number in range(1, len(scenes) + 1)}
    if any(item.video.name not in known for item in list_library(db)):
        message = f"expected an empty folder for the demo, got the project at {db.settings.data}."
        raise ConflictError("DEMO_FOLDER", message, hint="Name another folder with --data.")


def name_scene(number: int) -> str:
    """What the Library calls a video of the demo."""
    return f"Acted interview {number}"


def _make_video(db: Database, number: int, scene: Scene) -> None:
    spec = InterviewSpec(
        scene.seed, scene.duration_s, FPS, mix="tempered", profile="mediapipe", outcome=scene.outcome, dialects="all"
    )
    interview = make_interview(spec)
    video_id = _add_video(db, number, scene, interview)
    for person, name in enumerate(ANNOTATORS):
        _label(db, video_id, number, scene, interview, person, name)


def _add_video(db: Database, number: int, scene: Scene, interview: Interview) -> int:
    with db.read() as conn:
        known = find_video_by_number(conn, number)
    if known is not None and known.has_proxy:
        return known.video_id
    posture = interview.performance.posture
    scenery = Scenery(
        LOOKS[number % len(LOOKS)], ROOMS[number % len(ROOMS)], posture.desk_height, posture.desk_distance, scene.seed
    )
    with tempfile.TemporaryDirectory(dir=db.settings.data, prefix=".demo-") as folder:
        path, poses = Path(folder) / f"{name_scene(number)}.mp4", Path(folder) / "poses.npz"
        render_interview(path, interview.performance.points, interview.shots, interview.times, scenery, FPS, _tell)
        print("\r\x1b[K" if sys.stderr.isatty() else "", end="", file=sys.stderr)
        save_npz(poses, interview.poses)
        outcome = scene.outcome.capitalize()
        meta = VideoMeta(
            number=number, subject_id=str(number), outcome=outcome, notes="Acted by a mannequin; nobody real."
        )
        added = register_file(db, path, meta=meta, poses=load_pose_source(poses))
        finish_steps(db, [added.video_id])
    return added.video_id


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"\r\x1b[Kdrawing {done:,}/{total:,} frames", end="", file=sys.stderr, flush=True)


def _label(
    db: Database, video_id: int, number: int, scene: Scene, interview: Interview, person: int, name: str
) -> None:
    """Gives a video one person's labels and rating, as the player would send them."""
    with db.write() as conn:
        annotator = find_annotator(conn, name) or add_annotator(conn, name)
        n_frames = get_video(conn, video_id).n_frames or len(interview.times)
    client = str(uuid.uuid5(_ID_SPACE, f"{number}/{person}"))
    edits = _list_edits(interview, n_frames, scene, number, person)
    if scene.emotions[person] is not None:
        edits.append({"kind": "rate", "emotion": scene.emotions[person], "valence": scene.valences[person]})
    for i, edit in enumerate(edits):
        edit |= {
            "client_seq": i + 1,
            "edit_id": str(uuid.uuid5(_ID_SPACE, f"{number}/{person}/edit/{i}")),
            "video_id": video_id,
            "base_version": 0,
            "provenance": {"view_mode": "skeleton", "active_ms": 4000, "player_version": "demo", "suggestion": None},
        }
    for start in range(0, len(edits), MAX_EDITS_PER_POST):
        part = edits[start : start + MAX_EDITS_PER_POST]
        apply_edits(db, annotator_id=annotator.annotator_id, client=client, edits=part)


def _list_edits(interview: Interview, n_frames: int, scene: Scene, number: int, person: int) -> list[dict[str, Any]]:
    """What this person saw: most gestures, with edges a few frames off."""
    rng = np.random.default_rng([scene.seed, number, person])
    edits: list[dict[str, Any]] = []
    for i, label in enumerate(interview.labels):
        off = np.round(rng.normal(0, _EDGE_SD_FRAMES, 2)).astype(int)
        is_missed = rng.random() < _MISSED
        if is_missed or label.end_frame >= scene.labelled_s[person] * FPS:
            continue
        start = int(np.clip(label.start_frame + off[0], 0, n_frames - 1))
        edits.append(
            {
                "kind": "create",
                "annotation_id": str(uuid.uuid5(_ID_SPACE, f"{number}/{person}/label/{i}")),
                "class_id": label.class_id,
                "start_frame": start,
                "end_frame": int(np.clip(label.end_frame + off[1], start, n_frames - 1)),
            }
        )
    return edits
