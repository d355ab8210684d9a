"""Exports: what goes in comes out byte for byte, and says what its frames mean."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from db.check import check_database
from db.engine import Database, open_database
from db.labels import list_annotations
from db.people import Annotator, add_annotator, get_project_id
from db.videos import insert_video, list_videos, save_times, update_video
from imigue_core.errors import InputError, NotAvailableError
from imigue_core.formats.registry import OWN_FORMATS
from imigue_core.settings import load_settings
from imigue_core.studio.exchange.exchanging import export_labels, run_import
from tests.harness.exchange import HEADER, ODD, edit, make_table
from tests.harness.label_table import make_label_table


@pytest.fixture
def make_project(tmp_path: Path) -> Iterator[Callable[[], tuple[Database, int]]]:
    """Makes empty projects, each with one annotator named Eve."""
    opened: list[Database] = []

    def make() -> tuple[Database, int]:
        opened.append(open_database(load_settings(tmp_path / f"project{len(opened)}")))
        with opened[-1].write() as conn:
            return opened[-1], add_annotator(conn, "Eve").annotator_id

    yield make
    for database in opened:
        database.close()


def add_clip(db: Database, n_frames: int, fps: Fraction, pts: list[int] | None = None) -> int:
    with db.write() as conn:
        video_id = insert_video(
            conn,
            name="clip",
            kind="video",
            source_file="source.mp4",
            n_frames=n_frames,
            fps_num=fps.numerator,
            fps_den=fps.denominator,
        )
        if pts is not None:
            save_times(conn, video_id, np.array(pts), Fraction(1, 1000))
    return video_id


@pytest.mark.parametrize("table", [ODD, make_label_table()], ids=["hand-written", "iMiGUE's size"])
@pytest.mark.parametrize("fmt", [fmt.name for fmt in OWN_FORMATS if fmt.load and fmt.save])
def test_export_import_export_is_byte_equal(
    make_project: Callable[[], tuple[Database, int]], table: bytes, fmt: str
) -> None:
    first, eve = make_project()
    run_import(first, table, "imigue", eve)
    assert export_labels(first, "imigue").data == table
    export = export_labels(first, fmt)
    second, eve = make_project()
    report = run_import(second, export.data, fmt, eve)
    assert report.n_new == export.n_labels
    assert export_labels(second, fmt).data == export.data
    assert export_labels(second, "imigue").data == table
    assert check_database(second).findings == []


def test_edited_spans_get_exact_seconds_and_untouched_ends_keep_theirs(db: Database, ann: Annotator) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    with db.read() as conn:
        first = list_annotations(conn)[0]
    edit(
        db,
        ann.annotator_id,
        first.video_id,
        "move",
        annotation_id=first.annotation_id,
        base_version=1,
        start_frame=29,
        end_frame=301,
    )
    line = export_labels(db, "imigue").data.decode().split("\n")[1]
    assert line == "12,1,1.1600,29,12.0400,301,29,6,F,Czech ,Win"


def test_labels_made_by_hand_are_numbered_and_timed(db: Database, ann: Annotator) -> None:
    run_import(db, make_table("7,3,0,5,29"), "imigue", ann.annotator_id)
    video_id = add_clip(db, 58, Fraction(359, 12))
    edit(db, ann.annotator_id, video_id, "create", class_id=99, start_frame=1, end_frame=57)
    lines = export_labels(db, "imigue").data.decode().split("\n")
    assert lines[2] == "8,1,0.0335,1,1.9053,57,99,,,,"
    with db.read() as conn:
        assert [v.number for v in list_videos(conn)] == [7, 8]
    assert export_labels(db, "imigue").data.decode().split("\n") == lines


def test_seconds_of_a_variable_rate_are_presentation_times_from_the_first_frame(db: Database, ann: Annotator) -> None:
    video_id = add_clip(db, 4, Fraction(10), [500, 600, 650, 900])
    edit(db, ann.annotator_id, video_id, "create", class_id=1, start_frame=1, end_frame=3)
    export = export_labels(db, "imigue")
    assert export.data.decode().split("\n")[1].startswith("1,1,0.1000,1,0.4000,3,1,")
    assert export.meta is not None
    assert export.meta["frame_rate_of"] == {"1": {"name": "clip", "frame_rate": "10", "seconds": "presentation times"}}


def test_the_meta_file_says_base_end_rule_and_other_rates(db: Database, ann: Annotator) -> None:
    run_import(db, make_table("7,3,0,5,29"), "imigue", ann.annotator_id)
    video_id = add_clip(db, 58, Fraction(359, 12))
    edit(db, ann.annotator_id, video_id, "create", class_id=99, start_frame=1, end_frame=57)
    export = export_labels(db, "imigue")
    with db.read() as conn:
        project_id = get_project_id(conn)
    assert export.meta == {
        "format": "imigue",
        "frame_base": 0,
        "end_inclusive": True,
        "frame_rate": "25",
        "frame_rate_of": {"8": {"name": "clip", "frame_rate": "359/12", "seconds": "frame rate"}},
        "annotator": "Ann",
        "n_labels": 2,
        "project_id": project_id,
        "sha256": hashlib.sha256(export.data).hexdigest(),
    }
    assert export_labels(db, "json").meta is None


def test_imigues_table_holds_one_annotator(db: Database, ann: Annotator) -> None:
    with db.write() as conn:
        bob = add_annotator(conn, "Bob")
    run_import(db, make_table("1,1,0,5,29"), "imigue", ann.annotator_id)
    run_import(db, make_table("1,1,7,9,30"), "imigue", bob.annotator_id)
    edit(db, ann.annotator_id, add_clip(db, 58, Fraction(25)), "rate", annotation_id=None, emotion="negative")
    with pytest.raises(InputError) as refusal:
        export_labels(db, "imigue")
    assert refusal.value.code == "ANNOTATOR_REQUIRED"
    assert "Ann, Bob" in refusal.value.message
    with db.read() as conn:
        assert [video.number for video in list_videos(conn)] == [1, None], "a refused export gives no numbers"
    assert export_labels(db, "imigue", bob.annotator_id).data == make_table("1,1,7,9,30")
    assert export_labels(db, "csv").n_labels == 2
    assert export_labels(db, "csv", bob.annotator_id).n_labels == 1


def test_ratings_leave_with_the_json(db: Database, ann: Annotator) -> None:
    video_id = add_clip(db, 58, Fraction(25))
    edit(db, ann.annotator_id, video_id, "rate", annotation_id=None, emotion="negative", note="tired")
    root = json.loads(export_labels(db, "json").data)
    assert root["videos"][0]["ratings"] == [{"annotator": "Ann", "emotion": "negative", "note": "tired"}]
    assert root["videos"][0]["win_or_lose"] == ""


def test_removed_videos_are_left_out(db: Database, ann: Annotator) -> None:
    run_import(db, make_table("1,1,0,5,29", "2,1,0,5,29"), "imigue", ann.annotator_id)
    with db.write() as conn:
        update_video(conn, list_videos(conn)[0].video_id, hidden_utc="2026-01-01T00:00:00.000Z")
    assert export_labels(db, "imigue").data == make_table("2,1,0,5,29")


def test_notes_like_formulas_leave_with_an_apostrophe_and_come_back_without(
    make_project: Callable[[], tuple[Database, int]],
) -> None:
    first, eve = make_project()
    video_id = add_clip(first, 58, Fraction(25))
    label = edit(first, eve, video_id, "create", class_id=1, start_frame=0, end_frame=3)
    note = '=HYPERLINK("http://x")\r\n-2\r'
    edit(first, eve, video_id, "annotate", annotation_id=label, base_version=1, note=note)
    export = export_labels(first, "csv")
    assert b"'=HYPERLINK" in export.data
    second, eve = make_project()
    run_import(second, export.data, "csv", eve)
    with second.read() as conn:
        (found,) = list_annotations(conn)
    assert found.note == note


def test_an_empty_project_exports_a_header(db: Database, ann: Annotator) -> None:
    assert export_labels(db, "imigue").data == HEADER.encode()
    assert export_labels(db, "imigue", ann.annotator_id).n_labels == 0
    assert export_labels(db, "json").n_labels == 0


def test_unknown_formats_and_people_are_refused(db: Database) -> None:
    with pytest.raises(InputError, match="FORMAT_NOT_SUPPORTED"):
        export_labels(db, "xlsx")
    with pytest.raises(NotAvailableError):
        export_labels(db, "csv", 99)
