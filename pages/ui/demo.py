"""What every page of the demo project says: that nobody in it is real, and how to start one's own."""

from __future__ import annotations

import streamlit as st


def show_demo_banner() -> None:
    """One line in the bar on top."""
    st.html(
        '<div class="studio-demo" role="note"><b>Demo project</b>, acted by mannequins. '
        "Your own: <code>make run DATA=folder</code></div>"
    )
