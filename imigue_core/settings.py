"""Settings of a process: where the data lie and the limits the studio keeps, each with one default.

``VARIABLES`` is the table of the environment variables that change them; nothing else in the code reads the
environment for settings. Rules that hold for everybody in a project are in studio/people/project_settings.py.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from imigue_core.errors import InputError
from imigue_core.video_folder import VideoFolder

DEFAULT_DATA = "./data"
DEFAULT_UPLOAD_LIMIT_BYTES = 4 * 1024**3
DEFAULT_STALL_S = 60.0
DEFAULT_BACKUP_HOURS = 1.0
DEFAULT_BACKUPS_KEPT = (24, 7, 4)

MAX_FRAMES = 2_000_000
MAX_SIDE_PX = 8192
MAX_TEXT_CHARS = 4000
MAX_NAME_CHARS = 200
MAX_EDITS_PER_POST = 1000
MAX_POST_BYTES = 4 * 1024 * 1024
LABEL_FPS = 25
"""Frame rate of iMiGUE's label files, frames a second."""


@dataclass(frozen=True, slots=True)
class Variable:
    """An environment variable.

    Attributes:
        name: ``IMIGUE_...``.
        default: What holds without it, in words.
        meaning: What it sets, one sentence.
    """

    name: str
    default: str
    meaning: str


DATA = Variable("IMIGUE_DATA", DEFAULT_DATA, "The project's folder; the command line's --data comes first.")
UPLOAD_LIMIT = Variable(
    "IMIGUE_UPLOAD_LIMIT_BYTES",
    f"{DEFAULT_UPLOAD_LIMIT_BYTES:,}",
    "Largest file that the Library's upload takes, bytes; the command line's add has no limit.",
)
STALL = Variable(
    "IMIGUE_STALL_S", f"{DEFAULT_STALL_S:g}", "Seconds a video task may go without progress before it is stopped."
)
WORKERS = Variable("IMIGUE_WORKERS", "one a core", "Processes that extract poses at the same time.")
BACKUP_HOURS = Variable(
    "IMIGUE_BACKUP_HOURS",
    f"{DEFAULT_BACKUP_HOURS:g}",
    "Hours between two backups that are made by themselves where something changed; 0 makes none.",
)
BACKUPS_KEPT = Variable(
    "IMIGUE_BACKUPS_KEPT",
    ",".join(map(str, DEFAULT_BACKUPS_KEPT)),
    "From how many hours, days and weeks the newest backup made by itself is kept.",
)
DEMO = Variable("IMIGUE_DEMO", "0", "1 makes the demo in a project that is empty when the server starts.")
ALLOWED_HOSTS = Variable(
    "IMIGUE_ALLOWED_HOSTS",
    "none",
    "Host names without ports, separated by commas, under which browsers may reach the server beside 127.0.0.1.",
)
VARIABLES = (DATA, UPLOAD_LIMIT, STALL, WORKERS, BACKUP_HOURS, BACKUPS_KEPT, DEMO, ALLOWED_HOSTS)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a process needs to know about one project.

    Attributes:
        data: Absolute path of the project's data folder.
        upload_limit_bytes: Largest file the Library's upload takes.
        stall_s: Seconds a video task may go without progress before it is stopped.
        n_workers: Processes that extract poses at the same time.
        backup_hours: Between two backups that are made by themselves, 0 for none.
        backups_kept: From how many hours, days and weeks the newest of these is kept.
        makes_demo: Whether the server makes the demo in an empty project.
        allowed_hosts: Names, beside the loopback addresses, under which browsers may reach the server.
    """

    data: Path
    upload_limit_bytes: int = DEFAULT_UPLOAD_LIMIT_BYTES
    stall_s: float = DEFAULT_STALL_S
    n_workers: int = 1
    backup_hours: float = DEFAULT_BACKUP_HOURS
    backups_kept: tuple[int, int, int] = DEFAULT_BACKUPS_KEPT
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

    def files_of(self, video_id: int) -> VideoFolder:
        """The files of one video by what they are."""
        return VideoFolder(self.video_folder(video_id))


def load_settings(data: str | os.PathLike[str] | None = None) -> Settings:
    """Settings of the project at ``data``, else ``IMIGUE_DATA``, else ``./data``.

    Raises:
        InputError: ``SETTING_INVALID`` when a variable is no positive number, no switch or no list of host names.
    """
    folder = Path(data or os.environ.get(DATA.name) or DEFAULT_DATA).expanduser().resolve()
    return Settings(
        data=folder,
        upload_limit_bytes=int(_positive(UPLOAD_LIMIT, DEFAULT_UPLOAD_LIMIT_BYTES)),
        stall_s=_positive(STALL, DEFAULT_STALL_S),
        n_workers=int(_positive(WORKERS, os.cpu_count() or 1)),
        backup_hours=_positive(BACKUP_HOURS, DEFAULT_BACKUP_HOURS, is_off_at_0=True),
        backups_kept=_read_counts(BACKUPS_KEPT, DEFAULT_BACKUPS_KEPT),
        makes_demo=_switch(DEMO),
        allowed_hosts=_host_names(ALLOWED_HOSTS),
    )


def _positive(variable: Variable, default: float, *, is_off_at_0: bool = False) -> float:
    text = os.environ.get(variable.name)
    if text is None:
        return default
    if text == "0" and is_off_at_0:
        return 0.0
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 < value < 1e15:
        raise InputError("SETTING_INVALID", f"{variable.name}: expected a positive number, got {text!r}.")
    return value


def _read_counts(variable: Variable, default: tuple[int, int, int]) -> tuple[int, int, int]:
    text = os.environ.get(variable.name)
    if text is None:
        return default
    match = re.fullmatch(r"([1-9][0-9]{0,3}),([0-9]{1,4}),([0-9]{1,4})", text)
    if match is None:
        raise InputError("SETTING_INVALID", f"{variable.name}: expected three numbers such as 24,7,4, got {text!r}.")
    return int(match[1]), int(match[2]), int(match[3])


def _switch(variable: Variable) -> bool:
    text = os.environ.get(variable.name, "0")
    if text not in ("0", "1"):
        raise InputError("SETTING_INVALID", f"{variable.name}: expected 0 or 1, got {text!r}.")
    return text == "1"


def _host_names(variable: Variable) -> tuple[str, ...]:
    names = tuple(part.strip().lower() for part in os.environ.get(variable.name, "").split(",") if part.strip())
    for host in names:
        if not re.fullmatch(r"[a-z0-9.-]+|\[[0-9a-f:]+\]", host):
            raise InputError("SETTING_INVALID", f"{variable.name}: expected host names without ports, got {host!r}.")
    return names
