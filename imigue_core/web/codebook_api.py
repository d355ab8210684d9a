"""Routes of the codebook: a class's page as one person may see it, and the acted loops, the same for everybody."""

from __future__ import annotations

from starlette.responses import Response

from imigue_core.errors import NotAvailableError
from imigue_core.studio.explore.codebook_page import load_page
from imigue_core.synthesis.loops import compute_loop_version, make_loop_svg
from imigue_core.taxonomy import CLASS_IDS
from imigue_core.web.calls import Call, answer_json
from imigue_core.web.media import FOR_EVER


def get_page(call: Call) -> Response:
    """GET /api/codebook/{class_id}: definition, boundary rule, confusions, what it takes to see it, real clips.

    Raises:
        NotAvailableError: No class has this id.
    """
    class_id = int(call.request.path_params["class_id"])
    if class_id not in CLASS_IDS:
        raise NotAvailableError("the codebook has no such class")
    return answer_json(load_page(call.db, class_id, call.actor))


def get_loop(call: Call) -> Response:
    """GET /api/codebook/{class_id}.svg?v=version&d=dialect: an animated loop; the current version may be kept for ever.

    Raises:
        NotAvailableError: No class has this id, or it is not acted in this way.
    """
    class_id = int(call.request.path_params["class_id"])
    dialect = call.request.query_params.get("d", "0")
    if class_id not in CLASS_IDS or not (dialect.isascii() and dialect.isdigit() and len(dialect) <= 2):
        raise NotAvailableError("the codebook has no such loop")
    is_current = call.request.query_params.get("v") == compute_loop_version()
    headers = {"Cache-Control": FOR_EVER if is_current else "no-store"}
    return Response(make_loop_svg(class_id, int(dialect)), headers=headers, media_type="image/svg+xml")
