"""Library: every video as a card, what happens to it, and the ways in: upload, inbox, command line."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import streamlit as st

from db.engine import Database
from db.jobs import Job
from db.people import Annotator
from imigue_core.settings import DEFAULT_DATA, load_settings
from imigue_core.studio.demo import is_demo
from imigue_core.studio.people.project_settings import VIEWS
from imigue_core.studio.videos.library import LibraryItem, list_inbox_refusals, list_library, list_project_jobs
from imigue_core.studio.videos.steps import get_rule
from imigue_core.studio.videos.viewing import get_view, set_view
from pages.ui.cards import PROGRESS_NAMES, State, describe_step, find_state, make_card
from pages.ui.component import make_component
from pages.ui.details import show_details
from pages.ui.errors import show_empty, show_error, shown_errors
from pages.ui.filters import ANY, MAX_SEARCH_CHARS, SORTS, LibraryFilter
from pages.ui.formatting import escape_html, format_bytes, format_count
from pages.ui.identity import get_current_annotator
from pages.ui.state import get_project, open_video

PAGE_SIZE = 48
BUSY_REFRESH_S = 2.0
# Without work under way the page still looks for what came in by the inbox or the command line.
IDLE_REFRESH_S = 10.0
CHOSEN = "library_chosen"
_VIEW_NAMES = {"skeleton": "Skeleton", "masked": "Face masked", "source": "Source"}
_VIEW_HELP = (
    "How much of a person everybody in this project may see; the server sends nothing beyond it. "
    "**Skeleton**: no picture at all. **Face masked**: a copy in which the face is averaged away; hair, clothes and "
    "surroundings stay, and only the person whom the skeleton follows is masked, so keep videos that show other people "
    "at Skeleton. **Source**: the picture as it is. A change is logged with your name, and so is the first picture of "
    "each video that you are sent."
)
_INBOX_HINT = "It stays in the inbox. Mend it or take it away; it is tried again when it changes."

_gallery = make_component("gallery")
_upload = make_component("upload")


def main() -> None:
    """Ways in and filters on top, cards below, details of the chosen video at the right."""
    db = get_project()
    person = get_current_annotator(db)
    items = list_library(db, person.annotator_id)
    _show_top(db, person, items)
    if not items:
        _show_first_steps(db)
    wanted = _ask_filter(items) if items else LibraryFilter()
    chosen = next((item for item in items if item.video.video_id == st.session_state.get(CHOSEN)), None)
    left, right = st.columns([3, 1], gap="medium") if chosen else (st.container(), None)
    is_busy = _is_busy(items, list_project_jobs(db, person.annotator_id))
    with left:
        show = st.fragment(_show_gallery, run_every=BUSY_REFRESH_S if is_busy else IDLE_REFRESH_S)
        show(db, person, wanted, is_busy, not items)
    if chosen is not None and right is not None:
        with right, shown_errors():
            show_details(db, person, chosen, items, on_close=_close_details)


def _show_top(db: Database, person: Annotator, items: list[LibraryItem]) -> None:
    title, ways_in, pixels = st.columns([4.2, 1.3, 2.5], vertical_alignment="center")
    n_labels = sum(item.n_labels for item in items)
    summary = f"{format_count(len(items), 'video')}, {format_count(n_labels, 'label')}"
    title.html(f'<p class="studio-title">Library <span class="studio-muted">{summary}</span></p>')
    is_adding = not is_demo(db) and ways_in.toggle("Add videos", value=not items, key="library_adding")
    with pixels:
        _show_view_switch(db, person)
    if is_adding:
        limit = db.settings.upload_limit_bytes
        added = _upload(
            key="upload", data={"limit": limit, "limit_text": format_bytes(limit)}, on_added_change=lambda: None
        )
        if added.added is not None and added.added not in {item.video.video_id for item in items}:
            st.rerun()


def _show_view_switch(db: Database, person: Annotator) -> None:
    view = get_view(db)
    wanted = st.segmented_control(
        "Most that is shown of a person",
        list(VIEWS),
        format_func=_VIEW_NAMES.__getitem__,
        default=view,
        required=True,
        key=f"view_{view}",
        help=_VIEW_HELP,
    )
    if wanted != view:
        set_view(db, wanted, person.annotator_id)
        st.rerun()


def _is_busy(items: list[LibraryItem], jobs: list[Job]) -> bool:
    return any(job.is_open for job in jobs) or any(find_state(item) is State.WORKING for item in items)


def _show_first_steps(db: Database) -> None:
    if is_demo(db):
        show_empty("The demo is being made", "Its first video plays in a few seconds, as a skeleton.")
        return
    show_empty(
        "No videos yet",
        "Choose a video above, or drop one there.",
        f"Or on the command line: <code>{escape_html(_describe_command(db))}</code>",
        f"Or put files into <code>{escape_html(db.settings.inbox)}</code> and wait a few seconds.",
    )


def _describe_command(db: Database) -> str:
    """The ``add`` command for this very project, as it can be typed in the studio's folder."""
    python = Path(sys.executable)
    shown = python.relative_to(Path.cwd()) if python.is_relative_to(Path.cwd()) else python
    data = "" if db.settings.data == load_settings(DEFAULT_DATA).data else f" --data {db.settings.data}"
    return f"{shown} -m imigue_core add FILE{data}"


def _ask_filter(items: list[LibraryItem]) -> LibraryFilter:
    subjects = sorted({item.video.subject_id for item in items if item.video.subject_id})
    names = {ANY: "any", "": "unknown"}
    columns = st.columns([2.2, 1, 1, 1, 1, 1, 1])
    search = columns[0].text_input(
        "Search", placeholder="name, number, subject or notes", max_chars=MAX_SEARCH_CHARS, key="library_search"
    )
    state = columns[1].selectbox("State", [ANY, *(state.value for state in State)], key="library_state")
    progress = columns[6].selectbox(
        "My progress",
        [ANY, *PROGRESS_NAMES],
        format_func=lambda value: PROGRESS_NAMES.get(value, value),
        key="library_progress",
    )
    labels = [ANY, "by me", "not by me", "by somebody", "by nobody"]
    labelled = columns[2].selectbox("Labelled", labels, key="library_labelled")
    subject = columns[3].selectbox("Subject", [ANY, *subjects], key="library_subject")
    outcome = columns[4].selectbox(
        "Outcome", [ANY, "Win", "Lose", ""], format_func=lambda value: names.get(value, value), key="library_outcome"
    )
    sort = columns[5].selectbox("Sort", list(SORTS), key="library_sort")
    return LibraryFilter(search, state, progress, labelled, subject, outcome, sort)


@shown_errors()
def _show_gallery(db: Database, person: Annotator, wanted: LibraryFilter, was_busy: bool, was_empty: bool) -> None:
    """The cards; runs again by itself, and wakes the whole page when work began or ended."""
    for refusal in list_inbox_refusals(db):
        show_error(refusal.code, refusal.message, hint=_INBOX_HINT, where=f"inbox/{refusal.name}")
    everything = list_library(db, person.annotator_id)
    jobs = list_project_jobs(db, person.annotator_id)
    if (_is_busy(everything, jobs), not everything) != (was_busy, was_empty):
        st.rerun()
    _show_project_jobs(jobs)
    if not everything:
        return
    items = wanted.apply(everything, person.annotator_id)
    n_pages = max(1, -(-len(items) // PAGE_SIZE))
    page = min(st.session_state.get("library_page", 0), n_pages - 1)
    shown = items[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    source_on = get_view(db) == "source"
    chosen = st.session_state.get(CHOSEN)
    cards = [
        make_card(item, person.annotator_id, source_on=source_on, is_chosen=item.video.video_id == chosen)
        for item in shown
    ]
    event = _gallery(
        key="gallery",
        data={"cards": cards, "none": "No video matches. Loosen the search or the filters."},
        on_open_change=lambda: None,
        on_details_change=lambda: None,
    )
    if n_pages > 1:
        _show_pager(page, n_pages, len(items))
    _follow(event, everything)


def _show_project_jobs(jobs: list[Job]) -> None:
    """Work that belongs to no video, over the cards."""
    for job in jobs:
        told = describe_step(job)
        if told["failed"]:
            show_error(job.error_code or "", job.error_text or "", where=get_rule(job).title)
        else:
            st.progress(told["share"] or 0.0, text=f"{told['text']} frames" if job.progress_total else told["text"])


def _show_pager(page: int, n_pages: int, n_items: int) -> None:
    _, back, where, forward, _ = st.columns([3, 1, 2, 1, 3], vertical_alignment="center")
    first, last = page * PAGE_SIZE + 1, min((page + 1) * PAGE_SIZE, n_items)
    back.button(
        "Previous", disabled=page == 0, width="stretch", on_click=_turn_to, args=(page - 1,), key="library_previous"
    )
    where.html(f'<p class="studio-muted" style="text-align: center">{first:,}–{last:,} of {n_items:,}</p>')
    forward.button(
        "Next", disabled=page == n_pages - 1, width="stretch", on_click=_turn_to, args=(page + 1,), key="library_next"
    )


def _turn_to(page: int) -> None:
    st.session_state["library_page"] = page


def _follow(event: Any, items: list[LibraryItem]) -> None:
    """What the person clicked, when it names a video that is there."""
    known = {item.video.video_id for item in items}
    if event.open in known:
        open_video(event.open)
    if event.details in known:
        is_open = st.session_state.get(CHOSEN) == event.details
        st.session_state[CHOSEN] = None if is_open else event.details
        st.rerun()


def _close_details() -> None:
    st.session_state[CHOSEN] = None


if __name__ == "__main__":
    main()
