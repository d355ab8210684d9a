"""Settings: where the data lie and the limits the studio keeps, each with one default.

Every value can be set by an environment variable ``IMIGUE_<NAME>``; nothing else
in the code reads the environment for settings.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from imigue_core.errors import InputError

DEFAULT_DATA = "./data"

MAX_FRAMES = 2_000_000
MAX_SIDE_PX = 8192
MAX_TEXT_CHARS = 4000
MAX_NAME_CHARS = 200
MAX_EDITS_PER_POST = 1000
MAX_POST_BYTES = 4 * 1024 * 1024
MAX_TABLE_BYTES = 512 * 1024 * 1024
LABEL_FPS = 25
"""Frame rate of iMiGUE's label files, frames a second."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process needs to know about one project.

    Attributes:
        data: Absolute path of the project's data folder.
        upload_limit_bytes: Largest file the Library's upload takes.
        stall_s: Seconds a video task may go without progress before it is stopped.
        n_workers: Processes that extract poses at the same time.
        makes_demo: Whether the server makes the demo in an empty project.
        allowed_hosts: Names, beside the loopback addresses, under which browsers may reach the server.
    """

    data: Path
    upload_limit_bytes: int = 4 * 1024**3
    stall_s: float = 60.0
    n_workers: int = 1
    makes_demo: bool = False
    allowed_hosts: tuple[str, ...] = ()

    @property
    def database(self) -> Path:
        return self.data / "studio.db"

    @property
    def videos(self) -> Path:
        return self.data / "videos"

    @property
    def inbox(self) -> Path:
        return self.data / "inbox"

    @property
    def uploads(self) -> Path:
        return self.data / "uploads"

    @property
    def backups(self) -> Path:
        return self.data / "backups"

    @property
    def models(self) -> Path:
        """Where models that were trained in the project lie, a folder each."""
        return self.data / "models"

    def video_folder(self, video_id: int) -> Path:
        """The folder of one video; the id is ours, so the path cannot leave the project."""
        return self.videos / str(int(video_id))


def load_settings(data: str | os.PathLike[str] | None = None) -> Settings:
    """Settings of the project at ``data``, else ``IMIGUE_DATA``, else ``./data``.

    Raises:
        InputError: ``SETTING_INVALID`` when a variable is no positive number, no switch or no list of host names.
    """
    folder = Path(data or os.environ.get("IMIGUE_DATA") or DEFAULT_DATA).expanduser().resolve()
    return Settings(
        data=folder,
        upload_limit_bytes=int(_positive("IMIGUE_UPLOAD_LIMIT_BYTES", 4 * 1024**3)),
        stall_s=_positive("IMIGUE_STALL_S", 60.0),
        n_workers=int(_positive("IMIGUE_WORKERS", os.cpu_count() or 1)),
        makes_demo=_switch("IMIGUE_DEMO"),
        allowed_hosts=_host_names("IMIGUE_ALLOWED_HOSTS"),
    )


def _positive(name: str, default: float) -> float:
    text = os.environ.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e15:
        raise InputError("SETTING_INVALID", f"{name}: expected a positive number, got {text!r}.")
    return value


def _switch(name: str) -> bool:
    text = os.environ.get(name, "0")
    if text not in ("0", "1"):
        raise InputError("SETTING_INVALID", f"{name}: expected 0 or 1, got {text!r}.")
    return text == "1"


def _host_names(name: str) -> tuple[str, ...]:
    names = tuple(part.strip().lower() for part in os.environ.get(name, "").split(",") if part.strip())
    for host in names:
        if not re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:]+\]", host):
            raise InputError("SETTING_INVALID", f"{name}: expected host names without ports, got {host!r}.")
    return names
