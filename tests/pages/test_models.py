"""Models: cards and what they were measured on, the active one, and the table of scans."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.jobs import enqueue_job, fail_job, find_job, lease_job, set_progress
from db.people import Annotator, list_audit
from db.suggestions import insert_scan
from db.videos import insert_video
from imigue_core.annotation import SuggestedSpan
from imigue_core.models.cards import save_card
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.models.project_models import get_active_emotion_model, get_active_model
from imigue_core.studio.videos.steps import QUEUE_RULES
from imigue_core.taxonomy import CLASS_IDS
from pages.ui.model_cards import describe_classes, flatten
from tests.harness.models import make_card
from tests.pages.conftest import NASTY_NAMES, OpenPage, find_part, list_html

SHAPE: dict[str, Any] = {"kind": "poses", "n_frames": 500, "fps_num": 25, "fps_den": 1, "width": 640, "height": 360}
POSES = PoseTrack(source=PoseOrigin.IMPORTED, n_ready=500, complete=True, revision=3)


def add_model(db: Database, name: str = "mine", **fields: Any) -> None:
    """A card in the project's own models; no page reads weights."""
    values: dict[str, Any] = {
        "trained_on": "user",
        "weights_sha256": "0" * 64,
        "n_parameters": 1234,
        "licence": "a licence of its own",
        "metrics": {"held out": {"micro_f1": 0.6125, "interval": [0.5, 0.7]}},
        "made_utc": "2026-01-31T09:00:00+00:00",
    }
    save_card(db.settings.data / "models" / name, make_card(name, **{**values, **fields}))


@pytest.fixture
def videos(db: Database) -> dict[str, int]:
    with db.write() as conn:
        return {
            "Alpha": insert_video(conn, name="Alpha", poses=POSES, **SHAPE),
            "Beta": insert_video(conn, name="Beta", poses=replace(POSES, n_ready=9, complete=False), **SHAPE),
            "Gamma": insert_video(conn, name="Gamma", **SHAPE),
        }


def find_row(app: AppTest, name: str) -> dict[str, Any]:
    (row,) = (row for row in find_part(app, "scans")["rows"] if row["name"] == name)
    return dict(row)


def test_the_page_says_what_the_bundled_models_learned_from(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page("models", ann)
    assert not app.exception
    shown = list_html(app)
    assert "acted people only" in shown
    assert "not a label of iMiGUE" in shown
    assert "unknown" in shown
    assert "train scanner --data project" in shown
    assert "No videos yet" in shown


def test_nobody_unknown_sees_it(open_page: OpenPage) -> None:
    app = open_page("models")
    assert "synthetic-notice" not in list_html(app)


def test_a_card_says_what_it_is_and_what_it_was_measured_on(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    add_model(db, trained_on="synthetic", notes=["Twenty held-out interviews."])
    shown = list_html(open_page("models", ann))
    card = shown[shown.index('data-model="mine"') :]
    for text in (
        "suggests gestures",
        "31 gestures and illustrative",
        "1,234 parameters",
        "dense_tcn (dilated convolutions)",
        "upper body face hands, 25 times a second",
        "a licence of its own",
        "a score of 0.25",
        "2026-01-31 09:00 UTC",
        "Measured on acted people",
        "held out · micro f1",
        "0.613",
        "[0.5, 0.7]",
        "Twenty held-out interviews.",
    ):
        assert text in card, text


def test_whatever_a_card_holds_is_plain_text(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    add_model(db, notes=list(NASTY_NAMES), metrics={NASTY_NAMES[0]: NASTY_NAMES[0]}, recipe={"x": NASTY_NAMES[0]})
    app = open_page("models", ann)
    assert not app.exception
    assert "<img" not in list_html(app)
    assert list_html(app).count("&lt;img src=x onerror=alert(1)&gt;") == 4


def test_a_broken_card_is_named_with_its_code(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    add_model(db, "whole")
    add_model(db, "broken")
    (db.settings.data / "models" / "broken" / "card.json").write_text("{")
    app = open_page("models", ann)
    assert not app.exception
    assert "MODEL_CARD" in list_html(app)
    assert [button.key for button in app.button if button.key and button.key.startswith("use_")] == ["use_whole"]


def test_a_scanner_can_be_made_the_active_one_and_that_is_logged(
    open_page: OpenPage, ann: Annotator, db: Database
) -> None:
    add_model(db, "mine")
    add_model(db, "mood", model="emotion_additive")
    app = open_page("models", ann)
    app.button(key="use_mine").click().run()
    assert get_active_model(db) == "mine"
    assert not [button for button in app.button if button.key == "use_mine"]
    with db.read() as conn:
        assert [entry.annotator_id for entry in list_audit(conn, "model.activate")] == [ann.annotator_id]


def test_an_emotion_model_of_ones_own_can_be_made_the_active_one(
    open_page: OpenPage, ann: Annotator, db: Database
) -> None:
    add_model(db, "mood", model="emotion_additive")
    app = open_page("models", ann)
    app.button(key="use_mood").click().run()
    assert get_active_emotion_model(db) == "mood"
    assert not [button for button in app.button if button.key == "use_mood"]


def test_a_model_of_a_task_that_no_project_uses_is_shown_without_a_button(
    open_page: OpenPage, ann: Annotator, db: Database
) -> None:
    add_model(db, "lstm", model="sliding_lstm")
    app = open_page("models", ann)
    assert "names the gesture in a short stretch" in list_html(app)
    assert not [button for button in app.button if button.key == "use_lstm"]


def test_rows_say_how_far_each_video_is(
    open_page: OpenPage, ann: Annotator, db: Database, videos: dict[str, int]
) -> None:
    app = open_page("models", ann)
    assert find_row(app, "Alpha") | {"text": "not scanned by this model", "action": "scan"} == find_row(app, "Alpha")
    assert (find_row(app, "Beta")["text"], find_row(app, "Beta")["action"]) == ("poses are not complete yet", None)
    assert (find_row(app, "Gamma")["text"], find_row(app, "Gamma")["can_open"]) == ("no poses", False)
    with db.write() as conn:
        enqueue_job(conn, videos["Alpha"], "scan")
    app = open_page("models", ann)
    assert (find_row(app, "Alpha")["text"], find_row(app, "Alpha")["action"]) == ("waits for its turn", "stop")
    with db.write() as conn:
        job = lease_job(conn, QUEUE_RULES, "worker")
        assert job is not None
        set_progress(conn, job.job_id, 125, 500)
    row = find_row(open_page("models", ann), "Alpha")
    assert (row["state"], row["text"], row["share"]) == ("running", "125 of 500", 0.25)
    with db.write() as conn:
        fail_job(conn, QUEUE_RULES, job.job_id, "MODEL_TRUNCATED", "expected whole weights.")
    row = find_row(open_page("models", ann), "Alpha")
    assert (row["state"], row["text"]) == ("failed", "expected whole weights. (MODEL_TRUNCATED)")


def test_a_scanned_video_says_by_which_model_how_many_and_when(
    open_page: OpenPage, ann: Annotator, db: Database, videos: dict[str, int]
) -> None:
    spans = [SuggestedSpan(29, n, n + 20, 0.7, ((29, 0.7),), 1.0, 1.0) for n in range(7)]
    facts = {"model_hash": "f", "trained_on": "synthetic", "device": "cpu", "poses_revision": 3, "cpu_s": 2.345}
    with db.write() as conn:
        insert_scan(conn, videos["Alpha"], spans, model="scanner-dense", **facts)  # type: ignore[arg-type]
    app = open_page("models", ann)
    row = find_row(app, "Alpha")
    assert (row["text"], row["found"]) == ("by scanner-dense on cpu, 2.3 CPU s", "7 suggestions")
    assert row["when"].endswith(" UTC")
    assert row["action_text"] == "Scan again"
    assert "1 of 3 videos scanned · 2 without poses" in list_html(app)


def test_scan_all_queues_what_has_poses_and_stop_all_takes_it_back(
    open_page: OpenPage, ann: Annotator, db: Database, videos: dict[str, int]
) -> None:
    app = open_page("models", ann)
    assert app.button(key="scan_stop").disabled
    app.button(key="scan_all").click().run()
    with db.read() as conn:
        jobs = {name: find_job(conn, video_id, "scan") for name, video_id in videos.items()}
    assert {name: job and job.state for name, job in jobs.items()} == {"Alpha": "queued", "Beta": None, "Gamma": None}
    app.button(key="scan_stop").click().run()
    with db.read() as conn:
        job = find_job(conn, videos["Alpha"], "scan")
    assert job is not None
    assert job.state == "cancelled"
    assert find_row(app, "Alpha")["text"] == "stopped before it was done"


def test_values_of_a_card_read_as_lines() -> None:
    nested = {"a": {"b_c": 0.123456, "n": 12345, "none": None}, "list": [1, 2.5], "yes": True, "big": 3402.21}
    assert list(flatten(nested)) == [
        ("a · b c", "0.123"),
        ("a · n", "12,345"),
        ("a · none", "–"),
        ("list", "[1, 2.5]"),
        ("yes", "yes"),
        ("big", "3,402"),
    ]


def test_classes_are_counted() -> None:
    assert describe_classes(list(CLASS_IDS)) == "31 gestures and illustrative"
    assert describe_classes([1]) == "1 gesture"
