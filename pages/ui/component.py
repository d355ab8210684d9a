"""Small browser parts of the pages: a script and a style sheet in parts/, no build step.

A part draws every value it is given as text, never as HTML.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import streamlit as st

PARTS = Path(__file__).parent / "parts"


def make_component(name: str) -> Any:
    """The part ``parts/<name>.js`` with ``base.css`` and ``<name>.css``, ready to be mounted."""
    css = (PARTS / "base.css").read_text("utf-8") + (PARTS / f"{name}.css").read_text("utf-8")
    js = (PARTS / f"{name}.js").read_text("utf-8")
    return st.components.v2.component(f"studio_{name}", html='<div class="root"></div>', css=css, js=js)
