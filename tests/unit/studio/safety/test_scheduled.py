"""Backups made by themselves: when something changed, when it is quiet, thinned out as they grow old."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from db.engine import Database, open_database
from db.people import Annotator, list_audit
from imigue_core.settings import Settings, load_settings
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.studio.safety.backing_up import BackupSummary, list_backups, list_summaries, make_backup
from imigue_core.studio.safety.restoring import restore_backup
from imigue_core.studio.safety.scheduled import (
    LATEST_S,
    QUIET_S,
    Schedule,
    choose_kept,
    find_backup_trouble,
    remove_superseded,
)
from tests.harness.hands import Hand, make_video

HOUR_S = 3600.0


class Day:
    """A clock and a calendar that are set by hand and go together."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._begun = datetime.now(UTC)

    def clock(self) -> float:
        return self.seconds

    def now(self) -> datetime:
        return self._begun + timedelta(seconds=self.seconds)


@pytest.fixture
def day() -> Day:
    return Day()


@pytest.fixture
def hand(db: Database, ann: Annotator) -> Hand:
    """A page on a video with poses, one label made."""
    hand = Hand(db, ann.annotator_id, make_video(db))
    folder = db.settings.video_folder(hand.video_id)
    folder.mkdir(parents=True)
    save_npz(folder / "poses.npz", PoseSequence(np.zeros((4, 137, 3), np.float32)))
    hand.create()
    return hand


@pytest.fixture
def schedule(hand: Hand, day: Day) -> Schedule:
    return Schedule(hand.db, day.clock, day.now)


def grow_old(folder: Path | None) -> Path:
    """Lets a backup be of two hours ago."""
    assert folder is not None
    path = folder / "manifest.json"
    content = json.loads(path.read_text())
    made_at = datetime.fromisoformat(content["created_utc"]) - timedelta(hours=2)
    path.write_text(json.dumps({**content, "created_utc": made_at.isoformat()}))
    return folder


def test_what_changed_is_backed_up_every_hour_and_nothing_else(hand: Hand, schedule: Schedule, day: Day) -> None:
    first = grow_old(schedule.look(QUIET_S))
    assert first.name.endswith("-scheduled")
    day.seconds = 60
    assert schedule.look(QUIET_S) is None
    hand.create()
    day.seconds += 60
    second = schedule.look(QUIET_S)
    hand.create()
    soon = Day()
    soon.seconds = HOUR_S / 2
    assert Schedule(hand.db, soon.clock, soon.now).look(QUIET_S) is None
    assert list_backups(hand.db.settings) == [second, first]
    with hand.db.read() as conn:
        assert [one.annotator_id for one in list_audit(conn, "backup.create")] == [None, None]


def test_an_empty_project_is_not_backed_up(db: Database, day: Day) -> None:
    assert Schedule(db, day.clock, day.now).look(QUIET_S) is None


def test_a_clock_that_was_set_back_makes_no_gap(hand: Hand, schedule: Schedule, day: Day) -> None:
    assert schedule.look(QUIET_S) is not None
    hand.create()
    day.seconds = 60
    early = Schedule(hand.db, day.clock, lambda: day.now() - timedelta(days=400))
    newest = early.look(QUIET_S)
    assert list_backups(hand.db.settings)[0] == newest


def test_it_waits_for_a_quiet_minute_but_not_for_ever(schedule: Schedule, day: Day) -> None:
    assert schedule.look(1.0) is None
    day.seconds = LATEST_S - 1
    assert schedule.look(1.0) is None
    day.seconds = LATEST_S + 60
    assert schedule.look(1.0) is not None


def test_poses_that_did_not_change_are_held_once_and_come_back(
    hand: Hand, schedule: Schedule, day: Day, tmp_path: Path
) -> None:
    first = grow_old(schedule.look(QUIET_S))
    hand.create()
    day.seconds = 60
    second = schedule.look(QUIET_S)
    assert second is not None
    held = [folder / "videos" / "1" / "poses.npz" for folder in (hand.db.settings.data, first, second)]
    assert len({os.stat(path).st_ino for path in held}) == 1
    shutil.rmtree(first)
    report = restore_backup(second, tmp_path / "again")
    assert (report.ledger_seq, report.warnings) == (2, [])
    assert (report.data / "videos" / "1" / "poses.npz").read_bytes() == held[0].read_bytes()


def test_poses_that_were_made_again_are_held_anew(hand: Hand, schedule: Schedule, day: Day) -> None:
    first = grow_old(schedule.look(QUIET_S))
    save_npz(hand.db.settings.files_of(1).poses, PoseSequence(np.ones((4, 137, 3), np.float32)))
    hand.create()
    day.seconds = 60
    second = schedule.look(QUIET_S)
    assert second is not None
    hashes = []
    for folder in (first, second):
        files = json.loads((folder / "manifest.json").read_text())["files"]
        hashes.append(next(file["sha256"] for file in files if file["path"].endswith("poses.npz")))
    assert hashes[0] != hashes[1]


def test_a_disk_without_room_is_said_and_labelling_goes_on(
    hand: Hand, schedule: Schedule, day: Day, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(hand.db.settings.data)._replace(free=1000)
    with monkeypatch.context() as full:
        full.setattr("imigue_core.studio.safety.scheduled.shutil.disk_usage", lambda path: usage)
        hand.db.settings.backups.mkdir()
        assert schedule.look(QUIET_S) is None
    trouble = find_backup_trouble(hand.db.settings)
    assert trouble is not None
    assert trouble.code == "BACKUP_SKIPPED"
    hand.create()
    day.seconds = 60
    assert schedule.look(QUIET_S) is not None
    assert find_backup_trouble(hand.db.settings) is None


def test_nothing_is_backed_up_over_known_damage_or_where_it_is_switched_off(hand: Hand, day: Day) -> None:
    hand.db.damage.write("STORAGE_DAMAGED", "a page is gone.")
    assert Schedule(hand.db, day.clock, day.now).look(QUIET_S) is None
    hand.db.damage.clear()
    off = open_database(replace(hand.db.settings, backup_hours=0.0))
    assert Schedule(off, day.clock, day.now).look(QUIET_S) is None
    off.close()


def test_the_newest_is_the_one_with_most_edits_whatever_its_name_and_date(hand: Hand) -> None:
    old = make_backup(hand.db).folder
    hand.create()
    new = make_backup(hand.db).folder
    renamed = new.with_name("1990-from-the-cellar")
    new.rename(renamed)
    manifest = renamed / "manifest.json"
    content = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**content, "created_utc": "1990-01-01T00:00:00.000Z"}))
    (hand.db.settings.backups / "9999").mkdir()
    (hand.db.settings.backups / "9999" / "manifest.json").write_text("{")
    assert list_backups(hand.db.settings) == [renamed, old]


def made_at(*hours: float) -> list[BackupSummary]:
    """Backups made so many hours before noon of a Sunday, newest first."""
    noon = datetime(2026, 11, 29, 12, 30, tzinfo=UTC)
    return [BackupSummary(Path(f"{h}"), 0, "", noon - timedelta(hours=h), {}) for h in sorted(hours)]


def test_a_day_of_hours_a_week_of_days_and_a_month_of_weeks_are_kept() -> None:
    made = made_at(*range(24 * 60))
    kept = choose_kept(made, (24, 7, 4))
    ages = [round((made[0].made_at - one.made_at).total_seconds() / 3600) for one in kept]
    assert ages[:24] == list(range(24))
    # The newest of each day before, then of each week before; the first of both are among the hours.
    assert ages[24:] == [37, 61, 85, 109, 133, 157, 325, 493]


def test_two_of_one_hour_count_once() -> None:
    assert [one.folder.name for one in choose_kept(made_at(0, 0.2, 0.4, 1), (2, 0, 0))] == ["0", "1"]


def test_what_is_superseded_goes_and_what_a_person_made_stays(hand: Hand) -> None:
    mine = make_backup(hand.db).folder
    scheduled = []
    for _ in range(3):
        hand.create()
        scheduled.append(make_backup(hand.db, is_scheduled=True).folder)
    remove_superseded(replace(hand.db.settings, backups_kept=(1, 1, 1)))
    assert [one.folder for one in list_summaries(hand.db.settings)] == [scheduled[-1], mine]
    assert list(hand.db.settings.backups.glob(".*")) == []


@pytest.mark.parametrize(("text", "counts"), [("3,2,1", (3, 2, 1)), ("1,0,0", (1, 0, 0))])
def test_how_many_are_kept_is_a_setting(text: str, counts: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMIGUE_BACKUPS_KEPT", text)
    monkeypatch.setenv("IMIGUE_BACKUP_HOURS", "0")
    settings: Settings = load_settings()
    assert (settings.backups_kept, settings.backup_hours) == (counts, 0.0)


@pytest.mark.parametrize("text", ["", "0,7,4", "24", "a,b,c", "24,7,4,1"])
def test_numbers_that_make_no_sense_are_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMIGUE_BACKUPS_KEPT", text)
    with pytest.raises(Exception, match="SETTING_INVALID: IMIGUE_BACKUPS_KEPT"):
        load_settings()
