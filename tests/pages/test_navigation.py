"""The frame around the pages: who is there, and how fast the first page may come."""

from __future__ import annotations

import subprocess
import sys

import pytest

from db.engine import Database
from db.people import Annotator, add_annotator
from imigue_core.studio.access import RULES, Action
from tests.harness.places import ROOT
from tests.pages.conftest import NASTY_NAMES, OpenPage, find_part, has_part, list_html


def test_importing_the_entry_script_loads_no_heavy_library() -> None:
    heavy = "torch", "mediapipe", "av", "cv2", "matplotlib", "scipy"
    code = f"import sys, pages._navigation; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_person_is_asked_who_they_are(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page()
    assert not app.exception
    assert find_part(app, "picker") == {"people": [{"annotator_id": ann.annotator_id, "name": "Ann"}]}
    assert not has_part(app, "gallery")


def test_an_unknown_person_sees_no_page_by_its_address(open_page: OpenPage) -> None:
    for page in ("annotate", "explore", "codebook", "models", "exchange"):
        app = open_page(page)
        assert has_part(app, "picker")
        assert not app.selectbox
        assert not app.button


def test_a_forged_cookie_counts_for_nothing(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page(cookie=f"{ann.annotator_id}.forged")
    assert has_part(app, "picker")


def test_a_known_person_sees_the_library_and_their_name(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page(person=ann)
    assert not app.exception
    assert find_part(app, "person") == {"name": "Ann"}
    assert not has_part(app, "picker")


def test_names_reach_the_picker_as_they_are(open_page: OpenPage, db: Database) -> None:
    with db.write() as conn:
        for name in NASTY_NAMES:
            add_annotator(conn, name)
    app = open_page()
    assert {person["name"] for person in find_part(app, "picker")["people"]} == set(NASTY_NAMES)


def test_a_page_that_a_person_may_not_see_is_not_there(
    open_page: OpenPage, ann: Annotator, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert open_page("exchange", person=ann).selectbox
    monkeypatch.setitem(RULES, Action.EXPORT_LABELS, lambda actor, resource: False)
    app = open_page("exchange", person=ann)
    assert not app.exception
    assert not app.selectbox


def test_every_page_says_first_that_the_database_is_damaged(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    assert 'class="studio-damage"' not in list_html(open_page(person=ann))
    db.damage.write("STORAGE_DAMAGED", "the <b>third</b> page is gone.")
    for page in ("library", "annotate", "explore", "codebook", "models", "exchange", "settings"):
        said = list_html(open_page(page, person=ann))
        assert "<b>STORAGE_DAMAGED</b> the &lt;b&gt;third&lt;/b&gt; page is gone." in said
        assert "There is no backup in backups/." in said
