"""The one place that knows what lies where inside the folder of a video.

What the files hold is for the code that reads and writes them. A source file's name is the video's own,
see ``studio.videos.incoming.get_source_name``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

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
