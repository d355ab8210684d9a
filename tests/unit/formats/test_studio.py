"""The studio's own CSV and JSON: everything out, everything in again, nothing by chance."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from imigue_core.errors import InputError
from imigue_core.formats.label_file import FileRating, FileVideo, Interval, LabelFile
from imigue_core.formats.studio_csv import load_studio_csv, save_studio_csv
from imigue_core.formats.studio_json import load_studio_json, save_studio_json

UUID = "0f0e0d0c-0b0a-4908-8706-050403020100"
VIDEO = FileVideo(7, "=clip", "ab" * 32, Fraction(359, 12), 58, "s1", "F", "+Chile", "Win")
LABEL = Interval(
    video="7",
    class_text="99",
    start_frame=0,
    end_frame=57,
    start_time="0.0000",
    end_time="1.9054",
    annotator="Ann",
    label_id=3,
    annotation_id=UUID,
    confidence=0.25,
    mark="discuss",
    note='=HYPERLINK("x")',
)
RATING = FileRating(video="7", annotator="Ann", emotion="unsure", note="hard\nto say")
FILE = LabelFile({"7": VIDEO}, [LABEL], [RATING])


def test_videos_come_back_with_rate_length_and_hash() -> None:
    for file in (
        load_studio_csv(save_studio_csv(FILE)),
        load_studio_json(save_studio_json(FILE)),
    ):
        (video,) = file.videos.values()
        assert (video.name, video.fps, video.n_frames, video.sha256) == ("=clip", Fraction(359, 12), 58, "ab" * 32)
        assert (video.subject_nationality, video.outcome) == ("+Chile", "Win")


def test_no_cell_of_the_csv_is_a_formula() -> None:
    text = save_studio_csv(FILE).decode()
    assert "'=HYPERLINK" in text
    assert not any(cell.startswith(("=", "+", "-", "@")) for line in text.splitlines() for cell in line.split(","))


def test_the_json_says_base_end_rule_and_rate() -> None:
    root = json.loads(save_studio_json(FILE))
    assert (root["frame_base"], root["end_inclusive"], root["version"]) == (0, True, 1)
    assert root["videos"][0]["fps"] == "359/12"
    assert root["videos"][0]["ratings"] == [{"annotator": "Ann", "emotion": "unsure", "note": "hard\nto say"}]


def test_an_empty_project_is_an_empty_json() -> None:
    assert load_studio_json(save_studio_json(LabelFile())).videos == {}


def make_csv_row(**cells: str) -> bytes:
    header, row = save_studio_csv(LabelFile({"7": VIDEO}, [replace(LABEL, note="")])).decode().split("\n")
    values = dict(zip(header.split(","), row.split(","), strict=True))
    return "\n".join([header, ",".join({**values, **cells}.values())]).encode()


BAD_CELLS = [
    ("class_id", "32", "VOCABULARY_UNKNOWN"),
    ("class_name", "illustrative body language", "VOCABULARY_UNKNOWN"),
    ("start_frame", "1.0", "FRAME_NOT_INTEGER"),
    ("start_frame", "58", "SPAN_REVERSED"),
    ("start_frame", "-3", "SPAN_OUT_OF_RANGE"),
    ("end_frame", str(10**30), "NUMBER_TOO_LARGE"),
    ("start_time", "now", "SECONDS_INVALID"),
    ("confidence", "1.7", "CONFIDENCE_INVALID"),
    ("confidence", "nan", "CONFIDENCE_INVALID"),
    ("confidence", "1e-4000", "CONFIDENCE_INVALID"),
    ("mark", "done", "VOCABULARY_UNKNOWN"),
    ("note", "x" * 4001, "LABEL_TOO_LONG"),
    ("annotation_id", "7", "ID_INVALID"),
    ("annotation_id", UUID.upper(), "ID_INVALID"),
    ("label_id", "0", "ID_INVALID"),
    ("video_id", "-1", "ID_INVALID"),
    ("video_sha256", "abc", "ID_INVALID"),
    ("video_name", "", "NAME_INVALID"),
    ("fps", "0", "VIDEO_FPS_INVALID"),
    ("fps", "25/0", "VIDEO_FPS_INVALID"),
    ("fps", "1000000000/1", "VIDEO_FPS_INVALID"),
    ("n_frames", "many", "FRAME_NOT_INTEGER"),
    ("win_or_lose", "Draw", "VOCABULARY_UNKNOWN"),
]


@pytest.mark.parametrize(("column", "text", "code"), BAD_CELLS)
def test_a_bad_cell_is_named_with_its_line(column: str, text: str, code: str) -> None:
    file = load_studio_csv(make_csv_row(**{column: text}))
    assert [(bad.line, bad.code) for bad in file.bad] == [(2, code)]


def test_rows_of_one_video_must_agree_on_it() -> None:
    data = make_csv_row()
    other = data.split(b"\n")[1].replace(b"359/12", b"30")
    file = load_studio_csv(data + b"\n" + other)
    assert [(bad.line, bad.code) for bad in file.bad] == [(3, "VIDEO_INFO_DISAGREES")]
    assert "fps of video 7" in file.bad[0].message


def make_json(**changes: object) -> dict[str, Any]:
    root = json.loads(save_studio_json(FILE))
    return {**root, **changes}


def load(root: object) -> list[tuple[str, str]]:
    return [(bad.place, bad.code) for bad in load_studio_json(json.dumps(root).encode()).bad]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("start_frame", 1.0, "FRAME_NOT_INTEGER"),
        ("start_frame", True, "FRAME_NOT_INTEGER"),
        ("end_frame", 10**30, "NUMBER_TOO_LARGE"),
        ("start_frame", 58, "SPAN_REVERSED"),
        ("class_id", 32, "VOCABULARY_UNKNOWN"),
        ("class_name", "illustrative", "VOCABULARY_UNKNOWN"),
        ("label_id", 0, "ID_INVALID"),
        ("label_id", 10**30, "NUMBER_TOO_LARGE"),
        ("label_id", "1", "JSON_SHAPE"),
        ("confidence", 1.7, "CONFIDENCE_INVALID"),
        ("confidence", "0.5", "JSON_SHAPE"),
        ("note", None, "JSON_SHAPE"),
        ("more", 1, "JSON_SHAPE"),
    ],
)
def test_a_bad_label_of_the_json_is_named_with_its_place(key: str, value: object, code: str) -> None:
    root = make_json()
    root["videos"][0]["labels"][0][key] = value
    assert load(root) == [("videos[0].labels[0]", code)]


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("valence", 0, "VALENCE_INVALID"),
        ("valence", 8, "VALENCE_INVALID"),
        ("valence", 4.0, "JSON_SHAPE"),
        ("valence", True, "JSON_SHAPE"),
        ("valence", None, "JSON_SHAPE"),
        ("confidence", 1.5, "CONFIDENCE_INVALID"),
        ("confidence", "0.5", "JSON_SHAPE"),
        ("mood", 3, "JSON_SHAPE"),
    ],
)
def test_a_bad_rating_of_the_json_is_named_with_its_place(key: str, value: object, code: str) -> None:
    root = make_json()
    root["videos"][0]["ratings"][0][key] = value
    assert load(root) == [("videos[0].ratings[0]", code)]


def test_bad_ratings_and_videos_are_named_with_their_place() -> None:
    root = make_json()
    root["videos"][0]["ratings"][0]["emotion"] = "Win"
    root["videos"] += [{**root["videos"][0]}, 5]
    assert load(root) == [
        ("videos[0].ratings[0]", "VOCABULARY_UNKNOWN"),
        ("videos[1]", "VIDEO_INFO_DISAGREES"),
        ("videos[2]", "JSON_SHAPE"),
    ]


@pytest.mark.parametrize(
    "root",
    [[], {}, make_json(version=2), make_json(version=True), make_json(frame_base=1), make_json(videos={}), {"a": 1}],
)
def test_another_kind_of_json_refuses_the_file(root: object) -> None:
    with pytest.raises(InputError) as refusal:
        load_studio_json(json.dumps(root).encode(), "x.json")
    assert (refusal.value.code, refusal.value.where) == ("JSON_SHAPE", "x.json")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"format": NaN}', "JSON_NOT_FINITE"),
        (b'{"format": 1e999}', "JSON_NOT_FINITE"),
        (b"[" * 100_000, "JSON_TOO_DEEP"),
        (b'{"format": 1, "format": 2}', "JSON_DUPLICATE_KEY"),
        (b'{"format": ', "JSON_SYNTAX"),
        (bytes(64 * 1024 * 1024 + 1), "UPLOAD_TOO_LARGE"),
    ],
)
def test_unsound_json_refuses_the_file(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as refusal:
        load_studio_json(data)
    assert refusal.value.code == code
