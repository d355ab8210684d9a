"""The Library's right side: one video's steps, what is written about it, its media, and the way out."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from db.engine import Database
from db.people import Annotator
from imigue_core.formats.cells import MAX_ID
from imigue_core.studio.videos.attaching import attach_media
from imigue_core.studio.videos.library import LibraryItem, retry_steps
from imigue_core.studio.videos.removing import remove_video
from imigue_core.studio.videos.steps import get_rule
from imigue_core.studio.videos.video_info import GENDERS, update_video_info
from pages.ui.cards import State, describe_facts, find_state
from pages.ui.errors import show_note, shown_errors
from pages.ui.formatting import escape_html
from pages.ui.state import forget_video, open_video

GENDER_NAMES = {"": "unknown", "F": "female", "M": "male", "X": "other"}
OUTCOME_NAMES = {"": "unknown", "Win": "win", "Lose": "lose"}


def show_details(
    db: Database, person: Annotator, item: LibraryItem, others: list[LibraryItem], on_close: Callable[[], None]
) -> None:
    """Everything about one video.

    Args:
        others: The Library, to choose media from for a video that has labels only.
        on_close: Called when the person closes the panel or the video is gone.
    """
    video = item.video
    with st.container(border=True, key="details"):
        st.html(f'<p class="studio-title">{escape_html(video.name)}</p>')
        st.html(f'<p class="studio-muted">{escape_html(describe_facts(video))}</p>')
        opening, closing = st.columns(2)
        if opening.button("Open", type="primary", width="stretch", key="details_open"):
            open_video(video.video_id)
        closing.button("Close", width="stretch", on_click=on_close, key="details_close")
        _show_steps(db, person, item)
        if video.is_label_only:
            _show_attach(db, person, item, others)
        _show_form(db, person, item)
        _show_removal(db, person, item, on_close)


def _show_steps(db: Database, person: Annotator, item: LibraryItem) -> None:
    rows = []
    for job in item.jobs:
        state = job.state
        if job.state == "running" and job.progress_total:
            state = f"{job.progress_done:,} of {job.progress_total:,}"
        elif job.error_text:
            state = f"{job.state}: {job.error_text} ({job.error_code})"
        rows.append(f"<dt>{escape_html(get_rule(job).words)}</dt><dd>{escape_html(state)}</dd>")
    rows += [f"<dt>note</dt><dd>{escape_html(text)}</dd>" for text in (item.video.probe or {}).get("warnings", [])]
    if rows:
        st.html(f'<dl class="studio-facts">{"".join(rows)}</dl>')
    if find_state(item) is State.FAILED and st.button("Run the failed steps again", key="details_retry"):
        with shown_errors():
            retry_steps(db, item.video.video_id, person.annotator_id)
            st.rerun()


def _show_attach(db: Database, person: Annotator, item: LibraryItem, others: list[LibraryItem]) -> None:
    """Media for a video that came as labels only."""
    media = {
        other.video.video_id: other.video.name
        for other in others
        if not other.video.is_label_only and not other.n_labels and find_state(other) is State.READY
    }
    if not media:
        hint = "A file named by this video's number finds these labels by itself when it is added."
        show_note(f"Labels without media. Add the video, then choose it here. {hint if item.video.number else ''}")
        return
    chosen = st.selectbox(
        "Media for these labels", list(media), format_func=media.__getitem__, index=None, key="details_media"
    )
    if st.button("Attach", disabled=chosen is None, key="details_attach") and chosen is not None:
        with shown_errors():
            attach_media(db, item.video.video_id, chosen, person.annotator_id)
            st.rerun()


def _show_form(db: Database, person: Annotator, item: LibraryItem) -> None:
    video = item.video
    # Label files may say it in other words, which stay until somebody changes them.
    genders = list(dict.fromkeys((*GENDERS, video.subject_gender)))
    with st.form(key=f"details_form_{video.video_id}", border=False):
        fields: dict[str, object] = {
            "name": st.text_input("Name", video.name, max_chars=200),
            "number": st.number_input("Number in label files", 1, MAX_ID, video.number, 1, placeholder="none yet"),
            "subject_id": st.text_input("Subject", video.subject_id, max_chars=200),
            "subject_gender": st.selectbox(
                "Gender",
                genders,
                genders.index(video.subject_gender),
                format_func=lambda gender: GENDER_NAMES.get(gender, gender),
            ),
            "subject_nationality": st.text_input("Nationality", video.subject_nationality, max_chars=200),
            "outcome": st.selectbox(
                "Outcome of the match",
                list(OUTCOME_NAMES),
                list(OUTCOME_NAMES).index(video.outcome),
                format_func=OUTCOME_NAMES.__getitem__,
            ),
            "notes": st.text_area("Notes", video.notes, max_chars=4000),
        }
        if st.form_submit_button("Save", width="stretch"):
            with shown_errors():
                update_video_info(db, video.video_id, annotator_id=person.annotator_id, **fields)
                st.rerun()


def _show_removal(db: Database, person: Annotator, item: LibraryItem, on_close: Callable[[], None]) -> None:
    video_id = item.video.video_id
    with st.popover("Remove", width="stretch", key=f"details_remove_{video_id}"):
        st.write("**Hide** takes the video out of sight; adding the same file again brings it back.")
        is_hiding = st.button("Hide this video", width="stretch", key="details_hide")
        st.divider()
        st.write(
            "**Erase** destroys its media, poses and notes in this project for good. The record of who labelled "
            "what, without any text, stays."
        )
        is_sure = st.checkbox("I want to erase it", key=f"details_sure_{video_id}")
        is_erasing = st.button("Erase for good", disabled=not is_sure, width="stretch", key="details_erase")
    if is_hiding or is_erasing:
        with shown_errors():
            remove_video(db, video_id, erase=is_erasing, annotator_id=person.annotator_id)
            forget_video(video_id)
            on_close()
            st.rerun()
