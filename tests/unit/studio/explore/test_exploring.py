"""Explore's numbers from a real project: filters, clocks and the clips behind a number."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, event

from db.engine import Database
from db.people import Annotator, add_annotator
from db.videos import insert_video, list_videos, save_times, update_video
from imigue_core.errors import InputError
from imigue_core.studio.exchange.exchanging import run_import
from imigue_core.studio.explore.exploring import (
    CLIP_COLUMNS,
    LabelFilters,
    load_explored,
)
from imigue_core.taxonomy import CLASSES, ILLUSTRATIVE_ID
from tests.harness.exchange import ODD, edit, make_table
from tests.harness.label_table import make_label_table


def add_clip(db: Database, n_frames: int, fps: Fraction) -> int:
    with db.write() as conn:
        return insert_video(
            conn,
            name="clip",
            kind="video",
            source_file="source.mp4",
            n_frames=n_frames,
            fps_num=fps.numerator,
            fps_den=fps.denominator,
        )


def test_an_empty_project_has_no_numbers(db: Database) -> None:
    for by in ("class", "group", "annotator"):
        assert load_explored(db).compute_distribution(by).empty
    assert load_explored(db).list_clips().empty
    assert load_explored(db).list_choices() == LabelFilters()


def test_a_project_of_imigues_size_shows_the_published_counts(db: Database, ann: Annotator) -> None:
    run_import(db, make_label_table(), "imigue", ann.annotator_id)
    table = load_explored(db).compute_distribution()
    expected = {c.class_id: c.published_count for c in CLASSES}
    expected[ILLUSTRATIVE_ID] += 1
    assert dict(zip(table["class_id"], table["count"], strict=True)) == expected
    assert table["class_name"][0] == "Illustrative body language"
    assert table["share"].sum() == pytest.approx(1)
    groups = load_explored(db).compute_distribution("group").set_index("group")["count"].to_dict()
    assert groups["body"] == 4_324
    assert load_explored(db).compute_distribution("annotator")["count"].tolist() == [18_499]


def test_label_only_videos_last_to_their_last_label_at_25_frames_a_second(db: Database, ann: Annotator) -> None:
    run_import(db, make_table("1,1,0,49,29", "1,2,1475,1499,31"), "imigue", ann.annotator_id)
    table = load_explored(db).compute_distribution().set_index("class_id")
    assert table["total_s"].to_dict() == pytest.approx({29: 2.0, 31: 1.0})
    assert table["rate_per_min"].to_dict() == pytest.approx({29: 1.0, 31: 1.0})


def test_seconds_follow_each_videos_rate(db: Database, ann: Annotator) -> None:
    video_id = add_clip(db, 600, Fraction(10))
    edit(db, ann.annotator_id, video_id, "create", class_id=1, start_frame=100, end_frame=109)
    table = load_explored(db).compute_distribution()
    assert table["total_s"].tolist() == pytest.approx([1.0])
    assert table["rate_per_min"].tolist() == pytest.approx([1.0])
    assert load_explored(db).list_clips()["start_s"].tolist() == pytest.approx([10.0])


def test_seconds_of_a_variable_rate_follow_presentation_times(db: Database, ann: Annotator) -> None:
    video_id = add_clip(db, 4, Fraction(10))
    with db.write() as conn:
        save_times(conn, video_id, np.array([500, 600, 650, 900]), Fraction(1, 1000))
    edit(db, ann.annotator_id, video_id, "create", class_id=1, start_frame=1, end_frame=2)
    edit(db, ann.annotator_id, video_id, "create", class_id=1, start_frame=3, end_frame=3)
    clips = load_explored(db).list_clips()
    assert clips["start_s"].tolist() == pytest.approx([0.1, 0.4])
    assert clips["duration_s"].tolist() == pytest.approx([0.3, 0.1])
    assert load_explored(db).compute_distribution()["rate_per_min"].tolist() == pytest.approx([2 / (0.5 / 60)])


def test_clips_are_what_the_filters_say(db: Database, ann: Annotator) -> None:
    with db.write() as conn:
        bob = add_annotator(conn, "Bob")
    run_import(db, ODD, "imigue", ann.annotator_id)
    run_import(db, make_table("12,1,0,5,31"), "imigue", bob.annotator_id)
    with db.read() as conn:
        twelve = list_videos(conn)[0].video_id
    assert tuple(load_explored(db).list_clips().columns) == CLIP_COLUMNS
    found = {
        name: load_explored(db).list_clips(filters)["class_id"].tolist()
        for name, filters in {
            "all": LabelFilters(),
            "bob": LabelFilters(annotators=("Bob",)),
            "hands at the head": LabelFilters(groups=("head-hand",)),
            "class": LabelFilters(class_ids=(29, 31)),
            "subject": LabelFilters(subjects=("6",)),
            "unknown outcome": LabelFilters(outcomes=("",)),
            "video": LabelFilters(video_ids=(twelve,), annotators=("Ann",)),
        }.items()
    }
    assert found == {
        "all": [29, 99, 31, 8, 8],
        "bob": [31],
        "hands at the head": [8, 8],
        "class": [29, 31],
        "subject": [29, 99, 31],
        "unknown outcome": [8, 8],
        "video": [29, 99],
    }


def test_people_and_videos_choose_the_scope_and_classes_choose_within(db: Database, ann: Annotator) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    table = load_explored(db).compute_distribution("class", LabelFilters(outcomes=("Win",), class_ids=(29,)))
    assert (table["class_id"].tolist(), table["share"].tolist()) == ([29], [0.5])


def test_filter_choices_are_what_occurs(db: Database, ann: Annotator) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    choices = load_explored(db).list_choices()
    assert choices.annotators == ("Ann",)
    assert choices.class_ids == (8, 29, 99)
    assert choices.groups == ("head", "head-hand", "illustrative")
    assert choices.outcomes == ("", "Win")


def test_removed_videos_are_not_counted(db: Database, ann: Annotator) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    with db.write() as conn:
        update_video(conn, list_videos(conn)[0].video_id, hidden_utc="2026-01-01T00:00:00.000Z")
    assert load_explored(db).compute_distribution()["class_id"].tolist() == [8]


def test_another_breakdown_is_refused(db: Database) -> None:
    with pytest.raises(InputError, match="FILTER_UNKNOWN"):
        load_explored(db).compute_distribution("colour")  # type: ignore[arg-type]


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """The statements that the database is sent from now on."""
    statements: list[str] = []

    def note(*arguments: Any) -> None:
        statements.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_the_database_is_asked_once_and_as_often_for_many_videos_as_for_one(db: Database, asked: list[str]) -> None:
    counts = []
    for _ in range(2):
        for _ in range(3):
            video_id = add_clip(db, 100, Fraction(25))
            with db.write() as conn:
                save_times(conn, video_id, np.arange(100, dtype=np.int64), Fraction(1, 25))
        asked.clear()
        explored = load_explored(db)
        counts.append((asked.count("BEGIN"), len(asked)))
        asked.clear()
        explored.compute_distribution(reviewed_only=True)
        explored.list_clips()
        explored.list_choices()
        explored.count_reviewed_seconds()
        assert asked == []
    assert counts[0] == counts[1] == (1, 7)
