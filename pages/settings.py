"""Settings: the rules of this project, the same for everybody in it; every change is logged with a name."""

from __future__ import annotations

import streamlit as st

from db.engine import Database
from db.people import Annotator
from imigue_core.studio.people.project_settings import (
    MAX_HOLDBACK_PERCENT,
    OVERLAP_RULES,
    ProjectSettings,
    load_project_settings,
    save_project_settings,
)
from pages.ui.errors import show_note, shown_errors
from pages.ui.identity import get_current_annotator
from pages.ui.state import get_project

_OVERLAP_NAMES = {"allowed": "allowed", "warned": "allowed with a warning", "refused": "refused"}


def main() -> None:
    """One form with all rules."""
    db = get_project()
    person = get_current_annotator(db)
    st.html('<p class="studio-title">Settings <span class="studio-muted">of this project, for everybody</span></p>')
    with shown_errors():
        _show_form(db, person, load_project_settings(db))


def _show_form(db: Database, person: Annotator, now: ProjectSettings) -> None:
    column, _ = st.columns([2, 1])
    # A key made of the stored values, so that the form shows what somebody else changed meanwhile.
    with column, st.form(key=f"settings_{now}", border=False):
        blind = st.toggle(
            "Blind mode",
            value=now.blind,
            help="Other people's labels of a video are withheld until a person has marked the video done. Taking "
            "“done” back does not hide them again; labels changed after they were seen say so in the ledger. "
            "Explore and Exchange show everybody's labels all the same: they are for those who evaluate.",
        )
        overlap = st.selectbox(
            "Labels of one person that overlap in time",
            OVERLAP_RULES,
            OVERLAP_RULES.index(now.overlap_rule),
            format_func=_OVERLAP_NAMES.__getitem__,
            help="Refusing holds for new labels and for moved edges; labels that overlap already stay.",
        )
        percent = st.slider(
            "Time without suggestions, %",
            0,
            MAX_HOLDBACK_PERCENT,
            now.holdback_percent,
            step=5,
            help="In this share of each video's time a person is shown no suggestions, so that it can be measured how "
            "much suggestions sway labels. Drawn for each person and video, in stretches of about 20 seconds.",
        )
        auto_scan = st.toggle(
            "Look for gestures as soon as a skeleton is there",
            value=now.auto_scan,
            help="Off, a scan is started on the Models page or by the command line.",
        )
        is_saving = st.form_submit_button("Save", type="primary")
    if is_saving:
        wanted = ProjectSettings(blind, overlap, percent, auto_scan)
        save_project_settings(db, wanted, person.annotator_id)
        st.session_state["settings_saved"] = True
        st.rerun()
    if st.session_state.pop("settings_saved", False):
        show_note("Saved.")


if __name__ == "__main__":
    main()
