"""The table of routes below /api: which address is answered by which function, and who may ask."""

from __future__ import annotations

from starlette.routing import BaseRoute, Mount, Route, Router

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
from imigue_core.web.calls import Endpoint, Project, answer_not_found
from imigue_core.web.uploads import post_upload


def list_routes(project: Project) -> list[BaseRoute]:
    """The API of one project. Whatever else lies below /api is answered with NOT_AVAILABLE."""
    video = "/videos/{video_id:int}"
    table = {
        "/health": Endpoint(project, get=people_api.get_health, is_open=True),
        "/identity": Endpoint(project, post=people_api.post_identity, is_open=True),
        "/identity/leave": Endpoint(project, post=people_api.post_leave, is_open=True),
        "/taxonomy": Endpoint(project, get=labels_api.get_taxonomy, is_open=True),
        "/assets/{version}/{file:path}": Endpoint(project, get=get_asset, is_open=True),
        "/codebook/{class_id:int}.svg": Endpoint(project, get=codebook_api.get_loop, is_open=True),
        "/codebook/{class_id:int}": Endpoint(project, get=codebook_api.get_page),
        "/edits": Endpoint(project, post=labels_api.post_edits),
        "/view": Endpoint(project, post=videos_api.post_view),
        "/preferences": Endpoint(project, get=people_api.get_preferences, post=people_api.post_preference),
        "/upload": Endpoint(project, post=post_upload),
        video: Endpoint(project, get=videos_api.get_video_info),
        f"{video}/state": Endpoint(project, get=labels_api.get_state),
        f"{video}/changes": Endpoint(project, get=live_api.get_changes),
        f"{video}/watched": Endpoint(project, post=coverage_api.post_watched),
        f"{video}/progress": Endpoint(project, post=coverage_api.post_progress),
        f"{video}/suggestions": Endpoint(project, get=suggestions_api.get_suggestions),
        f"{video}/scan": Endpoint(project, post=suggestions_api.post_scan),
        f"{video}/emotion": Endpoint(project, get=suggestions_api.get_emotion),
        f"{video}/similar": Endpoint(project, get=similar_api.get_similar),
        f"{video}/times": Endpoint(project, get=videos_api.get_times),
        f"{video}/person": Endpoint(project, post=videos_api.post_person),
        f"{video}/proxy.mp4": Endpoint(project, get=media.get_proxy),
        f"{video}/masked.mp4": Endpoint(project, get=media.get_masked),
        f"{video}/chunks/{{number:int}}": Endpoint(project, get=media.get_chunk),
        f"{video}/traces": Endpoint(project, get=traces_api.get_traces),
        f"{video}/thumb": Endpoint(project, get=media.get_thumb),
    }
    routes = [Route(path, endpoint) for path, endpoint in table.items()]
    return [Mount("/api", app=Router(routes, redirect_slashes=False, default=answer_not_found))]
