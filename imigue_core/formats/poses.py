"""Poses that somebody brings along, whatever they are kept in: the one door to their readers.

What lives here is finding the inputs and choosing the reader; each format has its own file.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from imigue_core.errors import InputError
from imigue_core.files import open_regular
from imigue_core.formats.miga import find_separator, load_csv_table, load_xlsx_table
from imigue_core.formats.openpose import Box, OnProgress, load_openpose_folder
from imigue_core.formats.poses_npz import load_pose_npy, load_pose_npz
from imigue_core.limits import TABLE_FILE, TABLE_LINE
from imigue_core.skeleton.pose import PoseSequence

TABLE_SUFFIXES = (".xlsx", ".csv", ".npy", ".npz")
_FEWEST_COLUMNS = 200
"""A CSV file with fewer columns beside poses is a list of labels or of videos, or MiGA's short table of 106."""
_NUMBERED = re.compile(r"([0-9]{1,9})(?:_openpose)?")


@dataclass(frozen=True, slots=True)
class PoseInput:
    """The poses of one video that were found.

    Attributes:
        name: The file's name without its ending, or the folder's name.
        path: A table, or a folder of ``*_keypoints.json``.
        number: The video's number when the name is one (``0298``, ``0298_openpose``,
            ``0298/0298_2``), else None.
    """

    name: str
    path: Path
    number: int | None


def load_poses(
    path: str | os.PathLike[str],
    n_frames: int | None = None,
    size: tuple[int, int] | None = None,
    *,
    box: Box | None = None,
    fill_gaps: bool = False,
    on_progress: OnProgress | None = None,
) -> PoseSequence:
    """One person's poses from an OpenPose folder or a table (xlsx, csv, npy, npz).

    Args:
        path: The folder or file.
        n_frames: Frames the video has; None: as many as the poses have.
        size: Width and height of the upright source picture, pixels.
        box: x, y, width and height around the person, source pixels; for OpenPose folders,
            where several people may be in the picture.
        fill_gaps: For OpenPose folders: take frames without a file for frames without a person.
        on_progress: Told what is done and what there is to do, where reading takes long.

    Raises:
        InputError: ``FORMAT_NOT_SUPPORTED``, ``NOT_A_FILE``, or what the format's reader
            raises (``POSE_*``, ``JSON_*``, ``CSV_*``, ``ARCHIVE_*``).
    """
    path = Path(path)
    if path.is_dir():
        return load_openpose_folder(
            path, n_frames=n_frames, size=size, box=box, fill_gaps=fill_gaps, on_progress=on_progress
        )
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        return load_xlsx_table(path, n_frames=n_frames, size=size, on_progress=on_progress)
    if suffix == ".csv":
        return load_csv_table(path, n_frames=n_frames, size=size)
    if suffix == ".npy":
        return load_pose_npy(path, n_frames=n_frames, size=size)
    if suffix == ".npz":
        return load_pose_npz(path, n_frames=n_frames, size=size)
    raise InputError(
        "FORMAT_NOT_SUPPORTED",
        f"expected a folder of *_keypoints.json or one of {', '.join(TABLE_SUFFIXES)}, got {suffix or 'no ending'}.",
        where=str(path),
    )


def find_pose_inputs(path: str | os.PathLike[str]) -> list[PoseInput]:
    """The poses under a path, one item a video, in the order of their paths.

    A file or a folder of ``*_keypoints.json`` is one video. Any other folder is walked;
    hidden files, links to folders, and CSV files that are no poses are left out.

    Raises:
        InputError: ``NOT_A_FILE`` when absent, ``POSE_EMPTY`` when there are no poses,
            ``PATH_OUTSIDE_ROOT`` when a file links out of the folder.
    """
    root = Path(path).resolve()
    if not root.exists():
        raise InputError("NOT_A_FILE", "expected a file or folder, got nothing there.", where=str(path))
    if not root.is_dir():
        return [_describe(root)]
    found: list[PoseInput] = []
    for folder_text, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        folder = Path(folder_text)
        if any(name.endswith("_keypoints.json") for name in files):
            found.append(_describe(folder))
            folders.clear()
            continue
        for name in sorted(files):
            if _is_pose_table(folder / name, root):
                found.append(_describe(folder / name))
    if not found:
        raise InputError("POSE_EMPTY", "expected poses in the folder, got none.", where=str(path))
    return found


def _describe(path: Path) -> PoseInput:
    name = path.name if path.is_dir() else path.stem
    match = _NUMBERED.fullmatch(name)
    if match is not None:
        return PoseInput(name, path, int(match[1]))
    in_own_folder = path.parent.name.isdecimal() and path.parent.name.isascii() and name == f"{path.parent.name}_2"
    return PoseInput(name, path, int(path.parent.name) if in_own_folder else None)


def _is_pose_table(path: Path, root: Path) -> bool:
    if path.suffix.lower() not in TABLE_SUFFIXES or path.name.startswith((".", "~$")):
        return False
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        message = "expected files inside the folder, got a link out of it."
        raise InputError("PATH_OUTSIDE_ROOT", message, where=str(path))
    if path.suffix.lower() != ".csv":
        return True
    with open_regular(path, TABLE_FILE.most, code="POSE_TOO_LARGE") as file:
        first_line = file.readline(TABLE_LINE.most)
    return not first_line.strip() or first_line.count(find_separator(first_line).encode()) + 1 >= _FEWEST_COLUMNS
