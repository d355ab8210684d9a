"""Similar stretches: tokens of a real small network, the search over them, and the file they are kept in."""

from __future__ import annotations

import json
import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import save

from imigue_core.annotation import Span, compute_tiou
from imigue_core.skeleton.pose import PoseSequence
from imigue_core.suggest import token_tracks
from imigue_core.suggest.scanner import Scanner, load_scanner
from imigue_core.suggest.similar import (
    N_FOUND,
    SAME_TIOU,
    Match,
    find_similar,
    find_tokens,
    make_query,
    merge_matches,
)
from imigue_core.suggest.token_tracks import (
    TokenTrack,
    TrackOrigin,
    compute_tokens,
    find_origin,
    find_track,
    make_track,
    save_track,
)
from imigue_core.taxonomy import CLASS_IDS
from tests.harness.models import make_scanner
from tests.harness.poses import make_keypoints

N_FRAMES = 400
SIZE = (1280, 720)
WIDTH = len(CLASS_IDS) + 1 + token_tracks.N_HIDDEN
TIMES = np.arange(N_FRAMES) / 25


@pytest.fixture(scope="module")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> Scanner:
    folder = tmp_path_factory.mktemp("models")
    make_scanner(folder)
    return load_scanner(folder / "models" / "tiny", "cpu")


def scan(scanner: Scanner, keypoints: NDArray[np.float32], cuts: tuple[int, ...] = ()) -> TokenTrack:
    track = scanner.scan(PoseSequence(keypoints, SIZE), TIMES, cuts, with_track=True).track
    assert track is not None
    return track


def make_tokens(n: int = 200, *, seed: int = 0, cuts: tuple[int, ...] = (), width: int = 8) -> TokenTrack:
    """Random tokens of four frames each; ``cuts`` are the first tokens of new shots."""
    rng = np.random.default_rng(seed)
    edges = [0, *cuts, n]
    tokens = rng.standard_normal((n, width)).astype(np.float16)
    shots = []
    for a, b in pairwise(edges):
        shots.append((Span(4 * a, 4 * b - 1), tokens[a:b], np.arange(a, b, dtype=np.int32) * 4))
    return make_track(shots)


def test_a_scan_makes_tokens_only_when_asked_and_the_same_suggestions(scanner: Scanner) -> None:
    poses = PoseSequence(make_keypoints(N_FRAMES), SIZE)
    plain = scanner.scan(poses, TIMES, (150,))
    tracked = scanner.scan(poses, TIMES, (150,), with_track=True)
    assert plain.track is None
    assert plain.suggestions == tracked.suggestions
    track = tracked.track
    assert track is not None
    assert (track.tokens.shape, track.tokens.dtype) == ((38 + 63, WIDTH), np.float16)
    assert (track.starts[0], track.ends[-1]) == (0, N_FRAMES - 1)
    assert np.array_equal(track.starts[1:], track.ends[:-1] + 1)
    assert np.array_equal(np.flatnonzero(np.diff(track.shots)), [37])
    assert track.starts[38] == 150


def test_tokens_are_finite_where_nobody_is_seen(scanner: Scanner) -> None:
    keypoints = make_keypoints(N_FRAMES)
    keypoints[100:300] = np.nan
    track = scan(scanner, keypoints)
    assert np.isfinite(track.tokens).all()
    found = find_similar(track, make_query(track, Span(150, 200)), [Span(150, 200)])
    assert all(np.isfinite(one.score) for one in found)
    assert found[0].score > 0.99


def test_the_mirror_image_has_the_same_tokens(scanner: Scanner) -> None:
    from imigue_core.models.features.table import MIRROR

    rng = np.random.default_rng(1)
    features = rng.standard_normal((80, len(MIRROR.order))).astype(np.float32)
    mirrored = (features[:, MIRROR.order] * MIRROR.sign).astype(np.float32)
    from imigue_core.models.runtime import run_network

    one, other = (run_network(scanner._network, table) for table in (features, mirrored))
    logits, hidden = np.stack([one.logits, other.logits]), np.stack([one.hidden, other.hidden])
    assert not np.allclose(one.logits, other.logits, atol=1e-3)
    assert np.array_equal(compute_tokens(logits, hidden), compute_tokens(logits[::-1], hidden[::-1]))


def test_the_class_evidence_outweighs_the_hidden_layer() -> None:
    logits = np.full((2, 5, 33), -30, np.float32)
    logits[:, :, 3] = 30
    tokens = compute_tokens(logits, np.ones((2, 5, 16), np.float32))
    assert tokens.shape == (5, WIDTH)
    assert np.allclose(tokens[:, 3], 1)
    assert np.abs(tokens[:, :3]).max() < 1e-3
    assert np.linalg.norm(tokens[:, 33:].astype(float), axis=1) == pytest.approx(token_tracks.HIDDEN_WEIGHT, abs=1e-3)


def test_a_stretch_is_most_like_itself() -> None:
    track = make_tokens()
    span = Span(160, 199)
    best = find_similar(track, make_query(track, span))[0]
    assert best.span == span
    assert best.score == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("shift", [40, 41, 117])
def test_the_same_movement_at_another_time_is_found_first(shift: int) -> None:
    track = make_tokens()
    tokens = track.tokens.copy()
    tokens[10 + shift : 20 + shift] = tokens[10:20]
    track = TokenTrack(tokens, track.starts, track.ends, track.shots)
    span = Span(40, 79)
    best = find_similar(track, make_query(track, span), [span])[0]
    assert best.span == Span(40 + 4 * shift, 79 + 4 * shift)
    assert best.score > 0.999


def act_pattern(places: list[tuple[int, int]], n: int = 400) -> TokenTrack:
    """Nothing but noise, with one movement at some places: first token and length."""
    tokens = 0.1 * np.random.default_rng(3).standard_normal((n, 8))
    tokens[:, 0] += 1
    for start, length in places:
        tokens[start : start + length, :2] += (-1, 1)
    starts = np.arange(n, dtype=np.int32) * 4
    return TokenTrack(tokens.astype(np.float16), starts, starts + 3, np.zeros(n, np.int32))


def test_shorter_and_longer_ones_are_found_whole_and_once() -> None:
    places = [(50, 20), (120, 14), (200, 90)]
    track = act_pattern(places)
    span = Span(200, 279)
    found = sorted(find_similar(track, make_query(track, span), [span], 2), key=lambda one: one.span)
    for one, (start, length) in zip(found, places[1:], strict=True):
        assert one.span.start_frame == pytest.approx(4 * start, abs=8)
        assert one.span.n_frames == pytest.approx(4 * length, abs=16)


def test_what_grows_stops_at_what_is_left_out_at_a_cut_and_at_what_was_found() -> None:
    track = act_pattern([(50, 20), (200, 90)])
    query = make_query(track, Span(200, 279))
    cut = TokenTrack(track.tokens, track.starts, track.ends, (np.arange(400) >= 230).astype(np.int32))
    held_back = Span(1000, 1039)
    found = find_similar(cut, query, [Span(200, 279), held_back], 3)
    assert sorted(one.span.start_frame // 40 for one in found) == [20, 23, 26]
    assert all(one.span.end_frame < 920 or one.span.start_frame >= 920 for one in found)
    assert all(one.span.end_frame < 1000 or one.span.start_frame > 1039 for one in found)


def test_what_is_found_is_apart_and_away_from_what_is_left_out() -> None:
    track = make_tokens(400)
    span, held_back = Span(160, 199), Span(800, 1199)
    found = find_similar(track, make_query(track, span), [span, held_back])
    assert len(found) == N_FOUND
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for k, one in enumerate(found):
        assert one.span.end_frame < 160 or one.span.start_frame > 199
        assert one.span.end_frame < 800 or one.span.start_frame > 1199
        assert all(compute_tiou(one.span, other.span) < SAME_TIOU for other in found[:k])


def test_nothing_found_reaches_over_a_shot_cut() -> None:
    cuts = (33, 70, 71, 150)
    track = make_tokens(cuts=cuts)
    edges = [0, *(4 * cut for cut in cuts), 800]
    shots = [Span(a, b - 1) for a, b in pairwise(edges)]
    found = find_similar(track, make_query(track, Span(0, 39)), n=50)
    assert len(found) > 10
    for one in found:
        assert any(shot.start_frame <= one.span.start_frame and one.span.end_frame <= shot.end_frame for shot in shots)


def test_a_span_over_a_cut_stands_for_the_shot_that_holds_most_of_it() -> None:
    track = make_tokens(cuts=(50,))
    assert find_tokens(track, Span(160, 215)) == slice(40, 50)
    assert find_tokens(track, Span(190, 260)) == slice(50, 65)


def test_a_span_shorter_than_a_token_has_one() -> None:
    track = make_tokens()
    for frame in (0, 1, 3, 402, 799):
        tokens = find_tokens(track, Span(frame, frame))
        assert tokens.stop - tokens.start == 1
        assert track.starts[tokens.start] <= frame <= track.ends[tokens.start]


def test_a_query_longer_than_a_video_finds_nothing_there() -> None:
    long, short = make_tokens(200), make_tokens(20, seed=1)
    assert find_similar(short, make_query(long, Span(0, 399))) == []
    assert find_similar(short, make_query(long, Span(0, 99)), [Span(0, 79)]) == []


def test_blocks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    track = make_tokens(500, cuts=(210,))
    query = make_query(track, Span(100, 171))
    whole = find_similar(track, query, n=30)
    monkeypatch.setattr("imigue_core.suggest.similar._BLOCK", 37)
    parts = find_similar(track, query, n=30)
    assert [one.span for one in parts] == [one.span for one in whole]
    assert [one.score for one in parts] == pytest.approx([one.score for one in whole], abs=1e-4)


def test_the_best_of_several_videos() -> None:
    by_video = {1: [Match(Span(0, 9), 0.5)], 2: [Match(Span(5, 9), 0.9), Match(Span(20, 29), 0.4)], 3: []}
    assert [(k, one.score) for k, one in merge_matches(by_video, 2)] == [(2, 0.9), (1, 0.5)]


ORIGIN = TrackOrigin("tiny", "a" * 64, 3)


def test_a_track_comes_back_as_it_was(tmp_path: Path) -> None:
    track = make_tokens(cuts=(80,))
    save_track(tmp_path / "tokens.safetensors", track, ORIGIN)
    again = find_track(tmp_path / "tokens.safetensors", 800)
    assert again is not None
    for name in ("tokens", "starts", "ends", "shots"):
        assert np.array_equal(getattr(again, name), getattr(track, name))
    assert find_origin(tmp_path / "tokens.safetensors") == ORIGIN
    assert [path.name for path in tmp_path.iterdir()] == ["tokens.safetensors"]


def test_a_track_of_a_longer_video_is_none_of_this_one(tmp_path: Path) -> None:
    save_track(tmp_path / "tokens.safetensors", make_tokens(), ORIGIN)
    assert find_track(tmp_path / "tokens.safetensors", 799) is None


@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "pickle", "text", "note", "link"])
def test_damaged_files_count_as_absent(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "tokens.safetensors"
    save_track(path, make_tokens(), ORIGIN)
    data = path.read_bytes()
    if damage == "missing":
        path.unlink()
    elif damage == "link":
        path.rename(tmp_path / "elsewhere")
        path.symlink_to(tmp_path / "elsewhere")
    elif damage == "note":
        path.write_bytes(save({"tokens": np.zeros((2, 2), np.float16)}, {"imigue-tokens": json.dumps({"model": 5})}))
    else:
        made = {"empty": b"", "cut": data[: len(data) // 2], "pickle": pickle.dumps([1]), "text": b"no file of tokens"}
        path.write_bytes(made[damage])
    assert find_origin(path) is None
    if damage != "link":
        assert find_track(path, 800) is None


@pytest.mark.parametrize("name", ["tokens", "starts", "ends", "shots", "order", "nan", "type"])
def test_numbers_that_make_no_sense_count_as_absent(tmp_path: Path, name: str) -> None:
    track = make_tokens()
    arrays: dict[str, Any] = {
        "tokens": track.tokens.copy(),
        "starts": track.starts.copy(),
        "ends": track.ends.copy(),
        "shots": track.shots,
    }
    if name == "nan":
        arrays["tokens"][5, 5] = np.nan
    elif name == "order":
        arrays["starts"] = arrays["starts"][::-1].copy()
    elif name == "type":
        arrays["tokens"] = arrays["tokens"].astype(np.float64)
    elif name == "ends":
        arrays["ends"][-1] = 800
    else:
        arrays[name] = arrays[name][:-1].copy()
    (tmp_path / "tokens.safetensors").write_bytes(save(arrays))
    assert find_track(tmp_path / "tokens.safetensors", 800) is None
