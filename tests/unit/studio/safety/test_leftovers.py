"""What killed processes left is listed with its size and erased by command; what is worked on stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.engine import Database
from db.people import list_audit
from imigue_core.cli import main
from imigue_core.files import holding
from imigue_core.studio.safety.backing_up import make_backup
from imigue_core.studio.safety.leftovers import list_leftovers
from imigue_core.studio.safety.restoring import restore_backup


@pytest.fixture
def left(db: Database) -> list[Path]:
    """A folder of each kind, 100 bytes in each, and a link that leads out."""
    data = db.settings.data
    folders = [
        data / "videos" / "left-behind-3-abcd",
        data / "backups" / ".unfinished-0123",
        data.parent / ".new.restoring-0123456789ab",
    ]
    for folder in folders:
        (folder / "deep").mkdir(parents=True)
        (folder / "deep" / "file").write_bytes(bytes(100))
        (folder / "link").symlink_to(db.settings.database)
    (data / "videos" / "7").mkdir()
    return folders


def test_leftovers_are_listed_with_sizes_and_stay(
    db: Database, left: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clean", "--data", str(db.settings.data), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {(one["path"], one["n_bytes"]) for one in told["folders"]} == {(str(path), 100) for path in left}
    assert all(path.is_dir() for path in left)


def test_leftovers_are_erased_by_command_and_nothing_else_is(
    db: Database, left: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clean", "--erase", "--data", str(db.settings.data)]) == 0
    assert "Erased: 3 folders, 300 bytes." in capsys.readouterr().out
    assert not any(path.exists() for path in left)
    assert (db.settings.data / "videos" / "7").is_dir()
    assert db.settings.database.is_file()
    with db.read() as conn:
        (entry,) = list_audit(conn, "project.clean")
    assert entry.detail == {"folders": 3, "n_bytes": 300}


def test_what_is_worked_on_is_no_leftover(db: Database, left: list[Path], tmp_path: Path) -> None:
    with holding(left[1]), holding(left[2]):
        assert [one.path for one in list_leftovers(db.settings)] == [left[0]]
    assert len(list_leftovers(db.settings)) == 3
    restore_backup(make_backup(db).folder, tmp_path / "again")
    assert len(list_leftovers(db.settings)) == 3, "what ends well leaves nothing"
