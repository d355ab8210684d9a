"""Step ``probe``: reads a file from end to end in a child, and records or refuses it."""

from __future__ import annotations

from pathlib import Path

from imigue_core.errors import InputError
from imigue_core.files import is_plain_name, make_folder, move_path, stat_regular, storage_errors
from imigue_core.jobs.step_run import Progress, StepRun
from imigue_core.studio.videos.incoming import hash_file
from imigue_core.studio.videos.library import REFUSED_FOLDER
from imigue_core.studio.videos.probing import get_source, record_probe, refuse_media
from imigue_core.video.probe import probe_video
from imigue_core.video.probe_facts import ProbeFacts


def run_probe(step: StepRun) -> None:
    """Finds out what is in the source.

    Raises:
        InputError: The file is refused, with the code of the reason; it has left the project.
    """
    video = step.load_video()
    source = get_source(step.db.settings, video)
    try:
        facts = step.run_in_child(read_file, source, video.sha256)
        with step.recording() as conn:
            record_probe(conn, video.video_id, facts)
    except InputError as error:
        with step.recording() as conn:
            returned = _return_to_inbox(step, Path(source))
            refuse_media(conn, step.db.settings, video.video_id, error.code)
        if returned is not None:
            error.hint = f"{error.hint} The file lies in inbox/{REFUSED_FOLDER}/{returned.name} now.".strip()
        raise


def read_file(source: str, sha256: str, on_progress: Progress) -> ProbeFacts:
    """In the child: what is in a file, after making sure that it is the file that was added."""
    validate_unchanged(source, sha256, on_progress)
    return probe_video(source, on_progress)


def validate_unchanged(source: str, sha256: str, on_progress: Progress) -> None:
    """Refuses a source that is no longer the file that was added.

    Raises:
        InputError: ``VIDEO_HASH_CHANGED``, or ``NOT_A_FILE`` when it is gone.
    """
    if hash_file(Path(source), lambda: on_progress(0, 0)) != sha256:
        message = "expected the file as it was added, got another content."
        hint = "Remove the video and add it again."
        raise InputError("VIDEO_HASH_CHANGED", message, hint=hint, where=Path(source).name)


def _return_to_inbox(step: StepRun, source: Path) -> Path | None:
    """A file that was moved in from the inbox is somebody's only copy: it goes back; returns where to."""
    name = step.params.get("inbox_name")
    if not name or stat_regular(source) is None:
        return None
    if not is_plain_name(name):  # written by nobody of ours; the file goes back all the same
        name = f"{step.video_id}-{source.name}"
    folder = step.db.settings.inbox / REFUSED_FOLDER
    target: Path = folder / name
    with storage_errors():
        make_folder(folder)
        if target.exists():
            target = folder / f"{step.video_id}-{name}"
        move_path(source, target)
    return target
