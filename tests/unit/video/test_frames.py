"""Reading frames: the right ones, upright, from any start."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from imigue_core.errors import InputError
from imigue_core.video.frames import iter_frames, iter_proxy_frames
from imigue_core.video.probe import probe_video
from imigue_core.video.proxy import make_proxy
from tests.harness.media import VARIANTS, read_marker

MakeVideo = Callable[[str], Path]


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_shows_its_frames_in_order_and_upright(marker_video: MakeVideo, name: str) -> None:
    spec = VARIANTS[name]
    seen = [(index, read_marker(picture), picture.shape) for index, picture in iter_frames(marker_video(name))]
    shape = (spec.height, round(spec.width * spec.pixel_aspect), 3)
    assert seen == [(i, i, shape) for i in range(spec.n_frames)]


def test_a_part_of_a_source_is_counted_from_its_beginning(marker_video: MakeVideo) -> None:
    part = iter_frames(marker_video("b_frames_gop_250"), 117, 122)
    assert [(index, read_marker(picture)) for index, picture in part] == [(i, i) for i in range(117, 122)]
    assert list(iter_frames(marker_video("plain_25"), 5, 5)) == []
    assert list(iter_frames(marker_video("plain_25"), 1000)) == []


@pytest.fixture(scope="module")
def proxy(marker_video: MakeVideo, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = marker_video("b_frames_gop_250")
    target = tmp_path_factory.mktemp("proxy") / "proxy.mp4"
    make_proxy(source, target, probe_video(source))
    return target


@pytest.mark.parametrize("start", [0, 1, 11, 12, 13, 143, 144, 287, 288, 299])
def test_a_proxy_opens_at_any_frame(proxy: Path, start: int) -> None:
    stop = min(start + 14, 300)
    seen = [(index, read_marker(picture)) for index, picture in iter_proxy_frames(proxy, start, stop)]
    assert seen == [(i, i) for i in range(start, stop)]


def test_a_proxy_ends_where_its_frames_end(proxy: Path) -> None:
    assert [index for index, _ in iter_proxy_frames(proxy, 295)] == [295, 296, 297, 298, 299]
    assert [index for index, _ in iter_proxy_frames(proxy, 298, 900)] == [298, 299]
    assert list(iter_proxy_frames(proxy, 300)) == []
    assert list(iter_proxy_frames(proxy, 7, 7)) == []


def test_a_video_whose_times_do_not_count_frames_is_no_proxy(marker_video: MakeVideo) -> None:
    with pytest.raises(InputError) as refusal:
        list(iter_proxy_frames(marker_video("variable_rate")))
    assert refusal.value.code == "PROXY_INVALID"
