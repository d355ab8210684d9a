"""The killer loop: four people label over HTTP, the server is killed by SIGKILL, nothing acknowledged may be missing.

Acknowledgements are written by this process, the client, into a file of its own. After
each kill the database is opened and checked against that file; then the server starts
again and every client sends what was not acknowledged, under its old client id, as the
player does. ``python -m tests.faults.killer --cycles 500`` is the long run.
"""

from __future__ import annotations

import argparse
import http.client
import json
import multiprocessing
import random
import socket
import tempfile
import threading
import time
import uuid
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TextIO

from db.check import check_database
from db.engine import Database, list_pragmas, open_database
from db.ledger import find_entry
from db.people import add_annotator, get_project_id
from imigue_core.settings import Settings, load_settings
from imigue_core.web.identity import load_secret, name_cookie, sign_annotator
from tests.harness.hands import N_FRAMES, make_scan, make_video
from tests.harness.serving import serve
from tests.harness.waiting import wait_for

N_PEOPLE = 4
CYCLES_PER_PROJECT = 20
BATCH_SIZES = (1, 2, 8, 40)
KINDS = ("create", "create", "move", "relabel", "delete", "review", "accept", "split", "all")
BURST = ("review",) * 9 + ("accept",)
"""What somebody does who goes through suggestions as fast as keys repeat."""
N_SUGGESTIONS = 2000
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.harness.serving"])


@dataclass(slots=True)
class Figures:
    """What a run counted. ``present`` edits were in the ledger though their acknowledgement never arrived."""

    cycles: int = 0
    acked: int = 0
    lost: int = 0
    present: int = 0
    absent: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.cycles} cycles in {self.seconds:.0f} s: {self.acked} edits acknowledged, {self.lost} lost; "
            f"of {self.present + self.absent} without acknowledgement {self.present} were stored and "
            f"{self.absent} were not, all of them whole; {len(self.findings)} findings"
        )


class Client:
    """One person's page: makes edits, sends them in batches, keeps what is not acknowledged."""

    def __init__(
        self, data: Path, annotator_id: int, project_id: str, log: TextIO, seed: int, kinds: tuple[str, ...]
    ) -> None:
        secret = load_secret(load_settings(data))
        self._head = {
            "Content-Type": "application/json",
            "Cookie": f"{name_cookie(secret)}={sign_annotator(secret, annotator_id)}",
        }
        self._envelope = {"project_id": project_id, "annotator_id": annotator_id, "client": str(uuid.uuid4())}
        self._random, self._log, self._kinds = random.Random(seed), log, kinds
        self._verdicts: dict[int, int] = {}
        self._unaccepted = list(range(1, N_SUGGESTIONS + 1))
        self._seq = 0
        self._versions: dict[str, int] = {}
        self.pending: list[dict[str, Any]] = []
        self.acked: list[str] = []
        self.refusals: list[str] = []

    def work(self, port: int) -> None:
        """Sends edits until the server is gone."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        origin = f"http://127.0.0.1:{port}"
        while True:
            size = self._random.choice(BATCH_SIZES)
            while len(self.pending) < size:
                self.pending += self._make_edits()
            body = json.dumps({**self._envelope, "edits": self.pending})
            try:
                connection.request("POST", "/api/edits", body, {**self._head, "Origin": origin})
                response = connection.getresponse()
                answer = json.loads(response.read())
            except (OSError, http.client.HTTPException, ValueError):
                connection.close()
                return
            assert response.status == 200, answer
            self._settle(answer)

    def _settle(self, answer: dict[str, Any]) -> None:
        done = [edit for edit in self.pending if edit["client_seq"] <= answer["acked"]]
        self.pending = self.pending[len(done) :]
        self.acked += [edit["edit_id"] for edit in done]
        self.refusals += [refusal["code"] for refusal in answer["refused"]]
        self._log.write("".join(f"{edit['edit_id']}\n" for edit in done))
        self._log.flush()

    def _make_edits(self) -> list[dict[str, Any]]:
        """One edit, or all edits of a group, which follow each other in the log."""
        kind = self._random.choice(self._kinds)
        if kind not in ("split", "all"):
            return [self._make_edit(kind)]
        if kind == "split":
            edits = [self._make_edit("move"), self._make_edit("create")]
        else:
            edits = [self._make_edit("relabel") for _ in range(self._random.randrange(2, 60))]
        group = {"group_id": str(uuid.uuid4()), "group_size": len(edits)}
        return [edit | group for edit in edits]

    def _make_edit(self, kind: str) -> dict[str, Any]:
        if kind == "accept" and not self._unaccepted:
            kind = "review"
        if kind in ("move", "relabel", "delete") and not self._versions:
            kind = "create"
        self._seq += 1
        edit = {"client_seq": self._seq, "edit_id": str(uuid.uuid4()), "video_id": 1}
        return edit | (self._review() if kind == "review" else self._edit_label(kind))

    def _review(self) -> dict[str, Any]:
        suggestion = self._random.randrange(1, N_SUGGESTIONS + 1)
        version = self._verdicts.get(suggestion, 0)
        self._verdicts[suggestion] = version + 1
        verdict = self._random.choice(["rejected", "skipped", "open"])
        return {"kind": "review", "suggestion_id": suggestion, "verdict": verdict, "base_version": version}

    def _edit_label(self, kind: str) -> dict[str, Any]:
        is_new = kind in ("create", "accept")
        label = str(uuid.uuid4()) if is_new else self._random.choice(list(self._versions))
        version = self._versions.get(label, 0)
        start = self._random.randrange(N_FRAMES - 50)
        fields: dict[str, Any] = {}
        if is_new or kind == "move":
            fields |= {"start_frame": start, "end_frame": start + self._random.randrange(50)}
        if is_new or kind == "relabel":
            fields["class_id"] = self._random.randrange(1, 32)
        if kind == "accept":
            fields["suggestion"] = {"suggestion_id": self._unaccepted.pop(), "rank": 1}
        self._versions[label] = version + 1
        if kind == "delete":
            del self._versions[label]
        return {"kind": "create" if is_new else kind, "annotation_id": label, "base_version": version, **fields}


def run(cycles: int, folder: Path, seed: int = 0, kinds: tuple[str, ...] = KINDS) -> Figures:
    """Kills the server ``cycles`` times, in a new project every twenty."""
    figures = Figures()
    rng = random.Random(seed)
    started = time.monotonic()
    while figures.cycles < cycles:
        data = folder / f"project{figures.cycles}"
        with (folder / f"acked{figures.cycles}.txt").open("w") as log:
            clients = _make_project(data, log, rng, kinds)
            for _ in range(min(CYCLES_PER_PROJECT, cycles - figures.cycles)):
                _run_cycle(data, clients, rng.uniform(0.08, 0.4))
                _inspect(load_settings(data), clients, Path(log.name), figures)
                figures.cycles += 1
        figures.acked += _count_acked(clients)
        figures.findings += [f"refused: {code}" for client in clients for code in client.refusals]
    figures.seconds = time.monotonic() - started
    return figures


def _make_project(data: Path, log: TextIO, rng: random.Random, kinds: tuple[str, ...]) -> list[Client]:
    db = open_database(load_settings(data))
    make_video(db)
    make_scan(db, *((1 + k % 31, k % 900, k % 900 + 20) for k in range(N_SUGGESTIONS)))
    with db.write() as conn:
        project_id = get_project_id(conn)
        people = [add_annotator(conn, f"Person {k}").annotator_id for k in range(N_PEOPLE)]
    db.close()
    return [Client(data, person, project_id, log, rng.randrange(2**32), kinds) for person in people]


def _run_cycle(data: Path, clients: list[Client], lifetime_s: float) -> None:
    """Kills the server ``lifetime_s`` after it acknowledged its first edit."""
    server, port = start_server(data)
    n_before = _count_acked(clients)
    people = [threading.Thread(target=client.work, args=(port,)) for client in clients]
    for person in people:
        person.start()
    wait_for(lambda: _count_acked(clients) > n_before, "the server acknowledges an edit", every_s=0.002)
    time.sleep(lifetime_s)
    server.kill()
    server.join()
    for person in people:
        person.join()


def _count_acked(clients: list[Client]) -> int:
    return sum(len(client.acked) for client in clients)


def start_server(data: Path) -> tuple[BaseProcess, int]:
    """A serving process and its port; its connections have every pragma."""
    ours, theirs = PROCESSES.Pipe()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = int(listener.getsockname()[1])
        server = PROCESSES.Process(target=serve, args=(data, listener, theirs), daemon=True)
        server.start()
        assert ours.poll(60), "the server did not come up"
        pragmas = ours.recv()
    expected = list_pragmas("wal", is_writer=False), list_pragmas("wal", is_writer=True)
    assert pragmas == list(expected), pragmas
    return server, port


def _inspect(settings: Settings, clients: list[Client], acked_file: Path, figures: Figures) -> None:
    acked = acked_file.read_text().split()
    assert len(acked) == _count_acked(clients)
    db = Database(settings)
    try:
        for pragmas, is_writer in zip(db.read_pragmas(), (False, True), strict=True):
            assert pragmas == list_pragmas("wal", is_writer=is_writer), pragmas
        report = check_database(db, acked)
        figures.lost += sum(finding.invariant == "I1" for finding in report.findings)
        figures.findings += [f"{finding.invariant}: {finding.message}" for finding in report.findings]
        with db.read() as conn:
            for client in clients:
                n_present = sum(find_entry(conn, edit["edit_id"]) is not None for edit in client.pending)
                figures.present += n_present
                figures.absent += len(client.pending) - n_present
    finally:
        db.close()


def main() -> int:
    parser = argparse.ArgumentParser(description="Kill the server again and again; nothing acknowledged may be lost.")
    parser.add_argument("--cycles", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="imigue-killer-") as folder:
        figures = run(args.cycles, Path(folder), args.seed)
    print(figures)
    for finding in figures.findings[:20]:
        print(finding)
    return 1 if figures.lost or figures.findings else 0


if __name__ == "__main__":
    raise SystemExit(main())
