"""What goes through a file comes back, but for what the format's row says it cannot hold: exactly that is lost."""

from __future__ import annotations

from dataclasses import fields
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.formats.label_file import FIELDS, RATING_FIELDS, FileRating, FileVideo, Interval, LabelFile
from imigue_core.formats.registry import OWN_FORMATS, Format
from tests.example_format.imigue_lines import LINES

every_format = pytest.mark.parametrize(
    "fmt", [fmt for fmt in (*OWN_FORMATS, LINES) if fmt.load and fmt.save], ids=lambda fmt: fmt.name
)
FULL = LabelFile(
    {"7": FileVideo(7, "=clip", "ab" * 32, Fraction(359, 12), 58, "s1", "F", "+Chile", "Win")},
    [
        Interval(
            video="7",
            class_text="99",
            start_frame=1,
            end_frame=57,
            start_time="0.0335",
            end_time="1.9054",
            annotator="Ann",
            label_id=3,
            annotation_id="0f0e0d0c-0b0a-4908-8706-050403020100",
            confidence=0.25,
            mark="discuss",
            note='=HYPERLINK("x")',
        )
    ],
    [FileRating(video="7", annotator="Ann", emotion="unsure", valence=2, confidence=0.75, note="hard\nto say")],
)
"""A value in every field."""

words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), max_size=10)
notes = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
confidences = st.none() | st.floats(0, 1)
videos = st.builds(
    FileVideo,
    name=words.map(lambda text: f"clip {text}"),
    sha256=st.sampled_from(["", "ab" * 32]),
    fps=st.sampled_from([None, Fraction(25), Fraction(359, 12)]),
    n_frames=st.none() | st.integers(200, 999),
    subject_id=words,
    subject_gender=words,
    subject_nationality=words,
    outcome=st.sampled_from(["Win", "Lose", ""]),
)


@st.composite
def files(draw: st.DrawFn, people: tuple[str, ...]) -> LabelFile:
    """Files of two videos whose labels are numbered, framed and timed, as every export is."""
    own = {str(number): draw(videos) for number in (1, 2)}
    own = {key: FileVideo(int(key), *[getattr(v, f.name) for f in fields(v)[1:]]) for key, v in own.items()}
    names = draw(st.lists(st.tuples(st.sampled_from("12"), st.sampled_from(people)), max_size=8))
    labels = []
    for label_id, (video, person) in enumerate(names, start=1):
        start = draw(st.integers(0, 100))
        labels.append(
            Interval(
                video=video,
                class_text=str(draw(st.sampled_from([*range(1, 32), 99]))),
                start_frame=start,
                end_frame=start + draw(st.integers(0, 99)),
                start_time=draw(st.sampled_from(["0", "0.0400", "3.5"])),
                end_time=draw(st.sampled_from(["4", "5.0400"])),
                annotator=person,
                label_id=label_id,
                annotation_id=draw(st.just("") | st.uuids(version=4).map(str)),
                confidence=draw(confidences),
                mark=draw(st.sampled_from(["", "discuss"])),
                note=draw(notes),
            )
        )
    ratings = [
        FileRating(
            video="2",
            annotator=person,
            emotion=draw(st.sampled_from(["positive", "negative", "unsure"])),
            valence=draw(st.none() | st.integers(1, 7)),
            confidence=draw(confidences),
            note=draw(notes),
        )
        for person in sorted(set(people))
        if draw(st.booleans())
    ]
    return LabelFile(own, labels, ratings)


def make_trip(fmt: Format, file: LabelFile) -> tuple[bytes, LabelFile]:
    assert fmt.load is not None
    assert fmt.save is not None
    data = fmt.save(file)
    back = fmt.load(data, "file")
    assert back.bad == []
    return data, back


def list_losses(file: LabelFile, back: LabelFile) -> set[str]:
    """Names of the fields that came back otherwise than they went."""
    assert len(back.labels) == len(file.labels)
    pairs: list[tuple[str, object, object]] = []
    for sent, got in zip(file.sort_labels(), back.labels, strict=True):
        pairs += [("label", sent, got), ("video", file.videos[sent.video], back.videos[got.video])]
    lost = set(RATING_FIELDS) if file.ratings and not back.ratings else set()
    if back.ratings:
        pairs += [("rating", *pair) for pair in zip(file.sort_ratings(), back.ratings, strict=True)]
    for kind, one, other in pairs:
        names = [name.partition(".")[2] for name in FIELDS if name.startswith(f"{kind}.")]
        lost |= {f"{kind}.{name}" for name in names if getattr(one, name) != getattr(other, name)}
    return lost


@every_format
def test_what_the_row_says_is_exactly_what_is_lost(fmt: Format) -> None:
    assert list_losses(FULL, make_trip(fmt, FULL)[1]) == fmt.cannot_hold


@every_format
@given(data=st.data())
def test_any_file_comes_back_but_for_that(fmt: Format, data: st.DataObject) -> None:
    file = data.draw(files(("Ann",) if fmt.needs_one_annotator else ("Ann", "-Bob", "'=Cem")))
    written, back = make_trip(fmt, file)
    assert list_losses(file, back) <= fmt.cannot_hold
    again, _ = make_trip(fmt, back)
    assert again == written


def test_every_field_of_the_neutral_record_can_be_named_as_lost() -> None:
    origin = {"line", "where"}
    names = {f"video.{field.name}" for field in fields(FileVideo) if field.name not in origin}
    names |= {f"label.{field.name}" for field in fields(Interval) if field.name not in {"video", *origin}}
    names |= {f"rating.{field.name}" for field in fields(FileRating) if field.name not in {"video", *origin}}
    assert names - {"label.class_text", "label.class_list"} | {"label.class_id"} == set(FIELDS)
