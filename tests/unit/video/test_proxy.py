"""The proxy: the same frames, nothing else of the source, written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import pytest

from imigue_core.errors import InputError, StorageError
from imigue_core.video.frames import iter_proxy_frames
from imigue_core.video.probe import probe_video
from imigue_core.video.proxy import THUMB_WIDTH_PX, make_proxy
from tests.harness.media import VARIANTS, MarkerSpec, damage_middle, make_marker_video, read_marker

MakeVideo = Callable[[str], Path]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_keeps_its_frames(marker_video: MakeVideo, tmp_path: Path, name: str) -> None:
    spec, source, target = VARIANTS[name], marker_video(name), tmp_path / "proxy.mp4"
    probe = probe_video(source)
    result = make_proxy(source, target, probe)
    seen = [(index, read_marker(picture), picture.shape) for index, picture in iter_proxy_frames(target)]
    assert seen == [(i, i, (result.height, result.width, 3)) for i in range(spec.n_frames)]
    assert result.n_frames == spec.n_frames
    assert abs(result.width - probe.width) <= 1
    assert abs(result.height - probe.height) <= 1
    assert result.shot_cuts == list(spec.cuts)


@pytest.mark.parametrize("name", ["fps_359_12", "variable_rate", "late_start", "b_frames_gop_250"])
def test_a_proxy_is_made_for_seeking(marker_video: MakeVideo, tmp_path: Path, name: str) -> None:
    source, target = marker_video(name), tmp_path / "proxy.mp4"
    probe = probe_video(source)
    make_proxy(source, target, probe)
    copy = probe_video(target)
    units = 1 / (probe.fps * copy.time_base)
    assert (copy.fps, copy.is_variable, copy.warnings) == (probe.fps, False, [])
    assert copy.header_frames == copy.n_frames == probe.n_frames
    assert copy.pts.tolist() == [i * units for i in range(probe.n_frames)]
    with av.open(str(target)) as file:
        stream = file.streams.video[0]
        packets = [p for p in file.demux(stream) if p.pts is not None]
        assert [p.pts / units for p in packets if p.is_keyframe and p.pts is not None] == list(
            range(0, probe.n_frames, 12)
        )
        assert all(p.pts == p.dts for p in packets)
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
    data = target.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")


def test_sound_metadata_and_names_stay_behind(marker_video: MakeVideo, tmp_path: Path) -> None:
    spec = VARIANTS["sound_and_metadata"]
    source = tmp_path / "Jane Doe interview.mp4"
    source.write_bytes(marker_video("sound_and_metadata").read_bytes())
    with av.open(str(source)) as file:
        assert file.metadata["title"] == spec.metadata["title"]
        assert "creation_time" in file.metadata
    make_proxy(source, tmp_path / "proxy.mp4", probe_video(source), thumb=tmp_path / "thumb.jpg")
    with av.open(str(tmp_path / "proxy.mp4")) as file:
        assert [stream.type for stream in file.streams] == ["video"]
        assert set(file.metadata) == {"major_brand", "minor_version", "compatible_brands"}
        assert file.streams.video[0].metadata == {"language": "und", "handler_name": "VideoHandler"}
    for name in ("proxy.mp4", "thumb.jpg"):
        data = (tmp_path / name).read_bytes()
        for word in (b"Jane", b"Nobody", b"A Name", b"2021", b"x264", b"Lav"):
            assert word not in data


def test_the_thumbnail_is_the_upright_frame_a_tenth_in(marker_video: MakeVideo, tmp_path: Path) -> None:
    for name in ("b_frames_gop_250", "rotated_90", "one_frame"):
        source = marker_video(name)
        make_proxy(source, tmp_path / "proxy.mp4", probe_video(source), thumb=tmp_path / "thumb.jpg")
        picture = cv2.imread(str(tmp_path / "thumb.jpg"))
        assert picture is not None
        assert picture.shape[1] == THUMB_WIDTH_PX
        assert read_marker(picture) == VARIANTS[name].n_frames // 10


def test_large_pictures_shrink_to_1920_px(tmp_path: Path) -> None:
    source = make_marker_video(tmp_path / "large.mp4", MarkerSpec(n_frames=3, width=2000, height=1500))
    result = make_proxy(source, tmp_path / "proxy.mp4", probe_video(source))
    assert (result.width, result.height) == (1920, 1440)
    assert [read_marker(picture) for _, picture in iter_proxy_frames(tmp_path / "proxy.mp4")] == [0, 1, 2]


@pytest.mark.parametrize("pixel_format", ["yuvj420p", "yuv422p", "yuv420p10le", "yuv444p"])
def test_other_pixel_formats_keep_their_brightness(tmp_path: Path, pixel_format: str) -> None:
    spec = MarkerSpec(n_frames=3, pixel_format=pixel_format)
    source = make_marker_video(tmp_path / "source.mp4", spec)
    make_proxy(source, tmp_path / "proxy.mp4", probe_video(source))
    for index, picture in iter_proxy_frames(tmp_path / "proxy.mp4"):
        assert read_marker(picture) == index
        assert picture[5:15, 35:45].mean() == pytest.approx(10, abs=8)
        assert picture[25:35, 35:45].mean() == pytest.approx(245, abs=8)


def test_making_it_again_gives_the_same_file(marker_video: MakeVideo, tmp_path: Path) -> None:
    source, target = marker_video("plain_25"), tmp_path / "proxy.mp4"
    probe = probe_video(source)
    (tmp_path / "proxy.mp4.part").write_bytes(b"left behind by a killed worker")
    first = make_proxy(source, target, probe, n_threads=1)
    data = target.read_bytes()
    assert make_proxy(source, target, probe, n_threads=1) == first
    assert target.read_bytes() == data
    assert [path.name for path in tmp_path.iterdir()] == ["proxy.mp4"]


def test_stopping_leaves_nothing_half_done(marker_video: MakeVideo, tmp_path: Path) -> None:
    source, target = marker_video("b_frames_gop_250"), tmp_path / "proxy.mp4"

    def stop_half_way(done: int, total: int) -> None:
        if done >= total // 2:
            raise InterruptedError("stopped")

    target.write_bytes(b"the proxy of before")
    with pytest.raises(InterruptedError):
        make_proxy(source, target, probe_video(source), stop_half_way, thumb=tmp_path / "thumb.jpg")
    assert [path.name for path in tmp_path.iterdir()] == ["proxy.mp4"]
    assert target.read_bytes() == b"the proxy of before"


def test_progress_ends_at_all_frames(marker_video: MakeVideo, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    source = marker_video("plain_25")
    make_proxy(source, tmp_path / "p.mp4", probe_video(source), lambda done, total: told.append((done, total)))
    assert told == [(25, 60), (50, 60), (60, 60)]


def test_a_source_that_changed_or_broke_is_refused(marker_video: MakeVideo, tmp_path: Path) -> None:
    source = marker_video("b_frames_gop_250")
    probe = probe_video(source)
    broken = damage_middle(source, tmp_path / "broken.mp4")
    for changed, told in ((source, replace(probe, n_frames=299)), (broken, probe)):
        with pytest.raises(InputError) as refusal:
            make_proxy(changed, tmp_path / "proxy.mp4", told)
        assert refusal.value.code == "VIDEO_FRAMES_MISMATCH"
    assert [path.name for path in tmp_path.iterdir()] == ["broken.mp4"]


def test_a_place_that_cannot_be_written_is_a_storage_error(marker_video: MakeVideo, tmp_path: Path) -> None:
    source = marker_video("plain_25")
    with pytest.raises(StorageError) as refusal:
        make_proxy(source, tmp_path / "absent" / "proxy.mp4", probe_video(source))
    assert refusal.value.code == "STORAGE_FAILED"


def test_a_real_clip_keeps_its_rate_as_a_fraction(real_data: Path, tmp_path: Path) -> None:
    source = real_data / "waving_hand.mp4"
    result = make_proxy(source, tmp_path / "proxy.mp4", probe_video(source))
    copy = probe_video(tmp_path / "proxy.mp4")
    assert (result.width, result.height, result.n_frames, result.shot_cuts) == (540, 720, 58, [])
    assert (copy.fps, copy.n_frames) == (Fraction(359, 12), 58)
