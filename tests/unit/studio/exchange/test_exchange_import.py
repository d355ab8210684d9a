"""Imports: all or nothing, known rows change nothing, every bad row is named."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from db.check import check_database
from db.engine import Database
from db.labels import list_annotations, list_ratings
from db.ledger import iter_entries
from db.people import Annotator, add_annotator, list_annotators, list_audit
from db.videos import find_video_by_number, insert_video, list_videos, save_times, update_video
from imigue_core.errors import BadRowsError, InputError, NotAvailableError
from imigue_core.formats.label_file import FileRating, FileVideo, Interval, LabelFile
from imigue_core.formats.studio_csv import save_studio_csv
from imigue_core.formats.studio_json import save_studio_json
from imigue_core.studio.exchange.exchanging import export_labels, preview_import, run_import
from imigue_core.studio.videos.removing import remove_video
from tests.harness.exchange import ODD, edit, make_table

UUID = "0f0e0d0c-0b0a-4908-8706-050403020100"


def count_ledger(db: Database) -> int:
    with db.read() as conn:
        return sum(1 for _ in iter_entries(conn))


def refuse(db: Database, data: bytes, fmt: str, annotator_id: int) -> list[tuple[int, str]]:
    """Codes by line of a refused file; preview and import must agree and write nothing."""
    before = count_ledger(db)
    with pytest.raises(BadRowsError) as preview:
        preview_import(db, data, fmt, annotator_id)
    with pytest.raises(BadRowsError) as run:
        run_import(db, data, fmt, annotator_id)
    assert preview.value.rows == run.value.rows
    assert count_ledger(db) == before
    return [(row.line, row.code) for row in run.value.rows]


def add_video(db: Database, n_frames: int | None = 100, fps: Fraction = Fraction(25), **columns: Any) -> int:
    row: dict[str, Any] = {
        "name": "clip",
        "kind": "video",
        "source_file": "source.mp4",
        "n_frames": n_frames,
        "fps_num": fps.numerator,
        "fps_den": fps.denominator,
    }
    with db.write() as conn:
        return insert_video(conn, **{**row, **columns})


def test_unknown_videos_become_label_only_videos_at_25_frames_a_second(db: Database, ann: Annotator) -> None:
    report = run_import(db, ODD, "imigue", ann.annotator_id)
    assert (report.n_new, report.n_new_videos, report.is_duplicate) == (4, 2, False)
    with db.read() as conn:
        video = find_video_by_number(conn, 298)
        first = list_annotations(conn)[0]
    assert video is not None
    assert (video.name, video.kind, video.fps, video.n_frames) == ("iMiGUE 0298", "labels", 25, None)
    assert (video.subject_id, video.subject_gender, video.subject_nationality) == ("Ö, ß", "M", '=1+1 "so"')
    assert (first.annotator_id, first.start_time, first.end_time) == (ann.annotator_id, "3.5", "12.0400")
    assert check_database(db).findings == []


def test_the_outcome_is_metadata_and_never_a_rating(db: Database, ann: Annotator) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    with db.read() as conn:
        assert {v.number: v.outcome for v in list_videos(conn)} == {12: "Win", 298: ""}
        assert list_ratings(conn) == []


def test_overlapping_labels_are_legal(db: Database, ann: Annotator) -> None:
    assert run_import(db, make_table("1,1,0,50,29", "1,2,20,60,29"), "imigue", ann.annotator_id).n_new == 2


def test_the_same_file_twice_changes_nothing(db: Database, ann: Annotator) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    before = count_ledger(db)
    preview = preview_import(db, ODD, "imigue", ann.annotator_id)
    assert (preview.is_duplicate, preview.n_new, preview.n_known) == (True, 0, 4)
    report = run_import(db, ODD, "imigue", ann.annotator_id)
    assert report.is_duplicate
    assert report.message.startswith("IMPORT_DUPLICATE: nothing changed")
    assert count_ledger(db) == before


def test_only_new_rows_of_a_longer_file_are_added(db: Database, ann: Annotator) -> None:
    run_import(db, make_table("1,1,0,5,29"), "imigue", ann.annotator_id)
    report = run_import(db, make_table("1,1,0,5,29", "1,2,9,10,30"), "imigue", ann.annotator_id)
    assert (report.n_new, report.n_known, report.n_new_videos) == (1, 1, 0)


def test_another_annotator_has_own_numbers(db: Database, ann: Annotator) -> None:
    with db.write() as conn:
        bob = add_annotator(conn, "Bob")
    run_import(db, make_table("1,1,0,5,29"), "imigue", ann.annotator_id)
    assert run_import(db, make_table("1,1,7,9,30"), "imigue", bob.annotator_id).n_new == 1


@pytest.mark.parametrize("row", ["1,1,0,6,29", "1,1,1,5,29", "1,1,0,5,30"])
def test_a_taken_number_with_other_content_refuses_the_file(db: Database, ann: Annotator, row: str) -> None:
    run_import(db, make_table("1,1,0,5,29"), "imigue", ann.annotator_id)
    assert refuse(db, make_table("1,7,0,5,29", row), "imigue", ann.annotator_id) == [(3, "LABEL_ID_TAKEN")]


def test_a_number_twice_in_one_file_must_say_the_same(db: Database, ann: Annotator) -> None:
    twice = make_table("1,1,0,5,29", "1,1,0,5,29", "1,1,0,6,29")
    assert refuse(db, twice, "imigue", ann.annotator_id) == [(4, "LABEL_ID_TAKEN")]
    report = run_import(db, make_table("1,1,0,5,29", "1,1,0,5,29"), "imigue", ann.annotator_id)
    assert (report.n_new, report.n_known) == (1, 1)


def test_a_deleted_label_keeps_its_number_and_stays_deleted(db: Database, ann: Annotator) -> None:
    run_import(db, make_table("1,1,0,5,29"), "imigue", ann.annotator_id)
    with db.read() as conn:
        (label,) = list_annotations(conn)
    edit(db, ann.annotator_id, label.video_id, "delete", annotation_id=label.annotation_id, base_version=1)
    report = run_import(db, make_table("1,1,0,5,29"), "imigue", ann.annotator_id)
    assert (report.n_new, report.n_known, report.n_warnings) == (0, 1, 1)
    assert refuse(db, make_table("1,1,0,9,29"), "imigue", ann.annotator_id) == [(2, "LABEL_ID_TAKEN")]


def test_every_bad_row_is_named_and_one_refuses_all(db: Database, ann: Annotator) -> None:
    good = [f"1,{n},{n},{n + 5},29" for n in range(1, 301)]
    bad = ["1,301,5,4,29", "1,302,1,2,32", "1,303,x,2,29", "2,1,0,2,29", "1,304,-1,2,29"]
    lines = refuse(db, make_table(*good, *bad), "imigue", ann.annotator_id)
    assert lines == [
        (302, "SPAN_REVERSED"),
        (303, "VOCABULARY_UNKNOWN"),
        (304, "FRAME_NOT_INTEGER"),
        (306, "SPAN_OUT_OF_RANGE"),
    ]
    with db.read() as conn:
        assert list_videos(conn) == []


def test_one_bad_row_of_ten_thousand_writes_nothing(db: Database, ann: Annotator) -> None:
    rows = [f"1,{n},{n},{n + 5},29" for n in range(1, 10_000)]
    with pytest.raises(BadRowsError, match=r"(?s)SPAN_REVERSED: file: 1 bad row, nothing was imported:.*line 10001"):
        run_import(db, make_table(*rows, "1,10000,5,4,29"), "imigue", ann.annotator_id)
    assert count_ledger(db) == 0


def test_spans_past_the_end_of_a_known_video_are_refused(db: Database, ann: Annotator) -> None:
    add_video(db, n_frames=100, number=1)
    assert refuse(db, make_table("1,1,90,100,29"), "imigue", ann.annotator_id) == [(2, "SPAN_OUT_OF_RANGE")]
    assert run_import(db, make_table("1,1,90,99,29"), "imigue", ann.annotator_id).n_new == 1


def test_a_video_that_is_not_read_yet_takes_no_labels_from_files(db: Database, ann: Annotator) -> None:
    add_video(db, n_frames=None, number=1)
    assert refuse(db, make_table("1,1,0,1,29"), "imigue", ann.annotator_id) == [(2, "VIDEO_NOT_READY")]


def test_a_removed_video_takes_no_labels(db: Database, ann: Annotator) -> None:
    video_id = add_video(db, number=1)
    with db.write() as conn:
        update_video(conn, video_id, hidden_utc="2026-01-01T00:00:00.000Z")
    assert refuse(db, make_table("1,1,0,1,29"), "imigue", ann.annotator_id) == [(2, "NOT_AVAILABLE")]


def test_removed_labels_come_back_when_they_are_imported_again(db: Database, ann: Annotator) -> None:
    table = make_table("1,1,0,1,29")
    run_import(db, table, "imigue", ann.annotator_id)
    remove_video(db, 1)
    preview = preview_import(db, table, "imigue", ann.annotator_id)
    assert (preview.is_duplicate, preview.n_returning, preview.n_known) == (False, 1, 1)
    report = run_import(db, table, "imigue", ann.annotator_id)
    assert (report.n_returning, report.n_new, report.n_new_videos) == (1, 0, 0)
    assert "1 removed videos are shown again" in report.message
    with db.read() as conn:
        assert [video.video_id for video in list_videos(conn)] == [1]
        assert [entry.target for entry in list_audit(conn, "video.return")] == ["video:1"]
    assert run_import(db, table, "imigue", ann.annotator_id).is_duplicate


def test_erased_labels_do_not_come_back(db: Database, ann: Annotator) -> None:
    table = make_table("1,1,0,1,29")
    run_import(db, table, "imigue", ann.annotator_id)
    remove_video(db, 1, erase=True)
    report = run_import(db, table, "imigue", ann.annotator_id)
    assert (report.n_returning, report.n_new, report.n_new_videos) == (0, 1, 1)


def test_seconds_that_disagree_with_frames_are_a_warning_and_the_frame_wins(db: Database, ann: Annotator) -> None:
    data = make_table("1,1,10,20,29").replace(b"0.4000", b"0.3999")
    preview = preview_import(db, data, "imigue", ann.annotator_id)
    assert [(w.line, w.code) for w in preview.warnings] == [(2, "SECONDS_DISAGREE")]
    assert "frame 9" in preview.warnings[0].message
    run_import(db, data, "imigue", ann.annotator_id)
    with db.read() as conn:
        (label,) = list_annotations(conn)
    assert (label.start_frame, label.start_time) == (10, "0.3999")


def test_seconds_are_checked_against_a_videos_presentation_times(db: Database, ann: Annotator) -> None:
    video_id = add_video(db, n_frames=4, fps=Fraction(10), number=1)
    with db.write() as conn:
        save_times(conn, video_id, np.array([500, 600, 650, 900]), Fraction(1, 1000))
    times = make_table("1,1,1,3,29").replace(b"0.0400", b"0.1000").replace(b"0.1200", b"0.4000")
    assert preview_import(db, times, "imigue", ann.annotator_id).n_warnings == 0
    assert preview_import(db, make_table("1,1,1,3,29"), "imigue", ann.annotator_id).n_warnings == 2


def test_empty_fields_of_a_video_are_filled_and_others_kept_with_a_warning(db: Database, ann: Annotator) -> None:
    add_video(db, number=12, n_frames=1000, subject_id="six")
    report = run_import(db, ODD, "imigue", ann.annotator_id)
    assert report.n_warnings == 1
    with db.read() as conn:
        video = find_video_by_number(conn, 12)
    assert video is not None
    assert (video.subject_id, video.subject_nationality, video.outcome) == ("six", "Czech ", "Win")


def test_a_preview_writes_nothing_and_shows_the_first_rows(db: Database, ann: Annotator) -> None:
    preview = preview_import(db, ODD, "imigue", ann.annotator_id)
    assert (preview.n_rows, preview.n_new, preview.n_videos) == (4, 4, 2)
    assert preview.new_videos == ["iMiGUE 0012", "iMiGUE 0298"]
    assert (preview.annotators, preview.new_annotators) == (["Ann"], [])
    assert [row["label_id"] for row in preview.first_rows] == [1, 2, 1, 4]
    assert preview.first_rows[0]["annotator"] == "Ann"
    with db.read() as conn:
        assert list_videos(conn) == []


def test_a_preview_may_be_for_somebody_who_is_not_here_yet(db: Database) -> None:
    assert preview_import(db, ODD, "imigue", None).n_new == 4
    with pytest.raises(NotAvailableError):
        run_import(db, ODD, "imigue", 1)


def test_an_import_leaves_one_audit_row_with_its_hash(db: Database, ann: Annotator) -> None:
    report = run_import(db, ODD, "imigue", ann.annotator_id, name="odd.csv")
    with db.read() as conn:
        (entry,) = list_audit(conn, "labels.import")
    assert (entry.annotator_id, entry.target) == (ann.annotator_id, "odd.csv")
    assert entry.detail == {"format": "imigue", "sha256": report.sha256, "n_new": 4, "n_known": 0}


def test_an_unknown_format_is_refused(db: Database, ann: Annotator) -> None:
    with pytest.raises(InputError) as refusal:
        preview_import(db, ODD, "parquet", ann.annotator_id)
    assert refusal.value.code == "FORMAT_NOT_SUPPORTED"


def make_csv(label: Interval, **video: Any) -> bytes:
    shape = {"name": "clip", "fps": Fraction(30), "n_frames": 100, **video}
    return save_studio_csv(LabelFile({label.video: FileVideo(int(label.video), **shape)}, [label]))


LABEL = Interval(
    video="5",
    class_text="29",
    start_frame=3,
    end_frame=9,
    start_time="0.1000",
    end_time="0.3000",
    annotator="Bob",
    label_id=1,
    annotation_id=UUID,
    confidence=0.5,
    mark="discuss",
    note="look",
)


def test_the_studios_files_bring_their_annotators(db: Database, ann: Annotator) -> None:
    report = run_import(db, make_csv(LABEL), "csv", ann.annotator_id)
    assert report.new_annotators == ["Bob"]
    with db.read() as conn:
        (label,) = list_annotations(conn)
        (entry,) = iter_entries(conn)
        names = {p.annotator_id: p.name for p in list_annotators(conn)}
    assert (names[label.annotator_id], label.annotation_id) == ("Bob", UUID)
    assert (label.confidence, label.mark.value, label.note) == (0.5, "discuss", "look")
    assert f'"imported_by":{ann.annotator_id}' in entry.provenance
    assert '"source":"import"' in entry.provenance
    assert check_database(db).findings == []


def test_names_that_differ_by_case_are_one_person(db: Database, ann: Annotator) -> None:
    run_import(db, make_csv(replace(LABEL, annotator="ANN")), "csv", ann.annotator_id)
    with db.read() as conn:
        assert [p.name for p in list_annotators(conn)] == ["Ann"]


def test_a_name_nobody_may_have_refuses_the_file(db: Database, ann: Annotator) -> None:
    assert refuse(db, make_csv(replace(LABEL, annotator="x" * 61)), "csv", ann.annotator_id) == [(2, "NAME_INVALID")]


def test_the_studios_files_set_rate_and_length_of_label_only_videos(db: Database, ann: Annotator) -> None:
    run_import(db, make_csv(LABEL), "csv", ann.annotator_id)
    with db.read() as conn:
        (video,) = list_videos(conn)
    assert (video.name, video.kind, video.fps, video.n_frames) == ("clip", "labels", 30, 100)
    past = make_csv(replace(LABEL, label_id=2, annotation_id="", end_frame=100))
    assert refuse(db, past, "csv", ann.annotator_id) == [(2, "SPAN_OUT_OF_RANGE")]


@pytest.mark.parametrize("change", [{"fps": Fraction(25)}, {"n_frames": 99}, {"sha256": "b" * 64}])
def test_another_video_under_the_same_number_refuses_the_file(
    db: Database, ann: Annotator, change: dict[str, Any]
) -> None:
    add_video(db, n_frames=100, fps=Fraction(30), number=5, sha256="a" * 64)
    assert refuse(db, make_csv(LABEL, **change), "csv", ann.annotator_id) == [(2, "VIDEO_DIFFERS")]


def test_a_video_is_found_by_its_content_before_its_number(db: Database, ann: Annotator) -> None:
    video_id = add_video(db, n_frames=100, fps=Fraction(30), sha256="a" * 64)
    run_import(db, make_csv(LABEL, sha256="a" * 64), "csv", ann.annotator_id)
    with db.read() as conn:
        (label,) = list_annotations(conn)
        (video,) = list_videos(conn)
    assert (label.video_id, video.number) == (video_id, 5)


@pytest.mark.parametrize("change", [{"note": "other"}, {"confidence": 0.6}, {"mark": ""}, {"class_text": "30"}])
def test_a_known_label_of_the_studio_must_agree_in_everything(
    db: Database, ann: Annotator, change: dict[str, Any]
) -> None:
    run_import(db, make_csv(LABEL), "csv", ann.annotator_id)
    assert run_import(db, make_csv(LABEL), "csv", ann.annotator_id).is_duplicate
    other = replace(LABEL, **change)
    assert refuse(db, make_csv(other), "csv", ann.annotator_id) == [(2, "LABEL_ID_TAKEN")]


def test_an_annotation_id_names_one_label_only(db: Database, ann: Annotator) -> None:
    run_import(db, make_csv(LABEL), "csv", ann.annotator_id)
    other = make_csv(replace(LABEL, label_id=2))
    assert refuse(db, other, "csv", ann.annotator_id) == [(2, "ANNOTATION_ID_TAKEN")]


def make_json(emotion: str, note: str = "", valence: int | None = None, confidence: float | None = None) -> bytes:
    rating = FileRating(video="5", annotator="Bob", emotion=emotion, note=note, valence=valence, confidence=confidence)
    return save_studio_json(LabelFile({"5": FileVideo(5, "clip")}, ratings=[rating]))


def test_ratings_come_with_the_json_once(db: Database, ann: Annotator) -> None:
    assert run_import(db, make_json("unsure", "why"), "json", ann.annotator_id).n_new_ratings == 1
    assert run_import(db, make_json("unsure", "why"), "json", ann.annotator_id).is_duplicate
    with db.read() as conn:
        (rating,) = list_ratings(conn)
    assert (rating.emotion.value, rating.note, rating.version) == ("unsure", "why", 1)
    assert refuse(db, make_json("positive"), "json", ann.annotator_id) == [(1, "RATING_TAKEN")]
    assert check_database(db).findings == []


def test_valence_and_confidence_come_and_go_with_the_json(db: Database, ann: Annotator) -> None:
    data = make_json("unsure", "why", 6, 0.5)
    assert run_import(db, data, "json", ann.annotator_id).n_new_ratings == 1
    with db.read() as conn:
        (rating,) = list_ratings(conn)
    assert (rating.valence, rating.confidence) == (6, 0.5)
    assert (
        json.loads(export_labels(db, "json").data)["videos"][0]["ratings"] == json.loads(data)["videos"][0]["ratings"]
    )
    assert run_import(db, data, "json", ann.annotator_id).is_duplicate
    assert run_import(db, make_json("unsure", "why"), "json", ann.annotator_id).is_duplicate, "says nothing of it"
    assert refuse(db, make_json("unsure", "why", 5, 0.5), "json", ann.annotator_id) == [(1, "RATING_TAKEN")]
    assert check_database(db).findings == []


def test_bad_places_of_the_json_are_named(db: Database, ann: Annotator) -> None:
    run_import(db, make_json("unsure"), "json", ann.annotator_id)
    with pytest.raises(BadRowsError, match=r"videos\[0\]\.ratings\[0\]: RATING_TAKEN"):
        run_import(db, make_json("negative"), "json", ann.annotator_id)
