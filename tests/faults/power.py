"""The power is cut while a project works; run as ``python -m tests.faults.power --cuts 50``, as root.

The project lies on a small ext4 disk of its own, which is shut down under it: what was not yet
written is gone, as it is when a machine loses its power. After each cut the disk comes back, the
worker runs what is left to do, and everything that was acknowledged has to be there.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from db.engine import open_database
from db.videos import list_videos
from imigue_core.settings import load_settings
from imigue_core.skeleton.pose import PoseSequence, save_npz
from imigue_core.studio.safety.backing_up import list_backups
from imigue_core.studio.safety.restoring import restore_backup
from imigue_core.studio.videos.viewing import set_view
from tests.harness.hands import Hand, make_person
from tests.harness.materials import draw_person
from tests.harness.media import MarkerSpec, make_marker_video
from tests.harness.places import ROOT

_SHUT_DOWN = 0x8004587D
"""FS_IOC_SHUTDOWN of Linux."""
_WITHOUT_LOG = 2
"""Nothing more reaches the disk, its log neither."""
_DISK_BYTES = 512 * 1024**2
_N_FRAMES = 260
_ENDED_SHARE = 0.4
"""Of the cuts come up to two seconds after the work said that it is done: the disk may know nothing of it yet."""


class DiskError(Exception):
    """This machine does not let us make, mount or shut down a disk."""


@contextmanager
def make_disk(folder: Path) -> Iterator[Disk]:
    """A mounted ext4 disk in a file.

    Raises:
        DiskError: It cannot be made here.
    """
    image, mount = folder / "disk.img", folder / "disk"
    with image.open("wb") as file:
        file.truncate(_DISK_BYTES)
    mount.mkdir()
    _call("mkfs.ext4", "-q", "-F", str(image))
    disk = Disk(image, mount)
    disk.mount()
    try:
        yield disk
    finally:
        _call("umount", str(mount))


@dataclass(frozen=True, slots=True)
class Disk:
    """A disk that can lose its power."""

    image: Path
    path: Path

    def mount(self) -> None:
        _call("mount", "-o", "loop", str(self.image), str(self.path))

    def cut(self) -> None:
        """What has not reached the disk never will; whoever has it open gets errors."""
        number = os.open(self.path, os.O_RDONLY)
        try:
            fcntl.ioctl(number, _SHUT_DOWN, struct.pack("I", _WITHOUT_LOG))
        except OSError as error:
            raise DiskError(f"this disk cannot be shut down: {error}") from error
        finally:
            os.close(number)

    def come_back(self) -> None:
        """Once nobody has it open."""
        deadline = time.monotonic() + 30
        while True:
            try:
                _call("umount", str(self.path))
                break
            except DiskError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        self.mount()


def _call(*arguments: str) -> None:
    try:
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    except OSError as error:
        raise DiskError(f"{arguments[0]}: {error}") from error
    if done.returncode != 0:
        raise DiskError(f"{arguments[0]}: {done.stderr.strip()}")


@dataclass(slots=True)
class Figures:
    """What was cut, and what was found afterwards."""

    cuts: int = 0
    acknowledged: int = 0
    wrong: list[str] = field(default_factory=list)
    by_work: dict[str, int] = field(default_factory=dict)
    longest_repair_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Work:
    """Something that a project does.

    Attributes:
        arguments: Of ``python -m imigue_core``, or of this module for edits.
        expect: What has to be there once it said that it is done; raises AssertionError.
        may_last_s: The power is cut at some moment of this.
    """

    name: str
    arguments: list[str]
    expect: Callable[[str], None]
    may_last_s: float


def run(cuts: int, folder: Path, seed: int = 0) -> Figures:
    """Cuts the power so many times.

    Raises:
        DiskError: No disk can be made here.
    """
    rng = random.Random(seed)
    figures = Figures()
    with make_disk(folder) as disk:
        desk = _Desk(folder, disk.path / "data", rng)
        for number in range(cuts):
            work = desk.list_work(number)[number % 6]
            _cut_during(disk, desk, work, rng, figures)
    return figures


class _Desk:
    """The project on the disk, and the files that are brought to it."""

    def __init__(self, folder: Path, data: Path, rng: random.Random) -> None:
        self.folder, self.data, self.rng = folder, data, rng
        self.settings = load_settings(data)
        db = open_database(self.settings)
        set_view(db, "source", None)
        make_person(db, "Ann")
        db.close()
        self.add("add", str(self._film(0)), "--poses", str(self._pose(0)))
        self.n_edits = 0

    def add(self, *arguments: str) -> None:
        done = subprocess.run(self.command(list(arguments)), cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def command(self, arguments: list[str]) -> list[str]:
        if arguments[0] == "edits":
            return [sys.executable, "-m", "tests.faults.power", "--edit", str(self.data)]
        return [sys.executable, "-m", "imigue_core", *arguments, "--data", str(self.data)]

    def list_work(self, number: int) -> list[_Work]:
        film = self._film(number + 1)
        backup = self.folder / f"export{number}.json"
        in_data = self.data / "exported.json"
        return [
            _Work("add", ["add", str(film), "--poses", str(self._pose(number + 1))], self._expect_video, 9.0),
            _Work("edits", ["edits"], self._expect_edits, 3.0),
            _Work("extract", ["add", str(film)], self._expect_video, 9.0),
            _Work("backup", ["backup"], lambda _: self._expect_backup(backup.with_suffix("")), 3.0),
            _Work("scan", ["scan", "--all"], lambda _: None, 5.0),
            _Work("export", ["export", str(in_data), "--format", "json"], lambda _: _expect_json(in_data), 2.0),
        ]

    def _film(self, number: int) -> Path:
        path = self.folder / f"clip{number}.mp4"
        return (
            path if path.exists() else make_marker_video(path, MarkerSpec(_N_FRAMES, metadata={"comment": str(number)}))
        )

    def _pose(self, number: int) -> Path:
        path = self.folder / f"clip{number}.npz"
        save_npz(path, PoseSequence(draw_person(_N_FRAMES, mark=number / 1000)))
        return path

    def _expect_video(self, _: str) -> None:
        db = open_database(self.settings)
        with db.read() as conn:
            videos = list_videos(conn)
        db.close()
        assert all(video.poses_complete and video.has_proxy for video in videos if video.n_frames)

    def _expect_edits(self, said: str) -> None:
        path = self.folder / "acked.txt"
        path.write_text(said)
        report = json.loads(_run_json(self.command(["check", "--acked", str(path), "--json"])))
        assert not [one for one in report["findings"] if one["invariant"] == "I1"], report["findings"]

    def _expect_backup(self, target: Path) -> None:
        restore_backup(list_backups(self.settings)[0], target)


def _expect_json(path: Path) -> None:
    json.loads(path.read_bytes())


def _run_json(command: list[str]) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def _cut_during(disk: Disk, desk: _Desk, work: _Work, rng: random.Random, figures: Figures) -> None:
    said_path = desk.folder / "said.txt"
    with said_path.open("wb") as said:
        process = subprocess.Popen(desk.command(work.arguments), cwd=ROOT, stdout=said, stderr=subprocess.DEVNULL)
        may_end = work.name != "edits" and rng.random() < _ENDED_SHARE
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=None if may_end else rng.uniform(0.2, work.may_last_s))
        if may_end:
            time.sleep(rng.uniform(0, 2))
        is_acknowledged = process.poll() == 0
        disk.cut()
        process.kill()
        process.wait()
    disk.come_back()
    figures.cuts += 1
    figures.by_work[work.name] = figures.by_work.get(work.name, 0) + 1
    began = time.monotonic()
    subprocess.run(desk.command(["worker", "--once"]), cwd=ROOT, capture_output=True, check=False)
    figures.longest_repair_s = max(figures.longest_repair_s, time.monotonic() - began)
    report = json.loads(_run_json(desk.command(["check", "--json"])))
    figures.wrong += [f"{work.name}: {one['invariant']} {one['message']}" for one in report["findings"]]
    if is_acknowledged or work.name == "edits":
        figures.acknowledged += 1
        try:
            work.expect(said_path.read_text())
        except Exception as error:  # whatever is missing is a finding
            figures.wrong.append(f"{work.name}: {type(error).__name__}: {error}")


def edit(data: Path) -> None:
    """Labels without end, and says each edit once it is acknowledged."""
    db = open_database(load_settings(data))
    with db.read() as conn:
        video = list_videos(conn)[0]
    hand = Hand(db, 1, video.video_id)
    while True:
        hand.create()
        print(hand.last["edit_id"], flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Cut the power again and again; nothing acknowledged may be lost.")
    parser.add_argument("--cuts", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--edit", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.edit is not None:
        edit(args.edit)
    with tempfile.TemporaryDirectory(prefix="imigue-power-") as folder:
        figures = run(args.cuts, Path(folder), args.seed)
    print(figures)
    return 1 if figures.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
