"""What killed processes left in and beside a project: listed with sizes, erased when somebody says so.

A backup or a restore under way holds its folder, so that nothing is taken away from under it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from db.engine import Database
from db.people import add_audit
from imigue_core.files import is_held, stat_regular, storage_errors
from imigue_core.settings import Settings
from imigue_core.studio.access import PROJECT, Action, require
from imigue_core.studio.safety.backing_up import UNFINISHED
from imigue_core.studio.safety.restoring import RESTORING
from imigue_core.studio.videos.incoming import LEFT_BEHIND, remove_folder


@dataclass(frozen=True, slots=True)
class Leftover:
    """A folder that belongs to nothing.

    Attributes:
        words: What it is, for people.
        n_bytes: What erasing it frees.
    """

    path: Path
    words: str
    n_bytes: int


def list_leftovers(settings: Settings) -> list[Leftover]:
    """Folders that nobody works on any more, by path."""
    return sorted(
        (
            Leftover(path, words, _measure(path))
            for path, words in _iter_folders(settings)
            if path.is_dir() and not path.is_symlink() and not is_held(path)
        ),
        key=lambda one: one.path,
    )


def _iter_folders(settings: Settings) -> Iterator[tuple[Path, str]]:
    for path in settings.videos.glob(f"{LEFT_BEHIND}*"):
        yield path, "files that belonged to no video"
    for path in settings.backups.glob(f"{UNFINISHED}*"):
        yield path, "a backup that did not end"
    for path in settings.data.parent.glob(f".*{RESTORING}*"):
        yield path, "a restore that did not end"


def _measure(folder: Path) -> int:
    return sum(found.st_size for path in folder.rglob("*") if (found := stat_regular(path)) is not None)


def erase_leftovers(db: Database, annotator_id: int | None = None) -> list[Leftover]:
    """Erases them for good and logs how many; returns what is gone.

    Raises:
        DeniedError: ``PERMISSION_DENIED``.
        StorageError: The disk refused.
    """
    require(annotator_id, Action.ERASE_VIDEO, PROJECT)
    found = list_leftovers(db.settings)
    for one in found:
        with storage_errors():
            remove_folder(one.path)
    if found:
        with db.write() as conn:
            detail = {"folders": len(found), "n_bytes": sum(one.n_bytes for one in found)}
            add_audit(conn, annotator_id, "project.clean", "project", detail)
    return found
