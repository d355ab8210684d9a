"""A browser, running studios and people in front of them.

Most files look at one video in the studio that all files of a test process share: ``shared`` and
``newcomer``. A file whose tests change what belongs to the whole project overrides ``studio``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest

from imigue_core.studio.people.project_settings import ProjectSettings, save_project_settings
from tests.harness.materials import add_person
from tests.harness.reviewing import open_project
from tests.harness.seat import Seat, start_browser
from tests.harness.studio import Studio
from tests.harness.tabs import Tabs

Sit = Callable[..., Seat]
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def browser() -> Iterator[Tabs]:
    """One browser for all files of this test process."""
    with start_browser() as started:
        yield Tabs(started)


@pytest.fixture
def studio(tmp_path: Path) -> Iterator[Studio]:
    """A running studio over an empty project, in which nothing is scanned by itself."""
    server = open_project(tmp_path)
    yield server
    server.stop()


@pytest.fixture
def seat(browser: Tabs, studio: Studio) -> Iterator[Seat]:
    """Ann at her desk, in a browser that nobody has used; no error may reach her page."""
    somebody = Seat(browser.browser, studio)
    yield somebody
    somebody.close()
    assert somebody.errors == []


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """The studio that the files of this test process share."""
    server = open_project(tmp_path_factory.mktemp("running"))
    yield server
    server.stop()


@pytest.fixture(scope="module")
def shared(
    running: Studio, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> tuple[Studio, int]:
    """The shared studio, with a project's first rules, and a video that only this file looks at."""
    with running.open_database() as db:
        save_project_settings(db, ProjectSettings(auto_scan=False), None)
    running.sign_in().post("/api/view", json={"most_revealing_view": "skeleton"})
    name = request.module.__name__.rpartition(".")[2]
    mark = zlib.crc32(name.encode()) / 2**32
    return running, add_person(running, tmp_path_factory.mktemp("video"), name=name, mark=mark)


@pytest.fixture
def video_id(shared: tuple[Studio, int]) -> int:
    return shared[1]


@pytest.fixture
def sit(browser: Tabs, shared: tuple[Studio, int]) -> Iterator[Sit]:
    """Puts somebody new in front of the file's video; no error may reach a page."""
    seats: list[Seat] = []

    def sit_down(name: str) -> Seat:
        seat = Seat(browser, shared[0], name=f"{next(_NUMBERS)} {name}"[:60])
        seats.append(seat)
        seat.annotate(shared[1])
        return seat

    yield sit_down
    for seat in seats:
        seat.close()
        assert seat.errors == []


@pytest.fixture
def newcomer(sit: Sit, request: pytest.FixtureRequest) -> Seat:
    """Somebody new in front of the file's video."""
    return sit(request.node.name)
