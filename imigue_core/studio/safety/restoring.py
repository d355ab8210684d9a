"""Bringing a backup back: into a new folder only, proven before it gets its name.

A backup is somebody else's folder until it is proven: its files are opened one by one without following links,
its database must be laid out as ours, and the steps that it says are waiting are made anew from what is there.
Media are found by their hash. A video without media keeps its labels and opens with
its poses alone; what can be made again from media is made again by the worker.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from db.backup import verify_database
from db.engine import Connection, Database
from db.jobs import cancel_jobs, drop_jobs, enqueue_job
from db.layout import refuse_foreign_layout, refuse_foreign_values
from db.people import add_audit
from db.videos import Video, get_video, list_videos, update_video
from imigue_core.errors import InputError, StorageError
from imigue_core.files import (
    DISK_FULL,
    holding,
    make_folder,
    move_path,
    open_inside,
    open_regular,
    storage_errors,
    sync_folders,
    sync_path,
)
from imigue_core.settings import Settings
from imigue_core.skeleton.pose_track import PoseOrigin
from imigue_core.studio.models.scanning import request_scan
from imigue_core.studio.safety.backing_up import copy_file, count_own_names
from imigue_core.studio.safety.backup_manifest import BackupFile, Manifest, load_manifest
from imigue_core.studio.videos.incoming import hash_file, remove_folder
from imigue_core.studio.videos.library import forget_inbox_refusals
from imigue_core.studio.videos.queueing import request_media_steps
from imigue_core.studio.videos.steps import Step

RESTORING = ".restoring-"
"""In the name of the hidden folder beside the new one, until all is proven."""


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """A project brought back.

    Attributes:
        data: Its folder.
        n_with_media: Videos whose source is there again.
        n_without_media: Videos whose source was not found; they open with poses alone.
        warnings: Damaged files that were left out.
    """

    data: Path
    ledger_seq: int
    n_videos: int
    n_with_media: int
    n_without_media: int
    warnings: list[str]


@dataclass(slots=True)
class _Restore:
    """A restore under way: from where, to where, and what was found so far."""

    backup: Path
    settings: Settings
    manifest: Manifest
    shelf: dict[str, Path]
    waiting: list[tuple[int | None, str]] = field(default_factory=list)
    lost_poses: set[int] = field(default_factory=set)
    warnings: list[str] = field(default_factory=list)
    n_with_media: int = 0
    n_without_media: int = 0


def restore_backup(backup: Path, target: Path, *, media_from: Path | None = None) -> RestoreReport:
    """Makes a new project folder from a backup.

    Args:
        backup: Folder that ``make_backup`` made.
        target: Absent or empty; its parent folder is made when absent.
        media_from: Folder to look through for sources, by size and hash.

    Raises:
        InputError: ``RESTORE_TARGET_EXISTS``, ``BACKUP_INVALID``, ``BACKUP_NEWER``, ``BACKUP_DAMAGED`` or
            ``BACKUP_UNSAFE``, and ``NOT_A_FOLDER`` for ``media_from``.
        StorageError: The disk refused. Nothing is left at ``target``.
    """
    backup, target = backup.resolve(), target.resolve()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        hint = "Name a new folder; nothing is ever restored over another."
        raise InputError("RESTORE_TARGET_EXISTS", "expected a new or empty folder.", hint=hint, where=str(target))
    manifest = load_manifest(backup)
    shelf = _find_media(manifest, media_from) if media_from is not None else {}
    place = target.with_name(f".{target.name}{RESTORING}{uuid.uuid4().hex[:12]}")
    held = ExitStack()
    try:
        with storage_errors():
            make_folder(place)
            held.enter_context(holding(place))
        restore = _Restore(backup, Settings(data=place), manifest, shelf)
        _copy_files(restore)
        _prove(restore)
        n_videos = _settle_videos(restore)
        with storage_errors():
            if target.exists():
                target.rmdir()
            sync_folders(place)
            move_path(place, target)
            sync_path(target.parent.parent)  # which may have got a new folder, too
    finally:
        held.close()
        remove_folder(place)
    return RestoreReport(
        data=target,
        ledger_seq=manifest.ledger_seq,
        n_videos=n_videos,
        n_with_media=restore.n_with_media,
        n_without_media=restore.n_without_media,
        warnings=restore.warnings,
    )


def _find_media(manifest: Manifest, folder: Path) -> dict[str, Path]:
    """Files with the hash of a source, by hash. Only files of a right size are read."""
    if not folder.is_dir():
        raise InputError("NOT_A_FOLDER", "expected a folder with media.", where=str(folder))
    wanted = {(media.n_bytes, media.sha256) for media in manifest.media}
    sizes = {n_bytes for n_bytes, _ in wanted}
    found: dict[str, Path] = {}
    for path in _walk(folder):
        n_bytes = path.stat().st_size
        if n_bytes in sizes and (n_bytes, sha256 := hash_file(path)) in wanted:
            found.setdefault(sha256, path)
    return found


def _walk(folder: Path) -> Iterator[Path]:
    for parent, _, names in os.walk(folder):
        for name in sorted(names):
            path = Path(parent) / name
            if path.is_file() and not path.is_symlink():
                yield path


def _copy_files(restore: _Restore) -> None:
    """Copies what the manifest names. A damaged file beside the database is left out and named."""
    total = sum(file.n_bytes for file in restore.manifest.files)
    with storage_errors():
        if total > shutil.disk_usage(restore.settings.data).free:
            raise StorageError(*DISK_FULL, hint=f"The backup holds {total:,} bytes.")
    for file in restore.manifest.files:
        target = restore.settings.data / file.path
        if _copy_whole(restore, file, target):
            continue
        target.unlink(missing_ok=True)
        if file.path == "studio.db":
            hint = "Take another backup."
            raise InputError(
                "BACKUP_DAMAGED", "studio.db is not what was backed up.", hint=hint, where=str(restore.backup)
            )
        restore.warnings.append(f"BACKUP_DAMAGED: {file.path} is missing or changed and was left out")
        if file.path.endswith((".npz", ".gz")):
            restore.lost_poses.add(int(file.path.split("/")[1]))


def _copy_whole(restore: _Restore, file: BackupFile, target: Path) -> bool:
    """Whether the file is there and what the manifest says; only a file of the size it says is read.

    Raises:
        InputError: ``BACKUP_UNSAFE`` for what is no file of the backup's own.
    """
    hint = (
        "A backup holds plain files only; copy it with cp -rL when it was kept with links, and look at what it holds."
    )
    try:
        reader = open_inside(restore.backup, file.path)
    except FileNotFoundError:
        return False
    except InputError as error:
        raise InputError("BACKUP_UNSAFE", f"{file.path}: {error.message}", hint=hint) from error
    info = os.fstat(reader.fileno())
    has_other_names = info.st_nlink > 1 and count_own_names(restore.backup, file.path, info) != info.st_nlink
    if has_other_names or info.st_size != file.n_bytes:
        reader.close()
        if has_other_names:
            message = f"{file.path}: expected a file of the backup's own, got one with a second name."
            raise InputError("BACKUP_UNSAFE", message, hint=hint)
        return False
    return copy_file(reader, target, restore.settings.data) == file


def _prove(restore: _Restore) -> None:
    """The database is ours to the letter, has no findings and is the one that the manifest describes."""
    try:
        refuse_foreign_layout(restore.settings.database)
        db = Database(restore.settings, create=False)  # brings it to this studio's schema
        try:
            with db.read() as conn:
                refuse_foreign_values(conn)
        finally:
            db.close()
        facts = verify_database(restore.settings)
    except StorageError as error:
        if error.code not in ("STORAGE_DAMAGED", "STORAGE_NOT_OURS"):
            raise
        raise InputError("BACKUP_DAMAGED", error.message, where=str(restore.backup)) from error
    told = restore.manifest
    is_same = (facts.project_id, facts.ledger_seq, facts.ledger_hash) == (
        told.project_id,
        told.ledger_seq,
        told.ledger_hash,
    )
    if not is_same or (facts.schema == told.schema and facts.rows != told.rows):
        raise InputError("BACKUP_DAMAGED", "studio.db and manifest.json differ.", where=str(restore.backup))


def _settle_videos(restore: _Restore) -> int:
    """Says of each video what is there of it now; returns how many there are."""
    db = Database(restore.settings, create=False)
    try:
        with db.write() as conn:
            restore.waiting = drop_jobs(conn)
            forget_inbox_refusals(conn)
            videos = list_videos(conn, include_hidden=True)
            for video in videos:
                if video.video_id in restore.lost_poses:
                    _forget_poses(conn, restore, video)
                if video.has_media:
                    _settle_media(conn, restore, video)
                _queue_waiting(conn, restore, get_video(conn, video.video_id, include_hidden=True))
            add_audit(conn, None, "project.restore", restore.backup.name, {"ledger_seq": restore.manifest.ledger_seq})
    finally:
        db.close()
    return sum(video.erased_utc is None for video in videos)


def _settle_media(conn: Connection, restore: _Restore, video: Video) -> None:
    assert video.source_file is not None
    files = restore.settings.files_of(video.video_id)
    source = files.get_source(video.source_file)
    on_shelf = restore.shelf.get(video.sha256 or "")
    if not source.is_file() and on_shelf is not None:
        copied = copy_file(open_regular(on_shelf, 2**62), source, restore.settings.data)
        if copied.sha256 != video.sha256:
            source.unlink()
    if not source.is_file():
        restore.n_without_media += 1
        update_video(conn, video.video_id, source_file=None, proxy_width=None, proxy_height=None)
        return
    restore.n_with_media += 1
    if not files.proxy.is_file() or not video.has_proxy:
        update_video(conn, video.video_id, proxy_width=None, proxy_height=None)
        request_media_steps(conn, video)


def _queue_waiting(conn: Connection, restore: _Restore, video: Video) -> None:
    """Queues what the state of a video calls for; of the jobs in the backup only their kinds are believed."""
    track = video.poses
    if track is not None and track.source is PoseOrigin.MEDIAPIPE and not track.complete:
        enqueue_job(conn, video.video_id, Step.POSES, {"revision": track.revision})
    if video.hidden_utc is not None or not video.has_media:
        cancel_jobs(conn, video.video_id)  # they wait until the video or its file is back
    if video.hidden_utc is not None:
        return
    if (video.video_id, Step.SCAN) in restore.waiting and video.poses_complete:
        request_scan(conn, video.video_id)
    if (video.video_id, Step.IMPORT_POSES) in restore.waiting:
        restore.warnings.append(f"POSES_MISSING: poses of video {video.video_id} waited to be read; add them again")


def _forget_poses(conn: Connection, restore: _Restore, video: Video) -> None:
    """Better no poses than a hole in them; add the file or the poses again to get new ones."""
    files = restore.settings.files_of(video.video_id)
    for folder in (files.ranges, files.chunks):
        remove_folder(folder)
    files.poses.unlink(missing_ok=True)
    update_video(conn, video.video_id, poses=None)
