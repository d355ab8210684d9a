"""Formats of other packages: a whole one is used like our own, a broken one is named and stops nothing."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from db.engine import Database
from db.labels import list_annotations
from db.people import Annotator, add_annotator
from db.videos import insert_video, list_videos, update_video
from imigue_core.cli import main
from imigue_core.errors import BadRowsError, InputError
from imigue_core.formats.registry import OWN_FORMATS, find_formats
from imigue_core.studio.exchange.exchanging import export_labels, preview_import, run_import
from tests.example_format.imigue_lines import LINES
from tests.harness.exchange import make_table
from tests.harness.formats import LINES as INSTALLED_LINES
from tests.harness.formats import found_formats, installed_format
from tests.harness.places import ROOT

Install = Callable[..., None]
HEAD = "from imigue_core.formats.registry import Format\nfrom imigue_core.formats.label_file import *\n"
PLAIN = "name='plain', words='Plain', file_name='plain.txt', suffixes=('.txt',), media_type='text/plain'"


@pytest.fixture
def install(tmp_path: Path) -> Iterator[Install]:
    """Installs a format from its source until the test ends."""
    with ExitStack() as stack:
        yield lambda source, name="plain": stack.enter_context(installed_format(tmp_path / "site", source, name))


@pytest.fixture
def lines(install: Install) -> None:
    """The example package, installed."""
    install(INSTALLED_LINES, "lines")


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no such library')", "RuntimeError: no such library"),
        ("import a_library_that_is_not_there", "ModuleNotFoundError"),
        ("raise SystemExit(3)", "SystemExit: 3"),
        ("", "AttributeError"),
        ("FORMAT = 'csv'", "expected a Format, got str"),
        (HEAD + f"FORMAT = Format({PLAIN})", "expected load, save or both"),
        (HEAD + f"FORMAT = Format({PLAIN}, save=bytes, cannot_hold=frozenset({{'note'}}))", "'note'"),
        (HEAD + f"FORMAT = Format({PLAIN.replace('plain', 'other', 1)}, save=bytes)", "got 'other'"),
        (HEAD + f"FORMAT = Format({PLAIN.replace('.txt', 'txt')}, save=bytes)", "suffixes"),
    ],
)
def test_a_broken_format_is_named_and_all_others_work(install: Install, source: str, reason: str) -> None:
    install(source)
    formats = find_formats()
    assert list(formats.known) == [fmt.name for fmt in OWN_FORMATS]
    with pytest.raises(InputError, match="FORMAT_BROKEN") as refusal:
        formats.get("plain")
    assert "the format 'plain' of plain_format 1.2" in refusal.value.message
    assert reason in refusal.value.message


def test_nobody_takes_the_name_of_another_format(install: Install) -> None:
    install(HEAD + f"FORMAT = Format({PLAIN.replace('plain', 'csv', 1)}, save=bytes)", name="csv")
    assert find_formats().get("csv") == next(fmt for fmt in OWN_FORMATS if fmt.name == "csv")
    assert "another format of this name" in find_formats().explain("csv").message


def test_who_names_a_broken_format_on_the_command_line_is_told_why(
    install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    install("raise RuntimeError('no such library')")
    table = tmp_path / "labels.csv"
    table.write_bytes(make_table("1,1,0,5,29"))
    words = ["--data", str(tmp_path / "data")]
    assert main(["import", "--format", "imigue", str(table), "--annotator", "Ann", *words]) == 0
    assert main(["export", "--format", "plain", str(tmp_path / "out.txt"), *words]) == 1
    assert capsys.readouterr().err.startswith("FORMAT_BROKEN: the format 'plain' of plain_format 1.2 cannot be used")
    assert not (tmp_path / "out.txt").exists()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return {}['no']", "KeyError"),
        ("return 5", "expected a LabelFile, got int"),
        ("return LabelFile({}, [Interval(video='gone', class_text='1', start_frame=0, end_frame=1)])", "'gone'"),
        ("return LabelFile({'a': FileVideo(name=7)})", "AttributeError"),
    ],
)
def test_a_format_that_falls_over_while_reading_is_named(
    install: Install, db: Database, ann: Annotator, body: str, reason: str
) -> None:
    install(HEAD + f"def load(data, where):\n    {body}\nFORMAT = Format({PLAIN}, load=load)")
    with pytest.raises(InputError, match="FORMAT_BROKEN") as refusal:
        run_import(db, b"data", "plain", ann.annotator_id, name="a.txt")
    assert reason in refusal.value.message
    assert (refusal.value.where, "plain_format 1.2" in refusal.value.message) == ("a.txt", True)


@pytest.mark.parametrize(("body", "reason"), [("return 'text'", "expected bytes"), ("1 / 0", "ZeroDivisionError")])
def test_a_format_that_falls_over_while_writing_is_named(
    install: Install, db: Database, body: str, reason: str
) -> None:
    install(HEAD + f"def save(file):\n    {body}\nFORMAT = Format({PLAIN}, save=save)")
    with pytest.raises(InputError, match="FORMAT_BROKEN") as refusal:
        export_labels(db, "plain")
    assert reason in refusal.value.message


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("class_text='32', start_frame=0, end_frame=1", "VOCABULARY_UNKNOWN"),
        ("class_text='1', start_frame=4, end_frame=1", "SPAN_REVERSED"),
        ("class_text='1', start_frame=-4, end_frame=1", "SPAN_OUT_OF_RANGE"),
        ("class_text='1', start_frame='4', end_frame=5", "FRAME_NOT_INTEGER"),
        ("class_text='1', start_frame=4", "FRAME_NOT_INTEGER"),
        ("class_text='1', start_time='1'", "SECONDS_INVALID"),
        ("class_text='1'", "SECONDS_INVALID"),
        ("class_text='1', start_time='2', end_time='1'", "SPAN_REVERSED"),
        ("class_text='1', start_time='1', end_time='2', label_id=0", "ID_INVALID"),
        ("class_text='1', start_time='1', end_time='2', confidence=1.5", "CONFIDENCE_INVALID"),
        ("class_text='1', start_time='1', end_time='2', mark='done'", "VOCABULARY_UNKNOWN"),
        ("class_text='1', start_time='1', end_time='2', note='\\0'", "LABEL_CHARS"),
    ],
)
def test_what_another_package_reads_is_checked_as_our_own(
    install: Install, db: Database, ann: Annotator, fields: str, code: str
) -> None:
    body = f"return LabelFile({{'a': FileVideo(name='a')}}, [Interval(video='a', line=3, {fields})])"
    install(HEAD + f"def load(data, where):\n    {body}\nFORMAT = Format({PLAIN}, load=load)")
    with pytest.raises(BadRowsError) as refusal:
        preview_import(db, b"data", "plain", ann.annotator_id)
    assert [(row.line, row.code) for row in refusal.value.rows] == [(3, code)]


def test_a_format_that_is_only_read_cannot_be_written(install: Install, db: Database) -> None:
    install(HEAD + f"FORMAT = Format({PLAIN}, load=lambda data, where: LabelFile())")
    assert "plain" not in [fmt.name for fmt in find_formats().list_savable()]
    with pytest.raises(InputError, match="FORMAT_NOT_SUPPORTED"):
        export_labels(db, "plain")


def test_a_format_that_is_only_written_cannot_be_read(install: Install, db: Database, ann: Annotator) -> None:
    install(HEAD + f"FORMAT = Format({PLAIN}, save=lambda file: b'')")
    assert "plain" not in [fmt.name for fmt in find_formats().list_loadable()]
    with pytest.raises(InputError, match="FORMAT_NOT_SUPPORTED"):
        run_import(db, b"", "plain", ann.annotator_id)


def add_clip(db: Database, name: str, n_frames: int = 100) -> int:
    with db.write() as conn:
        return insert_video(
            conn, name=name, kind="video", source_file="source.mp4", n_frames=n_frames, fps_num=25, fps_den=1
        )


@pytest.mark.usefixtures("lines")
def test_labels_that_know_a_name_seconds_and_words_only_find_their_place(db: Database, ann: Annotator) -> None:
    clip = add_clip(db, "clip")
    data = b"clip\t0.4\t1\tPressing lips\nclip\t0.4\t1\tPressing lips\nelsewhere\t2\t2.5\tTurtle neck\n"
    report = run_import(db, data, "lines", ann.annotator_id)
    assert (report.n_new, report.n_new_videos) == (3, 1)
    with db.read() as conn:
        labels = list_annotations(conn)
        names = {video.video_id: video.name for video in list_videos(conn)}
    assert [(label.label_id, label.class_id, label.start_frame, label.end_frame) for label in labels] == [
        (1, 29, 10, 25),
        (2, 29, 10, 25),
        (1, 1, 50, 62),
    ]
    assert [names[label.video_id] for label in labels] == ["clip", "clip", "elsewhere"]
    assert labels[0].video_id == clip


@pytest.mark.usefixtures("lines")
def test_a_file_without_numbers_changes_nothing_the_second_time(db: Database, ann: Annotator) -> None:
    add_clip(db, "clip")
    data = b"clip\t0.4\t1\tPressing lips\nclip\t0.4\t1\tPressing lips\n"
    run_import(db, data, "lines", ann.annotator_id)
    assert run_import(db, data, "lines", ann.annotator_id).is_duplicate
    more = run_import(db, data + b"clip\t2\t3\tTurtle neck\n", "lines", ann.annotator_id)
    assert (more.n_known, more.n_new) == (2, 1)
    with db.read() as conn:
        assert [label.label_id for label in list_annotations(conn)] == [1, 2, 3]


@pytest.mark.usefixtures("lines")
@pytest.mark.parametrize(
    ("row", "code"),
    [
        (b"clip\t4.1\t5\tPressing lips", "SPAN_OUT_OF_RANGE"),
        (b"clip\t0\t4.2\tPressing lips", "SPAN_OUT_OF_RANGE"),
        (b"clip\t1\t0.4\tPressing lips", "SPAN_REVERSED"),
        (b"clip\t0\t1\tPressing lip", "VOCABULARY_UNKNOWN"),
        (b"clip\t0\tsoon\tPressing lips", "SECONDS_INVALID"),
        (b"twice\t0\t1\tPressing lips", "VIDEO_AMBIGUOUS"),
    ],
)
def test_rows_that_fit_nowhere_are_named(db: Database, ann: Annotator, row: bytes, code: str) -> None:
    for name in ("clip", "twice", "twice"):
        add_clip(db, name)
    with pytest.raises(BadRowsError) as refusal:
        run_import(db, row, "lines", ann.annotator_id)
    assert [bad.code for bad in refusal.value.rows] == [code]


@pytest.mark.usefixtures("lines")
def test_a_name_means_the_video_that_was_not_removed(db: Database, ann: Annotator) -> None:
    removed, clip = add_clip(db, "clip"), add_clip(db, "clip")
    with db.write() as conn:
        update_video(conn, removed, hidden_utc="2026-01-01T00:00:00.000Z")
    run_import(db, b"clip\t0\t1\tPressing lips", "lines", ann.annotator_id)
    with db.read() as conn:
        assert [label.video_id for label in list_annotations(conn)] == [clip]


@pytest.mark.usefixtures("lines")
def test_a_label_may_end_with_its_video(db: Database, ann: Annotator) -> None:
    add_clip(db, "clip", n_frames=100)
    run_import(db, b"clip\t3\t4\tPressing lips", "lines", ann.annotator_id)
    with db.read() as conn:
        assert [label.end_frame for label in list_annotations(conn)] == [99]


@pytest.mark.usefixtures("lines")
def test_a_format_that_names_nobody_holds_one_person(db: Database, ann: Annotator) -> None:
    run_import(db, make_table("1,1,0,5,29"), "imigue", ann.annotator_id)
    with db.write() as conn:
        bob = add_annotator(conn, "Bob")
    run_import(db, make_table("1,1,1,2,30"), "imigue", bob.annotator_id)
    with pytest.raises(InputError, match="ANNOTATOR_REQUIRED"):
        export_labels(db, "lines")
    export = export_labels(db, "lines", ann.annotator_id)
    assert (export.name, export.media_type) == (LINES.file_name, LINES.media_type)
    assert export.data == b"iMiGUE 0001\t0.0000\t0.2000\tPressing lips\n"


def test_the_example_package_is_used_as_soon_as_pip_has_installed_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(ROOT / "tests" / "example_format", tmp_path / "package")
    site, table, out, data = (tmp_path / name for name in ("site", "labels.csv", "out.tsv", "data"))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(site), str(tmp_path / "package")], cwd=tmp_path, check=True)
    table.write_bytes(make_table("1,1,0,5,29", "2,1,50,75,99"))
    words = ["--annotator", "Ann", "--data", str(data)]
    with found_formats(site):
        assert main(["import", "--format", "imigue", str(table), *words]) == 0
        assert main(["export", "--format", "lines", str(out), *words]) == 0
        assert out.read_text() == (
            "iMiGUE 0001\t0.0000\t0.2000\tPressing lips\niMiGUE 0002\t2.0000\t3.0000\tIllustrative body language\n"
        )
        assert main(["import", "--format", "lines", str(out), *words]) == 0
        assert "IMPORT_DUPLICATE" in capsys.readouterr().out
