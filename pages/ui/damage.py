"""What every page says first while the project's database is damaged, or cannot be backed up, and what to do."""

from __future__ import annotations

import streamlit as st

from db.engine import Database
from imigue_core.studio.safety.damage import find_damage
from imigue_core.studio.safety.scheduled import find_backup_trouble
from pages.ui.formatting import escape_html

LOOK_S = 20.0
"""A page that is left open hears of damage within this time. The player has its own way, see live_api.py."""


def show_damage(db: Database) -> None:
    """A box above the page, as long as something is wrong; looked for again while the page is open."""
    st.fragment(_show, run_every=LOOK_S)(db)


def _show(db: Database) -> None:
    damage = find_damage(db)
    if damage is not None:
        st.html(
            f'<div class="studio-damage" role="alert"><b>{escape_html(damage.code)}</b> '
            f"{escape_html(damage.message)} {escape_html(damage.hint)}</div>"
        )
    trouble = find_backup_trouble(db.settings)
    if trouble is not None and damage is None:
        st.html(
            f'<div class="studio-box studio-warning" role="status"><b>{escape_html(trouble.code)}</b> '
            f"{escape_html(trouble.message)} {escape_html(trouble.hint)}</div>"
        )
