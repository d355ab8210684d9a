"""Files that are made of a video: put on the disk for good before they count as made, and looked at again.

A row of the database says how long each is and what it hashes to. Here it is found out which files
should be there and whether they are what was made; mending.py has those that are not made again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import ceil
from pathlib import Path

from db.derived import DerivedFile
from db.videos import Video
from imigue_core.files import stat_regular, storage_errors, sync_path
from imigue_core.skeleton.chunks import CHUNK_FRAMES, get_chunk_name
from imigue_core.studio.videos.incoming import hash_file
from imigue_core.video_folder import DerivedKind, VideoFolder, kind_of


class Flaw(StrEnum):
    """What is wrong with a file, in words."""

    MISSING = "is missing"
    EMPTY = "is empty"
    LENGTH = "has another length than it was made with"
    CONTENT = "has another content than it was made with"


@dataclass(frozen=True, slots=True)
class Fault:
    """A file that is not what was made.

    Attributes:
        path: Inside the video's folder, with "/" between folders.
    """

    path: str
    flaw: Flaw

    @property
    def kind(self) -> DerivedKind:
        return kind_of(self.path)


def seal_files(folder: VideoFolder, paths: Iterable[Path]) -> list[DerivedFile]:
    """Waits until files of a video's folder, and their names, are on the disk; says what is in them.

    Raises:
        StorageError: As ``storage_errors`` says it.
        InputError: ``NOT_A_FILE`` when one is gone.
    """
    sealed, parents = [], set()
    with storage_errors():
        for path in paths:
            sealed.append(DerivedFile(folder.name(path), *_measure(path)))
            sync_path(path)
            parents.add(path.parent)
        for parent in parents:
            sync_path(parent)
    return sealed


def _measure(path: Path) -> tuple[int, str]:
    return path.stat().st_size, hash_file(path)


def list_track_files(folder: VideoFolder, video: Video) -> Iterator[Path]:
    """Files of a pose track, as far as it is ready."""
    for number in range(ceil(video.poses_ready / CHUNK_FRAMES)):
        yield folder.chunks / get_chunk_name(number)
    if video.poses_complete:
        yield folder.poses
        yield folder.skeleton_thumb


def list_other_files(folder: VideoFolder, video: Video) -> Iterator[Path]:
    """Files beside the track that may be there."""
    if video.has_proxy:
        yield from (folder.proxy, folder.thumb)
    if video.poses_complete:
        yield from (folder.masked, folder.mask_note, folder.tokens)


def find_faults(
    folder: VideoFolder, video: Video, made: Iterable[DerivedFile], *, thorough: bool = False
) -> list[Fault]:
    """Files of a video that are not what was made.

    A file that nothing is known of, because an older studio made it, has to be there and not empty.

    Args:
        made: What is known of the video's files.
        thorough: Read and hash every file; else only their lengths are looked at.
    """
    if video.erased_utc is not None:
        return []
    known = {file.path: file for file in made}
    wanted = [folder.name(path) for path in list_track_files(folder, video)]
    if video.has_proxy:
        wanted.append(folder.name(folder.proxy))
    aside = [path for path in known if _is_expected(path, video)]
    flaws = {path: find_flaw(folder.path / path, known.get(path), thorough) for path in {*wanted, *aside}}
    return [Fault(path, flaw) for path, flaw in sorted(flaws.items()) if flaw is not None]


def _is_expected(path: str, video: Video) -> bool:
    """Whether a file that was made once is still wanted; chunks and poses of a track are named by the track."""
    kind = kind_of(path)
    if kind is DerivedKind.PICTURE:
        return video.has_proxy
    return kind is not DerivedKind.TRACK and video.poses_complete


def find_flaw(path: Path, known: DerivedFile | None, thorough: bool) -> Flaw | None:
    """What is wrong with one file.

    Args:
        known: What was made; None when that is not known.
        thorough: See ``find_faults``.
    """
    found = stat_regular(path)
    if found is None:
        return Flaw.MISSING
    if found.st_size == 0:
        return Flaw.EMPTY
    if known is None:
        return None
    if found.st_size != known.n_bytes:
        return Flaw.LENGTH
    if thorough and _measure(path) != (known.n_bytes, known.sha256):
        return Flaw.CONTENT
    return None


def is_as_made(data: bytes, known: DerivedFile | None) -> bool:
    """Whether a file's whole content is what was made; of an unknown one only that there is some."""
    if known is None:
        return bool(data)
    return (len(data), hashlib.sha256(data).hexdigest()) == (known.n_bytes, known.sha256)
