"""Pages that follow each other: the long poll answers at once, ends with the server, and tells no more than it may."""

from __future__ import annotations

import json
import signal
import threading
import time
from contextlib import closing

import httpx
import pytest

from db.engine import open_database
from db.people import set_setting
from imigue_core.settings import Settings
from imigue_core.web.hub import MAX_PER_PERSON
from tests.harness.asking import add_video, make_edit, make_post, read_refusal
from tests.harness.hands import Hand, make_person, make_video
from tests.harness.studio import Studio


def ask(client, wait=0, since=None, seq=0):
    state = client.get("/api/videos/1/state").json()
    params = {"since": state["revision"] if since is None else since, "seq": seq, "wait": wait}
    return client.get("/api/videos/1/changes", params=params)


def label(client, annotator_id, **fields):
    edit = make_edit(1, **fields)
    answer = client.post("/api/edits", json=make_post(client, [edit], annotator_id=annotator_id)).json()
    assert answer["refused"] == []
    return edit["annotation_id"]


@pytest.fixture
def video(shared_db):
    return add_video(shared_db)


@pytest.mark.usefixtures("video")
def test_what_another_person_did_is_told_from_where_one_was(ann, ben):
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
def test_questions_that_make_no_sense_are_refused(ann, query):
    assert read_refusal(ann.get(f"/api/videos/1/changes?{query}")) == (400, "QUERY_MALFORMED")


@pytest.mark.usefixtures("video")
def test_it_is_guarded_like_every_route(ann, stranger):
    assert read_refusal(stranger.get("/api/videos/1/changes?since=0&seq=0")) == (401, "IDENTITY_REQUIRED")
    assert read_refusal(ann.get("/api/videos/7/changes?since=0&seq=0&wait=20")) == (404, "NOT_AVAILABLE")
    assert read_refusal(ann.post("/api/videos/1/changes", json={})) == (405, "METHOD_NOT_ALLOWED")


@pytest.mark.usefixtures("video")
def test_in_blind_mode_no_route_tells_of_others(ann, ben, shared_db):
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
def test_coverage_and_progress_are_ones_own(ann, ben):
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


def test_preferences_are_kept_for_each_person(ann, ben):
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
def studio(tmp_path, settings):
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
    """An open poll of Ann's for 25 s and the answer it got, with how long that took."""

    def __init__(self, client: httpx.Client) -> None:
        super().__init__()
        self.client = client
        self.state = client.get("/api/videos/1/state").json()
        self.answer: httpx.Response | None = None
        self.seconds = 0.0

    def run(self) -> None:
        begun = time.monotonic()
        params = {"since": self.state["revision"], "seq": self.state["ledger_seq"], "wait": 25}
        self.answer = self.client.get("/api/videos/1/changes", params=params)
        self.seconds = time.monotonic() - begun


def open_poll(client: httpx.Client) -> Poll:
    poll = Poll(client)
    poll.start()
    time.sleep(0.5)
    assert poll.answer is None
    return poll


def test_polls_wait_wake_are_bounded_and_end_with_the_server(studio):
    with closing(studio.sign_in("Ann")) as ann, closing(studio.sign_in("Ben")) as ben:
        poll = open_poll(ann)
        theirs = label(ben, studio.people["Ben"])
        poll.join(10)
        assert [one["annotation_id"] for one in poll.answer.json()["annotations"]] == [theirs]
        assert poll.seconds < 10

        # Another process, as the command line is one: this very test.
        poll = open_poll(ann)
        db = open_database(Settings(data=studio.data))
        made = Hand(db, studio.people["Ben"]).create(6, 30, 40)
        db.close()
        poll.join(10)
        assert [one["annotation_id"] for one in poll.answer.json()["annotations"]] == [made]
        assert poll.seconds < 10

        clients = [studio.sign_in("Ann") for _ in range(MAX_PER_PERSON)]
        polls = [open_poll(client) for client in clients]
        late = ann.get("/api/videos/1/changes?since=0&seq=0&wait=0")
        assert (late.status_code, late.json()["error"]["code"]) == (429, "TOO_MANY_POLLS")
        assert ben.get("/api/videos/1/changes?since=0&seq=0&wait=0").status_code == 200

        begun = time.monotonic()
        studio.process.send_signal(signal.SIGINT)
        studio.process.wait(timeout=20)
        assert time.monotonic() - begun < 15  # a poll that was not woken would hold it for 25 s
        for one, client in zip(polls, clients, strict=True):
            one.join(10)
            assert one.answer.status_code == 200
            assert json.loads(one.answer.text)["annotations"] == []
            client.close()
