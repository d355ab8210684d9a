"""Who sits at the screen: the signed cookie read, the picker, and the sign of the current person."""

from __future__ import annotations

import streamlit as st

from db.engine import Database
from db.people import Annotator, get_annotator, list_annotators
from imigue_core.errors import NotAvailableError
from imigue_core.web.identity import load_secret, name_cookie, read_cookie
from pages.ui.component import make_component

_picker = make_component("picker")
_person = make_component("person")


def find_current_annotator(db: Database) -> Annotator | None:
    """The person whom this page's cookie names, or None."""
    secret = load_secret(db.settings)
    value = st.context.cookies.get(name_cookie(secret))
    annotator_id = read_cookie(value, secret) if value else None
    if annotator_id is None:
        return None
    with db.read() as conn:
        try:
            return get_annotator(conn, annotator_id)
        except NotAvailableError:
            return None


def get_current_annotator(db: Database) -> Annotator:
    """The person at the screen; stops the page when nobody is known any more."""
    person = find_current_annotator(db)
    if person is None:
        st.stop()
    return person


def show_picker(db: Database) -> None:
    """Asks who is labelling; the answer goes to /api/identity and the page loads again."""
    with db.read() as conn:
        people = [{"annotator_id": p.annotator_id, "name": p.name} for p in list_annotators(conn)]
    _picker(key="picker", data={"people": people})


def show_person(person: Annotator) -> None:
    """The current person and the switch, at the right of the top bar."""
    with st.container(key="person"):
        _person(key="current_person", data={"name": person.name})
