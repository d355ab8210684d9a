"""Step ``proxy``: the browser's copy, the thumbnail and the shot cuts, in a child. It starts anew each time."""

from __future__ import annotations

from db.derived import save_derived
from db.videos import update_video
from imigue_core.errors import WorkerError
from imigue_core.jobs.probe import validate_unchanged
from imigue_core.jobs.step_run import Progress, StepRun
from imigue_core.studio.videos.derived import seal_files
from imigue_core.studio.videos.probing import get_source, load_facts
from imigue_core.video.probe_facts import ProbeFacts
from imigue_core.video.proxy import ProxyResult, make_proxy
from imigue_core.video_folder import VideoFolder


def run_proxy(step: StepRun) -> None:
    """Writes the proxy and the thumbnail into the video's folder."""
    video = step.load_video()
    source = get_source(step.db.settings, video)
    with step.db.read() as conn:
        facts = load_facts(conn, video)
    if facts is None:
        raise WorkerError("VIDEO_NOT_READY", "expected a video that was read, got one that was not.")
    result = step.run_in_child(copy_file, source, video.sha256, step.files, facts)
    made = seal_files(step.files, (path for path in (step.files.proxy, step.files.thumb) if path.is_file()))
    with step.recording() as conn:
        save_derived(conn, video.video_id, made)
        update_video(
            conn, video.video_id, proxy_width=result.width, proxy_height=result.height, shot_cuts=result.shot_cuts
        )


def copy_file(source: str, sha256: str, files: VideoFolder, probe: ProbeFacts, on_progress: Progress) -> ProxyResult:
    """In the child: the proxy and its thumbnail."""
    validate_unchanged(source, sha256, on_progress)
    return make_proxy(source, files.proxy, probe, on_progress, thumb=files.thumb)
