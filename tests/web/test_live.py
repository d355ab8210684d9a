"""Pages that follow each other: the long poll answers at once, ends with the server, and tells no more than it may."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from db.engine import Database, open_database
from db.people import set_setting
from imigue_core.settings import Settings
from imigue_core.web.hub import MAX_PER_PERSON
from tests.harness.asking import Caller, add_video, make_edit, make_post, read_refusal
from tests.harness.hands import Hand, make_person, make_video
from tests.harness.studio import Studio
from tests.harness.waiting import wait_for


def ask(client: Caller, wait: float = 0, since: int | None = None, seq: int = 0) -> Any:
    state = client.get("/api/videos/1/state").json()
    params = {"since": state["revision"] if since is None else since, "seq": seq, "wait": wait}
    return client.get("/api/videos/1/changes", params=params)


def label(client: Caller, annotator_id: int, **fields: Any) -> Any:
    edit = make_edit(1, **fields)
    answer = client.post("/api/edits", json=make_post(client, [edit], annotator_id=annotator_id)).json()
    assert answer["refused"] == []
    return edit["annotation_id"]


@pytest.fixture
def video(shared_db: Database) -> Any:
    return add_video(shared_db)


@pytest.mark.usefixtures("video")
def test_what_another_person_did_is_told_from_where_one_was(ann: TestClient, ben: TestClient) -> None:
    before = ann.get("/api/videos/1/state").json()
    first = label(ben, 2)
    told = ask(ann, since=before["revision"], seq=before["ledger_seq"]).json()
    assert [one["annotation_id"] for one in told["annotations"]] == [first]
    assert told["annotations"][0]["annotator"] == "Ben"
    second = label(ben, 2, start_frame=30, end_frame=40)
    label(ben, 2, kind="delete", annotation_id=first, base_version=1)
    told = ask(ann, since=told["revision"], seq=told["ledger_seq"]).json()
    assert [one["annotation_id"] for one in told["annotations"]] == [second]
    assert told["deleted"] == [first]
    assert told["reload"] is False
    state = ann.get("/api/videos/1/state").json()
    assert (told["revision"], told["ledger_seq"]) == (state["revision"], state["ledger_seq"])
    assert ask(ann, seq=told["ledger_seq"]).json()["annotations"] == []


@pytest.mark.usefixtures("video")
@pytest.mark.parametrize(
    "query", ["since=x&seq=0", "since=0&seq=-1", "since=0", "since=0&seq=0&wait=x", "since=0&seq=0&wait=nan",
              "since=0&seq=0&wait=-1", "since=99999999999999999&seq=0"]
)  # fmt: skip
def test_questions_that_make_no_sense_are_refused(ann: TestClient, query: str) -> None:
    assert read_refusal(ann.get(f"/api/videos/1/changes?{query}")) == (400, "QUERY_MALFORMED")


@pytest.mark.usefixtures("video")
def test_it_is_guarded_like_every_route(ann: TestClient, stranger: TestClient) -> None:
    assert read_refusal(stranger.get("/api/videos/1/changes?since=0&seq=0")) == (401, "IDENTITY_REQUIRED")
    assert read_refusal(ann.get("/api/videos/7/changes?since=0&seq=0&wait=20")) == (404, "NOT_AVAILABLE")
    assert read_refusal(ann.post("/api/videos/1/changes", json={})) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.usefixtures("video")
def test_in_blind_mode_no_route_tells_of_others(ann: TestClient, ben: TestClient, shared_db: Database) -> None:
    theirs = label(ben, 2)
    mine = label(ann, 1, start_frame=30, end_frame=40)
    with shared_db.write() as conn:
        set_setting(conn, "blind", "on")
    edit = make_edit(1, kind="delete", annotation_id=theirs, base_version=1)
    answers = [
        ann.get("/api/videos/1/state"),
        ask(ann),
        ann.get("/api/videos/1"),
        ann.get("/api/videos/1/suggestions"),
        ann.get("/api/preferences"),
        ann.post("/api/videos/1/watched", json={"stretches": [[0, 9]], "reviewed": True}),
        ann.post("/api/videos/1/progress", json={"state": "in_progress"}),
    ]
    for answer in answers:
        assert answer.status_code == 200
        assert theirs not in answer.text
        assert "Ben" not in answer.text
    refused = ann.post("/api/edits", json=make_post(ann, [edit])).json()["refused"][0]
    assert (refused["code"], refused["current"]) == ("PERMISSION_DENIED", None)
    assert mine in answers[0].text
    assert ann.post("/api/videos/1/progress", json={"state": "done"}).json() == {"progress": "done"}
    assert theirs in ann.get("/api/videos/1/state").text
    assert mine not in ben.get("/api/videos/1/state").text


@pytest.mark.usefixtures("video")
def test_coverage_and_progress_are_ones_own(ann: TestClient, ben: TestClient) -> None:
    posted = ann.post("/api/videos/1/watched", json={"stretches": [[0, 9], [10, 19]], "reviewed": False}).json()
    assert posted == {"watched": [[0, 19, False]]}
    taken = {"stretches": [[0, 4]], "reviewed": True}
    assert ann.post("/api/videos/1/watched", json=taken).json()["watched"] == [[0, 4, True], [5, 19, False]]
    assert ann.post("/api/videos/1/watched", json={**taken, "remove": True}).json()["watched"] == [[0, 19, False]]
    state = ann.get("/api/videos/1/state").json()
    assert (state["watched"], state["progress"], state["ledger_seq"]) == ([[0, 19, False]], "in_progress", 0)
    assert ben.get("/api/videos/1/state").json()["progress"] == "new"
    for body in ({}, {"stretches": [], "reviewed": 1}, {**taken, "remove": "no"}):
        assert read_refusal(ann.post("/api/videos/1/watched", json=body)) == (400, "BODY_MALFORMED")
    assert read_refusal(ann.post("/api/videos/1/progress", json={"state": "half"})) == (400, "PROGRESS_UNKNOWN")


def test_preferences_are_kept_for_each_person(ann: TestClient, ben: TestClient) -> None:
    assert ann.get("/api/preferences").json() == {}
    keymap = {"next": ["ArrowRight"], "ä": None}
    assert ann.post("/api/preferences", json={"name": "keymap", "value": keymap}).status_code == 200
    ann.post("/api/preferences", json={"name": "player", "value": 1})
    ann.post("/api/preferences", json={"name": "player", "value": {"rate": 2}})
    assert ann.get("/api/preferences").json() == {"keymap": keymap, "player": {"rate": 2}}
    assert ben.get("/api/preferences").json() == {}
    refused = ann.post("/api/preferences", json={"name": "colours", "value": 1})
    assert read_refusal(refused) == (400, "PREFERENCE_UNKNOWN")
    long = ann.post("/api/preferences", json={"name": "player", "value": "x" * 20_001})
    assert read_refusal(long) == (400, "PREFERENCE_TOO_LARGE")
    assert read_refusal(ann.post("/api/preferences", json={"name": "player"})) == (400, "BODY_MALFORMED")


@pytest.fixture
def studio(tmp_path: Path, settings: Settings) -> Iterator[Studio]:
    """The real application, with Ann, Ben and a video in its folder."""
    db = open_database(settings)
    make_video(db)
    names = {name: make_person(db, name) for name in ("Ann", "Ben")}
    db.close()
    server = Studio(settings.data)
    server.people = names
    server.start()
    yield server
    server.stop()


class Poll(threading.Thread):
    """An open poll of Ann's, which without news is answered after 25 s."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self.client = client
        self.state = client.get("/api/videos/1/state").json()
        self.answer: httpx.Response | None = None
        self.is_sent = threading.Event()

    def run(self) -> None:
        params = {"since": self.state["revision"], "seq": self.state["ledger_seq"], "wait": 25}
        self.is_sent.set()
        self.answer = self.client.get("/api/videos/1/changes", params=params)

    def wait_for_answer(self) -> httpx.Response:
        """The answer, which must come before an idle poll's would."""
        self.join(20)
        assert self.answer is not None, "nothing woke the poll"
        return self.answer


def find_refusal(client: httpx.Client) -> tuple[int, str] | None:
    """How the server refuses one more poll; None while it takes one."""
    answer = client.get("/api/videos/1/changes?since=0&seq=0&wait=0")
    return None if answer.status_code == 200 else read_refusal(answer)


def open_poll(client: httpx.Client) -> Poll:
    poll = Poll(client)
    poll.start()
    poll.is_sent.wait(20)
    for _ in range(5):  # answered one after the other, while the poll is not
        assert client.get("/api/health").status_code == 200
    assert poll.answer is None
    return poll


def test_polls_wait_wake_are_bounded_and_end_with_the_server(studio: Studio) -> None:
    with closing(studio.sign_in("Ann")) as ann, closing(studio.sign_in("Ben")) as ben:
        poll = open_poll(ann)
        theirs = label(ben, studio.people["Ben"])
        answer = poll.wait_for_answer().json()
        assert [one["annotation_id"] for one in answer["annotations"]] == [theirs]

        # Another process, as the command line is one: this very test.
        poll = open_poll(ann)
        db = open_database(Settings(data=studio.data))
        made = Hand(db, studio.people["Ben"]).create(6, 30, 40)
        db.close()
        answer = poll.wait_for_answer().json()
        assert [one["annotation_id"] for one in answer["annotations"]] == [made]

        clients = [studio.sign_in("Ann") for _ in range(MAX_PER_PERSON)]
        polls = [open_poll(client) for client in clients]
        late = wait_for(lambda: find_refusal(ann), "Ann has as many polls open as she may")
        assert late == (429, "TOO_MANY_POLLS")
        assert ben.get("/api/videos/1/changes?since=0&seq=0&wait=0").status_code == 200

        assert studio.process is not None
        studio.process.send_signal(signal.SIGINT)
        studio.process.wait(timeout=20)  # a poll that was not woken would hold it for 25 s
        for one, client in zip(polls, clients, strict=True):
            last = one.wait_for_answer()
            assert last.status_code == 200
            assert last.json()["annotations"] == []
            client.close()
