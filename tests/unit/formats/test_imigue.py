"""iMiGUE's label table: exactly as published, every bad row by name."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.errors import InputError
from imigue_core.formats.imigue import COLUMNS, load_imigue, save_imigue
from imigue_core.formats.label_file import FileVideo, Interval, LabelFile

HEADER = (
    "video_id,label_id,start_time,start_frame,end_time,end_frame,class,"
    "subject_id,subject_gender,subject_nationality,win_or_lose"
)
ROW = ["1", "1", "3.5", "87", "12.0400", "301", "29", "6", "F", "Czech ", "Win"]


def make_csv(*rows: list[str]) -> bytes:
    return "\n".join([HEADER, *(",".join(row) for row in rows)]).encode()


def change(**cells: str) -> list[str]:
    return [cells.get(name.replace("class", "class_"), text) for name, text in zip(COLUMNS, ROW, strict=True)]


def test_the_header_is_the_published_one() -> None:
    assert ",".join(COLUMNS) == HEADER


def test_a_row_is_read_as_it_stands() -> None:
    file = load_imigue(make_csv(ROW))
    assert file.labels == [
        Interval(
            video="1",
            class_text="29",
            start_frame=87,
            end_frame=301,
            start_time="3.5",
            end_time="12.0400",
            label_id=1,
            line=2,
        )
    ]
    assert file.videos["1"] == FileVideo(
        1, "iMiGUE 0001", subject_id="6", subject_gender="F", subject_nationality="Czech ", outcome="Win", line=2
    )
    assert (file.bad, file.warnings) == ([], [])


def test_what_was_read_is_written_back_byte_for_byte_without_a_last_newline() -> None:
    data = make_csv(ROW, change(label_id="3", start_time="0.1", start_frame="2"), change(video_id="2", label_id="7"))
    file = load_imigue(data)
    assert save_imigue(replace(file, labels=file.labels[::-1])) == data
    assert not data.endswith(b"\n")


def test_a_table_without_labels_is_its_header() -> None:
    assert save_imigue(LabelFile()) == HEADER.encode()
    assert load_imigue(HEADER.encode()).labels == []


texts = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=10)
labels = st.builds(
    lambda number, label_id, class_id, start, length, decimals: Interval(
        video=str(number),
        class_text=str(class_id),
        start_frame=start,
        end_frame=start + length,
        start_time=f"{start * 0.04:.{decimals}f}",
        end_time=f"{(start + length) * 0.04:.{decimals}f}",
        label_id=label_id,
    ),
    st.integers(1, 4),
    st.integers(1, 999),
    st.sampled_from([*range(1, 32), 99]),
    st.integers(0, 30_000),
    st.integers(0, 500),
    st.integers(0, 6),
)


@given(
    st.lists(labels, max_size=20, unique_by=lambda label: (label.video, label.label_id)),
    st.lists(st.tuples(texts, texts, texts, st.sampled_from(["Win", "Lose", ""])), min_size=4, max_size=4),
)
def test_any_table_survives_a_round_trip(rows: list[Interval], info: list[tuple[str, str, str, str]]) -> None:
    videos = {
        str(n): FileVideo(n, subject_id=a, subject_gender=b, subject_nationality=c, outcome=d)
        for n, (a, b, c, d) in enumerate(info, start=1)
    }
    data = save_imigue(LabelFile(videos, rows))
    file = load_imigue(data)
    assert file.bad == []
    assert save_imigue(file) == data


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (change(start_frame="12.5"), "FRAME_NOT_INTEGER"),
        (change(start_frame="1e3"), "FRAME_NOT_INTEGER"),
        (change(end_frame="٣"), "FRAME_NOT_INTEGER"),
        (change(end_frame=""), "FRAME_NOT_INTEGER"),
        (change(end_frame="NaN"), "FRAME_NOT_INTEGER"),
        (change(end_frame=str(10**30)), "NUMBER_TOO_LARGE"),
        (change(start_frame="302"), "SPAN_REVERSED"),
        (change(start_frame="-1"), "SPAN_OUT_OF_RANGE"),
        (change(class_="32"), "VOCABULARY_UNKNOWN"),
        (change(class_="29 "), "VOCABULARY_UNKNOWN"),
        (change(class_="Pressing lips"), "VOCABULARY_UNKNOWN"),
        (change(class_=""), "VOCABULARY_UNKNOWN"),
        (change(win_or_lose="win"), "VOCABULARY_UNKNOWN"),
        (change(video_id="0"), "ID_INVALID"),
        (change(label_id="x"), "ID_INVALID"),
        (change(label_id=str(10**30)), "NUMBER_TOO_LARGE"),
        (change(start_time="1e3"), "SECONDS_INVALID"),
        (change(end_time=""), "SECONDS_INVALID"),
        (change(subject_id="a\u202eb"), "LABEL_CHARS"),
        (change(subject_nationality="x" * 201), "LABEL_TOO_LONG"),
        ([*ROW, "more"], "CSV_ROW"),
        (ROW[:-1], "CSV_ROW"),
    ],
)
def test_a_bad_row_is_named_with_its_line_and_code(row: list[str], code: str) -> None:
    file = load_imigue(make_csv(change(video_id="9"), row))
    assert [(bad.line, bad.code) for bad in file.bad] == [(3, code)]


@pytest.mark.parametrize("field", ["subject_id", "subject_gender", "subject_nationality", "win_or_lose"])
def test_rows_of_one_video_must_agree_on_its_subject_and_outcome(field: str) -> None:
    file = load_imigue(make_csv(ROW, change(**{"label_id": "2", field: "Lose"})))
    assert [(bad.line, bad.code) for bad in file.bad] == [(3, "VIDEO_INFO_DISAGREES")]
    assert "line 2" in file.bad[0].message


def test_a_trailing_blank_more_or_less_is_a_warning() -> None:
    file = load_imigue(make_csv(ROW, change(label_id="2", subject_nationality="Czech")))
    assert file.bad == []
    assert [(w.line, w.code) for w in file.warnings] == [(3, "VIDEO_INFO_DISAGREES")]
    assert file.videos["1"].subject_nationality == "Czech "


def test_latin_1_is_read_with_a_warning() -> None:
    file = load_imigue(make_csv(change(subject_nationality="Österreich")).decode().encode("latin-1"))
    assert [w.code for w in file.warnings] == ["CSV_ENCODING"]
    assert file.videos["1"].subject_nationality == "Österreich"


def test_another_header_refuses_the_file() -> None:
    with pytest.raises(InputError) as refusal:
        load_imigue(make_csv(ROW).replace(b",class,", b",label,"), "labels.csv")
    assert (refusal.value.code, refusal.value.where) == ("CSV_COLUMNS", "labels.csv")
