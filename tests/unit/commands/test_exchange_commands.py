"""``import``, ``export`` and ``stats`` as a user types them."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path

import pytest

from db.engine import open_database
from db.people import list_annotators
from imigue_core.commands.exchange import register
from imigue_core.errors import BadRowsError, InputError, StorageError
from imigue_core.settings import load_settings
from tests.harness.exchange import ODD, make_table


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    register(parser.add_subparsers(required=True))
    args = parser.parse_args([str(word) for word in words])
    code: int = args.run(args)
    return code


@pytest.fixture
def odd(tmp_path: Path) -> Path:
    path = tmp_path / "odd.csv"
    path.write_bytes(ODD)
    return path


def import_odd(data: Path, odd: Path, *more: str) -> int:
    return run("import", "--format", "imigue", odd, "--annotator", "Ann", "--data", data, *more)


def test_what_is_imported_is_exported_with_its_meta_file(tmp_path: Path, odd: Path) -> None:
    data, out = tmp_path / "data", tmp_path / "out.csv"
    assert import_odd(data, odd) == 0
    assert run("export", "--format", "imigue", out, "--data", data) == 0
    assert out.read_bytes() == ODD
    meta = json.loads((tmp_path / "out.csv.meta.json").read_text())
    assert (meta["frame_base"], meta["end_inclusive"], meta["annotator"]) == (0, True, "Ann")
    assert meta["sha256"] == hashlib.sha256(ODD).hexdigest()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "odd.csv", "out.csv", "out.csv.meta.json"]


def test_a_dry_run_says_what_would_happen_and_adds_nobody(
    tmp_path: Path, odd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    assert import_odd(data, odd, "--dry-run") == 0
    assert "Dry run: 4 new labels" in capsys.readouterr().out
    assert not data.exists(), "nothing is made where there is no project"
    db = open_database(load_settings(data))
    assert import_odd(data, odd, "--dry-run") == 0
    with db.read() as conn:
        assert list_annotators(conn) == []
    db.close()


def test_reports_are_json_when_asked(tmp_path: Path, odd: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data"
    import_odd(data, odd, "--dry-run", "--json")
    assert json.loads(capsys.readouterr().out)["new_videos"] == ["iMiGUE 0012", "iMiGUE 0298"]
    import_odd(data, odd, "--json")
    assert json.loads(capsys.readouterr().out)["n_new"] == 4
    import_odd(data, odd)
    assert capsys.readouterr().out.startswith("IMPORT_DUPLICATE: nothing changed")
    run("export", "--format", "json", tmp_path / "out.json", "--data", data, "--json")
    assert json.loads(capsys.readouterr().out) == {"files": [str(tmp_path / "out.json")], "n_labels": 4}


def test_stats_print_the_numbers_of_the_explore_page(
    tmp_path: Path, odd: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = tmp_path / "data"
    import_odd(data, odd)
    capsys.readouterr()
    run("stats", "--data", data, "--json")
    answer = json.loads(capsys.readouterr().out)
    assert answer["by"] == "class"
    assert {row["class_id"]: row["count"] for row in answer["rows"]} == {8: 2, 29: 1, 99: 1}
    run("stats", "--by", "annotator", "--data", data)
    assert "Ann" in capsys.readouterr().out


def test_a_bad_file_leaves_no_trace(tmp_path: Path) -> None:
    bad = tmp_path / "bad.csv"
    bad.write_bytes(make_table("1,1,5,4,29"))
    with pytest.raises(BadRowsError, match=r"bad\.csv"):
        import_odd(tmp_path / "data", bad)
    db = open_database(load_settings(tmp_path / "data"))
    with db.read() as conn:
        assert list_annotators(conn) == []
    db.close()


def test_files_and_names_that_cannot_be_are_refused(tmp_path: Path, odd: Path) -> None:
    data = tmp_path / "data"
    import_odd(data, odd)
    for words, code in [
        (("import", "--format", "csv", tmp_path, "--annotator", "Ann"), "NOT_A_FILE"),
        (("import", "--format", "imigue", odd, "--annotator", "x" * 61), "NAME_INVALID"),
        (("export", "--format", "csv", tmp_path / "a\nb.csv"), "NAME_INVALID"),
        (("export", "--format", "csv", tmp_path / ("x" * 300)), "NAME_INVALID"),
        (("export", "--format", "csv", tmp_path / "nowhere" / "a.csv"), "NAME_INVALID"),
        (("export", "--format", "csv", tmp_path / "a.csv", "--annotator", "Zed"), "ANNOTATOR_UNKNOWN"),
    ]:
        with pytest.raises(InputError) as refusal:
            run(*words, "--data", data)
        assert refusal.value.code == code
    assert sorted(p.name for p in tmp_path.iterdir()) == ["data", "odd.csv"]


def test_there_is_nothing_to_export_where_no_project_is(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="STORAGE_MISSING"):
        run("stats", "--data", tmp_path / "none")
    assert not (tmp_path / "none").exists()
