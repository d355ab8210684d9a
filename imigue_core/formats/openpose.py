"""Folders of OpenPose JSON: one ``<stem>_<frame>_keypoints.json`` a frame, read into a pose sequence.

The number in a name is the frame. Format: CMU-Perceptual-Computing-Lab/openpose,
doc/02_output.md, BODY_25 with face and hands. Which person is followed is decided here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.files import read_regular
from imigue_core.formats.strict_json import parse_strict_json, refuse_many_values
from imigue_core.limits import OPENPOSE_FILE, PEOPLE, POSE_FRAMES
from imigue_core.skeleton.layout import BODY_SLICE, N_KEYPOINTS, NECK
from imigue_core.skeleton.pose import PoseSequence, refuse_frames, validate_keypoints

CONFIDENCE_LIMIT = 1.5
"""OpenPose's confidence is the height of a peak and can lie over 1 (its issue 615 shows 1.41)."""
_NAME = re.compile(r"(.*?)_?([0-9]{1,12})_keypoints\.json")
_SETS = (
    ("pose_keypoints_2d", 25),
    ("face_keypoints_2d", 70),
    ("hand_left_keypoints_2d", 21),
    ("hand_right_keypoints_2d", 21),
)
_SHOWN_FRAMES = 20

Box = tuple[float, float, float, float]
"""x, y, width and height in pixels of the upright source picture."""
OnProgress = Callable[[int, int], None]
"""Called with what is done and what there is to do."""


def load_openpose_folder(
    folder: str | os.PathLike[str],
    *,
    n_frames: int | None = None,
    size: tuple[int, int] | None = None,
    box: Box | None = None,
    fill_gaps: bool = False,
    on_progress: OnProgress | None = None,
) -> PoseSequence:
    """One person's poses from a folder of OpenPose's JSON files.

    Frames before the first file count as frames without a person, so that a frame
    keeps its number. With several people in the picture the one inside ``box`` is
    followed, else the largest, from then on whoever is nearest to the last neck.

    Args:
        folder: Holds ``*_keypoints.json`` of one video.
        n_frames: Frames the video has; None: up to the last file.
        size: Width and height of the upright picture, pixels.
        box: Where the person is, see ``Box``; at least half of the points must lie in it.
        fill_gaps: Take frames that have no file for frames without a person.
        on_progress: Told the number of files read.

    Raises:
        InputError: ``POSE_EMPTY``, ``POSE_GAP``, ``POSE_LENGTH``, ``POSE_SHAPE``,
            ``POSE_TOO_LARGE``, ``POSE_NOT_FINITE``, ``POSE_CONFIDENCE``, ``POSE_MIXED``,
            ``PATH_OUTSIDE_ROOT``, ``NOT_A_FILE`` or a ``JSON_*`` code.
    """
    folder = Path(folder)
    files = list_openpose_files(folder)
    length = _validate_frames(sorted(files), n_frames, fill_gaps, str(folder))
    keypoints = np.zeros((length, N_KEYPOINTS, 3), np.float32)
    last_neck: NDArray[np.float32] | None = None
    for n_done, frame in enumerate(sorted(files), start=1):
        people = _read_people(files[frame])
        person = _choose_person(people, box, last_neck)
        if person is not None:
            keypoints[frame] = person
            last_neck = _locate_neck(person)
        if on_progress is not None and (n_done % 250 == 0 or n_done == len(files)):
            on_progress(n_done, len(files))
    clean = validate_keypoints(keypoints, where=str(folder), confidence_limit=CONFIDENCE_LIMIT, may_change=True)
    return PoseSequence(clean, size)


def list_openpose_files(folder: Path) -> dict[int, Path]:
    """Frame number -> file of a folder, without reading the files.

    Raises:
        InputError: ``POSE_EMPTY`` when there is none, ``POSE_MIXED`` for files of several
            videos, ``POSE_TOO_LARGE`` or ``PATH_OUTSIDE_ROOT``.
    """
    files: dict[int, Path] = {}
    stems: set[str] = set()
    root = folder.resolve()
    with os.scandir(folder) as entries:
        for entry in entries:
            match = _NAME.fullmatch(entry.name)
            if match is None:
                continue
            frame = int(match[2])
            if frame >= POSE_FRAMES.most:
                message = f"expected frames below {POSE_FRAMES.most:,}, got {frame}."
                raise InputError("POSE_TOO_LARGE", message, where=entry.path)
            if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(root):
                message = "expected files inside the folder, got a link out of it."
                raise InputError("PATH_OUTSIDE_ROOT", message, where=entry.path)
            stems.add(match[1])
            if frame in files or len(stems) > 1:
                raise InputError(
                    "POSE_MIXED",
                    f"expected one file a frame of one video, got {entry.name} too.",
                    hint="Put each video's files into a folder of their own.",
                    where=str(folder),
                )
            files[frame] = Path(entry.path)
    if not files:
        raise InputError("POSE_EMPTY", "expected *_keypoints.json files, got none.", where=str(folder))
    return files


def _validate_frames(frames: list[int], n_frames: int | None, fill_gaps: bool, where: str) -> int:
    """Frames the sequence gets."""
    length = frames[-1] + 1 if n_frames is None else n_frames
    if frames[-1] >= length:
        raise InputError(
            "POSE_LENGTH", f"expected frames below {length:,}, as the video has, got frame {frames[-1]}.", where=where
        )
    refuse_frames(length, n_frames, POSE_FRAMES.most, where)
    if fill_gaps:
        return length
    missing = sorted(set(range(frames[0], frames[-1])) - set(frames))
    if missing:
        shown = ", ".join(map(str, missing[:_SHOWN_FRAMES])) + (", ..." if len(missing) > _SHOWN_FRAMES else "")
        raise InputError(
            "POSE_GAP",
            f"expected a file for every frame, got none for {len(missing):,} frames [{shown}].",
            hint="Fill the gaps with missing points if these frames have no poses.",
            where=where,
        )
    if frames[-1] + 1 != length:
        raise InputError(
            "POSE_LENGTH",
            f"expected poses for {length:,} frames, as the video has, got them up to frame {frames[-1]}.",
            where=where,
        )
    return length


def _read_people(path: Path) -> list[NDArray[np.float32]]:
    """(137, 3) points of everybody in one file who has any."""
    where = str(path)
    value = parse_strict_json(refuse_many_values(read_regular(path, OPENPOSE_FILE.most), where), where)
    people = value.get("people") if isinstance(value, dict) else None
    if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
        raise InputError("POSE_SHAPE", "expected an object with a list of people.", where=where)
    if len(people) > PEOPLE.most:
        message = f"expected at most {PEOPLE.most} people, got {len(people):,}."
        raise InputError("POSE_TOO_LARGE", message, where=where)
    found = [_read_person(person, where) for person in people]
    return [points for points in found if (points[:, 2] > 0).any()]


def _read_person(person: dict[str, Any], where: str) -> NDArray[np.float32]:
    numbers: list[float] = []
    for name, n_points in _SETS:
        values = person.get(name) or [0.0] * (3 * n_points)
        if not isinstance(values, list) or len(values) != 3 * n_points:
            got = len(values) if isinstance(values, list) else type(values).__name__
            raise InputError("POSE_SHAPE", f"{name}: expected {3 * n_points} numbers, got {got}.", where=where)
        if not set(map(type, values)) <= {int, float}:
            raise InputError("POSE_SHAPE", f"{name}: expected numbers only.", where=where)
        numbers += values
    try:
        with np.errstate(over="ignore"):
            points = np.array(numbers, np.float32).reshape(N_KEYPOINTS, 3)
    except OverflowError as error:
        raise InputError("NUMBER_TOO_LARGE", "expected pixels, got a larger number.", where=where) from error
    if not np.isfinite(points).all():
        raise InputError("POSE_NOT_FINITE", "expected pixels, got a larger number.", where=where)
    return points


def _choose_person(
    people: list[NDArray[np.float32]], box: Box | None, last_neck: NDArray[np.float32] | None
) -> NDArray[np.float32] | None:
    if box is not None:
        people = [person for person in people if _compute_share_inside(person, box) >= 0.5]
    if not people:
        return None
    if last_neck is None:
        return max(people, key=_compute_area)
    return min(people, key=lambda person: float(np.linalg.norm(_locate_neck(person) - last_neck)))


def _compute_share_inside(person: NDArray[np.float32], box: Box) -> float:
    x, y, width, height = box
    points = person[person[:, 2] > 0]
    inside = (points[:, 0] >= x) & (points[:, 0] <= x + width) & (points[:, 1] >= y) & (points[:, 1] <= y + height)
    return float(inside.mean())


def _compute_area(person: NDArray[np.float32]) -> float:
    """Square pixels of the upright box around the found body points, or around all when no body was found."""
    body = person[BODY_SLICE]
    points = body if (body[:, 2] > 0).any() else person
    found = points[points[:, 2] > 0, :2]
    return float(np.prod(found.max(axis=0) - found.min(axis=0)))


def _locate_neck(person: NDArray[np.float32]) -> NDArray[np.float32]:
    """Where the neck is, or the middle of the found points when it is not seen."""
    if person[NECK, 2] > 0:
        return person[NECK, :2]
    return np.asarray(person[person[:, 2] > 0, :2].mean(axis=0), np.float32)
