"""Routes about people: health of the server, choosing who one is, leaving, and what one chose for the player."""

from __future__ import annotations

from starlette.responses import Response

from db.people import add_annotator, get_annotator, get_project_id
from imigue_core import __version__
from imigue_core.errors import InputError
from imigue_core.studio.people.preferences import load_preferences, save_preference
from imigue_core.web.calls import MAX_ID, Call, answer_json
from imigue_core.web.identity import COOKIE_AGE_S, name_cookie, sign_annotator


def get_health(call: Call) -> Response:
    """GET /api/health."""
    with call.db.read() as conn:
        project_id = get_project_id(conn)
    return answer_json({"status": "ok", "project_id": project_id, "version": __version__})


def post_identity(call: Call) -> Response:
    """POST /api/identity with an ``annotator_id`` or a new ``name``: sets the cookie."""
    given = call.body if isinstance(call.body, dict) else {}
    if ("annotator_id" in given) == ("name" in given):
        raise InputError("BODY_MALFORMED", "expected either an annotator_id or a name.")
    if "name" in given:
        with call.db.write() as conn:
            person = add_annotator(conn, given["name"])
    else:
        annotator_id = call.get_field("annotator_id", int)
        with call.db.read() as conn:
            person = get_annotator(conn, annotator_id if abs(annotator_id) < MAX_ID else 0)
    response = answer_json({"annotator_id": person.annotator_id, "name": person.name})
    response.set_cookie(
        name_cookie(call.project.secret),
        sign_annotator(call.project.secret, person.annotator_id),
        max_age=COOKIE_AGE_S,
        path="/",
        httponly=True,
        samesite="strict",
        secure=call.request.url.scheme == "https",
    )
    return response


def post_leave(call: Call) -> Response:
    """POST /api/identity/leave: forgets who sat here."""
    response = answer_json({})
    response.delete_cookie(name_cookie(call.project.secret), path="/", httponly=True, samesite="strict")
    return response


def get_preferences(call: Call) -> Response:
    """GET /api/preferences: what the asking person chose for the player, by name."""
    return answer_json(load_preferences(call.db, call.actor))


def post_preference(call: Call) -> Response:
    """POST /api/preferences with ``name`` and ``value``, any JSON."""
    name = call.get_field("name", str)
    if "value" not in call.body:
        raise InputError("BODY_MALFORMED", "value: expected a value.")
    save_preference(call.db, call.actor, name, call.body["value"])
    return answer_json({"name": name})
