"""What pages hand each other: the project's database, the chosen video, the frame to start at.

Streamlit drops query parameters when a person changes the page, so the chosen video
lies in the session as well as in the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

import streamlit as st

from db.engine import Database, get_database
from imigue_core.settings import load_settings

_VIDEO = "chosen_video"


@dataclass(frozen=True, slots=True)
class Target:
    """What the Annotate page was asked for.

    Attributes:
        video_id: Id of a video, or None when the address holds no number.
        start_frame: Frame to open at, 0-based, or None.
    """

    video_id: int | None
    start_frame: int | None


def get_project() -> Database:
    """The database that all pages of this process share."""
    return get_database(load_settings())


def open_video(video_id: int, start_frame: int | None = None) -> NoReturn:
    """Goes to the Annotate page with this video."""
    st.session_state[_VIDEO] = video_id
    query = {"video": str(video_id)}
    if start_frame is not None:
        query["frame"] = str(start_frame)
    st.switch_page("annotate.py", query_params=query)


def read_target() -> Target | None:
    """The video asked for by the address, else the one opened last; None when there is neither."""
    if "video" in st.query_params:
        frame = _parse_number(st.query_params.get("frame", ""))
        return Target(_parse_number(st.query_params["video"]), frame)
    video_id = st.session_state.get(_VIDEO)
    return None if video_id is None else Target(video_id, None)


def remember_video(video_id: int) -> None:
    """Keeps a video that turned out to be there, for the way back to it and for reloads."""
    st.session_state[_VIDEO] = video_id
    if st.query_params.get("video") != str(video_id):
        st.query_params["video"] = str(video_id)


def forget_video(video_id: int) -> None:
    """Forgets a video that was hidden or erased."""
    if st.session_state.get(_VIDEO) == video_id:
        del st.session_state[_VIDEO]


def _parse_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None
