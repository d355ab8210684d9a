"""The made-up project has iMiGUE's size and shape."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from imigue_core.formats.imigue import load_imigue, save_imigue
from imigue_core.formats.label_file import LabelFile
from imigue_core.taxonomy import CLASSES, ILLUSTRATIVE_ID
from tests.harness.label_table import make_label_table


@pytest.fixture(scope="module")
def table() -> LabelFile:
    return load_imigue(make_label_table())


def test_it_has_the_published_numbers_of_videos_labels_subjects_and_outcomes(table: LabelFile) -> None:
    videos = list(table.videos.values())
    assert (len(videos), len(table.labels), table.bad, table.warnings) == (359, 18_499, [], [])
    assert (min(v.number or 0 for v in videos), max(v.number or 0 for v in videos)) == (1, 453)
    assert Counter(v.outcome for v in videos) == {"Win": 258, "Lose": 101}
    assert Counter({v.subject_id: v.subject_gender for v in videos}.values()) == {"F": 36, "M": 36}
    assert len({v.subject_nationality for v in videos}) == 29
    assert len({v.subject_nationality.strip() for v in videos}) == 28


def test_classes_come_as_often_as_published(table: LabelFile) -> None:
    expected = {c.class_id: c.published_count for c in CLASSES}
    expected[ILLUSTRATIVE_ID] += 1
    assert Counter(label.class_id for label in table.labels) == expected


def test_labels_per_video_and_videos_per_subject_are_spread_as_published(table: LabelFile) -> None:
    counts = np.array(list(Counter(label.video for label in table.labels).values()))
    assert (counts.min(), np.median(counts), counts.max()) == (3, 39, 282)
    shares = np.array(list(Counter(v.subject_id for v in table.videos.values()).values()))
    assert (shares.min(), np.median(shares), shares.max()) == (2, 4, 18)


def test_durations_and_overlaps_are_as_published(table: LabelFile) -> None:
    seconds = np.array([float(label.end_time) - float(label.start_time) for label in table.labels])
    assert np.median(seconds) == pytest.approx(1.57, abs=0.05)
    assert seconds.mean() == pytest.approx(2.55, abs=0.1)
    assert seconds.min() >= 0.1799
    assert seconds.max() <= 147.7001
    pairs = zip(table.labels, table.labels[1:], strict=False)
    assert sum(a.video == b.video and float(b.start_time) < float(a.end_time) for a, b in pairs) == 2_146


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert make_label_table(3) == make_label_table(3)
    assert make_label_table(3) != make_label_table(4)


def test_frames_are_the_floor_of_25_times_the_seconds(table: LabelFile) -> None:
    units = [(label.start_frame, int(label.start_time.replace(".", ""))) for label in table.labels]
    assert all(frame == 25 * tenths_of_ms // 10_000 for frame, tenths_of_ms in units)
    assert save_imigue(table) == make_label_table()
