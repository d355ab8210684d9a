"""Refusals on the screen: the sentence, what to do about it, and the code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from imigue_core.errors import BadRowsError, StudioError
from pages.ui.formatting import escape_html, format_count
from pages.ui.tables import make_findings_table, show_table


@contextmanager
def shown_errors() -> Iterator[None]:
    """Shows a ``StudioError`` of the block in its place; the page goes on after the block."""
    try:
        yield
    except BadRowsError as error:
        show_bad_rows(error)
    except StudioError as error:
        show_error(error.code, error.message, hint=error.hint, where=error.where)


def show_error(code: str, message: str, *, hint: str = "", where: str = "") -> None:
    """One box; every part is shown as plain text."""
    place = f"<b>{escape_html(where)}</b> " if where else ""
    advice = f"<p>{escape_html(hint)}</p>" if hint else ""
    st.html(
        f'<div class="studio-box studio-error" role="alert"><p>{place}{escape_html(message)}</p>{advice}'
        f"<code>{escape_html(code)}</code></div>"
    )


def show_bad_rows(error: BadRowsError) -> None:
    """A refused file: how many rows are bad, and which."""
    show_error(error.code, f"{format_count(len(error.rows), 'bad row')}, nothing was imported.", where=error.where)
    show_table(make_findings_table(error.rows[: error.SHOWN]), key="bad_rows")
    if len(error.rows) > error.SHOWN:
        st.caption(f"The first {error.SHOWN} of {len(error.rows):,} are listed.")


def show_note(text: str) -> None:
    """A calm sentence in a box; plain text."""
    st.html(f'<div class="studio-box" role="status">{escape_html(text)}</div>')


def show_empty(title: str, *lines: str) -> None:
    """An empty page: what is missing, and what to do next. ``lines`` are our own HTML."""
    body = "".join(f"<p>{line}</p>" for line in lines)
    st.html(f'<div class="studio-empty"><h2>{escape_html(title)}</h2>{body}</div>')
