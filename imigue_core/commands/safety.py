"""``check``, ``backup``, ``restore`` and ``clean`` on the command line: arguments in, one use case, text out."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from imigue_core.commands.parts import Subparsers, add_command, open_project
from imigue_core.commands.waiting import finish_steps
from imigue_core.errors import InputError
from imigue_core.files import read_regular
from imigue_core.settings import load_settings
from imigue_core.studio.safety.backing_up import check_project, make_backup, repair_project
from imigue_core.studio.safety.damage import accept_losses
from imigue_core.studio.safety.leftovers import erase_leftovers, list_leftovers
from imigue_core.studio.safety.restoring import restore_backup

_MAX_ACKED_BYTES = 1024**3


def register(subparsers: Subparsers) -> None:
    """Adds the commands; each parsed namespace carries ``run``."""
    check = add_command(subparsers, "check", "prove that database and files are whole", run_check_command)
    check.add_argument("--repair", action="store_true", help="have lost and damaged files of videos made again first")
    check.add_argument("--acked", type=Path, metavar="FILE", help="edit ids that were acknowledged, one a line")
    check.add_argument(
        "--accept", action="store_true", help="go on with a whole database of which acknowledged edits are missing"
    )

    backup = add_command(subparsers, "backup", "copy database and poses into backups/", run_backup_command)
    backup.add_argument("--media", action="store_true", help="copy the videos too, not only their hashes")

    restore = add_command(subparsers, "restore", "make a new project folder from a backup", run_restore_command)
    restore.add_argument("backup", type=Path, metavar="BACKUP", help="folder that backup made")
    restore.add_argument("folder", type=Path, metavar="NEW_FOLDER", help="absent or empty")
    restore.add_argument("--media-from", type=Path, metavar="DIR", help="folder to look through for the videos")

    clean = add_command(subparsers, "clean", "list what killed processes left behind, with sizes", run_clean_command)
    clean.add_argument("--erase", action="store_true", help="erase it for good")


def run_check_command(args: argparse.Namespace) -> int:
    """Prints what is wrong; the exit code is 1 when anything is."""
    if args.accept:
        return _accept(args)
    acked = None if args.acked is None else _read_acked(args.acked)
    if args.repair:
        with open_project(args) as db:
            repair_project(db)
            finish_steps(db)
    report = check_project(load_settings(args.data), acked)
    if args.json:
        print(json.dumps({"ok": report.ok, **{name: v for name, v in asdict(report).items() if name != "seal"}}))
    else:
        for finding in report.findings:
            print(f"{finding.invariant}: {finding.message}")
        looked = f"{report.n_ledger} edits and {report.n_annotations} labels"
        if acked is not None:
            looked += f", {report.n_acked} acknowledged edits"
        verdict = f"{len(report.findings)} faults" if report.findings else "no faults"
        print(f"{looked} checked: {verdict}. Last hash {report.last_hash}")
    return 0 if report.ok else 1


def _accept(args: argparse.Namespace) -> int:
    report = accept_losses(load_settings(args.data))
    if args.json:
        print(json.dumps({"accepted": [asdict(one) for one in report.findings]}))
        return 0
    for finding in report.findings:
        print(f"accepted: {finding.message}")
    print(f"The project can be worked on; it has {report.n_ledger} edits.")
    return 0


def _read_acked(path: Path) -> list[str]:
    try:
        return read_regular(path, _MAX_ACKED_BYTES).decode("ascii").split()
    except UnicodeDecodeError as error:
        raise InputError("ACKED_MALFORMED", "expected one edit id a line.", where=str(path)) from error


def run_clean_command(args: argparse.Namespace) -> int:
    """Lists what belongs to nothing, or erases it."""
    with open_project(args) as db:
        found = erase_leftovers(db) if args.erase else list_leftovers(db.settings)
    if args.json:
        print(json.dumps({"erased": args.erase, "folders": [{**asdict(one), "path": str(one.path)} for one in found]}))
        return 0
    for one in found:
        print(f"{one.path}: {one.words}, {one.n_bytes:,} bytes")
    total = f"{len(found)} folders, {sum(one.n_bytes for one in found):,} bytes"
    print(f"Erased: {total}." if args.erase else f"{total}. Erase them: python -m imigue_core clean --erase")
    return 0


def run_backup_command(args: argparse.Namespace) -> int:
    """Makes a backup and says where it is."""
    with open_project(args) as db:
        report = make_backup(db, media=args.media)
    if args.json:
        print(json.dumps({**asdict(report), "folder": str(report.folder)}))
        return 0
    for warning in report.warnings:
        print(warning)
    proven = "proven, but for the files named above" if report.warnings else "proven"
    print(
        f"{report.folder}: {report.n_videos} videos, {report.ledger_seq} edits, poses of {report.n_tracks} videos, "
        f"{report.n_media} sources held and {report.n_media_left} known by hash, {report.n_bytes:,} bytes; {proven}."
    )
    return 0


def run_restore_command(args: argparse.Namespace) -> int:
    """Brings a backup back and says what is there again."""
    report = restore_backup(args.backup, args.folder, media_from=args.media_from)
    if args.json:
        print(json.dumps({**asdict(report), "data": str(report.data)}))
        return 0
    for warning in report.warnings:
        print(warning)
    print(
        f"{report.data}: {report.n_videos} videos and {report.ledger_seq} edits are back; {report.n_with_media} videos "
        f"have their media, {report.n_without_media} open with poses alone. Open it: make run DATA={report.data}"
    )
    return 0
