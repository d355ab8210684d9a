"""The server as a process: one a data folder, a worker that comes back, an end that leaves nothing."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from db.engine import get_database
from imigue_core.errors import StorageError
from imigue_core.settings import Settings, load_settings
from imigue_core.studio.demo import is_demo
from imigue_core.studio.videos.library import list_project_jobs
from imigue_core.studio.videos.steps import Step
from imigue_core.web.server import Server, hold_server_lock
from imigue_core.web.supervisor import Supervisor
from tests.harness.places import ROOT
from tests.harness.studio import Studio, find_free_port
from tests.harness.waiting import wait_for

IDLE = (sys.executable, "-c", "import sys; sys.stdin.read()")
STUBBORN = (sys.executable, "-c", "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)")


def wait_for_worker(supervisor: Supervisor, besides: int | None = None) -> int:
    """Process id of the supervisor's worker once there is one, other than ``besides``."""
    return wait_for(lambda: supervisor.pid if supervisor.pid != besides else None, "a worker runs")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_second_lock_on_the_same_folder_names_the_first(settings: Settings) -> None:
    named = pytest.raises(StorageError, match=f"SERVER_ALREADY_RUNNING.*process {os.getpid()}")
    with hold_server_lock(settings), named, hold_server_lock(settings):
        pass
    with hold_server_lock(settings):
        assert (settings.data / "server.lock").read_text() == f"{os.getpid()}\n"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    settings = load_settings(tmp_path / "file" / "data")
    with pytest.raises(StorageError, match=r"STORAGE_READ_ONLY.*file/data"), hold_server_lock(settings):
        pass


def test_running_opens_the_project_and_ends_its_worker(settings: Settings) -> None:
    async def run() -> None:
        async with Server(settings, IDLE).run(None):
            assert settings.database.is_file()
            assert (settings.data / "secret").is_file()

    asyncio.run(run())
    with hold_server_lock(settings):
        pass


def test_a_worker_that_dies_is_started_again(settings: Settings) -> None:
    supervisor = Supervisor(settings, IDLE)
    supervisor.start()
    first = wait_for_worker(supervisor)
    os.kill(first, signal.SIGKILL)
    second = wait_for_worker(supervisor, besides=first)
    supervisor.stop()
    assert not is_alive(first)
    assert not is_alive(second)
    assert supervisor.pid is None


def test_a_worker_that_will_not_leave_is_made_to(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imigue_core.web.supervisor._LEAVE_S", 0.3)
    supervisor = Supervisor(settings, STUBBORN)
    supervisor.start()
    pid = wait_for_worker(supervisor)
    supervisor.stop()
    assert not is_alive(pid)


def test_stopping_while_the_worker_pauses_starts_no_other(settings: Settings) -> None:
    supervisor = Supervisor(settings, (sys.executable, "-c", "raise SystemExit(1)"))
    supervisor.start()
    wait_for(lambda: supervisor.pid is None, "the worker is gone")
    supervisor.stop()
    assert supervisor.pid is None


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """The real application under uvicorn, as ``make run`` starts it."""
    server = Studio(tmp_path_factory.mktemp("served") / "data").start()
    yield server
    server.stop()


def test_pages_and_api_come_from_one_process(studio: Studio) -> None:
    assert httpx.get(f"{studio.base}/api/health").json()["status"] == "ok"
    page = httpx.get(f"{studio.base}/")
    assert page.status_code == 200
    assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
    assert httpx.get(f"{studio.base}/_stcore/health").status_code == 200


def test_streamlits_own_routes_are_guarded_too(studio: Studio) -> None:
    for path in ("/", "/_stcore/health", "/_stcore/stream"):
        assert httpx.get(studio.base + path, headers={"Host": "evil.example"}).status_code == 400
        assert httpx.get(studio.base + path, headers={"Origin": "http://evil.example"}).status_code == 403
    moved = httpx.get(f"http://localhost:{studio.port}/annotate?video=1")
    assert moved.headers["location"] == f"{studio.base}/annotate?video=1"


def test_the_agent_api_and_static_files_are_off(studio: Studio) -> None:
    assert httpx.get(f"{studio.base}/_stcore/agent").status_code == 404
    assert "import streamlit" not in httpx.get(f"{studio.base}/app/static/app.py").text


@pytest.mark.parametrize(
    "path",
    ["/api/assets/x/../../../../app.py", "/api/assets/x/%2e%2e%2fapp.py", "/api/videos/../../data/secret", "/../app.py",
     "/%00", "//evil.example/x"],
)  # fmt: skip
def test_the_real_server_leads_nowhere_by_raw_paths(studio: Studio, path: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", studio.port, timeout=10)
    connection.request("GET", path)
    assert connection.getresponse().status in (400, 404)
    connection.close()


def test_a_second_server_on_the_same_folder_refuses_to_start(studio: Studio) -> None:
    command = [sys.executable, "-m", "uvicorn", "app:app", "--port", str(find_free_port())]
    second = subprocess.run(
        command, cwd=ROOT, env=studio.environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert second.returncode != 0
    assert "SERVER_ALREADY_RUNNING" in second.stderr
    assert "Traceback" not in second.stderr
    assert httpx.get(f"{studio.base}/api/health").status_code == 200


def test_the_settings_of_streamlit_are_the_careful_ones() -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    careful = {
        "server": {
            "address": "127.0.0.1",
            "headless": True,
            "enableCORS": True,
            "enableXsrfProtection": True,
            "xsrfCookieSameSite": "strict",
            "allowedHosts": ["127.0.0.1", "localhost", "::1"],
            "maxUploadSize": 64,
            "maxMessageSize": 100,
            "maxCacheDataSize": "1gb",
            "enableStaticServing": False,
            "enableAgentApi": False,
            "disconnectedSessionTTL": 600,
            "fileWatcherType": "none",
        },
        "client": {"showErrorDetails": "none", "toolbarMode": "viewer"},
        "browser": {"gatherUsageStats": False},
        "theme": {"base": "dark", "primaryColor": "#5ac8b0"},
    }
    for section, wanted in careful.items():
        assert config[section] | wanted == config[section]


def test_the_demo_is_served_at_once_and_left_to_the_worker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMIGUE_DEMO", "1")
    demo = load_settings(settings.data)

    async def run() -> None:
        async with Server(demo, IDLE).run(None):
            db = get_database(demo)
            assert is_demo(db)
            assert [(job.kind, job.state) for job in list_project_jobs(db, None)] == [(Step.DEMO, "queued")]

    asyncio.run(run())


def test_a_switch_that_is_neither_on_nor_off_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMIGUE_DEMO", "maybe")
    with pytest.raises(Exception, match="SETTING_INVALID: IMIGUE_DEMO"):
        load_settings(tmp_path)


def test_a_host_that_is_no_name_is_refused_by_its_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMIGUE_ALLOWED_HOSTS", "http://studio.lab")
    with pytest.raises(Exception, match="SETTING_INVALID: IMIGUE_ALLOWED_HOSTS"):
        load_settings(tmp_path)
