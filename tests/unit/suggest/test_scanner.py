"""The scanner as a whole: frames, cuts, chunks, rates and refusals. What it finds is measured by ``evaluate``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from imigue_core.errors import InputError
from imigue_core.models.checkpoint import save_model
from imigue_core.models.features.table import N_FEATURES
from imigue_core.models.networks.dense_tcn import DenseTcn, DenseTcnConfig
from imigue_core.skeleton.normalise import normalise_shot
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.suggest.proposals import Candidate
from imigue_core.suggest.scanner import Scanner, load_scanner, to_frames
from imigue_core.suggest.scoring import ScoredSpan
from imigue_core.taxonomy import CLASS_IDS
from tests.unit.models.people import make_person
from tests.unit.models.test_checkpoint import make_card

torch.set_num_threads(1)
TIMES = np.arange(1500) / 25


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Scanner:
    """Random weights that suggest something: class logits of every token are raised."""
    folder = tmp_path_factory.mktemp("model") / "random"
    torch.manual_seed(2)
    network = DenseTcn(DenseTcnConfig(N_FEATURES))
    with torch.no_grad():
        network.classify.weight.mul_(6)
        assert network.classify.bias is not None
        network.classify.bias.fill_(-2.0)
        network.bound.weight.mul_(2)
    save_model(folder, network, make_card(name="random", config={"n_features": N_FEATURES}))
    return load_scanner(folder, "cpu")


def test_suggestions_make_sense(scanner: Scanner) -> None:
    told: list[tuple[int, int]] = []
    poses = make_person(1, TIMES, noise_px=1)
    result = scanner.scan(poses, TIMES, [700], lambda done, total: told.append((done, total)))
    assert result.n_frames == 1500
    assert set(result.seconds_by_stage) == {"features", "network", "spans", "tokens"}
    assert told[-1] == (1500, 1500)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(result.suggestions) > 5
    for suggestion in result.suggestions:
        assert suggestion.class_id in CLASS_IDS
        assert 0 <= suggestion.start_frame <= suggestion.end_frame < 1500
        assert 0 < suggestion.score <= 1
        assert suggestion.top[0] == (suggestion.class_id, suggestion.score)
        assert np.isfinite([suggestion.start_sd, suggestion.end_sd]).all()
        assert min(suggestion.start_sd, suggestion.end_sd) > 0


def test_no_suggestion_reaches_over_a_cut_and_each_shot_is_scanned_alone(scanner: Scanner) -> None:
    poses = make_person(1, TIMES, noise_px=1)
    both = scanner.scan(poses, TIMES, [700]).suggestions
    assert all(s.end_frame < 700 or s.start_frame >= 700 for s in both)
    second = scanner.scan(PoseSequence(poses.keypoints[700:], poses.size), TIMES[700:], []).suggestions
    moved = [replace(s, start_frame=s.start_frame + 700, end_frame=s.end_frame + 700) for s in second]
    assert [s for s in both if s.start_frame >= 700] == moved


def test_chunks_change_nothing(scanner: Scanner) -> None:
    poses = make_person(2, TIMES, noise_px=1)
    whole = scanner.scan(poses, TIMES, chunk_samples=None).suggestions
    parts = scanner.scan(poses, TIMES, chunk_samples=512).suggestions
    assert [(s.class_id, s.start_frame, s.end_frame) for s in whole] == [
        (s.class_id, s.start_frame, s.end_frame) for s in parts
    ]
    assert np.abs(np.array([s.score for s in whole]) - [s.score for s in parts]).max() < 1e-5


def test_scanning_twice_gives_the_same(scanner: Scanner) -> None:
    poses = make_person(3, TIMES, noise_px=1)
    assert scanner.scan(poses, TIMES).suggestions == scanner.scan(poses, TIMES).suggestions


def test_an_empty_stage_has_no_score_to_speak_of(scanner: Scanner) -> None:
    nobody = np.full((500, 137, 3), np.nan, np.float32)
    nobody[:, :, 2] = 0
    result = scanner.scan(PoseSequence(nobody, (1280, 720)), TIMES[:500])
    assert all(0 <= s.start_frame <= s.end_frame < 500 for s in result.suggestions)


@pytest.mark.parametrize("n_frames", [1, 2, 5])
def test_a_very_short_shot_is_no_trouble(scanner: Scanner, n_frames: int) -> None:
    poses = make_person(4, TIMES[:n_frames])
    result = scanner.scan(poses, TIMES[:n_frames])
    assert all(s.end_frame < n_frames for s in result.suggestions)


@pytest.mark.parametrize("fps", [25.0, 359 / 12, 10.0])
def test_a_span_in_seconds_becomes_the_frames_shown_at_its_ends(fps: float) -> None:
    times = 5 + np.arange(300) / fps
    shot = normalise_shot(make_person(1, times).keypoints, times, first_frame=40)
    c = Candidate(0, 2.013, 4.02, 0.9, 0.8, 0.1, 0.2, 1.0)
    span = to_frames(ScoredSpan(c, 0.5, ((0, 0.5),)), shot, times)
    assert times[span.start_frame - 40] <= 7.013 < times[span.start_frame - 40 + 1]
    assert times[span.end_frame - 40] <= 9.02 < times[span.end_frame - 40 + 1]
    assert (span.start_sd, span.end_sd) == (pytest.approx(0.1 * fps), pytest.approx(0.2 * fps))


def test_times_of_another_video_are_refused(scanner: Scanner) -> None:
    with pytest.raises(InputError, match="POSE_LENGTH"):
        scanner.scan(make_person(1, TIMES), TIMES[:-1])


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="MODEL_UNKNOWN"):
        load_scanner("scanner-of-nobody")
    with pytest.raises(InputError, match="MODEL_CARD"):
        load_scanner(tmp_path)


def test_a_network_that_says_no_numbers_is_refused() -> None:
    network = DenseTcn(DenseTcnConfig(N_FEATURES, width=16, stem_width=8))
    with torch.no_grad():
        network.bound.weight.fill_(float("nan"))
    with pytest.raises(InputError, match="MODEL_OUTPUT"):
        Scanner(network, make_card(), "cpu").scan(make_person(1, TIMES, noise_px=1), TIMES)
