"""Keeping a project safe: checking its database, and making backups of database, poses, own models and media.

A backup is a folder below ``backups/`` that appears under its name only once it is
whole and proven. Bringing one back stands in restoring.py. The cookie secret is
never in a backup.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from db.backup import CopyFacts, copy_database
from db.check import MAX_FINDINGS, CheckReport, Finding, check_database
from db.clock import now_utc
from db.engine import Database
from db.people import add_audit
from db.videos import Video, list_videos
from imigue_core import __version__
from imigue_core.errors import ConflictError, InputError, StorageError
from imigue_core.files import (
    copy_bytes,
    holding,
    link_file,
    make_folder,
    move_path,
    open_inside,
    stat_regular,
    storage_errors,
    sync_folders,
    sync_path,
)
from imigue_core.models.cards import CARD_FILE, WEIGHTS_FILE
from imigue_core.settings import Settings
from imigue_core.studio.access import PROJECT, Action, require
from imigue_core.studio.safety.backup_manifest import (
    MANIFEST,
    BackupFile,
    BackupMedia,
    Manifest,
    is_own_path,
    load_manifest,
    save_manifest,
)
from imigue_core.studio.videos.incoming import remove_folder
from imigue_core.studio.videos.mending import look_at_files, mend_project, mend_video
from imigue_core.video_folder import DerivedKind, VideoFolder, is_source_name

_DAMAGED = "FILE_DAMAGED: {place} is not what was made; it is left out and made again"
UNFINISHED = ".unfinished-"
"""In the name of a backup that is being made, or removed."""
SCHEDULED = "-scheduled"
"""Ends the name of a backup that nobody asked for."""
_ATTEMPTS = 3
_STALE_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class BackupReport:
    """A finished backup.

    Attributes:
        n_tracks: Videos whose poses are in it, whole or as far as they are.
        n_media: Sources it holds.
        n_media_left: Sources it only knows the hash of.
        warnings: Files that are not what was added or made.
    """

    folder: Path
    ledger_seq: int
    n_videos: int
    n_tracks: int
    n_media: int
    n_media_left: int
    n_bytes: int
    warnings: list[str]


def check_project(settings: Settings, acked: Sequence[str] | None = None) -> CheckReport:
    """Checks the project's database, and every file that was made of a video, without writing anything.

    Raises:
        StorageError: It cannot even be opened; the newest backup is named.
    """
    try:
        db = Database(settings, read_only=True)
    except StorageError as error:
        if error.code in ("STORAGE_DAMAGED", "STORAGE_NOT_OURS", "STORAGE_MISSING"):
            newest = next(iter(list_backups(settings)), None)
            if newest is not None:
                raise StorageError(error.code, error.message, hint=f"The newest backup is {newest}.") from error
        raise
    try:
        report = check_database(db, acked)
        return replace(report, findings=[*report.findings, *_check_files(db)][:MAX_FINDINGS])
    finally:
        db.close()


def _check_files(db: Database) -> list[Finding]:
    """I9: what was made of a video is there as it was made, or is being made again."""
    try:
        videos = _list_current(db)
    except Exception:  # a damaged database has its findings already
        return []
    findings = []
    for video in videos:
        for fault in look_at_files(db, video, thorough=True):
            place = db.settings.files_of(video.video_id).path / fault.path
            name = place.relative_to(db.settings.data).as_posix()
            findings.append(Finding("I9", f"{name} {fault.flaw}; check --repair makes it again"))
    return findings


def repair_project(db: Database) -> int:
    """Has every file made again that is not what was made; returns of how many videos.

    Raises:
        StorageError: The database cannot be written to.
    """
    return len(mend_project(db, thorough=True))


@dataclass(frozen=True, slots=True)
class BackupSummary:
    """A finished backup: its folder, and what its manifest says of the database in it."""

    folder: Path
    ledger_seq: int
    ledger_hash: str
    made_at: datetime
    rows: dict[str, int]


def list_backups(settings: Settings) -> list[Path]:
    """Folders of finished backups, newest first."""
    return [one.folder for one in list_summaries(settings)]


def list_summaries(settings: Settings) -> list[BackupSummary]:
    """Finished backups, newest first: by how far the ledger was, since clocks go wrong and names change."""
    found = []
    for path in settings.backups.glob(f"[0-9]*/{MANIFEST}"):
        with suppress(InputError, OSError, TypeError, ValueError):  # one that cannot be read is no backup
            found.append(_summarise(path.parent, path.stat().st_mtime_ns))
    return sorted(found, key=lambda one: (one.ledger_seq, one.made_at, one.folder.name), reverse=True)


@lru_cache(maxsize=256)
def _summarise(folder: Path, changed_ns: int) -> BackupSummary:
    """Once for each manifest, which may name thousands of files."""
    told = load_manifest(folder)
    made_at = datetime.fromisoformat(told.created_utc)
    return BackupSummary(folder, int(told.ledger_seq), told.ledger_hash, made_at, told.rows)


def make_backup(
    db: Database,
    *,
    media: bool = False,
    annotator_id: int | None = None,
    earlier: Path | None = None,
    is_scheduled: bool = False,
) -> BackupReport:
    """Copies database, poses and own models, with ``media`` also sources and proxies, and proves the copy.

    People go on labelling meanwhile; what they do after the database was copied is not in it.

    Args:
        earlier: A backup to share files with, see ``_Shelf``; None reads and copies every file.
        is_scheduled: Whether nobody asked for it; its name says so.

    Raises:
        StorageError: ``STORAGE_DAMAGED`` when the copy has a finding, or the disk refused. Nothing is left.
        ConflictError: ``BACKUP_DISTURBED`` when pose tracks were replaced under every attempt.
        DeniedError: ``PERMISSION_DENIED``.
    """
    require(annotator_id, Action.BACK_UP, PROJECT)
    backups = db.settings.backups
    with storage_errors():
        make_folder(backups)
        _clear_unfinished(backups)
    for _ in range(_ATTEMPTS):
        folder = backups / f"{UNFINISHED}{uuid.uuid4().hex}"
        try:
            with storage_errors():
                make_folder(folder)
            shelf = _Shelf(earlier) if is_scheduled else None
            with holding(folder):
                report = _fill(db, folder, shelf, SCHEDULED if is_scheduled else "", media=media)
            if report is not None:
                with db.write() as conn:
                    detail = {"ledger_seq": report.ledger_seq, "media": media}
                    add_audit(conn, annotator_id, "backup.create", report.folder.name, detail)
                return report
        finally:
            remove_folder(folder)
    raise ConflictError("BACKUP_DISTURBED", "poses were replaced while they were copied; try again.")


def _fill(db: Database, folder: Path, shelf: _Shelf | None, ending: str, *, media: bool) -> BackupReport | None:
    """Fills the folder and gives it its name; None when poses were replaced meanwhile."""
    facts = copy_database(db, folder)
    videos = _list_videos_of_copy(folder)
    files = [_describe(folder, folder / "studio.db")]
    warnings: list[str] = []
    try:
        for video in videos:
            damaged = _list_damaged(db, video, media=media, thorough=shelf is None)
            warnings += [_DAMAGED.format(place=path.relative_to(db.settings.data).as_posix()) for path in damaged]
            for path in _list_files(db.settings, video, media=media):
                if path in damaged:
                    continue
                target = folder / path.relative_to(db.settings.data)
                copied = _copy_own(db.settings, path, folder) if shelf is None else shelf.share(path, target, folder)
                files.append(copied)
                if path.name == video.source_file and copied.sha256 != video.sha256:
                    warnings.append(f"VIDEO_HASH_CHANGED: the source of video {video.video_id} is not what was added")
        files += [_copy_own(db.settings, path, folder) for path in _list_models(db.settings)]
    except FileNotFoundError:
        return None
    now = _list_revisions(_list_current(db))
    if any(now.get(video_id) != revision for video_id, revision in _list_revisions(videos).items()):
        return None
    sources = [v for v in videos if v.has_media and v.sha256 is not None and v.n_bytes is not None]
    held = {file.path for file in files}
    n_held = sum(f"videos/{v.video_id}/{v.source_file}" in held for v in sources)
    _finish(folder, facts, files, sources, media=media)
    final = _name(folder, ending)
    return BackupReport(
        folder=final,
        ledger_seq=facts.ledger_seq,
        n_videos=len(videos),
        n_tracks=len({f.path.split("/")[1] for f in files if f.path.endswith((".npz", ".bin.gz"))}),
        n_media=n_held,
        n_media_left=len(sources) - n_held,
        n_bytes=sum(file.n_bytes for file in files),
        warnings=warnings,
    )


def _list_damaged(db: Database, video: Video, *, media: bool, thorough: bool) -> list[Path]:
    """Files of a video that would be in the backup, had they not been lost or damaged; they are made again.

    What is only given a second name is not read for it every hour; the worker reads everything once a week.
    """
    kinds = {DerivedKind.TRACK, DerivedKind.TOKENS} | ({DerivedKind.PICTURE} if media else set())
    faults = [fault for fault in look_at_files(db, video, thorough=thorough) if fault.kind in kinds]
    if faults:
        with db.write() as conn:
            mend_video(conn, db.settings, video.video_id, faults)
    return [db.settings.files_of(video.video_id).path / fault.path for fault in faults]


class _Shelf:
    """Files of the project that a backup holds as what they are, under a second name, instead of copying them.

    They are never written to in place, only replaced. What the backup before holds as the same file need not be read
    again. On disks that know only one name for a file each backup has its own copy.

    Args:
        earlier: The backup before, None where there is none.
    """

    def __init__(self, earlier: Path | None) -> None:
        self._folder = earlier
        self._files: dict[str, BackupFile] = {}
        if earlier is not None:
            self._files = {file.path: file for file in load_manifest(earlier).files}

    def share(self, path: Path, target: Path, root: Path) -> BackupFile:
        """As ``copy_file``."""
        known = self._files.get(target.relative_to(root).as_posix())
        with storage_errors():
            make_folder(target.parent)
            link_file(path, target)
            if known is not None and self._folder is not None:
                held = stat_regular(self._folder / known.path)
                if held is not None and os.path.samestat(held, target.stat()) and held.st_size == known.n_bytes:
                    return known
            sync_path(target)
            return _describe(root, target)


def count_own_names(backup: Path, path: str, info: os.stat_result) -> int:
    """How many names of a file lie where a project and its backups share one: all, unless it is somebody else's too.

    Args:
        backup: Folder of the backup; its neighbours and the project around them are looked at.
        path: Of the file in each of them, "/" between folders.
        info: What the system knows of the file.
    """
    places = [backup.parent.parent, *(one for one in backup.parent.iterdir() if not one.is_symlink())]
    found = (stat_regular(place / path) for place in places)
    return sum(one is not None and os.path.samestat(one, info) for one in found)


def _list_videos_of_copy(folder: Path) -> list[Video]:
    copy = Database(Settings(data=folder), read_only=True)
    try:
        return [video for video in _list_current(copy) if video.erased_utc is None]
    finally:
        copy.close()


def _list_current(db: Database) -> list[Video]:
    with db.read() as conn:
        return list_videos(conn, include_hidden=True)


def _list_revisions(videos: list[Video]) -> dict[int, int]:
    """Revision of each pose track by video."""
    return {video.video_id: video.poses_revision for video in videos if video.poses}


def _list_files(settings: Settings, video: Video, *, media: bool) -> Iterator[Path]:
    """Files of a video that belong into a backup; unfinished ones, which begin with a dot, do not."""
    patterns: tuple[str, ...] = VideoFolder.POSE_FILES
    if media and video.has_media and video.source_file is not None and is_source_name(video.source_file):
        patterns = (*VideoFolder.POSE_FILES, *VideoFolder.MEDIA_FILES, video.source_file)
    folder = settings.video_folder(video.video_id)
    for pattern in patterns:
        for path in sorted(folder.glob(pattern)):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                yield path


def _list_models(settings: Settings) -> Iterator[Path]:
    """Files of the models that were trained in the project; those that come with the studio are in every studio."""
    for card in sorted(settings.models.glob(f"*/{CARD_FILE}")):
        for path in (card, card.with_name(WEIGHTS_FILE)):
            if is_own_path(path.relative_to(settings.data).as_posix()) and path.is_file() and not path.is_symlink():
                yield path


def _copy_own(settings: Settings, path: Path, folder: Path) -> BackupFile:
    name = path.relative_to(settings.data).as_posix()
    return copy_file(open_inside(settings.data, name), folder / name, folder)


def copy_file(reader: BinaryIO, target: Path, root: Path) -> BackupFile:
    """Copies an open file and closes it, hashing what is read, and waits until the copy is on the disk.

    Args:
        root: Folder that the answer's path is relative to.
    """
    digest = hashlib.sha256()
    with storage_errors(), reader:
        make_folder(target.parent)
        copy_bytes(reader, target, digest.update)
        n_bytes = reader.tell()
    return BackupFile(target.relative_to(root).as_posix(), n_bytes, digest.hexdigest())


def _describe(folder: Path, path: Path) -> BackupFile:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
    return BackupFile(path.relative_to(folder).as_posix(), path.stat().st_size, digest.hexdigest())


def _finish(folder: Path, facts: CopyFacts, files: list[BackupFile], sources: list[Video], *, media: bool) -> None:
    """Leaves only what the manifest names, then writes the manifest."""
    for leftover in folder.glob("studio.db-*"):
        leftover.unlink()
    manifest = Manifest(
        project_id=facts.project_id,
        created_utc=now_utc(),
        studio=__version__,
        schema=facts.schema,
        ledger_seq=facts.ledger_seq,
        ledger_hash=facts.ledger_hash,
        rows=facts.rows,
        has_media=media,
        files=files,
        media=[BackupMedia(v.video_id, v.n_bytes or 0, v.sha256 or "") for v in sources],
    )
    with storage_errors():
        save_manifest(folder, manifest)


def _name(folder: Path, ending: str) -> Path:
    """Gives a whole backup its name, which is the time to the millisecond."""
    final = folder.with_name(now_utc().replace("-", "").replace(":", "").replace(".", "_") + ending)
    with storage_errors():
        sync_folders(folder)
        move_path(folder, final)
    return final


def _clear_unfinished(backups: Path) -> None:
    for path in backups.glob(f"{UNFINISHED}*"):
        if time.time() - path.stat().st_mtime > _STALE_S:
            shutil.rmtree(path, ignore_errors=True)
