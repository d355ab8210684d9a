"""The table of routes below /api: which address is answered by which function, and which action that is.

Who may do it says studio/access.py; ``OPEN`` routes answer people who have not said who they are.
"""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount, Route, Router

from imigue_core.studio.access import Action
from imigue_core.web import (
    codebook_api,
    coverage_api,
    labels_api,
    live_api,
    media,
    people_api,
    similar_api,
    suggestions_api,
    traces_api,
    videos_api,
)
from imigue_core.web.assets import get_asset
from imigue_core.web.calls import OPEN, Endpoint, Project, answer_not_found
from imigue_core.web.uploads import post_upload


def list_routes(project: Project) -> list[BaseRoute]:
    """The API of one project. Whatever else lies below /api is answered with NOT_AVAILABLE."""
    video = "/videos/{video_id:int}"
    table = {
        "/health": Endpoint(project, get=(OPEN, people_api.get_health)),
        "/identity": Endpoint(project, post=(OPEN, people_api.post_identity)),
        "/identity/leave": Endpoint(project, post=(OPEN, people_api.post_leave)),
        "/taxonomy": Endpoint(project, get=(OPEN, labels_api.get_taxonomy)),
        "/assets/{version}/{file:path}": Endpoint(project, get=(OPEN, get_asset)),
        "/codebook/{class_id:int}.svg": Endpoint(project, get=(OPEN, codebook_api.get_loop)),
        "/codebook/{class_id:int}": Endpoint(project, get=(Action.SEE_LABELS, codebook_api.get_page)),
        "/edits": Endpoint(project, post=(Action.ADD_LABEL, labels_api.post_edits)),
        "/view": Endpoint(project, post=(Action.CHANGE_VIEW, videos_api.post_view)),
        "/preferences": Endpoint(
            project,
            get=(Action.SEE_PREFERENCES, people_api.get_preferences),
            post=(Action.CHANGE_PREFERENCES, people_api.post_preference),
        ),
        "/upload": Endpoint(project, post=(Action.ADD_VIDEO, post_upload)),
        video: Endpoint(project, get=(Action.SEE_VIDEO, videos_api.get_video_info)),
        f"{video}/state": Endpoint(project, get=(Action.SEE_LABELS, labels_api.get_state)),
        f"{video}/changes": Endpoint(project, get=(Action.SEE_LABELS, live_api.get_changes)),
        f"{video}/watched": Endpoint(project, post=(Action.RECORD_COVERAGE, coverage_api.post_watched)),
        f"{video}/progress": Endpoint(project, post=(Action.RECORD_COVERAGE, coverage_api.post_progress)),
        f"{video}/suggestions": Endpoint(project, get=(Action.SEE_SUGGESTIONS, suggestions_api.get_suggestions)),
        f"{video}/scan": Endpoint(project, post=(Action.SCAN, suggestions_api.post_scan)),
        f"{video}/emotion": Endpoint(project, get=(Action.SEE_SUGGESTIONS, suggestions_api.get_emotion)),
        f"{video}/similar": Endpoint(project, get=(Action.SEE_SUGGESTIONS, similar_api.get_similar)),
        f"{video}/times": Endpoint(project, get=(Action.SEE_VIDEO, videos_api.get_times)),
        f"{video}/person": Endpoint(project, post=(Action.CHANGE_VIDEO, videos_api.post_person)),
        f"{video}/proxy.mp4": Endpoint(project, get=(Action.SEE_PIXELS, media.get_proxy)),
        f"{video}/masked.mp4": Endpoint(project, get=(Action.SEE_PIXELS, media.get_masked)),
        f"{video}/chunks/{{number:int}}": Endpoint(project, get=(Action.SEE_VIDEO, media.get_chunk)),
        f"{video}/traces": Endpoint(project, get=(Action.SEE_VIDEO, traces_api.get_traces)),
        f"{video}/thumb": Endpoint(project, get=(Action.SEE_VIDEO, media.get_thumb)),
    }
    routes = [Route(path, endpoint) for path, endpoint in table.items()]
    return [Mount("/api", app=Router(routes, redirect_slashes=False, default=answer_not_found))]
