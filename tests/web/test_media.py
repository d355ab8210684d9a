"""Files of a video: how much the project shows, who saw what first, ranges, caching."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from db.derived import save_derived
from db.engine import Database
from db.jobs import OPEN_STATES, list_jobs
from db.people import list_audit, set_setting
from imigue_core.skeleton.chunks import compute_step_px, encode_chunk, get_chunk_name
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.videos.derived import seal_files
from imigue_core.studio.videos.viewing import MASK_RECIPE
from tests.harness.asking import DRAWING, N_FRAMES, PICTURE, PROXY, add_video, read_refusal

MASKED = b"a masked picture"


@pytest.fixture(autouse=True)
def video(shared_db: Database) -> Any:
    return add_video(shared_db)


def choose(client: TestClient, view: str) -> Any:
    return client.post("/api/view", json={"most_revealing_view": view})


@pytest.fixture
def pixels(ann: TestClient) -> None:
    """Ann has let the project show source pixels."""
    assert choose(ann, "source").json() == {"most_revealing_view": "source"}


def add_masked(db: Database, revision: int = 3) -> None:
    """Gives video 1 a masked copy that was made from poses of this revision."""
    folder = db.settings.video_folder(1)
    (folder / "masked.mp4").write_bytes(MASKED)
    (folder / "masked.json").write_text(json.dumps({"poses_revision": revision, "recipe": MASK_RECIPE}))


def test_a_project_shows_skeletons_until_somebody_says_otherwise(ann: TestClient, shared_db: Database) -> None:
    assert read_refusal(ann.get("/api/videos/1/proxy.mp4")) == (403, "SOURCE_PIXELS_OFF")
    told = ann.get("/api/videos/1").json()
    assert (told["most_revealing_view"], told["modes"], told["mask"]) == ("skeleton", ["skeleton"], None)
    with shared_db.read() as conn:
        assert list_audit(conn, "source.revealed") == []


@pytest.mark.parametrize(
    ("view", "proxy", "masked", "thumb", "modes"),
    [
        ("skeleton", 403, 403, DRAWING.encode(), ["skeleton"]),
        ("masked", 403, 200, DRAWING.encode(), ["skeleton", "masked"]),
        ("source", 200, 200, PICTURE, ["skeleton", "masked", "source"]),
    ],
)
def test_the_setting_rules_over_every_route_of_pixels(
    ann: TestClient, shared_db: Database, view: str, proxy: bool, masked: bool, thumb: str, modes: list[str]
) -> None:
    add_masked(shared_db)
    choose(ann, view)
    answers = {name: ann.get(f"/api/videos/1/{name}") for name in ("proxy.mp4", "masked.mp4", "thumb")}
    assert (answers["proxy.mp4"].status_code, answers["masked.mp4"].status_code) == (proxy, masked)
    assert answers["thumb"].content == thumb
    assert (answers["proxy.mp4"].content == PROXY, answers["masked.mp4"].content == MASKED) == (
        proxy == 200,
        masked == 200,
    )
    assert ann.get("/api/videos/1").json()["modes"] == modes
    if masked == 403:
        assert read_refusal(answers["masked.mp4"]) == (403, "MASKED_OFF")
    else:
        assert answers["masked.mp4"].headers["cache-control"] == "private, no-store"


def test_each_persons_first_masked_bytes_of_a_video_are_logged_once(
    ann: TestClient, ben: TestClient, shared_db: Database
) -> None:
    add_masked(shared_db)
    choose(ann, "masked")
    for client in (ann, ann, ben):
        client.get("/api/videos/1/masked.mp4", headers={"Range": "bytes=0-3"})
        client.head("/api/videos/1/masked.mp4")
    with shared_db.read() as conn:
        log = [(entry.annotator_id, entry.target) for entry in list_audit(conn, "masked.revealed")]
        assert list_audit(conn, "source.revealed") == []
    assert log == [(1, "video:1"), (2, "video:1")]


def test_a_masked_copy_of_other_poses_is_not_sent(ann: TestClient, shared_db: Database) -> None:
    choose(ann, "source")
    assert read_refusal(ann.get("/api/videos/1/masked.mp4")) == (404, "NOT_AVAILABLE")
    add_masked(shared_db, revision=2)
    assert read_refusal(ann.get("/api/videos/1/masked.mp4")) == (404, "NOT_AVAILABLE")
    assert ann.get("/api/videos/1").json()["modes"] == ["skeleton", "source"]
    add_masked(shared_db, revision=3)
    assert ann.get("/api/videos/1/masked.mp4").content == MASKED


def test_allowing_masked_copies_queues_those_that_are_missing(ann: TestClient, shared_db: Database) -> None:
    add_video(shared_db)
    add_masked(shared_db)
    choose(ann, "masked")
    assert ann.get("/api/videos/1").json()["mask"] is None
    assert ann.get("/api/videos/2").json()["mask"]["state"] == "queued"


def test_a_project_of_an_earlier_edition_keeps_its_choice(ann: TestClient, shared_db: Database) -> None:
    for old, view in (("on", "source"), ("off", "skeleton")):
        with shared_db.write() as conn:
            set_setting(conn, "source_pixels", old)
        assert ann.get("/api/videos/1").json()["most_revealing_view"] == view
    choose(ann, "masked")
    with shared_db.write() as conn:
        set_setting(conn, "source_pixels", "on")
    assert ann.get("/api/videos/1").json()["most_revealing_view"] == "masked"


def test_the_switch_is_logged_with_who_threw_it(ann: TestClient, ben: TestClient, shared_db: Database) -> None:
    choose(ann, "source")
    choose(ben, "masked")
    choose(ben, "masked")
    choose(ben, "skeleton")
    with shared_db.read() as conn:
        log = [(a.annotator_id, a.detail["from"], a.detail["to"]) for a in list_audit(conn, "view.switch")]
    assert log == [(1, "skeleton", "source"), (2, "source", "masked"), (2, "masked", "skeleton")]
    assert read_refusal(ann.get("/api/videos/1/proxy.mp4")) == (403, "SOURCE_PIXELS_OFF")


@pytest.mark.parametrize(("view", "code"), [(1, "BODY_MALFORMED"), (None, "BODY_MALFORMED"), ("all", "VIEW_UNKNOWN")])
def test_the_switch_takes_one_of_three_words(ann: TestClient, view: str, code: str) -> None:
    assert read_refusal(choose(ann, view)) == (400, code)


@pytest.mark.usefixtures("pixels")
def test_each_persons_first_source_bytes_of_a_video_are_logged_once(
    ann: TestClient, ben: TestClient, shared_db: Database
) -> None:
    for _ in range(3):
        ann.get("/api/videos/1/proxy.mp4", headers={"Range": "bytes=0-9"})
    ben.get("/api/videos/1/proxy.mp4")
    ben.get("/api/videos/1/thumb")
    with shared_db.read() as conn:
        log = [(entry.annotator_id, entry.target) for entry in list_audit(conn, "source.revealed")]
    assert log == [(1, "video:1"), (2, "video:1")]


@pytest.mark.usefixtures("pixels")
def test_a_thumbnail_of_source_pixels_counts_as_seen(ann: TestClient, shared_db: Database) -> None:
    assert ann.get("/api/videos/1/thumb").content == PICTURE
    with shared_db.read() as conn:
        assert len(list_audit(conn, "source.revealed")) == 1


@pytest.mark.usefixtures("pixels")
def test_asking_for_the_head_alone_reveals_nothing(ann: TestClient, shared_db: Database) -> None:
    answer = ann.head("/api/videos/1/proxy.mp4")
    assert answer.headers["content-length"] == str(len(PROXY))
    with shared_db.read() as conn:
        assert list_audit(conn, "source.revealed") == []


@pytest.mark.usefixtures("pixels")
@pytest.mark.parametrize(
    ("range_", "status", "expected"),
    [
        (None, 200, PROXY),
        ("bytes=0-99", 206, PROXY[:100]),
        ("bytes=1000-", 206, PROXY[1000:]),
        ("bytes=-5", 206, PROXY[-5:]),
        ("bytes=99999999-", 416, b""),
    ],
)
def test_the_proxy_answers_ranges(ann: TestClient, range_: str, status: int, expected: str) -> None:
    answer = ann.get("/api/videos/1/proxy.mp4", headers={"Range": range_} if range_ else {})
    assert (answer.status_code, answer.content) == (status, expected)
    if status != 416:
        assert answer.headers["content-type"] == "video/mp4"
        assert answer.headers["accept-ranges"] == "bytes"
        assert answer.headers["cache-control"] == "private, no-store"
    if status == 206:
        assert answer.headers["content-range"].endswith(f"/{len(PROXY)}")


@pytest.mark.usefixtures("pixels")
def test_a_link_in_the_videos_folder_is_not_followed(ann: TestClient, shared_db: Database, tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere.mp4"
    secret.write_bytes(b"not ours")
    proxy = shared_db.settings.video_folder(1) / "proxy.mp4"
    proxy.unlink()
    proxy.symlink_to(secret)
    assert read_refusal(ann.get("/api/videos/1/proxy.mp4")) == (404, "NOT_AVAILABLE")


@pytest.mark.usefixtures("pixels")
def test_hidden_erased_and_unready_videos_have_no_picture(ann: TestClient, shared_db: Database) -> None:
    gone = "2026-01-01T00:00:00.000Z"
    for columns in ({"hidden_utc": gone}, {"erased_utc": gone}, {"proxy_width": None}, {"kind": "poses"}):
        video_id = add_video(shared_db, **columns)
        assert read_refusal(ann.get(f"/api/videos/{video_id}/proxy.mp4")) == (404, "NOT_AVAILABLE")


def test_the_thumbnail_is_a_drawing_where_skeletons_are_shown(ann: TestClient) -> None:
    answer = ann.get("/api/videos/1/thumb")
    assert (answer.text, answer.headers["content-type"]) == (DRAWING, "image/svg+xml")


def add_chunk(db: Database, number: int, data: bytes) -> None:
    """Gives video 1 a chunk, and takes it down as made."""
    path = db.settings.video_folder(1) / "chunks" / get_chunk_name(number)
    path.write_bytes(data)
    with db.write() as conn:
        save_derived(conn, 1, seal_files(db.settings.files_of(1), [path]))


def test_a_chunk_comes_gzipped_and_may_be_kept_once_the_poses_are_complete(
    ann: TestClient, shared_db: Database
) -> None:
    keypoints = np.zeros((250, 137, 3), np.float32)
    data = encode_chunk(keypoints, 250, compute_step_px((640, 480)))
    add_chunk(shared_db, 1, data)
    answer = ann.get("/api/videos/1/chunks/1?v=3")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.content == gzip.decompress(data)
    assert "immutable" in answer.headers["cache-control"]
    assert ann.get("/api/videos/1/chunks/1?v=2").headers["cache-control"] == "no-store"
    assert read_refusal(ann.get("/api/videos/1/chunks/0")) == (404, "NOT_AVAILABLE")
    assert read_refusal(ann.get(f"/api/videos/1/chunks/{10**40}")) == (404, "NOT_AVAILABLE")


def test_chunks_of_growing_poses_are_not_kept(ann: TestClient, shared_db: Database) -> None:
    growing = PoseTrack(source=PoseOrigin.MEDIAPIPE, n_ready=250, complete=False, revision=3)
    video_id = add_video(shared_db, poses=growing)
    (shared_db.settings.video_folder(video_id) / "chunks" / get_chunk_name(0)).write_bytes(gzip.compress(b"x"))
    assert ann.get(f"/api/videos/{video_id}/chunks/0?v=3").headers["cache-control"] == "no-store"


def test_times_are_seconds_from_the_first_frame(ann: TestClient) -> None:
    answer = ann.get("/api/videos/1/times")
    assert answer.headers["content-encoding"] == "gzip"
    seconds = np.frombuffer(answer.content, "<f8")
    assert len(seconds) == N_FRAMES
    assert (seconds[0], seconds[1], seconds[-1]) == (0.0, 0.04, pytest.approx(0.04 * (N_FRAMES - 1)))


def test_a_video_tells_the_player_all_it_needs(ann: TestClient, pixels: Any) -> None:
    told = ann.get("/api/videos/1").json()
    wanted = {"video_id": 1, "n_frames": N_FRAMES, "fps_num": 25, "fps_den": 1, "width": 640, "has_proxy": True}
    assert told["video"] | wanted == told["video"]
    assert told["video"]["shot_cuts"] == [100]
    assert (told["most_revealing_view"], told["modes"]) == ("source", ["skeleton", "source"])
    assert told["poses"] | {"n_ready": N_FRAMES, "complete": True, "revision": 3} == told["poses"]
    assert told["poses"]["step_px"] == compute_step_px((640, 480))
    assert told["times_url"] == "/api/videos/1/times"


@pytest.mark.parametrize("box", [[1, 2, 3], "all", [1, 2, 3, "4"], [1, 2, 3, True], {}, [1, 2, 3, 10**400]])
def test_a_person_box_is_four_numbers(ann: TestClient, box: Any) -> None:
    assert read_refusal(ann.post("/api/videos/1/person", json={"box": box})) == (400, "PERSON_BOX")


def test_another_person_is_followed_in_new_poses(ann: TestClient) -> None:
    assert ann.post("/api/videos/1/person", json={"box": [10, 20, 200, 300]}).status_code == 200
    told = ann.get("/api/videos/1").json()
    assert told["poses"] | {"person": [10, 20, 200, 300], "n_ready": 0, "revision": 4} == told["poses"]
    assert told["poses"]["followed"]
    assert [(job["kind"], job["state"]) for job in told["jobs"]] == [("poses", "queued")]


def test_the_box_must_be_said_to_be_none(ann: TestClient) -> None:
    assert read_refusal(ann.post("/api/videos/1/person", json={})) == (400, "BODY_MALFORMED")


@pytest.mark.parametrize("left", [None, b"", b"cut"])
@pytest.mark.parametrize(
    ("name", "route", "step"),
    [
        ("chunks/00000.bin.gz", "chunks/0?v=3", "mend"),
        ("thumb_skeleton.svg", "thumb", "mend"),
        ("proxy.mp4", "proxy.mp4", "proxy"),
    ],
)
def test_what_is_lost_or_damaged_is_never_sent_and_made_again(
    ann: TestClient, shared_db: Database, name: str, route: str, step: str, left: bytes | None
) -> None:
    choose(ann, "source" if step == "proxy" else "skeleton")
    add_chunk(shared_db, 0, gzip.compress(b"points"))
    path = shared_db.settings.video_folder(1) / name
    with shared_db.write() as conn:
        save_derived(conn, 1, seal_files(shared_db.settings.files_of(1), [path]))
    path.unlink()
    if left is not None:
        path.write_bytes(left)
    assert read_refusal(ann.get(f"/api/videos/1/{route}")) == (404, "NOT_AVAILABLE")
    with shared_db.read() as conn:
        assert step in {job.kind for job in list_jobs(conn, 1, OPEN_STATES)}
