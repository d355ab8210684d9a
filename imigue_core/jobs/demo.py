"""Step ``demo``: acted interviews, so that every page has something to show. It belongs to no video.

The videos are drawn from the performers; their labels are the truth seen through two people's
eyes, with edges that differ and a gesture missed now and then. Nobody real is in them. What costs
least comes first: a video of poses alone, which plays as a skeleton while the pictures are drawn.
"""

from __future__ import annotations

import shutil
import uuid
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from db.engine import Database
from db.jobs import KEPT_AT
from db.people import add_annotator, find_annotator
from db.videos import Video, find_video_by_number, insert_video
from imigue_core.files import make_folder
from imigue_core.formats.poses import PoseInput
from imigue_core.jobs.step_run import Progress, StepInterruptedError, StepRun
from imigue_core.settings import MAX_EDITS_PER_POST
from imigue_core.skeleton.pose import save_npz
from imigue_core.studio.demo import ANNOTATORS, Scene, close_demo, name_scene, read_scenes
from imigue_core.studio.edits.annotating import apply_edits
from imigue_core.studio.videos.adding import load_pose_source, register_file, register_poses_only
from imigue_core.studio.videos.video_info import VideoMeta
from imigue_core.synthesis.interview import Interview, InterviewSpec, make_interview
from imigue_core.synthesis.mannequin import LOOKS
from imigue_core.synthesis.render import Scenery, render_interview
from imigue_core.synthesis.stage_set import ROOMS

FPS = Fraction(25)
FOLDER = ".demo"
"""Inside the project, while the demo is made: what is to be registered, and poses that wait to be read."""
_EDGE_SD_FRAMES = 2.5
_MISSED = 0.12
_ID_SPACE = uuid.UUID("6f1f2c1e-6d0a-4f0e-9a54-3c6b7b0d7a11")
"""Ids of edits are made from names in it, so that a demo made again holds the same labels."""


@dataclass(frozen=True, slots=True)
class _Part:
    """A scene with its number, from 1."""

    number: int
    scene: Scene

    @property
    def n_frames(self) -> int:
        return round(self.scene.duration_s * FPS)

    @property
    def n_drawn(self) -> int:
        """Frames that have to be drawn."""
        return self.n_frames if self.scene.has_picture else 0


def run_demo(step: StepRun) -> None:
    """Makes what is missing of the demo, a video at a time, and closes it.

    Raises:
        StepInterruptedError: The steps of a video that has just been made go first.
    """
    parts = [_Part(number, scene) for number, scene in enumerate(read_scenes(step.params), start=1)]
    total = sum(part.n_drawn for part in parts)
    # All are in the list from the start, in their order, also where a later one is made first.
    videos = [_find_or_insert(step.db, part) for part in parts]
    done = 0
    for part, video in sorted(zip(parts, videos, strict=True), key=lambda pair: pair[0].scene.has_picture):
        if video.sha256 is None:
            _make_video(step, part, video, partial(_tell, step, done, total))
            step.params[KEPT_AT] = step.job.attempts
        done += part.n_drawn
        step.tell(done, total, at_once=True)
        if step.is_in_the_way():
            raise StepInterruptedError
    close_demo(step.db)
    shutil.rmtree(step.db.settings.data / FOLDER, ignore_errors=True)


def _tell(step: StepRun, before: int, total: int, n_drawn: int, _: int) -> None:
    step.tell(before + n_drawn, total)


def _find_or_insert(db: Database, part: _Part) -> Video:
    """The video of a scene; a new one has labels only until its poses or its picture come."""
    with db.write() as conn:
        known = find_video_by_number(conn, part.number)
        if known is None:
            insert_video(
                conn,
                name=name_scene(part.number),
                kind="labels",
                number=part.number,
                n_frames=part.n_frames,
                fps_num=FPS.numerator,
                fps_den=FPS.denominator,
                subject_id=str(part.number),
                outcome=part.scene.outcome.capitalize(),
                notes="Acted by a mannequin; nobody real.",
            )
            known = find_video_by_number(conn, part.number)
        assert known is not None
        return known


def act(scene: Scene) -> Interview:
    """The interview of a scene: what its actor does, as a detector sees it."""
    spec = InterviewSpec(
        scene.seed, scene.duration_s, FPS, mix="tempered", profile="mediapipe", outcome=scene.outcome, dialects="all"
    )
    return make_interview(spec)


def _make_video(step: StepRun, part: _Part, video: Video, on_progress: Progress) -> None:
    """Labels a scene and gives it what is to be seen; the labels come first, so that it is whole once it plays."""
    scene = part.scene
    interview = act(scene)
    for person, name in enumerate(ANNOTATORS):
        _label(step.db, video.video_id, part, interview, person, name)
    folder = step.db.settings.data / FOLDER
    make_folder(folder)
    poses = folder / f"{part.number}.npz"
    save_npz(poses, interview.poses)
    if not scene.has_picture:
        found = PoseInput(video.name, poses, part.number)
        register_poses_only(step.db, found, fps=FPS, size=interview.size, for_demo=True)
        return
    path = folder / f"{video.name}.mp4"
    _draw(path, part, interview, on_progress)
    meta, source = VideoMeta(number=part.number), load_pose_source(poses)
    register_file(step.db, path, meta=meta, poses=source, move=True, for_demo=True)


def _draw(path: Path, part: _Part, interview: Interview, on_progress: Progress) -> None:
    posture, number = interview.performance.posture, part.number
    scenery = Scenery(
        LOOKS[number % len(LOOKS)],
        ROOMS[number % len(ROOMS)],
        posture.desk_height,
        posture.desk_distance,
        part.scene.seed,
    )
    render_interview(path, interview.performance.points, interview.shots, interview.times, scenery, FPS, on_progress)


def _label(db: Database, video_id: int, part: _Part, interview: Interview, person: int, name: str) -> None:
    """Gives a video one person's labels and rating, as the player would send them."""
    number, scene = part.number, part.scene
    with db.write() as conn:
        annotator = find_annotator(conn, name) or add_annotator(conn, name)
    client = str(uuid.uuid5(_ID_SPACE, f"{number}/{person}"))
    edits = _list_edits(interview, part, person)
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
        apply_edits(
            db,
            annotator_id=annotator.annotator_id,
            client=client,
            edits=edits[start : start + MAX_EDITS_PER_POST],
        )


def _list_edits(interview: Interview, part: _Part, person: int) -> list[dict[str, Any]]:
    """What this person saw: most gestures, with edges a few frames off."""
    number, scene, n_frames = part.number, part.scene, part.n_frames
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
