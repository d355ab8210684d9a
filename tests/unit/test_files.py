"""What files.py promises, and that nothing else in the house does it beside it."""

from __future__ import annotations

import errno
import os
import re
from pathlib import Path
from typing import BinaryIO

import pytest

from imigue_core.errors import InputError, StorageError
from imigue_core.files import (
    copy_bytes,
    link_file,
    move_path,
    open_regular,
    replacing,
    stat_regular,
    storage_errors,
    write_atomic,
    write_once,
)
from imigue_core.web.calls import answer_error

HOUSE = Path(__file__).parents[2]
ONLY_IN_FILES = re.compile(
    r"\b(os\.(replace|rename|fsync|link|open)\(|mkstemp|NamedTemporaryFile|O_NOFOLLOW|O_NONBLOCK"
    r"|errno\.(ENOSPC|EDQUOT|EROFS|EACCES))|\.(rename|hardlink_to)\("
)
ELSEWHERE = {
    ("imigue_core/web/server.py", "os.open("): "the lock file, which is never read by others and never replaced",
    ("imigue_core/video/poses.py", "os.open("): "the null device, in the place of a noisy library's output",
}
"""Where one of these words means something else."""


def test_only_files_py_replaces_syncs_or_opens_by_hand() -> None:
    found = set()
    for path in sorted(
        [*(HOUSE / "imigue_core").rglob("*.py"), *(HOUSE / "db").rglob("*.py"), *HOUSE.glob("pages/**/*.py")]
    ):
        name = path.relative_to(HOUSE).as_posix()
        if name != "imigue_core/files.py":
            found |= {(name, match[0]) for match in ONLY_IN_FILES.finditer(path.read_text("utf-8"))}
    assert found == set(ELSEWHERE)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, "STORAGE_FULL"),
        (errno.EDQUOT, "STORAGE_FULL"),
        (errno.EROFS, "STORAGE_READ_ONLY"),
        (errno.EACCES, "STORAGE_READ_ONLY"),
        (errno.EIO, "STORAGE_IO"),
    ],
)
def test_what_a_disk_refuses_has_one_code_each(number: int, code: str) -> None:
    with pytest.raises(StorageError) as refused, storage_errors(where="labels.csv"):
        raise OSError(number, os.strerror(number))
    assert (refused.value.code, refused.value.where) == (code, "labels.csv")
    if code != "STORAGE_IO":
        assert code.encode() in answer_error(OSError(number, "no")).body


def write_half(file: BinaryIO) -> None:
    file.write(b"new")
    raise RuntimeError


def replace_half(target: Path) -> None:
    with replacing(target) as part:
        part.write_bytes(b"new")
        raise RuntimeError


def test_a_write_that_breaks_off_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "note.json"
    target.write_bytes(b"old")

    with pytest.raises(RuntimeError):
        write_atomic(target, write_half)
    with pytest.raises(RuntimeError):
        replace_half(target)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("note.json", b"old")]


def test_a_file_is_private_unless_it_is_for_others(tmp_path: Path) -> None:
    umask = os.umask(0o022)
    try:
        write_atomic(tmp_path / "own", lambda file: file.write(b"x"))
        write_atomic(tmp_path / "theirs", lambda file: file.write(b"x"), is_private=False)
    finally:
        os.umask(umask)
    assert [oct((tmp_path / name).stat().st_mode & 0o777) for name in ("own", "theirs")] == ["0o600", "0o644"]


def test_what_is_written_once_stays(tmp_path: Path) -> None:
    write_once(tmp_path / "secret", b"first")
    write_once(tmp_path / "secret", b"second")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("secret", b"first")]


def test_only_regular_files_are_opened_and_none_is_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name, code in (("pipe", "NOT_A_FILE"), (".", "NOT_A_FILE"), ("absent", "NOT_A_FILE"), ("file", "TOO_LONG")):
        with pytest.raises(InputError) as refused:
            open_regular(tmp_path / name, 4, code="TOO_LONG")
        assert refused.value.code == code
    assert [stat_regular(tmp_path / name) is not None for name in ("pipe", "absent", "link", "file")] == [
        *(False, False, False),
        True,
    ]


def test_a_copy_or_a_second_name_never_takes_the_place_of_a_file(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"new")
    target.write_bytes(b"old")
    with pytest.raises(FileExistsError), source.open("rb") as reader:
        copy_bytes(reader, target)
    with pytest.raises(FileExistsError):
        link_file(source, target)
    assert target.read_bytes() == b"old"


def test_a_copy_that_breaks_off_is_gone(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"new")

    def fail(part: bytes) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError), source.open("rb") as reader:
        copy_bytes(reader, tmp_path / "target", fail)
    assert not (tmp_path / "target").exists()


def test_a_folder_appears_under_its_name_whole(tmp_path: Path) -> None:
    (tmp_path / "draft").mkdir()
    (tmp_path / "draft" / "file").write_bytes(b"x")
    move_path(tmp_path / "draft", tmp_path / "final")
    assert [path.relative_to(tmp_path).as_posix() for path in sorted(tmp_path.rglob("*"))] == ["final", "final/file"]
