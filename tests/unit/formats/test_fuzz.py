"""Whatever bytes arrive, a label reader answers or refuses; it never falls over."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.errors import InputError
from imigue_core.formats.label_file import FileRating, FileVideo, Interval, LabelFile
from imigue_core.formats.registry import OWN_FORMATS, Format

LABELS = [
    Interval(
        video="1",
        class_text="29",
        start_frame=n,
        end_frame=n + 5,
        start_time="0",
        end_time="0.5",
        annotator="Ann",
        label_id=n,
        confidence=0.5,
        note='"=a",\n',
    )
    for n in range(1, 4)
]
SAMPLE = LabelFile(
    {
        "1": FileVideo(1, "one", fps=Fraction(25), n_frames=90, subject_nationality="Ö, =1"),
    },
    LABELS,
    [FileRating(video="1", annotator="Ann", emotion="unsure")],
)
every_format = pytest.mark.parametrize(
    "fmt", [fmt for fmt in OWN_FORMATS if fmt.load and fmt.save], ids=lambda fmt: fmt.name
)


@every_format
@given(data=st.binary(max_size=200))
def test_any_bytes_are_answered_or_refused(fmt: Format, data: bytes) -> None:
    assert fmt.load is not None
    with contextlib.suppress(InputError):
        fmt.load(data, "file")


@every_format
@given(place=st.integers(0, 10**6), cut=st.integers(0, 6), patch=st.binary(max_size=6))
def test_a_damaged_file_is_answered_or_refused(fmt: Format, place: int, cut: int, patch: bytes) -> None:
    assert fmt.load is not None
    assert fmt.save is not None
    sample = fmt.save(SAMPLE)
    at = place % len(sample)
    with contextlib.suppress(InputError):
        file = fmt.load(sample[:at] + patch + sample[at + cut :], "file")
        assert all(row.video in file.videos for row in file.labels) or file.bad
