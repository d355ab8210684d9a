"""Fixtures every test may use: a project of its own, people in it, videos, and the shared real data."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from db.engine import Database, open_database
from db.people import Annotator, add_annotator
from imigue_core.settings import Settings, load_settings
from tests.harness.media import VARIANTS, make_marker_video
from tests.harness.once import make_once

REAL_DATA = Path(os.environ.get("IMIGUE_TEST_DATA") or Path(__file__).parents[2] / "shared" / "data")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty project."""
    return load_settings(tmp_path / "data")


@pytest.fixture
def db(settings: Settings) -> Iterator[Database]:
    """An empty project's database."""
    database = open_database(settings)
    yield database
    database.close()


@pytest.fixture
def ann(db: Database) -> Annotator:
    """The first annotator of ``db``."""
    with db.write() as conn:
        return add_annotator(conn, "Ann")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of small real videos and poses; tests that need it skip when it is absent."""
    if not REAL_DATA.is_dir():
        pytest.skip(f"no real data at {REAL_DATA}; set IMIGUE_TEST_DATA")
    return REAL_DATA


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this test run share; for ``make_once``."""
    folder = tmp_path_factory.getbasetemp()
    return (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder) / "shared"


@pytest.fixture(scope="session")
def marker_video(shared_folder: Path) -> Callable[[str], Path]:
    """A function that gives the path of a variant of ``VARIANTS``, written on first use; nobody may change it."""

    def get(name: str) -> Path:
        spec = VARIANTS[name]
        path = shared_folder / f"{name}{Path(spec.file_name).suffix}"
        return make_once(path, lambda new: make_marker_video(new, spec))

    return get
