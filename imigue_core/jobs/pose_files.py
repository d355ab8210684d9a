"""The files of a pose track: finished ranges, the whole track, chunks for the browser, a thumbnail."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from db.derived import DerivedFile
from imigue_core.errors import InputError
from imigue_core.files import write_atomic
from imigue_core.jobs.child import Progress
from imigue_core.skeleton.chunks import CHUNK_FRAMES, get_chunk_name, write_chunks
from imigue_core.skeleton.pose import PoseSequence, load_npz, save_npz
from imigue_core.skeleton.thumbnail import draw_thumbnail_svg, find_thumbnail_frame
from imigue_core.studio.videos.derived import find_flaw
from imigue_core.video_folder import VideoFolder


def write_track_files(files: VideoFolder, poses: PoseSequence, on_progress: Progress) -> None:
    """Writes chunks and thumbnail of a whole track; ``poses.size`` is known."""
    assert poses.size is not None
    for start in range(0, poses.n_frames, CHUNK_FRAMES):
        stop = min(start + CHUNK_FRAMES, poses.n_frames)
        write_chunks(files.chunks, poses.keypoints[start:stop], start, poses.size)
        on_progress(stop, poses.n_frames)
    write_thumbnail(files, poses)


def write_thumbnail(files: VideoFolder, poses: PoseSequence) -> None:
    """Draws the skeleton of the frame that shows most of the person; an empty picture when there is none."""
    assert poses.size is not None
    frame = find_thumbnail_frame(poses.keypoints) or 0
    drawing = draw_thumbnail_svg(poses.keypoints[frame], *poses.size).encode()
    write_atomic(files.skeleton_thumb, lambda file: file.write(drawing), durable=False)


@dataclass(frozen=True, slots=True)
class RangeStore:
    """Finished ranges of an extraction under way.

    Attributes:
        files: The video's.
        size: Width and height of the upright source picture, pixels.
    """

    files: VideoFolder
    size: tuple[int, int]

    def open(self, made_for: dict[str, Any]) -> None:
        """Keeps the ranges that are there when they were made for the same, else starts empty.

        Args:
            made_for: What the points depend on: revision, box, length.
        """
        note = self.files.ranges_note
        wanted = json.dumps(made_for, sort_keys=True)
        if note.is_file() and note.read_text() == wanted:
            return
        for folder in (self.files.ranges, self.files.chunks):
            shutil.rmtree(folder, ignore_errors=True)
        write_atomic(note, lambda file: file.write(wanted.encode()))

    def find(self, start: int, stop: int) -> NDArray[np.float32] | None:
        """The points (stop - start, 137, 3) of a finished range, None when it is not whole."""
        try:
            return load_npz(self._get_path(start), n_frames=stop - start).keypoints
        except InputError:
            return None

    def save(self, start: int, keypoints: NDArray[np.float32]) -> None:
        """Stores a range and its chunk."""
        save_npz(self._get_path(start), PoseSequence(keypoints, self.size))
        write_chunks(self.files.chunks, keypoints, start, self.size)

    def mend_chunk(self, start: int, keypoints: NDArray[np.float32], known: dict[str, DerivedFile]) -> None:
        """Writes the chunk of a range that was saved just before the worker died, or that is not what was made."""
        path = self.get_chunk_path(start)
        made = known.get(self.files.name(path))
        if made is None or find_flaw(path, made, thorough=True) is not None:
            write_chunks(self.files.chunks, keypoints, start, self.size)

    def get_chunk_path(self, start: int) -> Path:
        """The chunk of the range that begins at frame ``start``."""
        return self.files.chunks / get_chunk_name(start // CHUNK_FRAMES)

    def finish(self, ranges: list[tuple[int, int]]) -> None:
        """Writes the whole track and its thumbnail."""
        parts = [load_npz(self._get_path(start), n_frames=stop - start).keypoints for start, stop in ranges]
        poses = PoseSequence(np.concatenate(parts), self.size)
        save_npz(self.files.poses, poses)
        write_thumbnail(self.files, poses)

    def close(self) -> None:
        """Removes the ranges, once the whole track is there."""
        shutil.rmtree(self.files.ranges, ignore_errors=True)

    def _get_path(self, start: int) -> Path:
        return self.files.range_file(start)
