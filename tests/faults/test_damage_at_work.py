"""Damage under a project that people work on: noticed in time, said everywhere, and nothing is saved into it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from db.damage import NOTE
from db.engine import Database, load_sqlite, open_database
from db.head import HEAD_FILE, load_head
from imigue_core.errors import StorageError
from imigue_core.settings import Settings
from imigue_core.studio.safety.backing_up import make_backup
from imigue_core.studio.safety.damage import find_damage, look_before_work
from imigue_core.studio.safety.watching import QUICK_S, Watch
from tests.faults.test_damage import ask_everything, damage
from tests.harness.asking import make_edit, make_post, read_refusal
from tests.harness.hands import Hand, make_person, make_video
from tests.harness.studio import Studio

pytestmark = pytest.mark.faults
PAGE = 4096


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed project with two people's labels, and a backup of it."""
    db = open_database(Settings(data=tmp_path_factory.mktemp("sound") / "data"))
    hands = [Hand(db, make_person(db, name), make_video(db, f"{name}.mp4")) for name in ("Ann", "Ben")]
    for k in range(30):
        for hand in hands:
            label = hand.create(start_frame=k, end_frame=k + 30)
            hand.do("annotate", label, 1, note=f"note {k}")
    make_backup(db)
    db.close()
    return db.settings.data


def zero(folder: Path, page: int) -> None:
    """Overwrites a page of the database, as a disk that lost it does; no program of ours is asked."""
    with (folder / "studio.db").open("r+b") as file:
        file.seek(page * PAGE)
        file.write(bytes(PAGE))


def list_pages(folder: Path) -> range:
    return range((folder / "studio.db").stat().st_size // PAGE)


def is_noticed_before_work(folder: Path) -> bool:
    """Whether a server over this folder refuses to start, or its look, or the worker's first one, finds the damage."""
    try:
        db = Database(Settings(data=folder))
    except StorageError:
        return True
    try:
        if look_before_work(db) is None:
            Watch(db).look()
        if find_damage(db) is None:
            return False
        with pytest.raises(StorageError, match="STORAGE_DAMAGED"):
            Hand(db, 1).create()
        return True
    finally:
        db.close()


def test_each_page_zeroed_in_turn_is_noticed_before_work(sound: Path, tmp_path: Path) -> None:
    expected = ask_everything(sound)
    missed = []
    for page in list_pages(sound):
        folder = damage(sound, tmp_path / str(page), lambda content: None)
        zero(folder, page)
        if not is_noticed_before_work(folder):
            (folder / NOTE).unlink(missing_ok=True)
            missed += [page] if ask_everything(folder) != expected else []
        shutil.rmtree(folder)
    assert missed == []


def find_page_of(folder: Path, table: str) -> int:
    with closing(load_sqlite().connect(f"file:{folder / 'studio.db'}?immutable=1", uri=True)) as raw:
        root: int = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    return root - 1


class Time:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_page_zeroed_under_work_is_noticed_within_the_minute(sound: Path, tmp_path: Path) -> None:
    folder = damage(sound, tmp_path / "work", lambda content: None)
    db, clock = open_database(Settings(data=folder)), Time()
    watch = Watch(db, clock)
    watch.look()
    hand = Hand(db, 1, 1)
    hand.create()
    zero(folder, find_page_of(folder, "audit"))
    clock.now = QUICK_S
    watch.look()
    with pytest.raises(StorageError, match="STORAGE_DAMAGED"):
        hand.create()
    db.close()


def test_a_note_that_a_whole_check_cannot_confirm_goes_again(sound: Path, tmp_path: Path) -> None:
    folder = damage(sound, tmp_path / "fine", lambda content: None)
    db = open_database(Settings(data=folder))
    db.damage.write("STORAGE_DAMAGED", "a cable was loose.")
    Watch(db).look()
    Hand(db, 1, 1).create()
    db.close()


@pytest.fixture
def studio(sound: Path, tmp_path: Path) -> Iterator[Studio]:
    """The real server over a copy of the project, not started yet."""
    shutil.copytree(sound, tmp_path / "data")
    server = Studio(tmp_path / "data")
    yield server
    server.stop()


def send(studio: Studio, client: Any) -> Any:
    return client.post("/api/edits", json=make_post(client, [make_edit(1)]))


def test_the_server_says_what_is_wrong_and_saves_nothing(studio: Studio) -> None:
    backup = next(iter((studio.data / "backups").iterdir())).name
    zero(studio.data, find_page_of(studio.data, "ix_ledger_object_id"))
    studio.people = {"Ann": 1}
    studio.start()
    with closing(studio.sign_in("Ann")) as client:
        refused = send(studio, client)
        assert read_refusal(refused) == (503, "STORAGE_DAMAGED")
        assert backup in refused.json()["error"]["hint"]
        told = client.get("/api/videos/1/changes", params={"since": 0, "seq": 0, "wait": 0})
        found = told.json().get("damage") or told.json()["error"]
        assert found["code"] == "STORAGE_DAMAGED"
        assert "docs/damage.md" in found["hint"]


def lose_log(studio: Studio) -> int:
    """Two edits that are only in the log, which is lost; returns the number of the newest one."""
    db = open_database(Settings(data=studio.data))
    hand = Hand(db, 1, 1)
    hand.create()
    hand.create()
    db.head.save()
    kept = studio.data.with_name("kept")
    kept.mkdir()
    for name in ("studio.db", HEAD_FILE):
        shutil.copy(studio.data / name, kept)
    db.close()
    for path in kept.iterdir():
        shutil.copy(path, studio.data)
    return load_head(kept).ledger_seq  # type: ignore[union-attr]


def test_a_lost_log_is_noticed_and_people_go_on_only_when_they_say_so(studio: Studio) -> None:
    seq = lose_log(studio)
    studio.people = {"Ann": 1}
    studio.start()
    with closing(studio.sign_in("Ann")) as client:
        refused = send(studio, client)
        assert read_refusal(refused) == (503, "EDITS_MISSING")
        assert "2 acknowledged edits are missing" in refused.json()["error"]["message"]
        assert load_head(studio.data).ledger_seq == seq  # type: ignore[union-attr]
        found = studio.command("check", check=False)
        assert (found.returncode, "I8: 2 acknowledged edits" in found.stdout) == (1, True)
        assert "accepted: 2 acknowledged edits" in studio.command("check", "--accept").stdout
        assert send(studio, client).status_code == 200
    assert len(list(studio.data.glob(f"{HEAD_FILE}.*"))) == 1
