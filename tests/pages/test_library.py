"""Library: cards, filters, steps, what is written about a video, removal, and the pixel switch."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.jobs import enqueue_job, fail_job, find_job, lease_job, set_progress
from db.people import Annotator, add_annotator, list_audit
from db.videos import get_video, insert_video, list_videos, update_video
from imigue_core.studio.demo import request_demo
from imigue_core.studio.videos.library import Refusal, record_inbox_refusals
from imigue_core.studio.videos.steps import QUEUE_RULES
from imigue_core.studio.videos.viewing import get_view
from tests.harness.exchange import edit
from tests.pages.conftest import NASTY_NAMES, OpenPage, find_part, has_part, list_html


def list_names(app: AppTest) -> list[str]:
    """Names on the cards, in order."""
    return [card["name"] for card in find_part(app, "gallery")["cards"]]


def find_card(app: AppTest, name: str) -> dict[str, Any]:
    (card,) = (card for card in find_part(app, "gallery")["cards"] if card["name"] == name)
    return dict(card)


@pytest.fixture
def three(db: Database, ann: Annotator) -> dict[str, int]:
    """Three videos: Alpha labelled by Ann, Beta labelled by Bo, Gamma by nobody."""
    with db.write() as conn:
        bo = add_annotator(conn, "Bo")
        shape = {"n_frames": 22_300, "fps_num": 25, "fps_den": 1, "width": 640, "height": 360}
        ids = {
            "Alpha": insert_video(conn, name="Alpha", kind="poses", subject_id="7", outcome="Win", **shape),
            "Beta": insert_video(conn, name="Beta", kind="poses", subject_id="8", notes="clap 100%_x", **shape),
            "Gamma": insert_video(conn, name="Gamma", kind="poses", number=298, **shape),
        }
    for person, name in ((ann, "Alpha"), (bo, "Beta")):
        edit(db, person.annotator_id, ids[name], "create", class_id=29, start_frame=1, end_frame=5)
    return ids


def test_an_empty_library_says_what_to_do(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    app = open_page(person=ann)
    assert not app.exception
    shown = list_html(app)
    assert "No videos yet" in shown
    assert "-m imigue_core add FILE --data " in shown
    assert str(db.settings.inbox) in shown
    assert find_part(app, "upload")["limit"] == db.settings.upload_limit_bytes


def test_cards_say_length_subject_and_whose_labels(open_page: OpenPage, ann: Annotator, three: dict[str, int]) -> None:
    card = find_card(open_page(person=ann), "Alpha")
    assert card["length"] == "14:52"
    assert card["facts"] == "subject 7 · win · 25 fps · 22,300 frames · poses only"
    assert card["labels"] == "1 label, 1 mine · in progress"
    assert find_card(open_page(person=ann), "Beta")["labels"] == "1 label, 0 mine"


@pytest.mark.parametrize(
    ("key", "value", "names"),
    [
        ("library_search", "alp", ["Alpha"]),
        ("library_search", "0298", ["Gamma"]),
        ("library_search", "100%_", ["Beta"]),
        ("library_search", "%", ["Beta"]),
        ("library_search", "' OR 1=1 --", []),
        ("library_labelled", "by me", ["Alpha"]),
        ("library_labelled", "not by me", ["Gamma", "Beta"]),
        ("library_labelled", "by nobody", ["Gamma"]),
        ("library_subject", "8", ["Beta"]),
        ("library_outcome", "Win", ["Alpha"]),
        ("library_outcome", "", ["Gamma", "Beta"]),
        ("library_sort", "name", ["Alpha", "Beta", "Gamma"]),
        ("library_sort", "newest first", ["Gamma", "Beta", "Alpha"]),
    ],
)
def test_search_filters_and_sort(
    open_page: OpenPage, ann: Annotator, three: dict[str, int], key: str, value: str, names: list[str]
) -> None:
    app = open_page(person=ann)
    widget = app.text_input(key=key) if key == "library_search" else app.selectbox(key=key)
    assert list_names(widget.set_value(value).run()) == names


def test_a_step_under_way_shows_what_is_done(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    with db.write() as conn:
        video_id = insert_video(conn, name="Alpha", kind="video", source_file="source.mp4")
        for kind in ("probe", "proxy"):
            enqueue_job(conn, video_id, kind)
        job = lease_job(conn, QUEUE_RULES, "worker")
        assert job is not None
        set_progress(conn, job.job_id, 300, 1200)
    card = find_card(open_page(person=ann), "Alpha")
    assert card["state_text"] == "working"
    assert [(s["text"], s["share"]) for s in card["steps"]] == [
        ("reading the file, 300 of 1,200", 0.25),
        ("waits: making the browser's copy", None),
    ]


def fail_probe(db: Database) -> int:
    with db.write() as conn:
        video_id = insert_video(conn, name="Broken", kind="video", source_file="source.mp4", sha256="0" * 64)
        for kind in ("probe", "proxy"):
            enqueue_job(conn, video_id, kind)
        job = lease_job(conn, QUEUE_RULES, "worker")
        assert job is not None
        fail_job(conn, QUEUE_RULES, job.job_id, "VIDEO_UNREADABLE", "incomplete file.")
    return video_id


def open_details(app: AppTest, video_id: int) -> AppTest:
    """As if the card's Details had been clicked; AppTest cannot click inside a browser part."""
    app.session_state["library_chosen"] = video_id
    return app.run()


def test_a_failed_step_says_why_and_runs_again(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    video_id = fail_probe(db)
    app = open_page(person=ann)
    (step,) = find_card(app, "Broken")["steps"]
    assert step == {"text": "reading the file: incomplete file. (VIDEO_UNREADABLE)", "share": None, "failed": True}
    app = open_details(app, video_id).button(key="details_retry").click().run()
    assert not app.exception
    with db.read() as conn:
        jobs = [find_job(conn, video_id, kind) for kind in ("probe", "proxy")]
    assert [job.state for job in jobs if job] == ["queued", "queued"]


def test_what_is_written_about_a_video_can_be_changed(
    open_page: OpenPage, ann: Annotator, db: Database, three: dict[str, int]
) -> None:
    app = open_details(open_page(person=ann), three["Gamma"])
    fields = {widget.label: widget for widget in (*app.selectbox, *app.text_input, *app.text_area)}
    fields["Subject"].set_value("31")
    fields["Nationality"].set_value("Chile")
    fields["Gender"].set_value("F")
    fields["Outcome of the match"].set_value("Lose")
    fields["Notes"].set_value("sits *still*")
    (save,) = (button for button in app.button if button.label == "Save")
    app = save.click().run()
    assert not app.exception
    with db.read() as conn:
        video = get_video(conn, three["Gamma"])
    assert (video.subject_id, video.subject_nationality, video.subject_gender) == ("31", "Chile", "F")
    assert (video.outcome, video.notes, video.number) == ("Lose", "sits *still*", 298)


def test_what_a_label_file_says_in_other_words_stays_until_somebody_changes_it(
    open_page: OpenPage, ann: Annotator, db: Database, three: dict[str, int]
) -> None:
    with db.write() as conn:
        update_video(conn, three["Gamma"], number=2**31 - 1, subject_gender="female")
    app = open_details(open_page(person=ann), three["Gamma"])
    assert not app.exception
    (notes,) = app.text_area
    notes.set_value("calm")
    (save,) = (button for button in app.button if button.label == "Save")
    assert not save.click().run().exception
    with db.read() as conn:
        video = get_video(conn, three["Gamma"])
    assert (video.number, video.subject_gender, video.notes) == (2**31 - 1, "female", "calm")


def test_a_refused_change_is_explained_and_changes_nothing(
    open_page: OpenPage, ann: Annotator, db: Database, three: dict[str, int]
) -> None:
    app = open_details(open_page(person=ann), three["Alpha"])
    app.number_input[0].set_value(298)
    (save,) = (button for button in app.button if button.label == "Save")
    app = save.click().run()
    assert "VIDEO_NUMBER_TAKEN" in list_html(app)
    with db.read() as conn:
        assert get_video(conn, three["Alpha"]).number is None


def test_hiding_takes_a_video_out_of_sight(
    open_page: OpenPage, ann: Annotator, db: Database, three: dict[str, int]
) -> None:
    app = open_details(open_page(person=ann), three["Beta"]).button(key="details_hide").click().run()
    assert list_names(app) == ["Gamma", "Alpha"]
    with db.read() as conn:
        hidden = get_video(conn, three["Beta"], include_hidden=True)
    assert hidden.erased_utc is None
    assert hidden.name == "Beta"


def test_erasing_needs_a_second_word(open_page: OpenPage, ann: Annotator, db: Database, three: dict[str, int]) -> None:
    app = open_details(open_page(person=ann), three["Beta"])
    assert app.button(key="details_erase").disabled
    app = app.checkbox(key=f"details_sure_{three['Beta']}").check().run()
    app = app.button(key="details_erase").click().run()
    assert list_names(app) == ["Gamma", "Alpha"]
    with db.read() as conn:
        erased = get_video(conn, three["Beta"], include_hidden=True)
    assert erased.erased_utc is not None
    assert erased.notes == ""


def test_how_much_is_shown_is_chosen_in_three_steps_and_logged(
    open_page: OpenPage, ann: Annotator, db: Database, three: dict[str, int]
) -> None:
    app = open_page(person=ann)
    switch = app.segmented_control(key="view_skeleton")
    assert (switch.value, list(switch.options)) == (
        "skeleton",
        ["Skeleton", "Face masked", "Source"],
    )
    app = switch.set_value("masked").run()
    assert get_view(db) == "masked"
    app = app.segmented_control(key="view_masked").set_value("source").run()
    assert app.segmented_control(key="view_source").value == "source"
    with db.read() as conn:
        log = [(entry.annotator_id, entry.detail["to"]) for entry in list_audit(conn, "view.switch")]
    assert log == [(ann.annotator_id, "masked"), (ann.annotator_id, "source")]


def test_a_large_library_comes_in_pages(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    with db.write() as conn:
        for number in range(1, 101):
            insert_video(conn, name=f"iMiGUE {number:04}", kind="labels", number=number)
    app = open_page(person=ann)
    assert len(list_names(app)) == 48
    assert "1–48 of 100" in list_html(app)
    assert app.button(key="library_previous").disabled
    app = app.button(key="library_next").click().run().button(key="library_next").click().run()
    assert list_names(app) == [f"iMiGUE {number:04}" for number in (4, 3, 2, 1)]
    assert app.button(key="library_next").disabled


def test_names_are_shown_as_plain_text(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    with db.write() as conn:
        ids = [insert_video(conn, name=name, kind="labels", subject_id=name) for name in NASTY_NAMES]
    app = open_page(person=ann)
    assert set(list_names(app)) == set(NASTY_NAMES)
    for video_id in ids:
        app = open_details(app, video_id)
        assert "<img" not in list_html(app)
        written = [element.value for element in (*app.markdown, *app.caption)]
        assert not [text for text in written if any(name in text for name in NASTY_NAMES)]


def test_a_stale_choice_is_forgotten(open_page: OpenPage, ann: Annotator, three: dict[str, int]) -> None:
    app = open_details(open_page(person=ann), 999)
    assert not app.exception
    assert not [button for button in app.button if button.label == "Save"]


def test_media_are_attached_to_labels_by_hand(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    with db.write() as conn:
        labels = insert_video(conn, name="iMiGUE 0298", kind="labels", number=298, fps_num=25, fps_den=1)
        media = insert_video(
            conn, name="interview", kind="poses", n_frames=100, fps_num=25, fps_den=1, width=64, height=64
        )
    app = open_details(open_page(person=ann), labels)
    app = app.selectbox(key="details_media").set_value(media).run().button(key="details_attach").click().run()
    assert not app.exception
    with db.read() as conn:
        assert [video.name for video in list_videos(conn)] == ["iMiGUE 0298"]
        assert get_video(conn, labels).n_frames == 100
    assert not has_part(app, "upload")


def test_what_the_inbox_cannot_take_is_told_above_the_cards(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    record_inbox_refusals(db, [Refusal("<b>empty</b>.mp4", "VIDEO_EMPTY", "expected a video, got a file of 0 bytes.")])
    shown = list_html(open_page(person=ann))
    assert "inbox/&lt;b&gt;empty&lt;/b&gt;.mp4" in shown
    assert "VIDEO_EMPTY" in shown


def test_the_demo_under_way_is_told_over_the_cards(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    request_demo(db)
    app = open_page(person=ann)
    assert not app.exception
    assert "The demo is being made" in list_html(app)
    assert not has_part(app, "upload")
    assert [bar.proto.text for bar in app.get("progress")] == ["waits: making the demo"]
    with db.write() as conn:
        job = lease_job(conn, QUEUE_RULES, "worker")
        assert job is not None
        set_progress(conn, job.job_id, 250, 1000)
    assert [bar.proto.text for bar in app.run().get("progress")] == ["making the demo, 250 of 1,000 frames"]
