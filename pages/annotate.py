"""Annotate: the player with skeleton and timeline, over the whole screen. Chooses the video, nothing else."""

from __future__ import annotations

import streamlit as st

from db.engine import Database
from db.jobs import list_jobs
from db.people import Annotator, get_project_id
from db.videos import Video, get_video
from imigue_core.errors import NotAvailableError
from imigue_core.web.player.mount import mount_player
from pages.ui.cards import describe_step
from pages.ui.errors import show_empty, shown_errors
from pages.ui.formatting import escape_html
from pages.ui.identity import get_current_annotator
from pages.ui.state import Target, get_project, read_target, remember_video

REFRESH_S = 2.0


def main() -> None:
    """The asked-for video, or what to do to get one."""
    db = get_project()
    person = get_current_annotator(db)
    target = read_target()
    if target is None:
        show_empty("No video is open", "Choose one in the Library; it opens here.")
        _show_way_back()
        return
    video = _find_video(db, target)
    if video is None:
        show_empty("This video is not available", "It may have been removed, or the address may be mistyped.")
        _show_way_back()
    elif not (video.has_proxy or video.poses_ready or video.is_label_only):
        st.fragment(_show_progress, run_every=REFRESH_S)(db, video)
    else:
        remember_video(video.video_id)
        _show_player(db, person, video, target)


def _find_video(db: Database, target: Target) -> Video | None:
    if target.video_id is None:
        return None
    with db.read() as conn:
        try:
            return get_video(conn, target.video_id)
        except NotAvailableError:
            return None


def _show_player(db: Database, person: Annotator, video: Video, target: Target) -> None:
    with db.read() as conn:
        project_id = get_project_id(conn)
    mount_player(
        video_id=video.video_id,
        project_id=project_id,
        annotator_id=person.annotator_id,
        annotator=person.name,
        start_frame=target.start_frame,
    )


@shown_errors()
def _show_progress(db: Database, video: Video) -> None:
    """Until there is something to play: the steps, looked at again every two seconds."""
    with db.read() as conn:
        jobs = list_jobs(conn, video.video_id)
        now = get_video(conn, video.video_id)
    if now.has_proxy or now.poses_ready:
        st.rerun()
    steps = [describe_step(job)["text"] for job in jobs if job.state in ("queued", "running", "failed")]
    is_open = any(job.is_open for job in jobs)
    title = f"{video.name} is being prepared" if is_open else f"{video.name} cannot be played"
    show_empty(title, *[escape_html(step) for step in steps])


def _show_way_back() -> None:
    with st.container(horizontal_alignment="center"):
        st.page_link("library.py", label="Open the Library", icon=":material/video_library:")


if __name__ == "__main__":
    main()
