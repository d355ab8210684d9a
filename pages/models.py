"""Models: what each one is and learned from, which one suggests gestures, and the scans of all videos."""

from __future__ import annotations

from typing import Any

import streamlit as st

from db.engine import Database
from db.people import Annotator
from imigue_core.studio.models.project_models import (
    KnownModel,
    get_active_emotion_model,
    get_active_model,
    list_models,
    set_active_model,
)
from imigue_core.studio.models.scan_states import ScanState, list_scan_states, stop_scans
from imigue_core.studio.models.scanning import request_scan, request_scans
from pages.ui.component import make_component
from pages.ui.errors import show_empty, show_error, show_note, shown_errors
from pages.ui.formatting import escape_html, format_count
from pages.ui.identity import get_current_annotator
from pages.ui.model_cards import PURPOSES, SYNTHETIC_NOTICE, TRAINING_HELP, make_model_html
from pages.ui.scan_rows import describe_progress, make_scan_row
from pages.ui.state import get_project, open_video

BUSY_REFRESH_S = 1.0
# Scans also begin without this page: when poses become complete, or on the command line.
IDLE_REFRESH_S = 10.0

_scans = make_component("scans")


def main() -> None:
    """The notice and the cards on the left; the videos and their scans on the right."""
    db = get_project()
    person = get_current_annotator(db)
    left, right = st.columns([2, 3], gap="large")
    with left, shown_errors():
        _show_models(db, person)
    with right:
        is_busy = any(state.is_working for state in list_scan_states(db))
        st.fragment(_show_scans, run_every=BUSY_REFRESH_S if is_busy else IDLE_REFRESH_S)(db, person, is_busy)


def _show_models(db: Database, person: Annotator) -> None:
    active, active_emotion = get_active_model(db), get_active_emotion_model(db)
    models = sorted(list_models(db), key=lambda model: (model.name != active, not model.is_scanner, model.name))
    count = format_count(len(models), "model")
    st.html(f'<p class="studio-title">Models <span class="studio-muted">{count}</span></p>')
    st.html(f'<div class="studio-box studio-warning" role="note" id="synthetic-notice">{SYNTHETIC_NOTICE}</div>')
    for model in models:
        with st.container(border=True, key=f"model_{model.name}"):
            _show_model(db, person, model, is_active=model.name in (active, active_emotion))
    if active not in {model.name for model in models}:
        show_error("MODEL_UNKNOWN", f"the active model {active!r} is not here.", hint="Choose another one.")
    with st.expander("Train on your own labels"):
        st.html(TRAINING_HELP)


def _show_model(db: Database, person: Annotator, model: KnownModel, *, is_active: bool) -> None:
    if model.card is None:
        st.html(f'<p class="studio-title">{escape_html(model.name)}</p>')
        if model.refusal is not None:
            show_error(model.refusal.code, model.refusal.message, where=model.refusal.where)
        return
    st.html(make_model_html(model.card, is_active=is_active, is_bundled=model.is_bundled))
    purpose = PURPOSES.get(model.card.task)
    if purpose and not is_active and st.button(f"Use for {purpose}", key=f"use_{model.name}"):
        with shown_errors():
            set_active_model(db, model.name, person.annotator_id)
            st.rerun()


@shown_errors()
def _show_scans(db: Database, person: Annotator, was_busy: bool) -> None:
    """The table; runs again by itself, and wakes the whole page when work began or ended."""
    states = list_scan_states(db)
    if any(state.is_working for state in states) != was_busy:
        st.rerun()
    title, missing, every, stop = st.columns([2.6, 1.3, 1, 1], vertical_alignment="center")
    title.html(
        f'<p class="studio-title">Scans</p><p class="studio-muted" id="scan-progress">{describe_progress(states)}</p>'
    )
    if not states:
        show_empty("No videos yet", "Add one in the Library; it is scanned as soon as its skeleton is there.")
        return
    can_scan = any(state.video.poses_complete and not state.is_working for state in states)
    if missing.button("Scan what is missing", disabled=not can_scan, width="stretch", key="scan_missing"):
        _ask_for_scans(db, person, only_missing=True)
    if every.button("Scan all", disabled=not can_scan, width="stretch", key="scan_all"):
        _ask_for_scans(db, person, only_missing=False)
    if stop.button("Stop all", disabled=not was_busy, width="stretch", key="scan_stop"):
        stop_scans(db, person.annotator_id)
        st.rerun()
    if (message := st.session_state.pop("scan_message", None)) is not None:
        show_note(message)
    event = _scans(
        key="scans",
        data={"rows": [make_scan_row(state) for state in states]},
        on_open_change=lambda: None,
        on_scan_change=lambda: None,
        on_stop_change=lambda: None,
    )
    _follow(db, person, event, states)


def _ask_for_scans(db: Database, person: Annotator, *, only_missing: bool) -> None:
    n_asked = request_scans(db, person.annotator_id, only_missing=only_missing)
    if n_asked == 0:
        st.session_state["scan_message"] = "Every video that has poses is scanned already."
    st.rerun()


def _follow(db: Database, person: Annotator, event: Any, states: list[ScanState]) -> None:
    """What the person clicked in a row, when it names a video that is there."""
    known = {state.video.video_id for state in states}
    if event.open in known:
        open_video(event.open)
    if event.scan in known:
        with db.write() as conn:
            request_scan(conn, event.scan, annotator_id=person.annotator_id)
        st.rerun()
    if event.stop in known:
        stop_scans(db, person.annotator_id, event.stop)
        st.rerun()


if __name__ == "__main__":
    main()
