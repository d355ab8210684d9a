"""Entry script: who is there, then the page they asked for under one top bar.

Imported by the server before anything else is shown, so it stays light: no torch,
no MediaPipe, no video library.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from imigue_core.studio.access import PROJECT, Action, is_allowed
from imigue_core.studio.demo import is_demo
from pages.ui.damage import show_damage
from pages.ui.demo import show_demo_banner
from pages.ui.errors import shown_errors
from pages.ui.identity import find_current_annotator, show_person, show_picker
from pages.ui.state import get_project
from pages.ui.theme import apply_theme

# A picture of our own: the framework fetches an icon that is named, or a page's own, from another host.
ICON = str(Path(__file__).parent / "ui" / "icon.svg")
PAGES = (
    ("library.py", "Library", ":material/video_library:", Action.SEE_PROJECT),
    ("annotate.py", "Annotate", ":material/gesture:", Action.SEE_VIDEO),
    ("explore.py", "Explore", ":material/bar_chart:", Action.EXPLORE),
    ("codebook.py", "Codebook", ":material/menu_book:", Action.SEE_PROJECT),
    ("models.py", "Models", ":material/neurology:", Action.SEE_PROJECT),
    ("exchange.py", "Exchange", ":material/swap_horiz:", Action.EXPORT_LABELS),
    ("settings.py", "Settings", ":material/settings:", Action.SEE_PROJECT),
)
"""File, title, icon, and what a person must be allowed to do to be shown it."""


def main() -> None:
    """Draws the frame around every page."""
    st.set_page_config("iMiGUE Studio", page_icon=ICON, layout="wide", initial_sidebar_state="collapsed")
    apply_theme()
    with shown_errors():
        db = get_project()
        show_damage(db)
        person = find_current_annotator(db)
        pages = [
            st.Page(file, title=title, icon=icon, default=file == "library.py")
            for file, title, icon, action in PAGES
            if person is None or is_allowed(person.annotator_id, action, PROJECT)
        ]
        page = st.navigation(pages, position="hidden" if person is None else "top")
        if person is None:
            show_picker(db)
        else:
            show_person(person)
            if is_demo(db):
                show_demo_banner()
            page.run()


if __name__ == "__main__":
    main()
