"""Flipped bits, cut files, zeroed pages, foreign logs: what changes an answer is found, and nothing crashes."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db.check import check_database
from db.engine import Database, load_sqlite, open_database
from db.head import HEAD_FILE
from db.seal import SEAL_FILE, save_seal
from db.tables import Base
from imigue_core.errors import StorageError
from imigue_core.settings import Settings
from imigue_core.studio.edits.shown import load_video_state
from imigue_core.studio.safety.backing_up import check_project
from tests.harness.hands import Hand, make_person, make_video

pytestmark = pytest.mark.faults
N_FLIPS = 250


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed project with about 400 edits of every kind."""
    db = open_database(Settings(data=tmp_path_factory.mktemp("sound") / "data"))
    hands = [Hand(db, make_person(db, name), make_video(db, f"{name}.mp4")) for name in ("Ann", "Ben")]
    for k in range(40):
        for hand in hands:
            label = hand.create(start_frame=k, end_frame=k + 30)
            hand.do("annotate", label, 1, note=f"note {k}", confidence=0.5)
            hand.do("move", label, 2, start_frame=k + 1, end_frame=k + 9)
            hand.undo(hand.last["edit_id"])
            hand.do("delete", label, 4 if k % 4 == 0 else 9)
    report = check_database(db)
    assert report.seal is not None
    save_seal(db.settings.data, report.seal)
    db.close()
    return db.settings.data


def ask_everything(folder: Path) -> list[Any] | str:
    """All rows of all tables, and both videos as the player asks for them; or how the asking failed."""
    try:
        db = Database(Settings(data=folder), read_only=True)
    except Exception as error:
        return f"{type(error)} {error}"
    try:
        with db.read() as conn:
            tables = [sorted(map(repr, conn.exec_driver_sql(f"SELECT * FROM {t}"))) for t in Base.metadata.tables]
        return [*tables, load_video_state(db, 1, 1), load_video_state(db, 2, 2)]
    except Exception as error:
        return f"{type(error)} {error}"
    finally:
        db.close()


def is_found(folder: Path) -> bool:
    try:
        return not check_project(Settings(data=folder)).ok
    except StorageError:
        return True


def damage(sound: Path, target: Path, change: Callable[[bytearray], Any]) -> Path:
    content = bytearray((sound / "studio.db").read_bytes())
    change(content)
    target.mkdir(exist_ok=True)
    (target / "studio.db").write_bytes(content)
    for name in (HEAD_FILE, SEAL_FILE):
        if (sound / name).exists():
            shutil.copy(sound / name, target)
    return target


def test_flipped_bits_that_change_an_answer_are_found(sound: Path, tmp_path: Path) -> None:
    changed, missed = count_flips(sound, tmp_path / "flipped", N_FLIPS)
    assert changed > N_FLIPS / 4
    assert len(missed) <= changed * 0.001, f"{len(missed)} of {changed} missed: bits {missed}"


def count_flips(sound: Path, place: Path, n_flips: int) -> tuple[int, list[int]]:
    """How many single flipped bits changed an answer, and which of those ``check`` did not find."""
    expected = ask_everything(sound)
    assert not isinstance(expected, str)
    rng = random.Random(20240501)
    n_bits = 8 * (sound / "studio.db").stat().st_size
    changed, missed = 0, []
    for _ in range(n_flips):
        bit = rng.randrange(n_bits)
        folder = damage(sound, place, lambda content, bit=bit: flip(content, bit))  # type: ignore[misc]
        if ask_everything(folder) == expected:
            continue
        changed += 1
        if not is_found(folder):
            missed.append(bit)
    return changed, missed


def flip(content: bytearray, bit: int) -> None:
    content[bit // 8] ^= 1 << (bit % 8)


def cut(content: bytearray, share: float) -> None:
    del content[int(len(content) * share) :]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.35, 0.5, 0.77, 0.9, 0.999])
def test_a_cut_file_is_found(sound: Path, tmp_path: Path, share: float) -> None:
    assert is_found(damage(sound, tmp_path / "cut", lambda content: cut(content, share)))


@pytest.mark.parametrize("page", [0, 1, 5, 20, 40, -1])
def test_a_zeroed_page_is_found(sound: Path, tmp_path: Path, page: int) -> None:
    def zero(content: bytearray) -> None:
        start = page % (len(content) // 4096) * 4096
        content[start : start + 4096] = bytes(4096)

    expected = ask_everything(sound)
    folder = damage(sound, tmp_path / "zeroed", zero)
    assert is_found(folder) or ask_everything(folder) == expected


def test_an_emptied_file_is_not_taken_for_a_new_project(sound: Path, tmp_path: Path) -> None:
    folder = damage(sound, tmp_path / "empty", lambda content: content.clear())
    (folder / "videos").mkdir()
    assert is_found(folder)
    with pytest.raises(StorageError, match="STORAGE_DAMAGED"):
        open_database(Settings(data=folder))


def test_a_damaged_first_page_is_refused_and_left_as_it_is(sound: Path, tmp_path: Path) -> None:
    folder = damage(sound, tmp_path / "first", lambda content: content.__setitem__(slice(100, 300), bytes(200)))
    content = (folder / "studio.db").read_bytes()
    with pytest.raises(StorageError, match=r"STORAGE_DAMAGED|STORAGE_NOT_OURS"):
        open_database(Settings(data=folder))
    assert (folder / "studio.db").read_bytes() == content


def test_the_log_of_another_project_is_found(sound: Path, tmp_path: Path) -> None:
    open_database(Settings(data=tmp_path / "other")).close()
    other = open_database(Settings(data=tmp_path / "other"))
    make_person(other, "Eve")
    log = (tmp_path / "other" / "studio.db-wal").read_bytes()
    other.close()
    folder = damage(sound, tmp_path / "swapped", lambda content: None)
    (folder / "studio.db-wal").write_bytes(log)
    assert is_found(folder)


def test_a_lost_log_loses_edits_and_check_names_them(tmp_path: Path) -> None:
    """Whoever copies studio.db alone leaves the newest edits behind; the acknowledgements tell."""
    live = open_database(Settings(data=tmp_path / "live"))
    hand = Hand(live, make_person(live, "Ann"), make_video(live))
    hand.create()
    raw = load_sqlite().connect(str(live.settings.database))
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    kept = hand.last["edit_id"]
    hand.create()
    copy = tmp_path / "copy"
    copy.mkdir()
    shutil.copy(live.settings.database, copy / "studio.db")
    live.close()
    findings = check_project(Settings(data=copy), [kept, hand.last["edit_id"]]).findings
    assert [finding.invariant for finding in findings] == ["I1"]


def test_rows_that_cannot_be_read_are_findings_and_no_crash(sound: Path, tmp_path: Path) -> None:
    def spoil(content: bytearray) -> None:
        for start in range(0, len(content), 4096):
            if b'"annotation_id"' in content[start : start + 4096]:
                content[start : start + 8] = b"\xff" * 8

    folder = damage(sound, tmp_path / "spoilt", spoil)
    db = Database(Settings(data=folder), read_only=True)
    findings = check_database(db).findings
    db.close()
    assert {finding.invariant for finding in findings} == {"I4"}
    assert any("cannot be read" in finding.message for finding in findings)
