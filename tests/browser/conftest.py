"""A browser, a running studio and a person in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with start_browser() as started:
        yield started


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A running studio over an empty project."""
    server = Studio(tmp_path / "data").start()
    yield server
    server.stop()


@pytest.fixture
def seat(browser: Browser, studio: Studio) -> Iterator[Seat]:
    """Ann at her desk; no error may reach her page."""
    somebody = Seat(browser, studio)
    yield somebody
    somebody.close()
    assert somebody.errors == []
