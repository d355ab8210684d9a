"""Step ``proxy``: the browser's copy, the thumbnail and the shot cuts, in a child. It starts anew each time."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from db.videos import Video, load_times, update_video
from imigue_core.errors import WorkerError
from imigue_core.jobs.probe import validate_unchanged
from imigue_core.jobs.step_run import Progress, StepRun
from imigue_core.studio.videos.probing import get_source
from imigue_core.video.probe import ProbeResult
from imigue_core.video.proxy import ProxyResult, make_proxy
from imigue_core.video_folder import VideoFolder


def run_proxy(step: StepRun) -> None:
    """Writes the proxy and the thumbnail into the video's folder."""
    video = step.load_video()
    source = get_source(step.db.settings, video)
    result = step.run_in_child(copy_file, source, video.sha256, step.files, _rebuild_probe(step, video))
    with step.recording() as conn:
        update_video(
            conn, video.video_id, proxy_width=result.width, proxy_height=result.height, shot_cuts=result.shot_cuts
        )


def copy_file(source: str, sha256: str, files: VideoFolder, probe: ProbeResult, on_progress: Progress) -> ProxyResult:
    """In the child: the proxy and its thumbnail."""
    validate_unchanged(source, sha256, on_progress)
    return make_proxy(source, files.proxy, probe, on_progress, thumb=files.thumb)


def _rebuild_probe(step: StepRun, video: Video) -> ProbeResult:
    """What the probe found, from the database."""
    with step.db.read() as conn:
        times = load_times(conn, video.video_id)
    if times is None or video.fps is None or video.n_frames is None or not video.width or not video.height:
        raise WorkerError("VIDEO_NOT_READY", "expected a video that was read, got one that was not.")
    found = video.probe or {}
    return ProbeResult(
        codec=found["codec"],
        width=video.width,
        height=video.height,
        rotation=found["rotation"],
        n_frames=video.n_frames,
        header_frames=found["header_frames"],
        fps=Fraction(video.fps),
        pts=times[0].astype(np.int64),
        time_base=times[1],
        is_variable=found["is_variable"],
        warnings=list(found["warnings"]),
        has_audio=found["has_audio"],
    )
