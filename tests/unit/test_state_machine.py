"""Everything people can do, in any order, against a plain model; every invariant after every step."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from db.check import check_database
from db.engine import Database, open_database
from imigue_core.settings import Settings
from imigue_core.taxonomy import CLASS_IDS
from tests.hands import N_FRAMES, Hand, make_person, make_video

FRAMES = st.integers(-1, N_FRAMES)
VERSIONS_OFF = st.sampled_from([0, 0, 0, 0, -1, 1])
N_PEOPLE, N_VIDEOS = 2, 2


class Labelling(RuleBasedStateMachine):
    """Two people with two page loads each on two videos. The model is a dict of labels by id.

    A label of the model: owner, video, class_id, start, end, version, deleted.
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
            self.accept(page, edit, label, {**state, "start": start, "end": end, "deleted": False})
        return label

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

    @rule(hand=st.integers(0, 7), target_edit=edits, kind=st.sampled_from(["undo", "redo"]))
    def step_back(self, hand: int, target_edit: str, kind: str) -> None:
        page = self.hands[hand]
        edit = page.make(kind, target_edit_id=target_edit)
        code = self.send(page, edit)
        label, owner, found, left = self.done.get(target_edit, ("", 0, None, None))
        if left is None or owner != page.annotator_id or left["video"] != page.video_id:
            assert code == "NOT_AVAILABLE"
            return
        assert found is not None
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
    def the_state_is_the_models(self) -> None:
        for page in self.hands[::2]:
            standing = {
                a["annotation_id"]: (a["annotator_id"], a["class_id"], a["start_frame"], a["end_frame"], a["version"])
                for a in page.state()["annotations"]
            }
            assert standing == {
                label: (m["owner"], m["class_id"], m["start"], m["end"], m["version"])
                for label, m in self.model.items()
                if not m["deleted"] and m["video"] == page.video_id
            }

    @invariant()
    def every_invariant_of_the_contract_holds(self) -> None:
        assert check_database(self.db, self.acked).findings == []

    def teardown(self) -> None:
        self.db.close()
        shutil.rmtree(self.folder)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with two people and two videos."""
    db = open_database(Settings(data=tmp_path_factory.mktemp("template")))
    for name in ("Ann", "Ben"):
        make_person(db, name)
    for name in ("one.mp4", "two.mp4"):
        make_video(db, name)
    db.close()
    return db.settings.database


def test_people_can_do_anything_in_any_order(template: Path) -> None:
    Labelling.template = template
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Labelling,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
