"""Step ``mask``: the copy of the proxy with the face masked, in a child. It starts anew each time."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

from db.derived import save_derived
from imigue_core.errors import WorkerError
from imigue_core.files import write_atomic
from imigue_core.jobs.step_run import Progress, StepCancelledError, StepRun
from imigue_core.skeleton.pose import load_npz
from imigue_core.studio.videos.derived import seal_files
from imigue_core.studio.videos.viewing import is_masked, make_note
from imigue_core.video.deidentify import make_masked
from imigue_core.video_folder import VideoFolder


def run_mask(step: StepRun) -> None:
    """Writes the masked copy and the note that says which poses it was made from.

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
    files = step.files
    try:
        step.run_in_child(mask_file, files, scale, video.fps, video.n_frames, video.shot_cuts or [])
        made = seal_files(files, [files.masked_arriving])
        with step.recording() as conn:
            note = make_note(video)
            if make_note(step.load_video()) != note:
                raise StepCancelledError  # the poses to come bring a mask of their own
            files.mask_note.unlink(missing_ok=True)
            files.masked_arriving.replace(files.masked)
            write_atomic(files.mask_note, lambda file: file.write(json.dumps(note).encode()))
            masked = replace(made[0], path=files.name(files.masked))
            save_derived(conn, video.video_id, [masked, *seal_files(files, [files.mask_note])])
    finally:
        files.masked_arriving.unlink(missing_ok=True)


def mask_file(
    files: VideoFolder,
    scale: tuple[float, float],
    fps: Fraction,
    n_frames: int,
    shot_cuts: list[int],
    on_progress: Progress,
) -> int:
    """In the child: the masked copy, beside the one that may be there."""
    poses = load_npz(files.poses, n_frames=n_frames)
    proxy, target = files.proxy, files.masked_arriving
    return make_masked(proxy, target, poses.keypoints, scale, on_progress, fps=fps, shot_cuts=shot_cuts)
