"""Rules that the page applies ahead of the server: the same cases as tests/js/golden.test.js, against the server's."""

from __future__ import annotations

import json
import uuid
from itertools import groupby
from typing import Any

import pytest

from db.engine import Database
from db.people import Annotator
from db.suggestions import Suggestion
from imigue_core.annotation import Annotation, Decision, Span, Verdict, compute_overlap_frames, compute_tiou
from imigue_core.studio.edits.suppression import select_suggestions
from tests.harness.hands import Hand, make_video
from tests.harness.places import ROOT

Case = dict[str, Any]


def list_cases(name: str) -> list[Any]:
    cases = json.loads((ROOT / "tests" / "golden" / f"{name}.json").read_text("utf-8"))["cases"]
    return [pytest.param(case, id=case["name"]) for case in cases]


@pytest.mark.parametrize("case", list_cases("suppression"))
def test_what_is_left_to_look_at(case: Case) -> None:
    suggestions = [
        Suggestion(k, 1, 1, class_id, start, end, 0.5, [[class_id, 0.5]], 1.0, 1.0)
        for k, (class_id, start, end) in enumerate(case["suggestions"], start=1)
    ]
    labels = [
        Annotation(str(k), 1, 1, k + 1, class_id, start, end, suggestion_id=origin[0] if origin else None)
        for k, (class_id, start, end, *origin) in enumerate(case.get("labels", []))
    ]
    accepted = [one for one in suggestions if one.suggestion_id in {label.suggestion_id for label in labels}]
    decisions = [
        Decision(number, 1, 1, Verdict(verdict), class_id, start, end, 0.5, "a model", "f" * 64)
        for number, verdict, class_id, start, end in case.get("decisions", [])
    ]
    shown = select_suggestions(suggestions, labels, accepted, decisions)
    assert [one.suggestion.suggestion_id for one in shown] == case["left"]


@pytest.mark.parametrize("case", list_cases("overlap"))
def test_what_two_spans_share(case: Case) -> None:
    one, other = Span(*case["one"]), Span(*case["other"])
    for pair in ((one, other), (other, one)):
        assert compute_overlap_frames(*pair) == case["frames"]
        assert compute_tiou(*pair) == pytest.approx(case["tiou"])


@pytest.mark.parametrize("case", list_cases("undo"))
def test_what_can_be_undone_and_redone(db: Database, ann: Annotator, case: Case) -> None:
    hand = Hand(db, ann.annotator_id, make_video(db))
    ids: dict[str, str] = {}
    names: dict[str, str] = {}
    for group, run in groupby(case["steps"], lambda step: step[2] if len(step) > 2 else None):
        for members in [list(run)] if group else [[step] for step in run]:
            together = {"group_id": str(uuid.uuid4()), "group_size": len(members)} if group else {}
            edits = []
            for what, name, *_ in members:
                if what == "do":
                    span = {"class_id": 5, "start_frame": 0, "end_frame": 9}
                    edit = hand.make("create", str(uuid.uuid4()), **span, **together)
                    ids[name], names[edit["edit_id"]] = edit["edit_id"], name
                else:
                    edit = hand.make(what, target_edit_id=ids[name], **together)
                edits.append(edit)
            assert hand.send(*edits).refused == []
    state = hand.state()
    assert [names[one] for one in state["undo"]] == case["undo"]
    assert [names[one] for one in state["redo"]] == case["redo"]
