"""What lies where in a video's folder is said in one place."""

from __future__ import annotations

import re
from pathlib import Path

from imigue_core.video_folder import VideoFolder
from tests.harness.places import ROOT

NAMES = re.compile(
    r'"(?:[^"\n]*/)?(?:proxy\.mp4|masked\.mp4|masked\.json|poses\.npz|thumb\.jpg|thumb_skeleton\.svg|tokens\.safetensors|chunks|made_for\.json)"'
)
ADDRESSES = "imigue_core/web/routes.py"
"""Addresses end in the names of files; what is sent is not found by them."""


def test_no_other_file_spells_a_name_inside_a_videos_folder() -> None:
    found = []
    for folder in ("imigue_core", "pages", "db"):
        for path in (ROOT / folder).rglob("*.py"):
            place = path.relative_to(ROOT).as_posix()
            if not place.startswith("imigue_core/bench/") and NAMES.search(path.read_text()):
                found.append(place)
    assert sorted(found) == ["imigue_core/video_folder.py", ADDRESSES]


def test_a_backup_of_poses_takes_their_files_and_leaves_media(tmp_path: Path) -> None:
    files = VideoFolder(tmp_path)
    for path in (files.poses, files.range_file(250), files.chunks / "00000.bin.gz", files.skeleton_thumb, files.tokens):
        path.parent.mkdir(exist_ok=True)
        path.touch()
    media = [files.proxy, files.thumb, files.masked]
    for path in media:
        path.touch()
    taken = {path for pattern in VideoFolder.POSE_FILES for path in tmp_path.glob(pattern)}
    assert taken == {path for path in tmp_path.rglob("*") if path.is_file()} - set(media)
