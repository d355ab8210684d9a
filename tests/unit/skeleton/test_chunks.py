"""Chunks: format 1 round-trips, is the same every time, and refuses damage."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imigue_core.errors import InputError
from imigue_core.skeleton.chunks import (
    CHUNK_FRAMES,
    compute_step_px,
    decode_chunk,
    encode_chunk,
    get_chunk_name,
    write_chunks,
)
from tests.harness.poses import make_keypoints


@settings(max_examples=60, deadline=None)
@given(
    n_frames=st.integers(1, 12),
    seed=st.integers(0, 10**6),
    start=st.integers(0, 2_000_000),
    width=st.integers(16, 8192),
    height=st.integers(16, 8192),
    beyond=st.floats(0, 2),
)
def test_points_come_back_within_half_a_step(
    n_frames: int, seed: int, start: int, width: int, height: int, beyond: float
) -> None:
    keypoints = make_keypoints(n_frames, seed=seed, size=(width, height))
    keypoints[:, :, 0] = keypoints[:, :, 0] * (1 + beyond) - width * beyond / 2
    step = compute_step_px((width, height))
    chunk = decode_chunk(encode_chunk(keypoints, start, step))
    assert chunk.start_frame == start
    assert chunk.step_px == step
    np.testing.assert_array_equal(chunk.keypoints[:, :, 2] > 0, keypoints[:, :, 2] > 0)
    np.testing.assert_array_equal(np.isnan(chunk.keypoints), np.isnan(keypoints))
    np.testing.assert_allclose(chunk.keypoints[:, :, :2], keypoints[:, :, :2], rtol=1e-5, atol=step * 0.502)
    np.testing.assert_allclose(chunk.keypoints[:, :, 2], keypoints[:, :, 2], atol=0.5 / 255 + 1e-6)


def test_the_bytes_lie_as_the_player_reads_them() -> None:
    keypoints = np.full((3, 137, 3), (np.nan, np.nan, 0), np.float32)
    keypoints[:, 4] = [(10, 20, 1), (10.5, 19, 0.5), (9, 21, 1)]
    body = gzip.decompress(encode_chunk(keypoints, 500, 0.5))
    assert struct.unpack_from("<4sHHIIf", body) == (b"IMGP", 1, 137, 500, 3, 0.5)
    assert len(body) == 20 + 137 * 3 * 5
    assert struct.unpack_from("<3h", body, 20 + 4 * 6) == (20, 1, -3)
    assert struct.unpack_from("<3h", body, 20 + 137 * 6 + 4 * 6) == (40, -2, 4)
    assert struct.unpack_from("<3B", body, 20 + 137 * 12 + 4 * 3) == (255, 256 - 127, 127)
    assert struct.unpack_from("<3h", body, 20) == (-32768, 0, 0)


def test_faint_points_stay_found_and_far_points_are_drawn_in() -> None:
    keypoints = np.full((1, 137, 3), (np.nan, np.nan, 0), np.float32)
    keypoints[0, 0] = (1e6, -1e6, 0.0001)
    point = decode_chunk(encode_chunk(keypoints, 0, 0.125)).keypoints[0, 0]
    assert point[2] > 0
    assert point[0] == 32767 * 0.125
    assert point[1] == -32767 * 0.125


def test_encoding_is_the_same_every_time() -> None:
    keypoints = make_keypoints(250)
    assert encode_chunk(keypoints, 0, 0.1) == encode_chunk(keypoints.copy(), 0, 0.1)


def test_steps_follow_the_picture_but_never_fall_under_a_sixteenth() -> None:
    assert compute_step_px((640, 360)) == 1 / 16
    assert compute_step_px((360, 8000)) == 0.5


def test_written_chunks_join_up_to_the_whole(tmp_path: Path) -> None:
    keypoints = make_keypoints(620)
    names = write_chunks(tmp_path / "chunks", keypoints[:500], 0, (1280, 720))
    names += write_chunks(tmp_path / "chunks", keypoints[500:], 500, (1280, 720))
    assert names == ["00000.bin.gz", "00001.bin.gz", "00002.bin.gz"]
    assert sorted(p.name for p in (tmp_path / "chunks").iterdir()) == names
    chunks = [decode_chunk((tmp_path / "chunks" / name).read_bytes()) for name in names]
    assert [c.start_frame for c in chunks] == [0, 250, 500]
    assert sum(len(c.keypoints) for c in chunks) == 620


def test_chunks_begin_where_chunks_begin(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="multiple of 250"):
        write_chunks(tmp_path, make_keypoints(3), 100, (1280, 720))
    with pytest.raises(ValueError, match="at most 250"):
        encode_chunk(make_keypoints(CHUNK_FRAMES + 1), 0, 0.1)
    assert get_chunk_name(7) == "00007.bin.gz"


@pytest.mark.parametrize("damage", ["empty", "text", "cut", "bomb", "version", "magic"])
def test_damaged_chunks_are_refused(damage: str) -> None:
    good = encode_chunk(make_keypoints(5), 0, 0.1)
    body = gzip.decompress(good)
    data = {
        "empty": b"",
        "text": b"hello",
        "cut": good[: len(good) // 2],
        "bomb": gzip.compress(body + bytes(50_000_000)),
        "version": gzip.compress(body[:4] + b"\x02" + body[5:]),
        "magic": gzip.compress(b"X" + body[1:]),
    }[damage]
    with pytest.raises(InputError) as caught:
        decode_chunk(data)
    assert caught.value.code == "CHUNK_FORMAT"
