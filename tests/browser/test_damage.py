"""A person at the player hears of damage while they work: what it is, what to do, and that their edit is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.harness.materials import add_person
from tests.harness.reviewing import open_project
from tests.harness.seat import Seat
from tests.harness.studio import Studio


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    server = open_project(tmp_path_factory.mktemp("damage"))
    yield server
    server.stop()


def test_the_player_says_that_the_database_is_damaged_and_keeps_the_edit(
    seat: Seat, studio: Studio, tmp_path: Path
) -> None:
    seat.annotate(add_person(studio, tmp_path))
    said = seat.page.get_by_test_id("damage")
    expect(said).to_be_hidden()
    with studio.open_database() as db:
        # Of another studio's making, so that the worker's check does not take it away at once.
        with db.write() as conn:
            conn.exec_driver_sql("DROP INDEX ix_ledger_object_id")
        db.damage.write("STORAGE_DAMAGED", "a page of it is gone.")
    expect(said).to_contain_text("STORAGE_DAMAGED: a page of it is gone.")
    expect(said).to_contain_text("docs/damage.md")
    seat.press("Shift+Digit1")
    expect(seat.page.get_by_test_id("saved")).to_have_text("Not saved (STORAGE_DAMAGED) – 1 edit kept")
