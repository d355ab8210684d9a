"""Everything people can do, in any order, against a plain model; invariants in turn after each step, all at the end."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from db.check import check_database
from db.engine import Database, open_database
from imigue_core.annotation import Span, compute_tiou
from imigue_core.settings import Settings
from imigue_core.taxonomy import CLASS_IDS
from tests.harness.hands import N_FRAMES, Hand, make_person, make_scan, make_video

FRAMES = st.integers(-1, N_FRAMES)
VERSIONS_OFF = st.sampled_from([0, 0, 0, 0, -1, 1])
N_PEOPLE, N_VIDEOS = 2, 2
N_EXAMPLES, N_PARTS = 200, 4
"""Runs of thirty steps each; parts of them may run side by side."""
N_SUGGESTIONS = 3
"""Of each video, all of class 5 and far apart; numbers go on from the first video to the second."""
SUGGESTED = {k + 1: Span(100 * (k % N_SUGGESTIONS), 100 * (k % N_SUGGESTIONS) + 20) for k in range(2 * N_SUGGESTIONS)}


def find_video(suggestion: int) -> int | None:
    """The video that a suggestion is about; one past the last is about none."""
    return 1 + (suggestion - 1) // N_SUGGESTIONS if suggestion in SUGGESTED else None


class Labelling(RuleBasedStateMachine):
    """Two people with two page loads each on two videos. The model is a dict of labels by id.

    A label of the model: owner, video, class_id, start, end, version, deleted, and the
    suggestion it came from. A decision lies in the same dict under the person and the
    suggestion: owner, video, verdict, version.
    """

    labels = Bundle("labels")
    edits = Bundle("edits")
    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.template, self.folder / "studio.db")
        self.db: Database = open_database(Settings(data=self.folder))
        self.hands: list[Hand] = []
        self.n_steps = 0
        self.model: dict[str, dict[str, Any]] = {}
        self.done: dict[str, tuple[str, int, dict[str, Any] | None, dict[str, Any] | None]] = {}
        self.acked: list[str] = []

    @initialize()
    def people_open_pages(self) -> None:
        for person in range(1, N_PEOPLE + 1):
            for video in range(1, N_VIDEOS + 1):
                self.hands += [Hand(self.db, person, video), Hand(self.db, person, video)]

    def send(self, hand: Hand, edit: dict[str, Any]) -> str | None:
        """Sends an edit, sometimes again as after a lost answer; returns the code of its refusal."""
        answer = hand.send(edit)
        again = hand.send(edit)
        assert answer.acked == again.acked == edit["client_seq"]
        assert (answer.changes, answer.ratings) == (again.changes, again.ratings)
        codes = [refusal["code"] for refusal in answer.refused]
        assert codes == [refusal["code"] for refusal in again.refused]
        self.acked.append(edit["edit_id"])
        return codes[0] if codes else None

    def accept(self, hand: Hand, edit: dict[str, Any], label: str, after: dict[str, Any]) -> str:
        before = self.model.get(label)
        self.model[label] = {**after, "version": (before["version"] if before else 0) + 1}
        self.done[edit["edit_id"]] = (label, hand.annotator_id, before, self.model[label])
        return str(edit["edit_id"])

    @rule(
        target=labels,
        hand=st.integers(0, 7),
        class_id=st.sampled_from([*CLASS_IDS, 0, 32]),
        start=FRAMES,
        end=FRAMES,
    )
    def create(self, hand: int, class_id: int, start: int, end: int) -> str:
        page, label = self.hands[hand], str(uuid.uuid4())
        edit = page.make("create", label, class_id=class_id, start_frame=start, end_frame=end)
        legal = class_id in CLASS_IDS and 0 <= start <= end < N_FRAMES
        assert (self.send(page, edit) is None) == legal
        if legal:
            state = {"owner": page.annotator_id, "video": page.video_id, "class_id": class_id}
            self.accept(page, edit, label, {**state, "start": start, "end": end, "deleted": False, "origin": None})
        return label

    @rule(target=edits, hand=st.integers(0, 7), suggestion=st.integers(1, 2 * N_SUGGESTIONS + 1))
    def accept_suggestion(self, hand: int, suggestion: int) -> str:
        page, label = self.hands[hand], str(uuid.uuid4())
        video = find_video(suggestion)
        link = {"suggestion_id": suggestion, "rank": 1}
        edit = page.make("create", label, class_id=5, start_frame=10, end_frame=20, suggestion=link)
        code = self.send(page, edit)
        is_taken = any(
            m.get("origin") == suggestion and m["owner"] == page.annotator_id and not m["deleted"]
            for m in self.model.values()
        )
        if video is not None and video != page.video_id:
            assert code == "NOT_AVAILABLE"
        elif is_taken:
            assert code == "CONFLICT"
        else:
            assert code is None
            state = {"owner": page.annotator_id, "video": page.video_id, "class_id": 5, "start": 10, "end": 20}
            origin = suggestion if video is not None else None
            self.accept(page, edit, label, {**state, "deleted": False, "origin": origin})
        return str(edit["edit_id"])

    @rule(
        target=edits,
        hand=st.integers(0, 7),
        suggestion=st.integers(1, 2 * N_SUGGESTIONS + 1),
        verdict=st.sampled_from(["rejected", "skipped", "open", "accepted"]),
        off=VERSIONS_OFF,
    )
    def review(self, hand: int, suggestion: int, verdict: str, off: int) -> str:
        page = self.hands[hand]
        key = f"review:{suggestion}:{page.annotator_id}"
        before = self.model.get(key)
        standing = before["version"] if before else 0
        version = max(0, standing + off)
        edit = page.make("review", None, version, suggestion_id=suggestion, verdict=verdict)
        code = self.send(page, edit)
        if version != standing:
            assert code == "CONFLICT"
        elif verdict == "accepted":
            assert code == "VOCABULARY_UNKNOWN"
        elif find_video(suggestion) != page.video_id:
            assert code == "NOT_AVAILABLE"
        else:
            assert code is None
            state = {"owner": page.annotator_id, "video": page.video_id, "verdict": verdict, "deleted": True}
            self.accept(page, edit, key, state)
        return str(edit["edit_id"])

    @rule(target=edits, hand=st.integers(0, 7), label=labels, off=VERSIONS_OFF, start=FRAMES, end=FRAMES)
    def move(self, hand: int, label: str, off: int, start: int, end: int) -> str:
        fields = {"start_frame": start, "end_frame": end}
        return self.change(hand, label, off, "move", fields, {"start": start, "end": end}, 0 <= start <= end < N_FRAMES)

    @rule(target=edits, hand=st.integers(0, 7), label=labels, off=VERSIONS_OFF, class_id=st.sampled_from(CLASS_IDS))
    def relabel(self, hand: int, label: str, off: int, class_id: int) -> str:
        return self.change(hand, label, off, "relabel", {"class_id": class_id}, {"class_id": class_id}, True)

    @rule(target=edits, hand=st.integers(0, 7), label=labels, off=VERSIONS_OFF)
    def delete(self, hand: int, label: str, off: int) -> str:
        return self.change(hand, label, off, "delete", {}, {"deleted": True}, True)

    def change(
        self, hand: int, label: str, off: int, kind: str, fields: dict[str, Any], effect: dict[str, Any], legal: bool
    ) -> str:
        page, before = self.hands[hand], self.model.get(label)
        version = max(0, (before["version"] if before else 0) + off)
        edit = page.make(kind, label, version, **fields)
        code = self.send(page, edit)
        if before is None or before["video"] != page.video_id:
            assert code == "NOT_AVAILABLE"
        elif before["owner"] != page.annotator_id:
            assert code == "PERMISSION_DENIED"
        elif before["version"] != version or before["deleted"]:
            assert code == "CONFLICT"
        else:
            assert (code is None) == legal
        if code is None:
            assert before is not None
            self.accept(page, edit, label, {**before, **effect})
        return str(edit["edit_id"])

    @rule(target=labels, hand=st.integers(0, 7), label=labels, off=VERSIONS_OFF, at=FRAMES, is_last_first=st.booleans())
    def split(self, hand: int, label: str, off: int, at: int, is_last_first: bool) -> str:
        """Cuts a label in two; both edits are accepted, or neither."""
        page, before, part = self.hands[hand], self.model.get(label), str(uuid.uuid4())
        version = max(0, (before["version"] if before else 0) + off)
        start, end = (before.get("start", 0), before.get("end", 0)) if before else (0, 0)
        members = [
            ("move", label, version, {"start_frame": start, "end_frame": at - 1}),
            ("create", part, 0, {"class_id": 5, "start_frame": at, "end_frame": end}),
        ]
        edits = page.make_group(*members[:: -1 if is_last_first else 1])
        answer = page.send(*edits)
        assert page.send(*edits).changes == answer.changes
        assert answer.acked == edits[-1]["client_seq"]
        self.acked += [edit["edit_id"] for edit in edits]
        is_mine = before is not None and before["owner"] == page.annotator_id and before["video"] == page.video_id
        is_legal = is_mine and before is not None and not before["deleted"] and before["version"] == version
        assert len(answer.refused) == (0 if is_legal and start < at <= end else 2)
        if not answer.refused:
            assert before is not None
            by_label = {edit["annotation_id"]: edit for edit in edits}
            self.accept(page, by_label[label], label, {**before, "end": at - 1})
            self.accept(page, by_label[part], part, {**before, "start": at, "class_id": 5, "origin": None})
        return part

    @rule(hand=st.integers(0, 7), target_edit=edits, kind=st.sampled_from(["undo", "redo"]))
    def step_back(self, hand: int, target_edit: str, kind: str) -> None:
        page = self.hands[hand]
        edit = page.make(kind, target_edit_id=target_edit)
        code = self.send(page, edit)
        label, owner, found, left = self.done.get(target_edit, ("", 0, None, None))
        if left is None or owner != page.annotator_id or left["video"] != page.video_id:
            assert code == "NOT_AVAILABLE"
            return
        if found is None:
            found = {**left, **({"verdict": "open"} if "verdict" in left else {"deleted": True})}
        expected, after = (left, found) if kind == "undo" else (found, left)
        if {**self.model[label], "version": 0} != {**expected, "version": 0}:
            assert code == "CONFLICT"
            return
        assert code is None
        self.accept(page, edit, label, after)
        del self.done[edit["edit_id"]]

    @rule()
    def server_starts_again(self) -> None:
        self.db.close()
        self.db = open_database(Settings(data=self.folder))
        for hand in self.hands:
            hand.db = self.db

    @rule(hand=st.integers(0, 7))
    def page_is_loaded_again(self, hand: int) -> None:
        old = self.hands[hand]
        self.hands[hand] = Hand(self.db, old.annotator_id, old.video_id)

    @invariant()
    def one_thing_holds(self) -> None:
        """Another one after each step, since what a step spoils stays spoilt; all of them at the end."""
        if self.hands:
            self.n_steps += 1
            if self.n_steps % 2:
                self.prove_contract()
            else:
                page = self.hands[::2][self.n_steps // 2 % (N_PEOPLE * N_VIDEOS)]
                self.prove_state([page])
                self.prove_suggestions([page])

    def prove_state(self, pages: list[Hand]) -> None:
        for page in pages:
            standing = {
                a["annotation_id"]: (a["annotator_id"], a["class_id"], a["start_frame"], a["end_frame"], a["version"])
                for a in page.state()["annotations"]
            }
            assert standing == {
                label: (m["owner"], m["class_id"], m["start"], m["end"], m["version"])
                for label, m in self.model.items()
                if not m["deleted"] and m["video"] == page.video_id
            }

    def prove_suggestions(self, pages: list[Hand]) -> None:
        for page in pages:
            own = [m for m in self.model.values() if m["owner"] == page.annotator_id and m["video"] == page.video_id]
            taken = {m["origin"] for m in own if not m["deleted"]}
            settled = [Span(m["start"], m["end"]) for m in own if not m["deleted"] and m["class_id"] == 5]
            expected = []
            for suggestion in range(1, 2 * N_SUGGESTIONS + 1):
                decision = self.model.get(f"review:{suggestion}:{page.annotator_id}", {"verdict": "open"})
                is_settled = any(compute_tiou(SUGGESTED[suggestion], span) >= 0.5 for span in settled)
                is_open = suggestion not in taken and decision["verdict"] != "rejected" and not is_settled
                if find_video(suggestion) == page.video_id and is_open:
                    expected.append(suggestion)
            assert page.shown() == expected

    def prove_contract(self) -> None:
        assert check_database(self.db, self.acked).findings == []

    def teardown(self) -> None:
        try:
            self.prove_contract()
            self.prove_state(self.hands[::2])
            self.prove_suggestions(self.hands[::2])
        finally:
            self.db.close()
            shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two people and two videos."""
    db = open_database(Settings(data=tmp_path_factory.mktemp("template")))
    for name in ("Ann", "Ben"):
        make_person(db, name)
    for name in ("one.mp4", "two.mp4"):
        video_id = make_video(db, name)
        spans = [(5, SUGGESTED[k].start_frame, SUGGESTED[k].end_frame) for k in range(1, N_SUGGESTIONS + 1)]
        make_scan(db, *spans, video_id=video_id)
    db.close()
    return db.settings.database


@pytest.mark.parametrize("part", range(N_PARTS))
def test_people_can_do_anything_in_any_order(template: Path, part: int) -> None:
    number = part + int(os.environ.get("IMIGUE_SEED") or secrets.randbelow(2**32))
    print(f"IMIGUE_SEED={number - part} repeats this run")
    Labelling.template = template
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        seed(number)(Labelling),
        settings=settings(
            max_examples=N_EXAMPLES // N_PARTS,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
