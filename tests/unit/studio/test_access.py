"""The table of actions against the use cases: whatever changes or reveals something asks it first."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from db.engine import Database
from db.people import Annotator
from imigue_core.errors import DeniedError
from imigue_core.studio.access import PROJECT, RULES, Action, Resource, identify, is_allowed, require
from imigue_core.studio.edits.shown import load_video_state
from imigue_core.studio.people.project_settings import ProjectSettings, load_project_settings, save_project_settings
from imigue_core.studio.videos.library import find_item
from imigue_core.studio.videos.removing import remove_video
from tests.harness.hands import Hand, make_person, make_video
from tests.harness.places import ROOT

UNASKED = {
    "close_demo": "the command that made the demo closes it",
    "request_demo": "the server asks for the demo when it starts over an empty project",
    "remember_seen": "it notes what was sent after those who send it have asked",
    "record_inbox_refusals": "the worker says what lies in the inbox",
    "dismiss_refused": "the command line takes back what it just added itself",
    "request_missing_masks": "the worker makes good what a setting wants",
    "mend_project": "the worker makes again what a disk lost",
}
"""Public functions that write and ask nobody, and why."""


def iter_use_cases() -> Iterator[ast.FunctionDef]:
    """Public functions of studio/ that are given a database."""
    for path in sorted((ROOT / "imigue_core" / "studio").rglob("*.py")):
        functions = [node for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)]
        for node in functions:
            if not node.name.startswith("_") and any(argument.arg == "db" for argument in node.args.args):
                yield node


def test_every_use_case_that_writes_or_tells_a_person_something_asks_first() -> None:
    asked: set[str] = set()
    unasked: set[str] = set()
    for node in iter_use_cases():
        names = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
        code = ast.unparse(node)
        writes = "db.write()" in code
        tells = "annotator_id" in names and node.name.startswith(("load_", "list_", "export_"))
        if writes or tells:
            (asked if "Action." in code else unasked).add(node.name)
    assert unasked == set(UNASKED)
    assert len(asked) > 20


def test_every_action_has_a_rule_and_somebody_who_asks_for_it() -> None:
    assert set(RULES) == set(Action)
    code = "\n".join(
        path.read_text("utf-8")
        for path in (*(ROOT / "imigue_core").rglob("*.py"), *(ROOT / "pages").rglob("*.py"))
        if path.name != "access.py"
    )
    assert set(re.findall(r"Action\.([A-Z_]+)\b", code)) >= {action.name for action in Action}


def test_what_belongs_to_a_person_is_that_persons_alone() -> None:
    for action in (Action.CHANGE_LABEL, Action.CHANGE_PREFERENCES, Action.RECORD_COVERAGE, Action.IMPORT_LABELS):
        assert is_allowed(1, action, Resource(owner=1))
        assert not is_allowed(1, action, Resource(owner=2))
        with pytest.raises(DeniedError, match="PERMISSION_DENIED"):
            require(1, action, Resource(owner=2))


def test_whoever_sits_at_the_machine_may_do_everything_but_a_stranger_on_the_network_nothing() -> None:
    for action in Action:
        require(None, action, PROJECT)
    with pytest.raises(DeniedError, match="IDENTITY_REQUIRED"):
        identify(None)


def deny(monkeypatch: pytest.MonkeyPatch, *actions: Action) -> None:
    """As if a role had taken these from everybody."""
    for action in actions:
        monkeypatch.setitem(RULES, action, lambda actor, resource: False)


def test_a_right_to_remove_is_none_to_erase(db: Database, ann: Annotator, monkeypatch: pytest.MonkeyPatch) -> None:
    make_video(db)
    deny(monkeypatch, Action.ERASE_VIDEO)
    with pytest.raises(DeniedError, match="PERMISSION_DENIED"):
        remove_video(db, 1, erase=True, annotator_id=ann.annotator_id)
    assert find_item(db, 1) is not None
    remove_video(db, 1, annotator_id=ann.annotator_id)
    assert find_item(db, 1) is None


def test_rules_of_the_project_stay_when_somebody_may_not_change_them(
    db: Database, ann: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    deny(monkeypatch, Action.CHANGE_SETTINGS)
    with pytest.raises(DeniedError, match="PERMISSION_DENIED"):
        save_project_settings(db, ProjectSettings(blind=True), ann.annotator_id)
    assert load_project_settings(db) == ProjectSettings()


def test_who_may_not_see_others_labels_sees_own_ones_only(
    db: Database, ann: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_video(db)
    own = Hand(db, ann.annotator_id).create()
    Hand(db, make_person(db, "Ben")).create(5, 40, 50)
    assert len(load_video_state(db, 1, ann.annotator_id)["annotations"]) == 2
    deny(monkeypatch, Action.SEE_OTHERS)
    assert [label["annotation_id"] for label in load_video_state(db, 1, ann.annotator_id)["annotations"]] == [own]
