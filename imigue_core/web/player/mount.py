"""The player on a Streamlit page: a v2 component whose code the browser loads from /api/assets.

Streamlit carries ids and a version to the browser and one lossy "something changed"
back. Edits never travel this way; they go by POST /api/edits.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from imigue_core.web.player.assets import compute_asset_version

NAME = "imigue_player"

# The module lives at a blob address, so the real one is named by origin. Line breaks keep it from being read as a path.
_STUB = """
export default async function mountPlayer(component) {
  const { api, version } = component.data;
  const mounted = await import(`${window.location.origin}${api}/assets/${version}/core/mount.js`);
  return mounted.default(component);
}
"""
_HTML = '<div class="studio-host" data-testid="studio-host"></div>'
# The studio owns the window: no padding around it, no scrolling of the page behind it.
_PAGE_STYLE = """
<style>
[data-testid="stMainBlockContainer"] { padding: 0 !important; max-width: none !important; }
[data-testid="stMain"] { overflow: hidden; }
.studio-damage, .studio-warning { display: none; } /* the player says it under its own header */
/* The script runs again after edits: nothing of what is looked at may be dimmed for that. */
[data-testid="stElementContainer"][data-stale="true"] { opacity: 1 !important; transition: none !important; }
</style>
"""


def mount_player(
    *,
    video_id: int,
    project_id: str,
    annotator_id: int,
    annotator: str,
    start_frame: int | None = None,
    key: str = "player",
    on_changed: Callable[[], None] | None = None,
) -> None:
    """Shows the player for one video and one person, filling the window below where it is called.

    Args:
        video_id: Our video id; when it changes under the same ``key`` the player changes videos.
        project_id: Edits kept by the browser belong to this project only.
        annotator_id: Whose labels may be edited.
        annotator: That person's name, as the timeline shows it.
        start_frame: Frame to open at, 0-based; None goes on where this person left off.
        key: Identity of the component on the page.
        on_changed: Called, at most every second or so, after labels were saved. May be lost.
    """
    st.html(_PAGE_STYLE)
    _get_component()(
        key=key,
        data={
            "video_id": video_id,
            "project_id": project_id,
            "annotator_id": annotator_id,
            "annotator": annotator,
            "start_frame": start_frame,
            "api": "/api",
            "version": compute_asset_version(),
        },
        on_changed_change=on_changed or _ignore,
    )


_component: ComponentRenderer | None = None


def _get_component() -> ComponentRenderer:
    """The component, registered with Streamlit at its first use and once a process."""
    global _component
    if _component is None:
        _component = component(NAME, html=_HTML, js=_STUB)
    return _component


def _ignore() -> None:
    pass
