"""The masked copy: nothing is left of the face, whatever the skeleton loses; everything else stays."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.stream import VideoStream
from numpy.typing import NDArray

from imigue_core.errors import InputError
from imigue_core.skeleton.layout import BODY_SLICE, FACE_SLICE
from imigue_core.video.deidentify import make_masked
from imigue_core.video.face_places import HOLD_FRAMES, UNION_FRAMES, compute_face_places
from imigue_core.video.frames import iter_proxy_frames
from imigue_core.video.probe import probe_video
from imigue_core.video.proxy import GOP_FRAMES, make_proxy
from tests.harness.materials import draw_person

SIZE = (640, 480)
FACE_HALF = (40, 62)
"""Half width and height of the drawn face, brow to chin and hair line included, pixels."""
N_FRAMES = 60
FAST = slice(20, 30)
"""The head shoots to the side and back."""
NO_MESH = slice(34, 42)
NOTHING = slice(46, 50)
"""Nobody is found, while the head drifts on."""
HANDS = ((180, 330, 300, 420), (350, 330, 440, 420))
"""Left, top, right, bottom of what lies well below the face."""


def make_places() -> NDArray[np.float64]:
    """(T, 2): the true middle of the face."""
    at = np.tile(np.array([320.0, 125.0]), (N_FRAMES, 1))
    at[FAST, 0] += 130 * np.sin(np.linspace(0, np.pi, FAST.stop - FAST.start))
    at[NO_MESH.start :, 0] -= 2.0 * np.arange(N_FRAMES - NO_MESH.start)
    return at


def make_poses(places: NDArray[np.float64]) -> NDArray[np.float32]:
    """Poses of that head: as a detector finds them, with what it loses."""
    keypoints = draw_person(len(places))
    moved = (places - (320, 125)).astype(np.float32)[:, None]
    keypoints[:, FACE_SLICE, :2] += moved
    keypoints[:, [0, 15, 16, 17, 18], :2] += moved
    keypoints[NO_MESH, FACE_SLICE] = (np.nan, np.nan, 0)
    keypoints[NOTHING] = (np.nan, np.nan, 0)
    return keypoints


def draw_noise(places: NDArray[np.float64]) -> list[NDArray[np.uint8]]:
    """A textured room in which a bright, finely patterned face moves, RGB."""
    rng = np.random.default_rng(3)
    room = cv2.resize(rng.integers(20, 140, (120, 160, 3), np.uint8), SIZE, interpolation=cv2.INTER_CUBIC)
    pattern = (np.indices(SIZE[::-1]).sum(axis=0) // 4 % 2 * 140 + 115).astype(np.uint8)
    pictures = []
    for x, y in places:
        face = np.zeros(SIZE[::-1], np.uint8)
        cv2.ellipse(face, (round(x), round(y)), FACE_HALF, 0, 0, 360, 1, -1)
        pictures.append(np.where(face[:, :, None] > 0, pattern[:, :, None], room).astype(np.uint8))
    return pictures


def write_video(path: Path, pictures: list[NDArray[np.uint8]]) -> Path:
    with av.open(str(path), "w") as file:
        stream: VideoStream = file.add_stream("libx264", rate=25, options={"crf": "12"})  # type: ignore[assignment]
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        for picture in pictures:
            file.mux(stream.encode(VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    return path


def read(path: Path) -> list[NDArray[np.float32]]:
    return [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float32) for _, picture in iter_proxy_frames(path)]


def compute_detail(picture: NDArray[np.float32], inside: NDArray[np.bool_]) -> float:
    """How much fine structure lies in a region: the deviation of what a blur takes away."""
    return float((picture - cv2.GaussianBlur(picture, (0, 0), 4))[inside].std())


def compute_psnr(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    return float(10 * np.log10(255**2 / max(float(((one - other) ** 2).mean()), 1e-9)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A proxy and its masked copy."""
    folder = tmp_path_factory.mktemp("masked")
    places = make_places()
    source = write_video(folder / "source.mp4", draw_noise(places))
    make_proxy(source, folder / "proxy.mp4", probe_video(source))
    told: list[tuple[int, int]] = []
    target = folder / "masked.mp4"
    proxy = folder / "proxy.mp4"
    n = make_masked(proxy, target, make_poses(places), (1, 1), lambda *p: told.append(p), fps=Fraction(25))
    assert (n, told[-1]) == (N_FRAMES, (N_FRAMES, N_FRAMES))
    return proxy, target


def test_no_face_survives_in_any_frame(made: tuple[Path, Path]) -> None:
    rows, columns = np.indices(SIZE[::-1])
    pairs = zip(make_places(), read(made[0]), read(made[1]), strict=True)
    for frame, ((x, y), shown, masked) in enumerate(pairs):
        inside = ((columns - x) / FACE_HALF[0]) ** 2 + ((rows - y) / FACE_HALF[1]) ** 2 < 1
        assert compute_detail(shown, inside) > 35, frame
        assert compute_detail(masked, inside) < 5, frame
        assert np.abs(shown - masked)[inside].mean() > 30, frame


def test_the_hands_stay_as_they_were(made: tuple[Path, Path]) -> None:
    for frame, (shown, masked) in enumerate(zip(read(made[0]), read(made[1]), strict=True)):
        for left, top, right, bottom in HANDS:
            part = slice(top, bottom), slice(left, right)
            assert compute_psnr(shown[part], masked[part]) > 33, frame


def test_both_copies_have_one_picture_stream_and_no_tags(made: tuple[Path, Path]) -> None:
    for path in made:
        with av.open(str(path)) as file:
            assert [stream.type for stream in file.streams] == ["video"]
            assert set(file.metadata) == {"major_brand", "minor_version", "compatible_brands"}
            assert file.streams.video[0].metadata == {"language": "und", "handler_name": "VideoHandler"}
        data = path.read_bytes()
        assert not [word for word in (b"x264", b"Lav", b"source") if word in data]


def test_the_masked_copy_is_made_for_seeking_like_the_proxy(made: tuple[Path, Path]) -> None:
    one, other = (probe_video(path) for path in made)
    assert (other.fps, other.n_frames, other.width, other.height) == (one.fps, one.n_frames, one.width, one.height)
    assert other.pts.tolist() == one.pts.tolist()
    with av.open(str(made[1])) as file:
        packets = [packet for packet in file.demux(video=0) if packet.pts is not None]
    keys = [i for i, packet in enumerate(packets) if packet.is_keyframe]
    assert keys == list(range(0, N_FRAMES, GOP_FRAMES))
    assert all(packet.pts == packet.dts for packet in packets)


def test_a_proxy_of_another_length_is_refused_and_leaves_nothing(made: tuple[Path, Path], tmp_path: Path) -> None:
    for n in (N_FRAMES - 1, N_FRAMES + 1):
        with pytest.raises(InputError, match="expected a proxy of") as refusal:
            make_masked(made[0], tmp_path / "masked.mp4", draw_person(n), (1, 1), fps=Fraction(25))
        assert refusal.value.code == "POSE_LENGTH"
    assert list(tmp_path.iterdir()) == []


def test_a_smaller_proxy_is_masked_at_the_same_places(tmp_path: Path) -> None:
    small = [cv2.resize(picture, (320, 240)).astype(np.uint8) for picture in draw_noise(make_places())]
    with av.open(str(tmp_path / "proxy.mp4"), "w") as file:
        stream: VideoStream = file.add_stream("libx264", rate=25, options={"bf": "0"})  # type: ignore[assignment]
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for picture in small:
            file.mux(stream.encode(VideoFrame.from_ndarray(picture, format="rgb24")))
        file.mux(stream.encode(None))
    target = tmp_path / "masked.mp4"
    make_masked(tmp_path / "proxy.mp4", target, make_poses(make_places()), (2, 2), fps=Fraction(25))
    rows, columns = np.indices((240, 320))
    for (x, y), masked in zip(make_places(), read(target), strict=True):
        inside = ((columns - x / 2) / FACE_HALF[0] * 2) ** 2 + ((rows - y / 2) / FACE_HALF[1] * 2) ** 2 < 1
        assert compute_detail(masked, inside) < 5


def covers(keypoints: NDArray[np.float32], frame: int, at: tuple[float, float], cuts: tuple[int, ...] = ()) -> bool:
    """Whether a point of the picture is masked."""
    ellipses, reach = compute_face_places(keypoints, SIZE, cuts).list_near(frame)
    inside = ((ellipses[:, :2] - at) / ellipses[:, 2:]) ** 2
    return bool((inside.sum(axis=1) < 1).any()) or at[1] < reach


def test_a_mask_keeps_its_size_when_the_mesh_is_lost() -> None:
    keypoints = draw_person(40)
    with_mesh = compute_face_places(keypoints, SIZE).list_near(20)[0][:, 2:].max(axis=0)
    keypoints[15:, FACE_SLICE] = (np.nan, np.nan, 0)
    ellipses, _ = compute_face_places(keypoints, SIZE).list_near(30)
    assert (ellipses[:, 2:].max(axis=0) >= with_mesh).all()


def test_a_mask_is_never_narrower_than_the_shoulders_say() -> None:
    keypoints = draw_person(20)
    keypoints[:, FACE_SLICE] = (np.nan, np.nan, 0)
    keypoints[:, [15, 16, 17, 18]] = (np.nan, np.nan, 0)
    for x, y in ((320 - FACE_HALF[0], 120), (320 + FACE_HALF[0], 120), (320, 120 - 55), (320, 120 + 55)):
        assert covers(keypoints, 10, (x, y))


def test_neighbouring_frames_are_covered_but_not_across_a_cut() -> None:
    keypoints = draw_person(40)
    keypoints[20:, :, 0] -= 250
    assert covers(keypoints, 20 - UNION_FRAMES, (70, 120))
    assert not covers(keypoints, 20 - UNION_FRAMES - 1, (70, 120))
    assert not covers(keypoints, 19, (70, 120), (20,))
    assert covers(keypoints, 20, (70, 120), (20,))


def test_a_lost_head_is_masked_by_the_neck_however_long() -> None:
    keypoints = draw_person(100)
    head = [0, 15, 16, 17, 18]
    keypoints[20:, FACE_SLICE] = keypoints[20:, head] = (np.nan, np.nan, 0)
    keypoints[60:, BODY_SLICE, 0] += 150
    assert covers(keypoints, 90, (320 + 150, 120))
    assert covers(keypoints, 90, (320, 120))
    assert not covers(keypoints, 90, (100, 400))


def test_the_upper_part_goes_when_nobody_is_found_for_longer() -> None:
    keypoints = draw_person(100)
    keypoints[20:80] = (np.nan, np.nan, 0)
    assert covers(keypoints, 22, (320, 120))
    assert not covers(keypoints, 19 + HOLD_FRAMES - UNION_FRAMES, (20, 20))
    for frame in (20 + HOLD_FRAMES, 50, 79):
        assert covers(keypoints, frame, (5, 5))
        assert covers(keypoints, frame, (630, 300))
        assert not covers(keypoints, frame, (320, 470))


def test_a_shot_is_masked_whole_until_its_first_head() -> None:
    keypoints = draw_person(60)
    keypoints[30:40, FACE_SLICE] = keypoints[30:40, [0, 15, 16, 17, 18]] = (np.nan, np.nan, 0)
    assert covers(keypoints, 32, (639, 479), (30,))
    assert not covers(keypoints, 32, (639, 479))
    assert not covers(keypoints, 50, (639, 479), (30,))


def test_a_video_without_any_head_is_masked_whole() -> None:
    for keypoints in (np.full((30, 137, 3), np.nan, np.float32), np.zeros((30, 137, 3), np.float32)):
        keypoints[:, :, 2] = 0
        assert covers(keypoints, 10, (639, 479))


def test_a_mesh_that_strays_from_the_head_leaves_both_masked() -> None:
    keypoints = draw_person(20)
    keypoints[:, FACE_SLICE, 1] += 250
    assert covers(keypoints, 10, (320, 110))
    assert covers(keypoints, 10, (320, 370))
