"""Adding videos and poses: known content changes nothing, new content gets a place and its jobs.

Here it is decided which video a file belongs to. Files are hashed and moved in
incoming.py; what is in them the jobs find out, and probing.py and tracks.py record.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from db.derived import list_derived
from db.engine import Connection, Database
from db.jobs import OPEN_STATES, find_job, list_jobs
from db.people import add_audit
from db.videos import (
    Video,
    find_video_by_number,
    find_video_by_sha256,
    get_video,
    insert_video,
    list_videos,
    update_video,
)
from imigue_core.errors import ConflictError
from imigue_core.formats.poses import PoseInput
from imigue_core.settings import Settings
from imigue_core.skeleton.pose import validate_size
from imigue_core.skeleton.pose_track import Box
from imigue_core.studio.access import PROJECT, Action, require
from imigue_core.studio.demo import refuse_demo
from imigue_core.studio.videos.derived import find_faults
from imigue_core.studio.videos.incoming import Incoming, get_source_name, hash_content, receive_file
from imigue_core.studio.videos.library import requeue_steps
from imigue_core.studio.videos.mending import mend_video
from imigue_core.studio.videos.probing import hide_refused, is_refused
from imigue_core.studio.videos.queueing import Brought, request_first_steps, request_media_steps
from imigue_core.studio.videos.steps import POSE_STEPS, Step
from imigue_core.studio.videos.tracks import PoseSource, request_import, request_poses, validate_box
from imigue_core.studio.videos.video_info import VideoMeta, compare_info, find_number, name_video
from imigue_core.video.paths import validate_local_file


@dataclass(frozen=True, slots=True)
class RegisterResult:
    """Where a file went.

    Attributes:
        created: False when the content was known already, also under another name.
        attached: Whether it became the media of a video that had labels only.
        changed: What known content got nevertheless, such as ``poses``.
        kept: Sentences about what is said otherwise of known content, and not taken.
    """

    video_id: int
    created: bool
    attached: bool = False
    changed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def load_pose_source(path: Path) -> PoseSource:
    """Poses at a path with the hash of their content; raises what ``hash_content`` raises."""
    return PoseSource(path.resolve(), hash_content(path))


def register_file(
    db: Database,
    path: str | Path,
    *,
    name: str | None = None,
    meta: VideoMeta | None = None,
    move: bool = False,
    annotator_id: int | None = None,
    poses: PoseSource | None = None,
    box: Box | None = None,
    inbox_name: str | None = None,
    for_demo: bool = False,
) -> RegisterResult:
    """Takes a video file into the project and queues its steps.

    The content decides: what is known stays as it is (a removed video comes back, a
    step that failed is queued again, poses that differ are read). A new file becomes
    the media of the label-only video of the same number, else a video of its own.

    Args:
        path: An ordinary local file of any name.
        name: Its name for the Library, when ``path`` is a temporary one.
        meta: What is known of it.
        move: Take the file away instead of copying it.
        poses: Poses to use instead of extracting them.
        box: Whom to follow when several people are in the picture.
        inbox_name: Name under which a refused file goes back to the inbox.
        for_demo: It is the demo that is being made.

    Raises:
        InputError: ``PATH_NOT_LOCAL``, ``NOT_A_FILE``, ``NAME_INVALID``, ``VIDEO_EMPTY``, ``PERSON_BOX``.
        ConflictError: ``VIDEO_NUMBER_TAKEN`` when ``meta`` names another video's number.
        DeniedError: ``PERMISSION_DENIED``, ``DEMO_CLOSED``.
        StorageError: The disk refused; nothing was added, and the file is where it was.
    """
    require(annotator_id, Action.ADD_VIDEO, PROJECT)
    source = validate_local_file(path)
    file_name = name or Path(path).name
    shown, meta, box = name_video(Path(file_name).stem), meta or VideoMeta(), validate_box(box)
    with receive_file(db.settings, source, move=move) as incoming, db.write() as conn:
        if not for_demo:
            refuse_demo(conn)
        known = find_video_by_sha256(conn, incoming.sha256)
        if known is not None:
            was_gone = _restore_source(conn, db.settings, known, incoming, file_name)
            known = get_video(conn, known.video_id, include_hidden=True)
            changed = ["media"] if was_gone else []
            changed += _return_to_known(conn, db.settings, known, poses, box, annotator_id)
            return RegisterResult(known.video_id, False, changed=tuple(changed), kept=compare_info(known, meta))
        columns: dict[str, Any] = {
            "sha256": incoming.sha256,
            "source_file": get_source_name(file_name),
            "n_bytes": incoming.n_bytes,
        }
        place = _find_place(conn, meta.number, Path(file_name).stem)
        video_id = _take_place(conn, place, shown, "video", meta, columns)
        incoming.make_room(db.settings.video_folder(video_id))
        incoming.settle(db.settings.video_folder(video_id), columns["source_file"])
        request_first_steps(conn, get_video(conn, video_id), Brought(True, inbox_name, poses, box))
        add_audit(conn, annotator_id, "video.add", f"video:{video_id}", {"sha256": incoming.sha256})
    return RegisterResult(video_id, created=True, attached=place.video is not None)


def register_poses_only(
    db: Database,
    found: PoseInput,
    *,
    fps: Fraction,
    size: tuple[int, int],
    box: Box | None = None,
    annotator_id: int | None = None,
    for_demo: bool = False,
) -> RegisterResult:
    """Makes a video of poses alone, known by their content, and queues reading them.

    Args:
        found: A table or a folder of ``*_keypoints.json``; see ``formats.poses.find_pose_inputs``.
        fps: Frames a second.
        size: Width and height of the picture the poses were found in, pixels.
        for_demo: It is the demo that is being made.

    Raises:
        InputError: ``POSE_SIZE``, ``PERSON_BOX``, ``NAME_INVALID`` or what ``hash_content`` raises.
        DeniedError: ``PERMISSION_DENIED``, ``DEMO_CLOSED``.
    """
    require(annotator_id, Action.ADD_VIDEO, PROJECT)
    width, height = validate_size(size)
    box = validate_box(box, (width, height))
    poses = load_pose_source(found.path)
    name = name_video(found.name)
    with db.write() as conn:
        if not for_demo:
            refuse_demo(conn)
        known = find_video_by_sha256(conn, poses.sha256)
        if known is not None:
            changed = _return_to_known(conn, db.settings, known, poses, box, annotator_id, fps=fps)
            return RegisterResult(known.video_id, False, changed=tuple(changed), kept=_compare(known, fps, size))
        columns: dict[str, Any] = {"sha256": poses.sha256, "width": width, "height": height}
        place = _find_place(conn, None, str(found.number or ""))
        if place.video is None:
            columns |= {"fps_num": fps.numerator, "fps_den": fps.denominator}
        video_id = _take_place(conn, place, name, "poses", VideoMeta(), columns)
        brought = Brought(has_file=False, poses=poses, box=box, fps=fps)
        request_first_steps(conn, get_video(conn, video_id), brought)
        add_audit(conn, annotator_id, "video.add", f"video:{video_id}", {"sha256": poses.sha256})
    return RegisterResult(video_id, created=True, attached=place.video is not None)


@dataclass(frozen=True, slots=True)
class _Place:
    """A label-only video to attach to, or a number for a new one (None: no number)."""

    video: Video | None
    number: int | None


def _find_place(conn: Connection, wanted: int | None, stem: str) -> _Place:
    number = wanted if wanted is not None else find_number(stem)
    if number is None:
        return _Place(None, None)
    owner = find_video_by_number(conn, number)
    if owner is not None and is_refused(owner):
        hide_refused(conn, owner.video_id)
        owner = None
    if owner is None:
        return _Place(None, number)
    if owner.is_label_only and owner.sha256 is None and owner.hidden_utc is None:
        return _Place(owner, number)
    if wanted is not None:
        raise _refuse_number(owner)
    return _Place(None, None)


def _refuse_number(owner: Video) -> ConflictError:
    hint = "Give it another video_id, or none."
    state = "which has its media already"
    if owner.hidden_utc is not None:
        state = "which was removed from the Library and keeps its number"
        what = "import its labels" if owner.is_label_only else "add its own file"
        hint = f"To bring that one back, {what} again; erasing it frees the number. {hint}"
    message = f"number {owner.number} belongs to {owner.name!r}, {state}."
    return ConflictError("VIDEO_NUMBER_TAKEN", message, hint=hint)


def _take_place(conn: Connection, place: _Place, name: str, kind: str, meta: VideoMeta, columns: dict[str, Any]) -> int:
    if place.video is not None:
        # Its kind changes once the labels are known to fit.
        update_video(conn, place.video.video_id, **columns, **meta.list_columns())
        return place.video.video_id
    for video in list_videos(conn):
        if video.name == name and is_refused(video):
            hide_refused(conn, video.video_id)
    return insert_video(conn, name=name, kind=kind, number=place.number, **columns, **meta.list_columns())


def _restore_source(conn: Connection, settings: Settings, video: Video, incoming: Incoming, file_name: str) -> bool:
    """Puts back a source that is missing, as after a restore without media; whether it was."""
    folder = settings.video_folder(video.video_id)
    source_file = video.source_file or get_source_name(file_name)
    if video.kind == "poses" or settings.files_of(video.video_id).get_source(source_file).exists():
        return False
    incoming.settle(folder, source_file)
    update_video(conn, video.video_id, source_file=source_file)
    request_media_steps(conn, video)
    return True


def _compare(video: Video, fps: Fraction, size: tuple[int, int]) -> tuple[str, ...]:
    """What is said otherwise of poses that are here already."""
    if video.kind != "poses" or video.n_frames is None:
        return ()
    known = {"fps": (video.fps, fps), "size": (f"{video.width}x{video.height}", f"{size[0]}x{size[1]}")}
    return tuple(
        f"{name}: the project says {ours} and keeps it, not {theirs}."
        for name, (ours, theirs) in known.items()
        if ours != theirs
    )


def _return_to_known(
    conn: Connection,
    settings: Settings,
    video: Video,
    poses: PoseSource | None,
    box: Box | None,
    annotator_id: int | None,
    *,
    fps: Fraction | None = None,
) -> list[str]:
    """Content that is here already: shows it again when it was removed, mends failed steps, takes other poses."""
    changed: list[str] = []
    if video.hidden_utc is not None:
        update_video(conn, video.video_id, hidden_utc=None)
        add_audit(conn, annotator_id, "video.return", f"video:{video.video_id}")
        changed.append("shown again")
    if requeue_steps(conn, video, with_poses=poses is None):
        changed.append("failed steps")
    files = settings.files_of(video.video_id)
    faults = find_faults(files, get_video(conn, video.video_id), list_derived(conn, video.video_id))
    if faults:
        mend_video(conn, settings, video.video_id, faults)
        changed.append("lost files")
    if poses is not None:
        if not _has_poses(conn, video, poses, box):
            rate = fps if fps is None or video.is_label_only else video.fps
            request_import(conn, video, poses, box, fps=rate)
            changed.append("poses")
    elif video.source_file is not None:
        is_other_person = box is not None and (video.poses is None or video.poses.person != box)
        if is_other_person or _lacks_poses(conn, video):
            request_poses(conn, video, box)
            changed.append("poses")
    return changed


def _has_poses(conn: Connection, video: Video, poses: PoseSource, box: Box | None) -> bool:
    """Whether these poses of this person are the track, or are about to become it."""
    last = find_job(conn, video.video_id, Step.IMPORT_POSES)
    if last is not None and last.is_open:
        is_same = (last.params["path"], last.params["sha256"]) == (str(poses.path), poses.sha256)
        return is_same and (box is None or last.params["box"] == list(box))
    if video.poses is None or (last is not None and last.state == "failed"):
        return False
    return video.poses.sha256 == poses.sha256 and (box is None or video.poses.person == box)


def _lacks_poses(conn: Connection, video: Video) -> bool:
    """Whether the track is gone or unfinished and nothing is under way to make it, as after a damaged backup."""
    is_asked_for = any(job.kind in POSE_STEPS for job in list_jobs(conn, video.video_id, OPEN_STATES))
    return not video.poses_complete and not is_asked_for
