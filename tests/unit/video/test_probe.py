"""The probe: what it finds in good files and how it refuses bad ones."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from imigue_core.errors import InputError
from imigue_core.video import source
from imigue_core.video.probe import probe_video
from tests.harness.media import (
    VARIANTS,
    MarkerSpec,
    damage_middle,
    get_real_clip,
    make_audio_only,
    make_marker_video,
    truncate_file,
)

MakeVideo = Callable[[str], Path]


def refusal_of(path: Path | str) -> InputError:
    with pytest.raises(InputError) as refusal:
        probe_video(path)
    return refusal.value


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_has_its_frames_size_and_rate(marker_video: MakeVideo, name: str) -> None:
    spec = VARIANTS[name]
    probe = probe_video(marker_video(name))
    assert probe.n_frames == len(probe.pts) == spec.n_frames
    assert (probe.width, probe.height) == (round(spec.width * spec.pixel_aspect), spec.height)
    assert probe.rotation == spec.rotation
    assert probe.has_audio == spec.has_audio
    assert probe.is_variable == (len(spec.steps) > 1)
    assert probe.is_variable or probe.fps == spec.fps
    assert probe.codec == ("vp9" if name == "webm_vp9" else "h264")


def test_times_of_a_variable_rate_are_the_files_own(marker_video: MakeVideo) -> None:
    spec = VARIANTS["variable_rate"]
    probe = probe_video(marker_video("variable_rate"))
    steps = np.resize(spec.steps, spec.n_frames - 1)
    seconds = np.concatenate(([0], np.cumsum(steps))) / 50
    assert probe.pts * float(probe.time_base) == pytest.approx(seconds)
    assert probe.fps.denominator <= 1001
    assert float(probe.fps) == pytest.approx((spec.n_frames - 1) / seconds[-1])
    assert [w.split(":")[0] for w in probe.warnings] == ["VIDEO_VFR"]


def test_a_late_start_is_kept_and_told(marker_video: MakeVideo) -> None:
    probe = probe_video(marker_video("late_start"))
    assert int(probe.pts[0]) * probe.time_base == Fraction(7, 5)
    assert [w.split(":")[0] for w in probe.warnings] == ["VIDEO_START"]


@pytest.mark.parametrize("fps", [Fraction(359, 12), Fraction(30000, 1001), Fraction(25)])
@pytest.mark.parametrize("ending", ["mkv", "ts", "flv", "mov"])
def test_the_rate_is_exact_in_containers_that_round_times(tmp_path: Path, ending: str, fps: Fraction) -> None:
    probe = probe_video(make_marker_video(tmp_path / f"clip.{ending}", MarkerSpec(n_frames=100, fps=fps)))
    assert (probe.n_frames, probe.fps, probe.is_variable) == (100, fps, False)


def test_a_stream_without_any_times_is_placed_at_its_rate(tmp_path: Path) -> None:
    probe = probe_video(make_marker_video(tmp_path / "clip.h264", MarkerSpec(n_frames=30)))
    assert (probe.n_frames, probe.fps, probe.is_variable) == (30, Fraction(25), False)
    assert probe.warnings[0].startswith("VIDEO_TIMES: 30 of 30")


def test_a_header_that_miscounts_is_a_warning(tmp_path: Path) -> None:
    video = make_marker_video(tmp_path / "clip.avi", MarkerSpec(codec="mpeg4", fps=Fraction(25)))
    data = video.read_bytes()
    at = data.index(b"strh") + 8 + 32
    video.write_bytes(data[:at] + struct.pack("<I", 77) + data[at + 4 :])
    probe = probe_video(video)
    assert (probe.n_frames, probe.header_frames) == (60, 77)
    assert any(w.startswith("VIDEO_HEADER_COUNT: header 77, decoded 60") for w in probe.warnings)


def test_the_real_clips(real_data: Path) -> None:
    probe = probe_video(real_data / "waving_hand.mp4")
    assert (probe.n_frames, probe.fps, probe.width, probe.height) == (58, Fraction(359, 12), 540, 720)
    assert not probe.warnings
    assert probe_video(get_real_clip()).n_frames == 120


def test_progress_is_told_and_may_stop_the_probe(marker_video: MakeVideo) -> None:
    told: list[tuple[int, int]] = []
    probe_video(marker_video("b_frames_gop_250"), lambda done, total: told.append((done, total)))
    assert told[0] == (25, 300)
    assert told[-1] == (300, 300)

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        probe_video(marker_video("b_frames_gop_250"), stop)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.mp4").touch()
    assert refusal_of(tmp_path / "x.mp4").code == "VIDEO_EMPTY"


@pytest.mark.parametrize("text", ["hello\n" * 100, "%PDF-1.4", "\0" * 5000, "WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n"])
def test_text_in_disguise_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "x.mp4").write_text(text)
    refusal = refusal_of(tmp_path / "x.mp4")
    assert (refusal.code, refusal.where) == ("VIDEO_FORMAT", "x.mp4")


@pytest.fixture
def web_hits() -> Iterator[tuple[int, list[bytes]]]:
    """A port that counts who connects to it."""
    hits: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        is_done = threading.Event()

        def listen() -> None:
            while not is_done.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                hits.append(b"hit")
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], hits
        is_done.set()
        thread.join()


def test_playlists_and_addresses_ask_nobody(tmp_path: Path, web_hits: tuple[int, list[bytes]]) -> None:
    port, hits = web_hits
    address = f"http://127.0.0.1:{port}/x.mp4"
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{address}\n#EXT-X-ENDLIST\n"
    listing = f"ffconcat version 1.0\nfile '{address}'\n"
    mpd = f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>{address}</BaseURL></MPD>'
    for name, text in {"hls.mp4": playlist, "concat.mp4": listing, "dash.mp4": mpd, "sdp.mp4": "v=0\n"}.items():
        (tmp_path / name).write_text(text)
        assert refusal_of(tmp_path / name).code == "VIDEO_FORMAT"
    assert refusal_of(address).code == "PATH_NOT_LOCAL"
    assert hits == []


def test_a_list_of_local_files_is_refused_too(tmp_path: Path, marker_video: MakeVideo) -> None:
    (tmp_path / "concat.mp4").write_text(f"ffconcat version 1.0\nfile '{marker_video('plain_25')}'\n")
    assert refusal_of(tmp_path / "concat.mp4").code == "VIDEO_FORMAT"


@pytest.mark.parametrize("share", [0.02, 0.5, 0.95])
@pytest.mark.parametrize("is_index_first", [False, True])
def test_a_cut_file_is_incomplete(tmp_path: Path, marker_video: MakeVideo, share: float, is_index_first: bool) -> None:
    whole = marker_video("b_frames_gop_250")
    if is_index_first:
        whole = move_index_first(whole, tmp_path / "first.mp4")
    refusal = refusal_of(truncate_file(whole, tmp_path / "cut.mp4", share))
    assert refusal.code == "VIDEO_UNREADABLE"
    assert "incomplete" in refusal.message


def move_index_first(video: Path, target: Path) -> Path:
    import av

    with av.open(str(video)) as old, av.open(str(target), "w", container_options={"movflags": "+faststart"}) as new:
        stream = new.add_stream_from_template(old.streams.video[0])
        for packet in old.demux(old.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                new.mux(packet)
    return target


def test_a_damaged_middle_is_refused_with_both_counts(tmp_path: Path, marker_video: MakeVideo) -> None:
    refusal = refusal_of(damage_middle(marker_video("b_frames_gop_250"), tmp_path / "damaged.mp4"))
    assert refusal.code == "VIDEO_FRAMES_MISMATCH"
    assert "header 300, decoded " in refusal.message


def test_one_damaged_frame_is_refused(tmp_path: Path, marker_video: MakeVideo) -> None:
    data = bytearray(marker_video("b_frames_gop_250").read_bytes())
    middle = len(data) // 2
    data[middle : middle + 40] = np.random.default_rng(5).bytes(40)
    (tmp_path / "damaged.mp4").write_bytes(data)
    assert refusal_of(tmp_path / "damaged.mp4").code == "VIDEO_FRAMES_MISMATCH"


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    refusal = refusal_of(make_audio_only(tmp_path / "sound.mp4"))
    assert refusal.code == "VIDEO_NO_STREAM"
    assert "audio" in refusal.message


def test_a_huge_header_is_refused_before_decoding(tmp_path: Path, marker_video: MakeVideo) -> None:
    data = marker_video("plain_25").read_bytes()
    at = data.index(struct.pack(">HH", 320, 240), data.index(b"avc1", data.index(b"stsd")))
    (tmp_path / "huge.mp4").write_bytes(data[:at] + struct.pack(">HH", 65535, 65535) + data[at + 4 :])
    refusal = refusal_of(tmp_path / "huge.mp4")
    assert refusal.code == "VIDEO_TOO_LARGE"
    assert "65535 x 65535" in refusal.message


def test_a_huge_avi_header_is_refused_before_decoding(tmp_path: Path) -> None:
    spec = MarkerSpec(n_frames=5, codec="ffv1", b_frames=0, gop=1)
    data = make_marker_video(tmp_path / "clip.avi", spec).read_bytes()
    size, huge = struct.pack("<II", 320, 240), struct.pack("<II", 100_000, 100_000)
    assert size in data
    (tmp_path / "huge.avi").write_bytes(data.replace(size, huge))
    assert refusal_of(tmp_path / "huge.avi").code == "VIDEO_TOO_LARGE"


def test_too_many_frames_are_refused(marker_video: MakeVideo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_FRAMES", 59)
    assert refusal_of(marker_video("plain_25")).code == "VIDEO_TOO_LARGE"
    assert refusal_of(marker_video("webm_vp9")).code == "VIDEO_TOO_LARGE"


@pytest.mark.parametrize("ending", ["mp4", "mkv"])
@pytest.mark.parametrize("fps", [Fraction(10**6), Fraction(1, 200)])
def test_impossible_rates_are_refused(tmp_path: Path, fps: Fraction, ending: str) -> None:
    video = make_marker_video(tmp_path / f"clip.{ending}", MarkerSpec(n_frames=5, fps=fps))
    assert refusal_of(video).code == "VIDEO_FPS_INVALID"


def test_pipes_and_folders_do_not_hang(tmp_path: Path) -> None:
    import os

    os.mkfifo(tmp_path / "pipe.mp4")
    assert refusal_of(tmp_path / "pipe.mp4").code == "NOT_A_FILE"
    assert refusal_of(tmp_path).code == "NOT_A_FILE"


def test_names_that_look_like_patterns_open_as_files(tmp_path: Path) -> None:
    video = make_marker_video(tmp_path / "a%03d b:c.mp4", replace(VARIANTS["plain_25"], n_frames=3))
    assert probe_video(video).n_frames == 3
