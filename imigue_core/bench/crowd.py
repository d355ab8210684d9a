"""Ten clients, sixty edits each, in a closed loop against the real server."""

from __future__ import annotations

import tempfile
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from imigue_core.bench.figures import Figure, compute_percentiles
from tests.harness.materials import add_person
from tests.harness.studio import Studio

N_CLIENTS, N_EDITS = 10, 60


def measure() -> Iterator[Figure]:
    """Edits a second over all clients, waiting time of each, and bytes of one request."""
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Path(folder) / "data").start()
        try:
            video_id = add_person(studio, Path(folder))
            waits, sizes, seconds = _run_crowd(studio, video_id)
            rows = len(studio.sign_in("Reader").get(f"/api/videos/{video_id}/state").json()["annotations"])
        finally:
            studio.stop()
    assert rows == N_CLIENTS * N_EDITS
    median, p95 = compute_percentiles(waits)
    rate = N_CLIENTS * N_EDITS / seconds
    yield Figure("crowd", "edits a second, 10 clients", rate, "edits/s", 150, True)
    yield Figure("crowd", "median wait of an edit", median, "ms")
    yield Figure("crowd", "95th percentile of the wait", p95, "ms", 150)
    yield Figure("crowd", "bytes of an edit's request", sum(sizes) / len(sizes), "bytes")


def _run_crowd(studio: Studio, video_id: int) -> tuple[list[float], list[int], float]:
    waits: list[float] = []
    sizes: list[int] = []
    ready = threading.Barrier(N_CLIENTS + 1)

    def edit_in_a_loop(number: int) -> None:
        with closing(studio.sign_in(f"Person {number}")) as client:
            health = client.get("/api/health").json()
            ids = {
                "project_id": health["project_id"],
                "annotator_id": studio.people[f"Person {number}"],
                "client": str(uuid.uuid4()),
            }
            ready.wait()
            for seq in range(1, N_EDITS + 1):
                start = time.perf_counter()
                answer = client.post("/api/edits", json={**ids, "edits": [_make_edit(seq, video_id)]})
                waits.append((time.perf_counter() - start) * 1000)
                sizes.append(len(answer.request.content))
                assert answer.json()["acked"] == seq

    threads = [threading.Thread(target=edit_in_a_loop, args=(n,)) for n in range(N_CLIENTS)]
    for thread in threads:
        thread.start()
    ready.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    return waits, sizes, time.perf_counter() - start


def _make_edit(seq: int, video_id: int) -> dict[str, object]:
    return {
        "client_seq": seq,
        "edit_id": str(uuid.uuid4()),
        "kind": "create",
        "video_id": video_id,
        "annotation_id": str(uuid.uuid4()),
        "base_version": 0,
        "class_id": 1 + seq % 31,
        "start_frame": seq,
        "end_frame": seq + 20,
        "provenance": {"view_mode": "skeleton", "active_ms": 400, "player_version": "bench"},
    }
