"""Settings: the form shows the project's rules and writes what was changed; blind mode is told of in Explore."""

from __future__ import annotations

from db.engine import Database
from db.people import Annotator, add_annotator, list_audit
from db.videos import insert_video
from imigue_core.studio.people.coverage import mark_progress, record_watched
from imigue_core.studio.people.project_settings import ProjectSettings, load_project_settings, save_project_settings
from tests.harness.exchange import edit
from tests.pages.conftest import OpenPage, find_part, list_html


def make_labelled(db: Database, ann: Annotator) -> int:
    """A video of a minute in which Ann labelled once and Bo twice."""
    with db.write() as conn:
        bo = add_annotator(conn, "Bo")
        video_id = insert_video(conn, name="Alpha", kind="poses", n_frames=1500, fps_num=25, fps_den=1)
    edit(db, ann.annotator_id, video_id, "create", class_id=29, start_frame=0, end_frame=9)
    for start in (100, 200):
        edit(db, bo.annotator_id, video_id, "create", class_id=29, start_frame=start, end_frame=start + 9)
    return video_id


def test_rules_are_shown_and_saved_with_a_name(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    save_project_settings(db, ProjectSettings(overlap_rule="warned"), None)
    app = open_page("settings", ann)
    assert not app.exception
    assert app.selectbox[0].value == "warned"
    assert [toggle.value for toggle in app.toggle] == [False, True]
    app.toggle[0].set_value(True)
    app.slider[0].set_value(20)
    app.button[0].click().run()
    assert load_project_settings(db) == ProjectSettings(blind=True, overlap_rule="warned", holdback_percent=20)
    assert "Saved." in list_html(app)
    with db.read() as conn:
        rows = [(row.annotator_id, row.target) for row in list_audit(conn, "setting.change")]
    assert rows == [(None, "overlap_rule"), (ann.annotator_id, "blind"), (ann.annotator_id, "holdback_percent")]


def test_cards_say_how_far_one_is_and_hide_others_in_blind_mode(
    open_page: OpenPage, ann: Annotator, db: Database
) -> None:
    video_id = make_labelled(db, ann)
    record_watched(db, video_id, ann.annotator_id, [[0, 599]], reviewed=True)

    def read_labels() -> str:
        (card,) = find_part(open_page(person=ann), "gallery")["cards"]
        return str(card["labels"])

    assert read_labels() == "3 labels, 1 mine · in progress, 40 % reviewed"
    save_project_settings(db, ProjectSettings(blind=True), None)
    assert read_labels() == "1 label, 1 mine · in progress, 40 % reviewed"
    mark_progress(db, video_id, ann.annotator_id, "done")
    assert read_labels() == "3 labels, 1 mine · done, 40 % reviewed"
    app = open_page(person=ann)
    app.selectbox(key="library_progress").set_value("new").run()
    assert find_part(app, "gallery")["cards"] == []


def test_explore_counts_reviewed_time_and_says_that_it_shows_everybody(
    open_page: OpenPage, ann: Annotator, db: Database
) -> None:
    video_id = make_labelled(db, ann)
    record_watched(db, video_id, ann.annotator_id, [[0, 749]], reviewed=True)
    app = open_page("explore", ann)
    assert "3 labels" in list_html(app)
    assert "Blind mode is on" not in list_html(app)
    save_project_settings(db, ProjectSettings(blind=True), None)
    app.toggle(key="explore_reviewed").set_value(True).run()
    assert "1 label ·" in list_html(app)
    assert "in 0:30.0 reviewed" in list_html(app)
    assert "Blind mode is on" in list_html(app)
    assert "Blind mode is on" in list_html(open_page("exchange", ann))
