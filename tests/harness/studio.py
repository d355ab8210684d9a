"""A studio of its own for a test or a figure: a data folder, a server process and the command line."""

from __future__ import annotations

import io
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, redirect_stdout
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx

from db.engine import Database
from db.jobs import list_jobs
from db.people import list_annotators
from imigue_core.cli import main
from imigue_core.commands.videos import describe_steps
from imigue_core.settings import load_settings
from imigue_core.studio.videos.library import list_library
from tests.harness.places import ROOT

PORTS = range(15_000, 32_000)
"""Below those that a system gives to outgoing connections, so that no browser takes one before the server does."""


def find_free_port() -> int:
    """A port of ``PORTS`` that nothing listens on; drawn, so that test processes side by side draw different ones."""
    draw = random.SystemRandom()
    while True:
        port = draw.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Studio:
    """Starts, stops and kills the real server over one data folder."""

    def __init__(self, data: Path, port: int | None = None, **environment: str) -> None:
        self.data = data
        self.port = port or find_free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "IMIGUE_DATA": str(data), "PYTHONPATH": str(ROOT), **environment}
        self.process: subprocess.Popen[bytes] | None = None
        self.people: dict[str, int] = {}
        self.log = data.parent / "server.log"

    def start(self) -> Studio:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "uvicorn", "app:app", "--host", "127.0.0.1", "--port", str(self.port),
                 "--no-access-log"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        deadline = time.monotonic() + 100
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.base}/api/health", timeout=5).status_code == 200:
                    return self
            except httpx.HTTPError:
                assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise AssertionError("the server did not come up:\n" + self.log.read_text())

    def kill(self) -> None:
        """SIGKILL, as a crash or the power button would."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def command(self, *arguments: str, check: bool = True, timeout_s: float = 300) -> subprocess.CompletedProcess[str]:
        """Runs ``python -m imigue_core ...`` on this data folder."""
        done = subprocess.run(
            [sys.executable, "-m", "imigue_core", *arguments, "--data", str(self.data)],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=timeout_s, check=False,
        )  # fmt: skip
        if check:
            assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done

    def add(self, *arguments: str) -> int:
        """Adds one video as ``add`` on the command line does, in this process, and returns its id."""
        output = io.StringIO()
        with redirect_stdout(output):
            assert main(["add", *arguments, "--json", "--data", str(self.data)]) == 0
        (added,) = json.loads(output.getvalue())
        return int(added["id"])

    @contextmanager
    def open_database(self) -> Iterator[Database]:
        """The project as it is now, beside the server; cheaper to ask than a process of the command line."""
        db = Database(load_settings(self.data))
        try:
            yield db
        finally:
            db.close()

    def list_videos(self) -> list[dict[str, Any]]:
        """What ``list --json`` says."""
        with self.open_database() as db:
            return [describe_steps(item) for item in list_library(db)]

    def sign_in(self, name: str = "Ann") -> httpx.Client:
        """A client with the identity cookie of a person, made when new."""
        client = httpx.Client(base_url=self.base, headers={"Origin": self.base}, timeout=30)
        known = self.people.get(name)
        answer = client.post("/api/identity", json={"annotator_id": known} if known else {"name": name})
        assert answer.status_code == 200, answer.text
        self.people[name] = answer.json()["annotator_id"]
        return client

    def upload(self, path: Path, name: str = "Ann") -> int:
        """Sends a file the way the Library does and returns the video's id."""
        with closing(self.sign_in(name)) as client, path.open("rb") as file:
            answer = client.post("/api/upload", params={"name": path.name}, content=file, timeout=300)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["video_id"])

    def list_people(self) -> list[dict[str, Any]]:
        with self.open_database() as db, db.read() as conn:
            return [asdict(person) for person in list_annotators(conn)]

    def list_jobs(self) -> list[dict[str, Any]]:
        with self.open_database() as db, db.read() as conn:
            return [asdict(job) for job in list_jobs(conn)]

    def wait_for_job(self, kind: str, state: str, timeout_s: float = 120) -> dict[str, Any]:
        """The first job of this kind once it is in this state."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            for job in self.list_jobs():
                if job["kind"] == kind and job["state"] == state:
                    return job
            time.sleep(0.3)
        raise AssertionError(f"no {kind} job became {state}: {self.list_jobs()}")

    def list_workers(self) -> list[int]:
        """Process ids of workers over this data folder, their children left out (Linux)."""
        parents: dict[int, int] = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
                after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended meanwhile
            if b"worker" in words and str(self.data).encode() in words:
                parents[int(entry.name)] = int(after_name[1])
        # A child that is just being made still has its parent's command line.
        return [number for number, parent in parents.items() if parent not in parents]
