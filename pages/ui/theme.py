"""The look that config.toml cannot say: theme.css, put into every page once."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

_CSS = Path(__file__).with_name("theme.css")


def apply_theme() -> None:
    """Adds the style sheet to the page."""
    st.html(_CSS)
