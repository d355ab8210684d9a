"""Step ``mask``: the copy of the proxy with the face masked, in a child. It starts anew each time."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

from imigue_core.errors import WorkerError
from imigue_core.files import write_atomic
from imigue_core.jobs.pose_files import POSES
from imigue_core.jobs.step_run import Progress, StepCancelledError, StepRun
from imigue_core.skeleton.pose import load_npz
from imigue_core.studio.videos.viewing import MASK_NOTE, MASKED_FILE, is_masked, make_note
from imigue_core.video.deidentify import make_masked

_ARRIVING = "masked.new.mp4"


def run_mask(step: StepRun) -> None:
    """Writes ``masked.mp4`` and the note that says which poses it was made from.

    Raises:
        StudioError: The video or its poses cannot be read; a copy made before stays as it was.
    """
    video = step.load_video()
    if is_masked(step.db.settings, video):
        return
    if not (video.poses_complete and video.fps and video.n_frames and video.has_proxy):
        raise WorkerError("VIDEO_NOT_READY", "expected a video with a proxy and whole poses, got one without.")
    if not (video.width and video.height and video.proxy_width and video.proxy_height):
        raise WorkerError("VIDEO_NOT_READY", "expected a video of known size, got one of unknown size.")
    scale = (video.width / video.proxy_width, video.height / video.proxy_height)
    arriving = step.folder / _ARRIVING
    try:
        step.run_in_child(mask_file, str(step.folder), scale, video.fps, video.n_frames, video.shot_cuts or [])
        with step.recording():
            note = make_note(video)
            if make_note(step.load_video()) != note:
                raise StepCancelledError  # the poses to come bring a mask of their own
            (step.folder / MASK_NOTE).unlink(missing_ok=True)
            arriving.replace(step.folder / MASKED_FILE)
            write_atomic(step.folder / MASK_NOTE, lambda file: file.write(json.dumps(note).encode()))
    finally:
        arriving.unlink(missing_ok=True)


def mask_file(
    folder: str,
    scale: tuple[float, float],
    fps: Fraction,
    n_frames: int,
    shot_cuts: list[int],
    on_progress: Progress,
) -> int:
    """In the child: the masked copy, beside the one that may be there."""
    place = Path(folder)
    poses = load_npz(place / POSES, n_frames=n_frames)
    proxy, target = place / "proxy.mp4", place / _ARRIVING
    return make_masked(proxy, target, poses.keypoints, scale, on_progress, fps=fps, shot_cuts=shot_cuts)
