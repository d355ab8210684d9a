"""Whatever bytes arrive, a label reader answers or refuses; it never falls over."""

from __future__ import annotations

import contextlib
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imigue_core.errors import InputError
from imigue_core.formats.imigue import load_imigue
from imigue_core.formats.label_file import FileLabel, FileRating, FileVideo
from imigue_core.formats.studio_csv import load_studio_csv, save_studio_csv
from imigue_core.formats.studio_json import load_studio_json, save_studio_json
from tests.harness.exchange import ODD

VIDEOS = {1: FileVideo(1, 0, "one", Fraction(25), 90)}
LABELS = [FileLabel(0, 1, n, 29, n, n + 5, "0", "0.5", "Ann", "", 0.5, "", '"=a",\n') for n in range(1, 4)]
SAMPLES = {
    "imigue": (load_imigue, ODD),
    "csv": (load_studio_csv, save_studio_csv(VIDEOS, LABELS)),
    "json": (load_studio_json, save_studio_json(VIDEOS, LABELS, [FileRating(0, 1, "Ann", "unsure")])),
}


@pytest.mark.parametrize("fmt", SAMPLES)
@given(data=st.binary(max_size=200))
def test_any_bytes_are_answered_or_refused(fmt: str, data: bytes) -> None:
    with contextlib.suppress(InputError):
        SAMPLES[fmt][0](data)


@pytest.mark.parametrize("fmt", SAMPLES)
@given(place=st.integers(0, 10**6), cut=st.integers(0, 6), patch=st.binary(max_size=6))
def test_a_damaged_file_is_answered_or_refused(fmt: str, place: int, cut: int, patch: bytes) -> None:
    load, sample = SAMPLES[fmt]
    at = place % len(sample)
    with contextlib.suppress(InputError):
        file = load(sample[:at] + patch + sample[at + cut :])
        assert all(row.number in file.videos for row in file.labels) or file.bad
