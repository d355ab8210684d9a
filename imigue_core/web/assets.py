"""The route that serves the player's modules and styles, one address a version."""

from __future__ import annotations

from starlette.responses import Response

from imigue_core.web.calls import Call
from imigue_core.web.media import FOR_EVER
from imigue_core.web.player.assets import compute_asset_version, load_asset


def get_asset(call: Call) -> Response:
    """GET /api/assets/{version}/{room}/{file}: a file of the player's list; the current version is kept for ever."""
    content, media_type = load_asset(call.request.path_params["file"])
    is_current = call.request.path_params["version"] == compute_asset_version()
    headers = {"Cache-Control": FOR_EVER if is_current else "no-store"}
    return Response(content, headers=headers, media_type=media_type)
