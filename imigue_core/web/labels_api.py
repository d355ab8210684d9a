"""Routes of the labels: taking edits, the labels of a video as they stand, the class list."""

from __future__ import annotations

from dataclasses import fields

from starlette.responses import Response

from imigue_core.codebook.entries import describe_sight, get_entry
from imigue_core.errors import DeniedError, InputError
from imigue_core.settings import MAX_EDITS_PER_POST
from imigue_core.studio.edits.annotating import EditAnswer, apply_edits
from imigue_core.studio.edits.shown import load_video_state
from imigue_core.taxonomy import CLASSES, Group
from imigue_core.web.calls import Call, answer_json

_ANSWER_FIELDS = tuple(field.name for field in fields(EditAnswer))


def post_edits(call: Call) -> Response:
    """POST /api/edits: answers after COMMIT.

    Raises:
        InputError: ``EDIT_MALFORMED``; nothing is written.
        DeniedError: ``IDENTITY_MISMATCH`` or ``PROJECT_MISMATCH``; the client keeps its log.
    """
    body = call.body if isinstance(call.body, dict) else {}
    edits, client, project_id = body.get("edits"), body.get("client"), body.get("project_id")
    if not isinstance(edits, list) or len(edits) > MAX_EDITS_PER_POST:
        raise InputError("EDIT_MALFORMED", f"edits: expected a list of at most {MAX_EDITS_PER_POST}.")
    if not isinstance(client, str) or not isinstance(project_id, str) or "annotator_id" not in body:
        raise InputError("EDIT_MALFORMED", "expected project_id, annotator_id and client beside the edits.")
    if body["annotator_id"] != call.actor:
        raise DeniedError("IDENTITY_MISMATCH", "these edits belong to another annotator and were kept, not applied.")
    answer = apply_edits(call.db, annotator_id=call.actor, client=client, edits=edits, project_id=project_id)
    for video_id in answer.revisions:
        call.project.hub.signal(video_id)
    return answer_json({name: getattr(answer, name) for name in _ANSWER_FIELDS})


def get_state(call: Call) -> Response:
    """GET /api/videos/{id}/state."""
    return answer_json(load_video_state(call.db, call.video_id, call.actor))


def get_taxonomy(call: Call) -> Response:
    """GET /api/taxonomy."""
    classes = [
        {
            "class_id": c.class_id,
            "code": c.code,
            "name": c.name,
            "short_name": c.short_name,
            "group": c.group.value,
            "colour": c.group.colour,
            "published_count": c.published_count,
            "cue": get_entry(c.class_id).definition,
            "sight": describe_sight(c.class_id),
        }
        for c in CLASSES
    ]
    groups = [{"name": group.value, "colour": group.colour} for group in Group]
    return answer_json({"classes": classes, "groups": groups})
