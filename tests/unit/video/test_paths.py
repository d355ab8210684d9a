"""Which names count as local video files."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from imigue_core.errors import InputError
from imigue_core.video.paths import validate_local_file


@pytest.mark.parametrize(
    "name",
    [
        "http://127.0.0.1/x.mp4",
        "rtsp://camera/stream",
        "file:///etc/passwd",
        "concat:a.mp4|b.mp4",
        "/dev/video0",
        "/dev/null",
        "../../../../../../../../dev/zero",
        "frame_%03d.png",
        "clips/*.mp4",
    ],
)
def test_addresses_devices_and_patterns_are_not_local(name: str) -> None:
    with pytest.raises(InputError) as refusal:
        validate_local_file(name)
    assert refusal.value.code == "PATH_NOT_LOCAL"


def test_a_link_to_a_device_is_not_local(tmp_path: Path) -> None:
    (tmp_path / "clip.mp4").symlink_to("/dev/zero")
    with pytest.raises(InputError) as refusal:
        validate_local_file(tmp_path / "clip.mp4")
    assert refusal.value.code == "PATH_NOT_LOCAL"


@pytest.mark.timeout(5)
def test_pipes_sockets_folders_and_absent_names_are_no_files(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.mp4"))
        for name in ("pipe.mp4", "socket.mp4", ".", "absent.mp4"):
            with pytest.raises(InputError) as refusal:
                validate_local_file(tmp_path / name)
            assert refusal.value.code == "NOT_A_FILE"


@pytest.mark.parametrize("name", ["a\0b.mp4", "x" * 300 + ".mp4"])
def test_names_no_file_can_have_are_invalid(name: str) -> None:
    with pytest.raises(InputError) as refusal:
        validate_local_file(name)
    assert refusal.value.code == "NAME_INVALID"


@pytest.mark.parametrize("name", ["plain.mp4", "100%d.mp4", "talk: part one.mp4", "what?.mp4", "Ünï.mp4"])
def test_a_real_file_is_local_whatever_its_name_looks_like(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"x")
    assert validate_local_file(tmp_path / name) == (tmp_path / name).resolve()
