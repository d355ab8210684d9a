"""``add`` on the command line: files, folders and poses into the project, then through their steps."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from db.engine import Database
from db.jobs import list_jobs
from imigue_core.commands.parts import Subparsers, add_command, open_project, parse_box, parse_fps, parse_size
from imigue_core.commands.videos import describe_steps, format_video
from imigue_core.commands.waiting import finish_steps
from imigue_core.errors import InputError, StudioError
from imigue_core.formats.poses import find_pose_inputs
from imigue_core.skeleton.pose_track import Box
from imigue_core.studio.videos.adding import RegisterResult, load_pose_source, register_file, register_poses_only
from imigue_core.studio.videos.incoming import SUFFIXES
from imigue_core.studio.videos.library import LibraryItem, find_item
from imigue_core.studio.videos.manifest import load_manifest
from imigue_core.studio.videos.probing import dismiss_refused
from imigue_core.studio.videos.video_info import VideoMeta, find_number

_Task = tuple[str, Callable[[Database], RegisterResult]]
"""The name of a file, for messages, and what adds it."""


def register(subparsers: Subparsers) -> None:
    """Adds the command."""
    parser = add_command(subparsers, "add", "add videos, or poses alone, and run their steps", run_add)
    parser.add_argument("paths", nargs="*", metavar="FILE|DIR", help="video files, or folders of them")
    parser.add_argument("--manifest", metavar="CSV", help="videos.csv: which files to add and what is known of each")
    parser.add_argument(
        "--poses", metavar="PATH", help="poses to use: OpenPose folder, xlsx, csv, npy, npz, or a folder of them"
    )
    parser.add_argument("--person", metavar="X,Y,W,H", help="box around the person to follow, source pixels")
    parser.add_argument("--poses-only", metavar="PATH", help="poses without a video; needs --fps and --size")
    parser.add_argument("--fps", metavar="RATE", help="frames a second, such as 25 or 359/12")
    parser.add_argument("--size", metavar="WxH", help="size of the picture the poses were found in, pixels")


@dataclass(frozen=True, slots=True)
class _Order:
    """One file to add."""

    path: str
    meta: VideoMeta
    poses: Path | None = None


def run_add(args: argparse.Namespace) -> int:
    """Registers everything, waits for the steps, and says how each ended."""
    box = parse_box(args.person) if args.person else None
    results: dict[int, RegisterResult] = {}
    names: dict[int, str] = {}
    errors: list[StudioError] = []
    tasks = _prepare_poses_only(args, box) if args.poses_only else _prepare_files(args, box)
    with open_project(args, create=True) as db:
        before = _find_last_job(db)
        for name, register_one in tasks:
            try:
                result = register_one(db)
            except StudioError as refusal:
                refusal.where = refusal.where or name
                errors.append(refusal)
                continue
            results.setdefault(result.video_id, result)
            names.setdefault(result.video_id, name)
        finish_steps(db, list(results))
        for video_id, name in names.items():
            item = find_item(db, video_id)
            errors += _list_failures(item, name, before) if item else []
            dismiss_refused(db, video_id)
        items = [item for video_id in results if (item := find_item(db, video_id)) is not None]
    _print_results(items, results, as_json=args.json)
    for error in errors:
        print(error, file=sys.stderr)
    return 1 if errors else 0


def _list_orders(args: argparse.Namespace) -> list[_Order]:
    """What to add; a manifest names its files itself."""
    if args.manifest:
        rows = load_manifest(Path(args.manifest))
        orders = [_Order(str(row.path), row.meta) for row in rows]
        listed = {os.path.realpath(order.path) for order in orders}
        left_out = [path for path in _list_files(args.paths) if os.path.realpath(path) not in listed]
        if left_out:
            print(f"{len(left_out)} files are not in the manifest and are left out.", file=sys.stderr)
    else:
        orders = [_Order(path, VideoMeta()) for path in _list_files(args.paths)]
    if not orders:
        where = ", ".join(args.paths)
        raise InputError(
            "NOTHING_TO_ADD", "expected at least one video file, got none.", hint="See add --help.", where=where
        )
    return _match_poses(orders, args.poses) if args.poses else orders


def _list_files(paths: list[str]) -> list[str]:
    """The named files, and the videos in the named folders; hidden ones are left out."""
    found: list[str] = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        for folder, folders, files in os.walk(path):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            videos = [name for name in sorted(files) if Path(name).suffix.lower() in SUFFIXES and name[0] != "."]
            found += [os.path.join(folder, name) for name in videos]
    return found


def _match_poses(orders: list[_Order], path: str) -> list[_Order]:
    """Gives each file its poses: the only ones for an only file, else by name or number."""
    inputs = find_pose_inputs(path)
    if len(orders) == 1 and len(inputs) == 1:
        return [_Order(orders[0].path, orders[0].meta, inputs[0].path)]
    matched = []
    for order in orders:
        stem = Path(order.path).stem
        number = order.meta.number or find_number(stem)
        fits = [found for found in inputs if found.name == stem or (number is not None and found.number == number)]
        if len(fits) > 1:
            names = " and ".join(found.path.name for found in fits[:3])
            raise InputError("POSE_MIXED", f"expected one set of poses for {stem}, got {names}.", where=path)
        matched.append(_Order(order.path, order.meta, fits[0].path if fits else None))
    if all(order.poses is None for order in matched):
        raise InputError("POSE_EMPTY", "expected poses named like the videos, got none.", where=path)
    return matched


def _prepare_files(args: argparse.Namespace, box: Box | None) -> list[_Task]:
    return [(Path(order.path).name, partial(_register, order=order, box=box)) for order in _list_orders(args)]


def _register(db: Database, order: _Order, box: Box | None) -> RegisterResult:
    poses = load_pose_source(order.poses) if order.poses else None
    return register_file(db, order.path, meta=order.meta, poses=poses, box=box)


def _prepare_poses_only(args: argparse.Namespace, box: Box | None) -> list[_Task]:
    if args.paths or args.manifest or args.poses or not args.fps or not args.size:
        hint = "add --poses-only PATH --fps 25 --size 1280x720"
        raise InputError("USAGE", "--poses-only needs --fps and --size, and no video.", hint=hint)
    fps, size = parse_fps(args.fps), parse_size(args.size)
    return [
        (found.path.name, partial(register_poses_only, found=found, fps=fps, size=size, box=box))
        for found in find_pose_inputs(args.poses_only)
    ]


def _find_last_job(db: Database) -> int:
    with db.read() as conn:
        return max((job.job_id for job in list_jobs(conn)), default=0)


def _list_failures(item: LibraryItem, name: str, before: int) -> list[StudioError]:
    """What went wrong in steps after job ``before``; one cancelled for another's sake is not named again."""
    return [
        StudioError(job.error_code or "WORKER_FAILED", job.error_text or "the step failed.", where=name)
        for job in item.jobs
        if job.state == "failed" and job.job_id > before
    ]


def _print_results(items: list[LibraryItem], results: dict[int, RegisterResult], *, as_json: bool) -> None:
    described = []
    for item in items:
        result = results[item.video.video_id]
        attached = result.attached and not item.video.is_label_only
        for sentence in result.kept:
            print(f"{item.video.name}: {sentence}", file=sys.stderr)
        described.append(
            {
                **describe_steps(item),
                "created": result.created,
                "attached": attached,
                "changed": list(result.changed),
                "kept": list(result.kept),
            }
        )
        if not as_json:
            print(f"{_say_how(result, attached)}: {format_video(item)}")
    if as_json:
        print(json.dumps(described))


def _say_how(result: RegisterResult, attached: bool) -> str:
    if result.attached:
        return "attached" if attached else "not attached"
    if result.created:
        return "added"
    return (
        f"known already, changed: {', '.join(result.changed)}" if result.changed else "known already, nothing changed"
    )
