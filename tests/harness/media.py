"""Videos for tests: the bench's generators, and fixtures that write each variant once a session."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from imigue_core.bench.media import (
    MARKER_BITS,
    MARKER_COLUMNS,
    MARKER_CONTRAST,
    MARKER_FIRST_COLUMN,
    MARKER_ROWS,
    VARIANTS,
    MarkerSpec,
    damage_middle,
    get_real_clip,
    loop_by_remux,
    make_audio_only,
    make_marker_video,
    make_variant,
    read_marker,
    truncate_file,
)

__all__ = [
    "MARKER_BITS",
    "MARKER_COLUMNS",
    "MARKER_CONTRAST",
    "MARKER_FIRST_COLUMN",
    "MARKER_ROWS",
    "VARIANTS",
    "MarkerSpec",
    "damage_middle",
    "get_real_clip",
    "loop_by_remux",
    "make_audio_only",
    "make_marker_video",
    "make_variant",
    "marker_video",
    "read_marker",
    "truncate_file",
]


@pytest.fixture(scope="session")
def marker_video(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function that gives the path of a variant of ``VARIANTS``, written on first use."""
    folder = tmp_path_factory.mktemp("marker_videos")
    made: dict[str, Path] = {}

    def get(name: str) -> Path:
        if name not in made:
            made[name] = make_variant(name, folder)
        return made[name]

    return get
