"""The one place that knows what lies where inside the folder of a video.

What the files hold is for the code that reads and writes them. A source file's name is the video's own,
see ``studio.videos.incoming.get_source_name``; like every name that comes out of a database it is looked at
before it becomes a path.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

from imigue_core.errors import InputError

_PROXY, _THUMB = "proxy.mp4", "thumb.jpg"
_POSES, _RANGES, _CHUNKS = "poses.npz", "poses", "chunks"
_SKELETON_THUMB, _TOKENS = "thumb_skeleton.svg", "tokens.safetensors"
_MASKED, _MASK_NOTE = "masked.mp4", "masked.json"


class DerivedKind(StrEnum):
    """Files that are made together, and made again together."""

    PICTURE = "picture"
    """Of the source: the browser's copy and a still."""
    TRACK = "track"
    """Of the poses: the whole track, its chunks, a drawing."""
    MASKED = "masked"
    """Of picture and poses."""
    TOKENS = "tokens"
    """Of the poses, by a scan."""


_KINDS = {
    _PROXY: DerivedKind.PICTURE,
    _THUMB: DerivedKind.PICTURE,
    _POSES: DerivedKind.TRACK,
    _SKELETON_THUMB: DerivedKind.TRACK,
    _MASKED: DerivedKind.MASKED,
    _MASK_NOTE: DerivedKind.MASKED,
    _TOKENS: DerivedKind.TOKENS,
}
_SOURCE = r"source\.[a-z0-9]{1,8}"
_IN_BACKUPS = re.compile(
    rf"{_SOURCE}|proxy\.mp4|thumb\.jpg|poses\.npz|thumb_skeleton\.svg|tokens\.safetensors"
    r"|poses/([0-9]{6,8}\.npz|made_for\.json)|chunks/[0-9]{5,8}\.bin\.gz"
)


def is_source_name(name: str) -> bool:
    """Whether ``name`` is one that a source has inside its video's folder."""
    return re.fullmatch(_SOURCE, name) is not None


def is_backup_name(name: str) -> bool:
    """Whether a backup may hold a file of this name in a video's folder, "/" between folders."""
    return _IN_BACKUPS.fullmatch(name) is not None


def is_derived_name(name: str) -> bool:
    """Whether a file of this name is made of a video, "/" between folders."""
    return name in _KINDS or re.fullmatch(r"chunks/[0-9]{5,8}\.bin\.gz", name) is not None


@dataclass(frozen=True, slots=True)
class VideoFolder:
    """The paths of one video's files; any of them may be absent.

    Attributes:
        path: The folder itself.
    """

    path: Path

    POSE_FILES: ClassVar = (_POSES, f"{_RANGES}/*", f"{_CHUNKS}/*", _SKELETON_THUMB, _TOKENS)
    """Patterns of everything that is made of poses, for a backup."""
    MEDIA_FILES: ClassVar = (_PROXY, _THUMB)
    """Of what is made of the source and costs time to make again."""

    def get_source(self, name: str) -> Path:
        """The source, by the name that the video's row gives it.

        Raises:
            InputError: ``NAME_INVALID`` for a name that no source has; the row was not written by this studio.
        """
        if not is_source_name(name):
            raise InputError("NAME_INVALID", f"expected the name of a source such as source.mp4, got {name!r:.80}.")
        return self.path / name

    @property
    def proxy(self) -> Path:
        """The browser's copy of the source."""
        return self.path / _PROXY

    @property
    def thumb(self) -> Path:
        """A still of the picture."""
        return self.path / _THUMB

    @property
    def masked(self) -> Path:
        """The proxy with the face masked."""
        return self.path / _MASKED

    @property
    def masked_arriving(self) -> Path:
        """A masked copy that is being written."""
        return self.path / "masked.new.mp4"

    @property
    def mask_note(self) -> Path:
        """Which poses the masked copy was made from."""
        return self.path / _MASK_NOTE

    @property
    def poses(self) -> Path:
        """The whole pose track."""
        return self.path / _POSES

    @property
    def ranges(self) -> Path:
        """Folder of the finished ranges of an extraction under way."""
        return self.path / _RANGES

    @property
    def ranges_note(self) -> Path:
        """What those ranges were made for."""
        return self.ranges / "made_for.json"

    @property
    def chunks(self) -> Path:
        """Folder of the poses as the browser fetches them."""
        return self.path / _CHUNKS

    @property
    def skeleton_thumb(self) -> Path:
        """A drawing of the skeleton."""
        return self.path / _SKELETON_THUMB

    @property
    def tokens(self) -> Path:
        """What a scan left behind for finding similar stretches."""
        return self.path / _TOKENS

    @property
    def arriving(self) -> VideoFolder:
        """Folder of a new track's files, until they are known to be right."""
        return VideoFolder(self.path / "arriving")

    def range_file(self, start: int) -> Path:
        """The finished range that begins at frame ``start``."""
        return self.ranges / f"{start:06d}.npz"

    def name(self, path: Path) -> str:
        """How the database calls a file of this folder."""
        return path.relative_to(self.path).as_posix()


def kind_of(name: str) -> DerivedKind:
    """What a file belongs to, by what the database calls it."""
    return DerivedKind.TRACK if name.startswith(f"{_CHUNKS}/") else _KINDS[name]
