"""Exchange: nothing is written before a preview, nothing is half imported, exports can be downloaded."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from db.engine import Database
from db.labels import list_annotations
from db.people import Annotator
from imigue_core.studio.exchange.exchanging import run_import
from tests.harness.exchange import ODD, make_table
from tests.harness.formats import LINES, installed_format
from tests.pages.conftest import OpenPage, list_html


def upload(app: AppTest, data: bytes, name: str = "labels.csv") -> AppTest:
    return app.file_uploader[0].set_value((name, data, "text/csv")).run()


def count_all(db: Database) -> int:
    with db.read() as conn:
        return len(list_annotations(conn))


def test_the_page_says_whose_labels_they_will_be(open_page: OpenPage, ann: Annotator) -> None:
    app = open_page("exchange", ann)
    assert not app.exception
    assert "its labels become <b>Ann</b>'s" in list_html(app)


def test_a_preview_writes_nothing_and_the_button_imports(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    app = upload(open_page("exchange", ann), ODD)
    assert not app.exception
    shown = list_html(app)
    assert "<dt>new labels</dt><dd>4</dd>" in shown
    assert "2, of which 2 new without media" in shown
    assert count_all(db) == 0
    app = app.button(key="import_run").click().run()
    assert not app.exception
    assert count_all(db) == 4
    assert "4 labels and 0 ratings imported" in list_html(app)
    with db.read() as conn:
        assert {a.annotator_id for a in list_annotations(conn)} == {ann.annotator_id}


def test_bad_rows_refuse_the_file_and_are_all_named(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    app = upload(open_page("exchange", ann), make_table("1,1,0,10,29", "1,2,30,20,29", "1,3,0,10,77"))
    shown = list_html(app)
    assert "2 bad rows, nothing was imported." in shown
    table = app.dataframe[0].value
    assert list(table["where"]) == ["line 3", "line 4"]
    assert list(table["code"]) == ["SPAN_REVERSED", "VOCABULARY_UNKNOWN"]
    assert not [button for button in app.button if button.key == "import_run"]
    assert count_all(db) == 0


def test_another_format_is_refused_with_its_code(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    app = upload(open_page("exchange", ann), b"<b>no</b>,table\n1,2\n", "<img src=x>.csv")
    shown = list_html(app)
    assert "CSV_COLUMNS" in shown
    assert "<img" not in shown
    assert count_all(db) == 0


def test_the_same_file_twice_changes_nothing(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    app = upload(open_page("exchange", ann), ODD)
    assert "IMPORT_DUPLICATE" in list_html(app)
    assert app.button(key="import_run").disabled


@pytest.mark.parametrize(
    ("fmt", "names"),
    [
        ("imigue", ["imigue_labels.csv", "imigue_labels.csv.meta.json"]),
        ("json", ["studio_labels.json"]),
    ],
)
def test_an_export_is_offered_with_what_the_file_cannot_say(
    open_page: OpenPage, ann: Annotator, db: Database, fmt: str, names: list[str]
) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    app = open_page("exchange", ann)
    app = app.selectbox(key="export_format").set_value(fmt).run().button(key="export_run").click().run()
    assert not app.exception
    assert [button.label for button in app.download_button] == [f"Download {name}" for name in names]
    assert f"4 labels in {names[0]}." in list_html(app)


def test_a_prepared_file_is_not_offered_for_another_choice(open_page: OpenPage, ann: Annotator, db: Database) -> None:
    run_import(db, ODD, "imigue", ann.annotator_id)
    app = open_page("exchange", ann).button(key="export_run").click().run()
    assert app.download_button
    assert not app.selectbox(key="export_format").set_value("csv").run().download_button


def test_formats_of_other_packages_stand_beside_our_own(
    open_page: OpenPage, ann: Annotator, db: Database, tmp_path: Path
) -> None:
    with installed_format(tmp_path / "site", LINES, "lines"):
        app = open_page("exchange", ann)
        assert "Lines of text: video, seconds, gesture" in app.selectbox(key="export_format").options
        app = app.selectbox(key="import_format").set_value("lines").run()
        assert "its labels become <b>Ann</b>'s" in list_html(app)
        app = upload(app, b"clip\t0\t1\tPressing lips\n", "labels.tsv").button(key="import_run").click().run()
        assert not app.exception
    assert count_all(db) == 1


def test_a_broken_format_is_told_and_the_page_goes_on(
    open_page: OpenPage, ann: Annotator, db: Database, tmp_path: Path
) -> None:
    with installed_format(tmp_path / "site", "raise RuntimeError('no such <library>')"):
        app = upload(open_page("exchange", ann), ODD)
        assert "FORMAT_BROKEN" in list_html(app)
        assert "RuntimeError: no such &lt;library&gt;" in list_html(app)
        assert not app.button(key="import_run").click().run().exception
    assert count_all(db) == 4
