"""``import``, ``export`` and ``stats`` on the command line: arguments in, one use case, text out."""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from db.engine import Database, open_database
from db.people import add_annotator, find_annotator, validate_person_name
from imigue_core.commands.parts import Subparsers, add_command, open_project
from imigue_core.errors import InputError
from imigue_core.files import storage_errors, write_atomic
from imigue_core.formats.registry import Format, find_formats
from imigue_core.formats.tables import MAX_LABEL_FILE_BYTES
from imigue_core.metrics.distribution import KEYS
from imigue_core.settings import load_settings
from imigue_core.studio.exchange.exchanging import ImportPreview, export_labels, preview_import, run_import
from imigue_core.studio.explore.exploring import load_explored


def register(subparsers: Subparsers) -> None:
    """Adds the three commands; each parsed namespace carries ``run``."""
    importer = add_command(subparsers, "import", "take labels from a file, all of them or none", run_import_command)
    _add_format(importer, find_formats().list_loadable())
    importer.add_argument("file", type=Path, metavar="FILE")
    importer.add_argument(
        "--annotator", metavar="NAME", required=True, help="whose labels are that name nobody; else who imports them"
    )
    importer.add_argument("--dry-run", action="store_true", help="say what would happen and write nothing")

    exporter = add_command(subparsers, "export", "write labels to a file", run_export_command)
    _add_format(exporter, find_formats().list_savable())
    exporter.add_argument("file", type=Path, metavar="FILE")
    exporter.add_argument("--annotator", metavar="NAME", help="only this person's labels")

    stats = add_command(subparsers, "stats", "count labels, rates and durations", run_stats_command)
    stats.add_argument("--by", choices=list(KEYS), default="class")


def _add_format(parser: argparse.ArgumentParser, formats: list[Format]) -> None:
    """``--format``; who names a broken one is told why it cannot be used."""
    names = dict.fromkeys([*(fmt.name for fmt in formats), *find_formats().broken])
    words = "; ".join(f"{fmt.name}: {fmt.words}" for fmt in formats)
    parser.add_argument("--format", choices=list(names), required=True, help=words.replace("%", "%%"))


def run_import_command(args: argparse.Namespace) -> int:
    """Imports a file, or previews it with ``--dry-run``."""
    data = _read_file(args.file)
    name = validate_person_name(args.annotator)
    with _open_for_trying(args) if args.dry_run else open_project(args, create=True) as db:
        with db.read() as conn:
            person = find_annotator(conn, name)
        if args.dry_run or person is None:
            preview = preview_import(
                db, data, args.format, person.annotator_id if person else None, name=args.file.name
            )
            if args.dry_run:
                _print_preview(preview, args.json)
                return 0
        if person is None:
            with db.write() as conn:
                person = add_annotator(conn, name)
        report = run_import(db, data, args.format, person.annotator_id, name=args.file.name)
    print(json.dumps(asdict(report)) if args.json else report.message)
    return 0


@contextmanager
def _open_for_trying(args: argparse.Namespace) -> Iterator[Database]:
    """The project, or an empty one that is thrown away where there is none yet."""
    if (load_settings(args.data).data / "studio.db").exists():
        with open_project(args) as db:
            yield db
        return
    with tempfile.TemporaryDirectory(prefix="imigue-") as folder:
        db = open_database(load_settings(folder))
        try:
            yield db
        finally:
            db.close()


def _read_file(path: Path) -> bytes:
    if not path.is_file():
        raise InputError("NOT_A_FILE", "expected a file.", where=str(path))
    if path.stat().st_size > MAX_LABEL_FILE_BYTES:
        raise InputError("UPLOAD_TOO_LARGE", f"expected at most {MAX_LABEL_FILE_BYTES} bytes.", where=str(path))
    return path.read_bytes()


def _print_preview(preview: ImportPreview, as_json: bool) -> None:
    if as_json:
        print(json.dumps(asdict(preview)))
        return
    print(
        f"Dry run: {preview.n_new} new labels, {preview.n_new_ratings} new ratings, {preview.n_known} rows known, "
        f"{preview.n_videos} videos of which {len(preview.new_videos)} new, {preview.n_warnings} warnings."
        + (f" {preview.n_returning} removed videos would be shown again." if preview.n_returning else "")
    )
    if preview.is_duplicate:
        print("IMPORT_DUPLICATE: nothing would change.")
    for warning in preview.warnings:
        print(f"  {warning.place or f'line {warning.line}'}: {warning.code}: {warning.message}")
    import pandas as pd  # heavy, and what starts every morning does without it

    print(pd.DataFrame(preview.first_rows).to_string(index=False))


def run_export_command(args: argparse.Namespace) -> int:
    """Writes an export, and what it cannot say of itself beside it."""
    with open_project(args) as db:
        with db.read() as conn:
            person = None if args.annotator is None else find_annotator(conn, args.annotator)
        if args.annotator is not None and person is None:
            raise InputError("ANNOTATOR_UNKNOWN", f"nobody here is called {args.annotator!r:.80}.")
        export = export_labels(db, args.format, person.annotator_id if person else None)
    files = {args.file: export.data}
    if export.meta is not None:
        meta = args.file.with_name(args.file.name + ".meta.json")
        files[meta] = (json.dumps(export.meta, indent=2, ensure_ascii=False) + "\n").encode()
    for path, content in files.items():
        write_whole_file(path, content, load_settings(args.data).data)
    if args.json:
        print(json.dumps({"files": [str(path) for path in files], "n_labels": export.n_labels}))
    else:
        print(f"{export.n_labels} labels written to {' and '.join(str(path) for path in files)}.")
    return 0


def run_stats_command(args: argparse.Namespace) -> int:
    """Prints the numbers of the Explore page."""
    with open_project(args) as db:
        table = load_explored(db).compute_distribution(args.by)
    if args.json:
        print(json.dumps({"by": args.by, "rows": table.to_dict(orient="records")}))
    elif table.empty:
        print("No labels yet.")
    else:
        print(table.round(4).to_string(index=False))
    return 0


def write_whole_file(path: Path, data: bytes, project: Path) -> None:
    """Writes a file that is either there whole or not at all, also when the power fails; a private one in ``project``.

    Raises:
        InputError: ``NAME_INVALID`` for a name that cannot be a file's.
        StorageError: ``STORAGE_IO``, ``STORAGE_FULL`` or ``STORAGE_READ_ONLY``.
    """
    if not path.name or len(path.name.encode()) > 255 or not path.name.isprintable() or path.is_dir():
        raise InputError("NAME_INVALID", f"expected the name of a file, got {path.name!r:.80}.")
    if not path.parent.is_dir():
        raise InputError("NAME_INVALID", f"expected an existing folder, got {str(path.parent)!r:.200}.")
    with storage_errors(where=str(path)):
        is_private = path.resolve().is_relative_to(project)
        write_atomic(path, lambda file: file.write(data), is_private=is_private)
