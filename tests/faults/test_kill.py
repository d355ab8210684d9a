"""SIGKILL at any moment: no acknowledged edit is lost, and what was under way is whole or absent."""

from __future__ import annotations

import random
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

from db.check import check_database
from db.engine import open_database
from imigue_core.settings import Settings, load_settings
from imigue_core.studio.safety.backing_up import list_backups, make_backup
from imigue_core.studio.safety.restoring import restore_backup
from tests.faults import killer
from tests.harness.hands import Hand, make_person, make_video
from tests.harness.serving import back_up, open_project

pytestmark = pytest.mark.faults


def kill_after(seconds: float, target: Any, data: Path) -> None:
    """Starts a process, kills it some time after it said it is ready."""
    ours, theirs = killer.PROCESSES.Pipe()
    process = killer.PROCESSES.Process(target=target, args=(data, theirs), daemon=True)
    process.start()
    assert ours.poll(60)
    time.sleep(seconds)
    process.kill()
    process.join()


def test_twenty_kills_lose_no_acknowledged_edit(tmp_path: Path) -> None:
    figures = killer.run(20, tmp_path)
    print(figures)
    assert (figures.cycles, figures.lost, figures.findings) == (20, 0, [])
    assert figures.acked > 200


def test_a_kill_in_the_middle_of_a_review_burst_keeps_every_acknowledged_decision(tmp_path: Path) -> None:
    figures = killer.run(10, tmp_path, seed=3, kinds=killer.BURST)
    print(figures)
    assert (figures.cycles, figures.lost, figures.findings) == (10, 0, [])
    assert figures.acked > 200


def test_a_kill_while_the_tables_are_made_leaves_a_project_that_opens(tmp_path: Path) -> None:
    rng = random.Random(1)
    for k in range(8):
        data = tmp_path / str(k)
        kill_after(rng.uniform(0, 0.15), open_project, data)
        for folder in data.iterdir() if data.exists() else ():
            db = open_database(load_settings(folder))
            assert check_database(db).ok
            db.close()
        shutil.rmtree(data, ignore_errors=True)


def test_a_kill_during_backups_leaves_only_good_ones_under_their_names(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    db = open_database(settings)
    hand = Hand(db, make_person(db, "Ann"), make_video(db))
    for _ in range(50):
        hand.create()
    db.close()
    rng = random.Random(2)
    for _ in range(8):
        kill_after(rng.uniform(0, 0.12), back_up, settings.data)
    db = open_database(settings)
    make_backup(db)
    db.close()
    backups = list_backups(settings)
    for k, backup in enumerate(backups):
        assert restore_backup(backup, tmp_path / f"restored{k}").ledger_seq == 50
