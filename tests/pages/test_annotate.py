"""Annotate: which video it opens, and one answer for every video that cannot be opened."""

from __future__ import annotations

import pytest

from db.engine import Database
from db.jobs import enqueue_job
from db.people import Annotator, get_project_id
from db.videos import insert_video, update_video
from imigue_core.skeleton.pose_track import PoseOrigin, PoseTrack
from imigue_core.studio.videos.removing import remove_video
from tests.pages.conftest import OpenPage, find_part, has_part, list_html


@pytest.fixture
def video_id(db: Database) -> int:
    """A video of poses alone, all of them there."""
    with db.write() as conn:
        video_id = insert_video(
            conn, name="Interview 12", kind="poses", n_frames=100, fps_num=25, fps_den=1, width=640, height=360
        )
        update_video(conn, video_id, poses=PoseTrack(PoseOrigin.IMPORTED, 1, n_ready=100, complete=True))
    return video_id


def test_without_a_video_it_points_to_the_library(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page("annotate", ann)
    assert "No video is open" in list_html(app)
    assert not has_part(app, "player")


def test_a_link_opens_the_player_for_the_person_at_the_screen(
    open_page: OpenPage, ann: Annotator, video_id: int, db: Database
) -> None:
    app = open_page("annotate", ann, video=str(video_id), frame="31")
    assert not app.exception
    given = find_part(app, "player")
    with db.read() as conn:
        project_id = get_project_id(conn)
    assert given["video_id"] == video_id
    assert given["start_frame"] == 31
    assert (given["annotator_id"], given["annotator"]) == (ann.annotator_id, "Ann")
    assert given["project_id"] == project_id


def test_the_video_stays_open_when_the_address_loses_it(open_page: OpenPage, ann: Annotator, video_id: int) -> None:
    app = open_page("annotate", ann, video=str(video_id))
    app.query_params.clear()
    assert find_part(app.run(), "player")["video_id"] == video_id
    assert app.query_params["video"] == str(video_id)


@pytest.mark.parametrize("asked", ["1 OR 1=1", "-1", "999", "", "٣", "1e3", "9" * 30, "../1"])
def test_every_impossible_link_gets_the_same_answer(open_page: OpenPage, ann: Annotator, asked: str) -> None:
    app = open_page("annotate", ann, video=asked)
    assert not app.exception
    assert "This video is not available" in list_html(app)
    assert not has_part(app, "player")


@pytest.mark.parametrize("erase", [False, True])
def test_a_removed_video_is_not_available(
    open_page: OpenPage, ann: Annotator, video_id: int, db: Database, erase: bool
) -> None:
    remove_video(db, video_id, erase=erase, annotator_id=ann.annotator_id)
    app = open_page("annotate", ann, video=str(video_id))
    assert "This video is not available" in list_html(app)
    assert "Interview" not in list_html(app)


def test_a_video_that_is_being_read_shows_its_steps(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    with db.write() as conn:
        video_id = insert_video(conn, name="<b>raw</b>", kind="video", source_file="source.mp4")
        enqueue_job(conn, video_id, "probe")
    shown = list_html(open_page("annotate", ann, video=str(video_id)))
    assert "&lt;b&gt;raw&lt;/b&gt; is being prepared" in shown
    assert "waits: reading the file" in shown


def test_labels_without_media_open_on_their_timeline(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    with db.write() as conn:
        video_id = insert_video(conn, name="0298", kind="labels", number=298, fps_num=25, fps_den=1)
    assert find_part(open_page("annotate", ann, video=str(video_id)), "player")["video_id"] == video_id
