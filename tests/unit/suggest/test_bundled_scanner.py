"""The scanner that comes with the studio: its card, and that it finds acted and real gestures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from imigue_core.formats.openpose import load_openpose_folder
from imigue_core.metrics.matching import make_spans, match_spans
from imigue_core.models.cards import BUNDLED
from imigue_core.suggest.scanner import Scanner, load_scanner
from imigue_core.synthesis.interview import InterviewSpec, make_interview
from imigue_core.taxonomy import ILLUSTRATIVE_ID

torch.set_num_threads(1)
SEED = 981_000_000
"""No training, calibration or evaluation draws from here on."""


@pytest.fixture(scope="module")
def scanner() -> Scanner:
    return load_scanner("scanner-dense", "cpu")


def test_the_card_says_what_it_is_and_what_it_took(scanner: Scanner) -> None:
    card = scanner.card
    assert (card.name, card.trained_on) == ("scanner-dense", "synthetic")
    assert card.n_parameters <= 1_500_000
    assert 0 < card.recipe["train_cpu_s"] <= 3600
    assert 0.1 < card.threshold < 0.7
    assert sum(path.stat().st_size for path in BUNDLED.rglob("*") if path.is_file()) < 5_000_000


def test_it_finds_gestures_of_people_it_never_saw(scanner: Scanner) -> None:
    n_hits = n_labels = n_shown = 0
    for number in range(3):
        interview = make_interview(InterviewSpec(SEED + number, 200.0, mix="tempered", dialects="all"))
        result = scanner.scan(interview.poses, interview.times, interview.shot_cuts)
        shown = [s for s in result.suggestions if s.score >= scanner.card.threshold]
        truth = make_spans((x.class_id, x.start_frame, x.end_frame, 1.0) for x in interview.labels)
        predicted = make_spans((s.class_id, s.start_frame, s.end_frame, s.score) for s in shown)
        n_hits += int((match_spans(predicted, truth) >= 0).sum())
        n_labels, n_shown = n_labels + len(truth), n_shown + len(shown)
    assert 2 * n_hits / (n_labels + n_shown) > 0.5


def test_it_leaves_somebody_who_only_talks_nearly_alone(scanner: Scanner) -> None:
    interview = make_interview(InterviewSpec(SEED + 10, 180.0, mix="idle"))
    result = scanner.scan(interview.poses, interview.times, interview.shot_cuts)
    assert sum(s.score >= scanner.card.threshold for s in result.suggestions) <= 9


def test_a_real_person_who_signs_moves_their_hands_to_say_something(scanner: Scanner, real_data: Path) -> None:
    poses = load_openpose_folder(real_data / "openpose_json")
    result = scanner.scan(poses, np.arange(poses.n_frames) / 25)
    best = max(result.suggestions, key=lambda s: s.score)
    assert best.class_id == ILLUSTRATIVE_ID
    assert best.score >= scanner.card.threshold
    assert best.end_frame - best.start_frame > 40
