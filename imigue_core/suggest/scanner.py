"""The scanner: a video's poses in, suggested spans out. One pass, the same code as in training.

Which model, where its suggestions are kept and what annotators decide about them is not known here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imigue_core.annotation import Span, SuggestedSpan
from imigue_core.errors import InputError
from imigue_core.models.cards import ModelCard, get_model_folder
from imigue_core.models.checkpoint import load_scan_network
from imigue_core.models.features.table import MIRROR, compute_features
from imigue_core.models.runtime import CHUNK_SAMPLES, TokenScores, choose_device, run_embedding, run_network
from imigue_core.models.tasks import GROUP_OF_CLASS, LOG_OFFSET_S, ScanNetwork
from imigue_core.skeleton.normalise import RATE_HZ, NormalisedShot, list_shots, normalise_shot
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.suggest.proposals import Votes, find_candidates, make_votes
from imigue_core.suggest.scoring import Calibration, ScoredSpan, score_candidates
from imigue_core.suggest.token_tracks import TokenTrack, compute_tokens, make_track
from imigue_core.taxonomy import CLASS_IDS

OnProgress = Callable[[int, int], None]
"""Frames done and frames to do."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a scan found.

    Attributes:
        suggestions: In the order of their starts.
        n_frames: Source frames looked at.
        seconds_by_stage: CPU seconds of ``features``, ``network``, ``spans`` and ``tokens``.
        track: What finding similar stretches needs, when it was asked for.
    """

    suggestions: tuple[SuggestedSpan, ...]
    n_frames: int
    seconds_by_stage: dict[str, float]
    track: TokenTrack | None = None


class Scanner:
    """A loaded scanner model.

    Attributes:
        card: The model's card.
        device: Where it runs, ``cpu`` or ``cuda``.
    """

    def __init__(self, network: ScanNetwork, card: ModelCard, device: str = "auto") -> None:
        place = choose_device(device)
        self.card = card
        self.device = str(place)
        self._network = network.to(place).eval()
        self._calibration = Calibration.from_dict(card.calibration)

    def scan(
        self,
        poses: PoseSequence,
        times_s: NDArray[np.float64],
        shot_cuts: Sequence[int] = (),
        on_progress: OnProgress | None = None,
        *,
        chunk_samples: int | None = CHUNK_SAMPLES,
        with_track: bool = False,
    ) -> ScanResult:
        """Suggestions for a whole video; none reaches over a shot cut.

        Args:
            poses: One person's points, T frames.
            times_s: (T,) presentation times in seconds, not decreasing.
            shot_cuts: First frames of new shots.
            on_progress: Told frames done and frames to do.
            chunk_samples: Samples the network sees at once; None for whole shots. It changes nothing but memory.
            with_track: Also look at the mirror image, for the track of tokens that similar stretches are found by.

        Raises:
            InputError: ``POSE_LENGTH`` when times and poses are not of one video, ``MODEL_OUTPUT`` when the network
                says what is no number.
        """
        times_s = np.asarray(times_s, np.float64)
        if len(times_s) != poses.n_frames:
            raise InputError("POSE_LENGTH", f"expected {poses.n_frames} presentation times, got {len(times_s)}.")
        clock = _Clock()
        found: list[SuggestedSpan] = []
        tracked = []
        for start, stop in list_shots(poses.n_frames, list(shot_cuts)):
            shot_times = times_s[start:stop]

            def report(done: int, total: int, start: int = start, stop: int = stop) -> None:
                if on_progress is not None:
                    on_progress(start + (stop - start) * done // total, poses.n_frames)

            shot = normalise_shot(poses.keypoints[start:stop], shot_times, start)
            report(0, 1)
            features = compute_features(shot)
            report(0, 1)
            clock.add("features")

            answer = run_network(self._network, features, chunk_samples=chunk_samples, on_progress=report)
            _validate_answer(answer)
            votes = count_votes(answer)
            clock.add("network")
            candidates = find_candidates(votes)
            report(1, 1)
            scored = score_candidates(votes, candidates, self._calibration)
            report(1, 1)
            found += [to_frames(span, shot, shot_times) for span in scored]
            clock.add("spans")
            if with_track:
                tokens = self._make_tokens(features, answer, chunk_samples)
                frames = list_token_frames(shot, shot_times, len(tokens), answer.token_samples)
                tracked.append((Span(start, stop - 1), tokens, frames))
                clock.add("tokens")
        return ScanResult(tuple(found), poses.n_frames, clock.seconds, make_track(tracked) if tracked else None)

    def _make_tokens(
        self, features: NDArray[np.float32], answer: TokenScores, chunk_samples: int | None
    ) -> NDArray[np.float16]:
        """One shot's tokens, from what the network said of it and what it says of its mirror image."""
        mirrored = features[:, MIRROR.order] * MIRROR.sign
        other = run_embedding(self._network, mirrored, chunk_samples=chunk_samples)
        return compute_tokens(np.stack([answer.logits, other.logits]), np.stack([answer.hidden, other.hidden]))


def _validate_answer(answer: TokenScores) -> None:
    if not all(np.isfinite(part).all() for part in (answer.logits, answer.boundaries, answer.hidden)):
        raise InputError("MODEL_OUTPUT", "expected finite scores, got NaN or infinity from the model.")


def count_votes(answer: TokenScores) -> Votes:
    """What the network's answer to one shot says of classes and edges."""
    return make_votes(
        answer.logits,
        answer.boundaries,
        GROUP_OF_CLASS,
        rate_hz=RATE_HZ,
        stride=answer.token_samples,
        log_offset_s=LOG_OFFSET_S,
    )


def list_token_frames(
    shot: NormalisedShot, times_s: NDArray[np.float64], n_tokens: int, token_samples: int
) -> NDArray[np.int32]:
    """The first source frame (L,) of each of a shot's tokens: the one shown at its first sample.

    Args:
        shot: The shot.
        times_s: Presentation times of its frames.
        n_tokens: L.
        token_samples: Samples a token.
    """
    first_samples = np.minimum(np.arange(n_tokens) * token_samples, len(shot.times_s) - 1)
    frames = np.searchsorted(times_s, shot.times_s[first_samples] + 1e-9, side="right") - 1
    return (shot.first_frame + np.clip(frames, 0, len(times_s) - 1)).astype(np.int32)


class _Clock:
    """CPU seconds by stage."""

    def __init__(self) -> None:
        self.seconds = {"features": 0.0, "network": 0.0, "spans": 0.0, "tokens": 0.0}
        self._at = time.process_time()

    def add(self, stage: str) -> None:
        now = time.process_time()
        self.seconds[stage] += now - self._at
        self._at = now


def to_frames(span: ScoredSpan, shot: NormalisedShot, times_s: NDArray[np.float64]) -> SuggestedSpan:
    """A span in seconds as source frames: from the frame shown at its start to the one shown at its end.

    Args:
        span: Seconds from the shot's first sample.
        shot: The shot.
        times_s: Presentation times of its frames.
    """
    c = span.candidate
    seconds = times_s[0] + np.array([c.start_s, c.end_s])
    first, last = np.clip(np.searchsorted(times_s, seconds, side="right") - 1, 0, len(times_s) - 1)
    fps = (len(times_s) - 1) / (times_s[-1] - times_s[0]) if times_s[-1] > times_s[0] else RATE_HZ
    return SuggestedSpan(
        CLASS_IDS[c.column],
        shot.first_frame + int(first),
        shot.first_frame + int(max(last, first)),
        span.score,
        tuple((CLASS_IDS[k], p) for k, p in span.top),
        float(c.start_sd * fps),
        float(c.end_sd * fps),
    )


def load_scanner(model: str | Path, device: str = "auto") -> Scanner:
    """A scanner from a model's folder, or a bundled one by its name.

    Raises:
        InputError: ``MODEL_UNKNOWN``, ``DEVICE``, or why its files are refused (see ``load_scan_network``).
    """
    is_name = isinstance(model, str) and not Path(model).is_dir()
    folder = get_model_folder(str(model)) if is_name else Path(model)
    network, card = load_scan_network(folder)
    return Scanner(network, card, device)
