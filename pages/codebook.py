"""Codebook: the 32 classes as cards, each acted in a small loop, with its definition, its span and its lookalikes."""

from __future__ import annotations

import streamlit as st

from imigue_core.codebook.entries import SPAN_RULE
from imigue_core.taxonomy import Group
from pages.ui.codebook_cards import EVERY_GROUP, GROUP_NAMES, filter_classes, make_codebook_card
from pages.ui.component import make_component
from pages.ui.filters import MAX_SEARCH_CHARS
from pages.ui.formatting import escape_html, format_count
from pages.ui.identity import get_current_annotator
from pages.ui.state import get_project

SEARCH, GROUP, FOCUS = "codebook_search", "codebook_group", "codebook_focus"

_codebook = make_component("codebook")


def main() -> None:
    """The rule of spans, search and groups on top; the cards below."""
    get_current_annotator(get_project())
    _read_address()
    title, search, group = st.columns([2.2, 1.6, 4.2], vertical_alignment="center")
    wanted = search.text_input(
        "Search",
        placeholder="name, code or words",
        max_chars=MAX_SEARCH_CHARS,
        key=SEARCH,
        label_visibility="collapsed",
    )
    chosen = group.segmented_control(
        "Group",
        [EVERY_GROUP, *(g.value for g in Group)],
        default=EVERY_GROUP,
        format_func=GROUP_NAMES.__getitem__,
        required=True,
        key=GROUP,
        label_visibility="collapsed",
    )
    shown = filter_classes(wanted, chosen)
    title.html(
        f'<p class="studio-title">Codebook <span class="studio-muted">{format_count(len(shown), "class", "classes")}'
        "</span></p>"
    )
    st.html(f'<p class="studio-muted" id="span-rule">{escape_html(SPAN_RULE)}</p>')
    _codebook(
        key="codebook",
        data={
            "cards": [make_codebook_card(gesture) for gesture in shown],
            "focus": st.session_state.pop(FOCUS, None),
            "none": "No class matches. Loosen the search or choose another group.",
        },
        on_jump_change=_jump,
    )


def _read_address() -> None:
    """``?class=17`` opens the page at that class, once."""
    asked = st.query_params.pop("class", "")
    if asked.isascii() and asked.isdigit() and len(asked) <= 2:
        st.session_state[FOCUS] = int(asked)


def _jump() -> None:
    """A link to a class that the filters hide: they are taken away, and the page shows it."""
    asked = st.session_state["codebook"].jump
    if asked is not None:
        st.session_state[SEARCH] = ""
        st.session_state[GROUP] = EVERY_GROUP
        st.session_state[FOCUS] = asked


if __name__ == "__main__":
    main()
